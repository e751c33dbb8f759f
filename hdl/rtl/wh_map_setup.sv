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
  logic [13:0] left, left_q;
  logic [8:0] right;
  logic [3:0] right_q;          // from bit 5 up
  logic signed [20:0] low, low_q;  // the product's rows of three digits
  logic signed [18:0] high;        // with the other two
  logic [24:0] product;            // of the step before
  logic [13:0] group_words_q, group_address_q, block_offset_q;
  logic [13:0] sum;

  always_comb begin
    unique case (step_q)
      3'd1:    {left, right} = {2'd0, map_i.blocks, map_i.quads};
      3'd2:    {left, right} = {2'd0, map_i.block, map_i.quads};
      default: {left, right} = {group_words_q, 1'b0, map_i.row[9:2]};
    endcase
  end

  wh_product_rows #(
      .LEFT_BITS(15),
      .DIGITS(3)
  ) u_low (
      .left_i({1'b0, left}),
      .bits_i({right[5:0], 1'b0}),
      .sum_i('0),
      .sum_o(low)
  );
  wh_product_rows #(
      .LEFT_BITS(15),
      .DIGITS(2)
  ) u_high (
      .left_i({1'b0, left_q}),
      .bits_i({1'b0, right_q}),
      .sum_i(low_q[20:6]),
      .sum_o(high)
  );
  assign product = {high, low_q[5:0]};

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
    low_q <= low;
    left_q <= left;
    right_q <= right[8:5];
    if (step_q == 3'd2) group_words_q <= saturated(product);
    if (step_q == 3'd3) block_offset_q <= saturated(product);
    if (step_q == 3'd4) group_address_q <= {sum[13] | (|product[24:13]), sum[12:0]};
  end
endmodule

`default_nettype wire
