// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Whether a VECTOR command keeps the rules of hdl/doc/accelerator.md. The window's positions are multiplied bit by bit: ready_o
// and legal_o hold from nine cycles after start_i until the next.
module wh_vector_check (
    input  wire logic         clk_i,
    input  wire logic         rst_ni,
    input  wire logic         start_i,
    input  wire wh_contract_pkg::vector_t command_i,
    output logic              ready_o,
    output logic              legal_o
);
  localparam logic [3:0] AVERAGE_POOL = wh_contract_pkg::VECTOR_OPERATION_AVERAGE_POOL;
  localparam logic [3:0] ADD = wh_contract_pkg::VECTOR_OPERATION_ADD;
  localparam logic [3:0] MULTIPLY = wh_contract_pkg::VECTOR_OPERATION_MULTIPLY;
  localparam logic [3:0] TABLE = wh_contract_pkg::VECTOR_OPERATION_TABLE;

  function automatic logic ring_legal(input logic [17:0] row_and_ring);
    ring_legal = row_and_ring[17:8] < {row_and_ring[7:0], 2'b00};
  endfunction

  logic [3:0] operation;
  logic [7:0] kernel_height, kernel_width;
  logic [3:0] bits_left_q;
  logic [16:0] positions_q;
  logic sizes_legal, pool_legal, fields_legal, fields_legal_q;

  assign operation = command_i.operation;
  assign kernel_height = command_i.kernel_height;
  assign kernel_width = command_i.kernel_width;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      bits_left_q <= '0;
    end else if (start_i) begin
      bits_left_q <= 4'd8;
      positions_q <= '0;
    end else if (!ready_o) begin
      bits_left_q <= bits_left_q - 4'd1;
      positions_q <= (positions_q << 1) + (kernel_height[3'(bits_left_q - 4'd1)] ? 17'(kernel_width) : 17'd0);
    end
    fields_legal_q <= fields_legal;
  end
  assign ready_o = bits_left_q == 4'd0;

  assign sizes_legal = command_i.out_rows != 12'd0
      && command_i.out_columns != 12'd0
      && command_i.channel_blocks != 12'd0;
  assign pool_legal = command_i.in_rows != 12'd0
      && command_i.in_columns != 12'd0
      && kernel_height != 8'd0 && kernel_width != 8'd0
      && command_i.stride_y != 4'd0
      && command_i.stride_x != 4'd0
      && command_i.dilation_y == 4'd1
      && command_i.dilation_x == 4'd1;
  assign fields_legal = operation <= TABLE && sizes_legal
      && ring_legal({command_i.in_map.row, command_i.in_map.ring})
      && ring_legal({command_i.out_map.row, command_i.out_map.ring})
      && (operation >= ADD || pool_legal)
      && (!(operation == ADD || operation == MULTIPLY)
          || (ring_legal({command_i.b_map.row, command_i.b_map.ring}) && !command_i.multiplier[31]));
  assign legal_o = fields_legal_q
      && (operation != AVERAGE_POOL || positions_q <= 17'(wh_contract_pkg::AVERAGE_POSITIONS));

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, command_i};
`endif
endmodule

`default_nettype wire
