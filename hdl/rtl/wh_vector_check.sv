// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Whether a VECTOR command keeps the rules of hdl/doc/accelerator.md. Combinational.
module wh_vector_check (
    input  wire wh_contract_pkg::vector_t command_i,
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
  logic [16:0] kernel_positions;
  logic sizes_legal, pool_legal;

  assign operation = command_i.operation;
  assign kernel_height = command_i.kernel_height;
  assign kernel_width = command_i.kernel_width;

  always_comb begin
    kernel_positions = '0;
    for (int unsigned i = 0; i < 8; i++) begin
      if (kernel_height[i]) kernel_positions = kernel_positions + ({9'b0, kernel_width} << i);
    end
  end

  assign sizes_legal = command_i.out_rows != 12'd0
      && command_i.out_columns != 12'd0
      && command_i.channel_blocks != 12'd0;
  assign pool_legal = command_i.in_rows != 12'd0
      && command_i.in_columns != 12'd0
      && kernel_height != 8'd0 && kernel_width != 8'd0
      && command_i.stride_y != 4'd0
      && command_i.stride_x != 4'd0
      && command_i.dilation_y == 4'd1
      && command_i.dilation_x == 4'd1
      && (operation != AVERAGE_POOL || kernel_positions <= 17'(wh_contract_pkg::AVERAGE_POSITIONS));
  assign legal_o = operation <= TABLE && sizes_legal
      && ring_legal({command_i.in_map.row, command_i.in_map.ring})
      && ring_legal({command_i.out_map.row, command_i.out_map.ring})
      && (operation >= ADD || pool_legal)
      && (!(operation == ADD || operation == MULTIPLY)
          || ring_legal({command_i.b_map.row, command_i.b_map.ring}));

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, command_i};
`endif
endmodule

`default_nettype wire
