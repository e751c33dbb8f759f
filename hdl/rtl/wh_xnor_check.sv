// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Whether an XNOR_CONVOLUTION command keeps the rules of hdl/doc/accelerator.md; legal_o belongs to the command of the cycle before.
module wh_xnor_check (
    input  wire logic clk_i,
    input  wire wh_contract_pkg::xnor_convolution_t command_i,
    output logic              legal_o
);
  function automatic logic ring_legal(input logic [17:0] row_and_ring);
    ring_legal = row_and_ring[17:8] < {row_and_ring[7:0], 2'b00};
  endfunction

  logic [5:0] tile;
  logic [6:0] last_bits;
  logic [3:0] fraction;
  logic sizes_legal, kernel_legal, legal;
  assign tile = command_i.tile;
  assign last_bits = command_i.last_bits;
  assign fraction = command_i.fraction;

  assign sizes_legal = command_i.in_rows != 12'd0
      && command_i.in_columns != 12'd0
      && command_i.out_rows != 12'd0
      && command_i.out_columns != 12'd0
      && command_i.channel_blocks != 12'd0
      && command_i.groups != 12'd0;
  assign kernel_legal = command_i.kernel_height != 8'd0
      && command_i.kernel_width != 8'd0
      && command_i.stride_y != 4'd0
      && command_i.stride_x != 4'd0
      && command_i.dilation_y != 4'd0
      && command_i.dilation_x != 4'd0;
  assign legal = sizes_legal && kernel_legal
      && tile != 6'd0 && tile <= 6'(wh_contract_pkg::TILE_POSITIONS)
      && last_bits != 7'd0 && last_bits <= 7'd64
      && command_i.padding <= wh_contract_pkg::BINARY_PADDING_PLUS_ONE
      && command_i.post <= wh_contract_pkg::POST_RAW
      && (fraction == 4'd0 || (fraction <= 4'(wh_contract_pkg::XNOR_FRACTION_LIMIT)
          && command_i.post == wh_contract_pkg::POST_REQUANTISE))
      && ring_legal({command_i.in_map.row, command_i.in_map.ring})
      && ring_legal({command_i.out_map.row, command_i.out_map.ring});
  always_ff @(posedge clk_i) legal_o <= legal;

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, command_i};
`endif
endmodule

`default_nettype wire
