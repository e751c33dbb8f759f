// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Whether an XNOR_CONVOLUTION command keeps the rules of hdl/doc/accelerator.md. Combinational.
module wh_xnor_check (
    input  wire logic [511:0] command_i,
    output logic              legal_o
);
  function automatic logic ring_legal(input logic [17:0] row_and_ring);
    ring_legal = row_and_ring[17:8] < {row_and_ring[7:0], 2'b00};
  endfunction

  logic [5:0] tile;
  logic [6:0] last_bits;
  logic [3:0] fraction;
  logic sizes_legal, kernel_legal;
  assign tile = command_i[wh_contract_pkg::XNOR_CONVOLUTION_TILE_LSB+:6];
  assign last_bits = command_i[wh_contract_pkg::XNOR_CONVOLUTION_LAST_BITS_LSB+:7];
  assign fraction = command_i[wh_contract_pkg::XNOR_CONVOLUTION_FRACTION_LSB+:4];

  assign sizes_legal = command_i[wh_contract_pkg::XNOR_CONVOLUTION_IN_ROWS_LSB+:12] != 12'd0
      && command_i[wh_contract_pkg::XNOR_CONVOLUTION_IN_COLUMNS_LSB+:12] != 12'd0
      && command_i[wh_contract_pkg::XNOR_CONVOLUTION_OUT_ROWS_LSB+:12] != 12'd0
      && command_i[wh_contract_pkg::XNOR_CONVOLUTION_OUT_COLUMNS_LSB+:12] != 12'd0
      && command_i[wh_contract_pkg::XNOR_CONVOLUTION_CHANNEL_BLOCKS_LSB+:12] != 12'd0
      && command_i[wh_contract_pkg::XNOR_CONVOLUTION_GROUPS_LSB+:12] != 12'd0;
  assign kernel_legal = command_i[wh_contract_pkg::XNOR_CONVOLUTION_KERNEL_HEIGHT_LSB+:8] != 8'd0
      && command_i[wh_contract_pkg::XNOR_CONVOLUTION_KERNEL_WIDTH_LSB+:8] != 8'd0
      && command_i[wh_contract_pkg::XNOR_CONVOLUTION_STRIDE_Y_LSB+:4] != 4'd0
      && command_i[wh_contract_pkg::XNOR_CONVOLUTION_STRIDE_X_LSB+:4] != 4'd0
      && command_i[wh_contract_pkg::XNOR_CONVOLUTION_DILATION_Y_LSB+:4] != 4'd0
      && command_i[wh_contract_pkg::XNOR_CONVOLUTION_DILATION_X_LSB+:4] != 4'd0;
  assign legal_o = sizes_legal && kernel_legal
      && tile != 6'd0 && tile <= 6'(wh_contract_pkg::TILE_POSITIONS)
      && last_bits != 7'd0 && last_bits <= 7'd64
      && command_i[wh_contract_pkg::XNOR_CONVOLUTION_PADDING_LSB+:2] <= 2'(wh_contract_pkg::BINARY_PADDING_PLUS_ONE)
      && command_i[wh_contract_pkg::XNOR_CONVOLUTION_POST_LSB+:2] <= 2'(wh_contract_pkg::POST_RAW)
      && (fraction == 4'd0 || (fraction <= 4'(wh_contract_pkg::XNOR_FRACTION_LIMIT)
          && command_i[wh_contract_pkg::XNOR_CONVOLUTION_POST_LSB+:2] == 2'(wh_contract_pkg::POST_REQUANTISE)))
      && ring_legal(command_i[wh_contract_pkg::XNOR_CONVOLUTION_IN_RING_LSB+:18])
      && ring_legal(command_i[wh_contract_pkg::XNOR_CONVOLUTION_OUT_RING_LSB+:18]);

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, command_i};
`endif
endmodule

`default_nettype wire
