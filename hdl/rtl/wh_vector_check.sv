// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Whether a VECTOR command keeps the rules of hdl/doc/accelerator.md. Combinational.
module wh_vector_check (
    input  wire logic [511:0] command_i,
    output logic              legal_o
);
  localparam logic [3:0] AVERAGE_POOL = 4'(wh_contract_pkg::VECTOR_OPERATION_AVERAGE_POOL);
  localparam logic [3:0] ADD = 4'(wh_contract_pkg::VECTOR_OPERATION_ADD);
  localparam logic [3:0] MULTIPLY = 4'(wh_contract_pkg::VECTOR_OPERATION_MULTIPLY);
  localparam logic [3:0] TABLE = 4'(wh_contract_pkg::VECTOR_OPERATION_TABLE);

  function automatic logic ring_legal(input logic [17:0] row_and_ring);
    ring_legal = row_and_ring[17:8] < {row_and_ring[7:0], 2'b00};
  endfunction

  logic [3:0] operation;
  logic [7:0] kernel_height, kernel_width;
  logic [16:0] kernel_positions;
  logic sizes_legal, pool_legal;

  assign operation = command_i[wh_contract_pkg::VECTOR_OPERATION_LSB+:4];
  assign kernel_height = command_i[wh_contract_pkg::VECTOR_KERNEL_HEIGHT_LSB+:8];
  assign kernel_width = command_i[wh_contract_pkg::VECTOR_KERNEL_WIDTH_LSB+:8];

  always_comb begin
    kernel_positions = '0;
    for (int unsigned i = 0; i < 8; i++) begin
      if (kernel_height[i]) kernel_positions = kernel_positions + ({9'b0, kernel_width} << i);
    end
  end

  assign sizes_legal = command_i[wh_contract_pkg::VECTOR_OUT_ROWS_LSB+:12] != 12'd0
      && command_i[wh_contract_pkg::VECTOR_OUT_COLUMNS_LSB+:12] != 12'd0
      && command_i[wh_contract_pkg::VECTOR_CHANNEL_BLOCKS_LSB+:12] != 12'd0;
  assign pool_legal = command_i[wh_contract_pkg::VECTOR_IN_ROWS_LSB+:12] != 12'd0
      && command_i[wh_contract_pkg::VECTOR_IN_COLUMNS_LSB+:12] != 12'd0
      && kernel_height != 8'd0 && kernel_width != 8'd0
      && command_i[wh_contract_pkg::VECTOR_STRIDE_Y_LSB+:4] != 4'd0
      && command_i[wh_contract_pkg::VECTOR_STRIDE_X_LSB+:4] != 4'd0
      && command_i[wh_contract_pkg::VECTOR_DILATION_Y_LSB+:4] == 4'd1
      && command_i[wh_contract_pkg::VECTOR_DILATION_X_LSB+:4] == 4'd1
      && (operation != AVERAGE_POOL || kernel_positions <= 17'(wh_contract_pkg::AVERAGE_POSITIONS));
  assign legal_o = operation <= TABLE && sizes_legal
      && ring_legal(command_i[wh_contract_pkg::VECTOR_IN_RING_LSB+:18])
      && ring_legal(command_i[wh_contract_pkg::VECTOR_OUT_RING_LSB+:18])
      && (operation >= ADD || pool_legal)
      && (!(operation == ADD || operation == MULTIPLY)
          || ring_legal(command_i[wh_contract_pkg::VECTOR_B_RING_LSB+:18]));

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, command_i};
`endif
endmodule

`default_nettype wire
