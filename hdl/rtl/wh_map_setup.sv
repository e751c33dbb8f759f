// SPDX-License-Identifier: Apache-2.0
// What a walk over an on-chip map needs to know, from the map's descriptor: three products one after another, ready
// four cycles after start_i. Addresses have 14 bits; bit 13 says "beyond 8191" and stays set in every sum.
// illegal_o: ring 0, row >= 4 * ring, no blocks or no quads.
`default_nettype none

module wh_map_setup (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        start_i,
    input  wh_contract_pkg::map_t map_i,
    output logic        ready_o,
    output logic        illegal_o,
    output logic [13:0] group_words_o,   // words of a bank per group of four rows: blocks * quads
    output logic [13:0] group_address_o, // base + (row / 4) * blocks * quads
    output logic [13:0] block_offset_o   // block * quads
);
  logic [2:0] step_q;
  logic [13:0] left;
  logic [8:0] right;
  logic [24:0] product;  // of the step before
  logic [13:0] group_words_q, group_address_q, block_offset_q;
  logic [13:0] sum;

  always_comb begin
    unique case (step_q)
      3'd1:    {left, right} = {2'd0, map_i.blocks, map_i.quads};
      3'd2:    {left, right} = {2'd0, map_i.block, map_i.quads};
      default: {left, right} = {group_words_q, 1'b0, map_i.row[9:2]};
    endcase
  end

  wh_product #(
      .LEFT_BITS(15),
      .LOW_DIGITS(3),
      .HIGH_DIGITS(2)
  ) u_product (
      .clk_i(clk_i),
      .enable_i(1'b1),
      .left_i({1'b0, left}),
      .right_i({1'b0, right}),
      .product_o(product)
  );

  function automatic logic [13:0] saturated(input logic [24:0] value);
    saturated = {|value[24:13], value[12:0]};
  endfunction

  assign sum = {1'b0, map_i.base} + {1'b0, product[12:0]};
  assign ready_o = step_q == 3'd5;
  assign illegal_o = map_i.ring == 8'd0 || map_i.row >= {map_i.ring, 2'b00} ||
                     map_i.blocks == 12'd0 || map_i.quads == 9'd0;
  assign group_words_o = group_words_q;
  assign group_address_o = group_address_q;
  assign block_offset_o = block_offset_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      step_q <= 3'd0;
    end else if (start_i) begin
      step_q <= 3'd1;
    end else if (step_q != 3'd0 && step_q != 3'd5) begin
      step_q <= step_q + 3'd1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (step_q == 3'd2) group_words_q <= saturated(product);
    if (step_q == 3'd3) block_offset_q <= saturated(product);
    if (step_q == 3'd4) group_address_q <= {sum[13] | (|product[24:13]), sum[12:0]};
  end
endmodule

`default_nettype wire
