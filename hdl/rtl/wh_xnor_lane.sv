// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// One output channel of the XNOR array: the set's weights and the next set's, popcount, partial sums of a tile, the finished sum.
// Stage 0 (advance_i[0]) counts differences of bits_i from the weights, stage 1 makes the signed product of it, stage 2 adds it to
// the bias (0 with zero_bias_i) or the partial sum. Sums are 25 bits: 20 of products and a bias below 2^23.
module wh_xnor_lane (
    input  wire logic        clk_i,
    input  wire logic        load_weights_i,
    input  wire logic [63:0] weights_i,
    input  wire logic        load_bias_i,
    input  wire logic [23:0] bias_i,
    input  wire logic        take_weights_i,
    input  wire logic        take_bias_i,
    input  wire logic        zero_bias_i,

    input  wire logic [2:0]  advance_i,
    input  wire logic [63:0] bits_i,
    input  wire logic        zero_i,       // stage 1: the position adds nothing
    input  wire logic        odd_i,        // stage 1: an odd number of bits is valid
    input  wire logic        first_set_i,  // stage 2
    input  wire logic        last_set_i,   // stage 2
    input  wire logic [4:0]  slot_i,       // stage 2
    output logic [24:0]      sum_o         // the cycle after stage 2 of the last set, until the next
);
  // Counts of six bits each, one per bit of the slices: {fours, twos, ones}.
  function automatic logic [8:0] six_counts(input logic [17:0] bits);
    logic [2:0] s0, s1, c0, c1;
    s0 = bits[2:0] ^ bits[5:3] ^ bits[8:6];
    c0 = (bits[2:0] & bits[5:3]) | (bits[8:6] & (bits[2:0] ^ bits[5:3]));
    s1 = bits[11:9] ^ bits[14:12] ^ bits[17:15];
    c1 = (bits[11:9] & bits[14:12]) | (bits[17:15] & (bits[11:9] ^ bits[14:12]));
    six_counts = {(c0 & c1) | (s0 & s1 & (c0 ^ c1)), c0 ^ c1 ^ (s0 & s1), s0 ^ s1};
  endfunction

  function automatic logic [2:0] six_count(input logic [5:0] bits);
    logic s0, s1, c0, c1;
    s0 = bits[0] ^ bits[1] ^ bits[2];
    c0 = (bits[0] & bits[1]) | (bits[2] & (bits[0] ^ bits[1]));
    s1 = bits[3] ^ bits[4] ^ bits[5];
    c1 = (bits[3] & bits[4]) | (bits[5] & (bits[3] ^ bits[4]));
    six_count = {(c0 & c1) | (s0 & s1 & (c0 ^ c1)), c0 ^ c1 ^ (s0 & s1), s0 ^ s1};
  endfunction

  // 64 differences as 7 ones, 9 twos, 6 fours and 3 eights, from the least significant bit.
  function automatic logic [24:0] compress(input logic [63:0] differ);
    logic [20:0] sum, carry;
    logic [8:0] of_sum, of_carry;
    sum = differ[20:0] ^ differ[41:21] ^ differ[62:42];
    carry = (differ[20:0] & differ[41:21]) | (differ[62:42] & (differ[20:0] ^ differ[41:21]));
    of_sum = six_counts(sum[17:0]);
    of_carry = six_counts(carry[17:0]);
    compress = {of_carry[8:6], of_carry[5:3], of_sum[8:6], carry[20:18], of_carry[2:0], of_sum[5:3],
                differ[63], sum[20:18], of_sum[2:0]};
  endfunction

  function automatic logic [6:0] total(input logic [24:0] parts);
    logic [2:0] ones, twos, more_twos, fours, more_fours, eights;
    ones = six_count(parts[5:0]);
    twos = six_count(parts[12:7]);
    more_twos = six_count({1'b0, parts[15:13], ones[1], twos[0]});
    fours = six_count(parts[21:16]);
    more_fours = six_count({2'b0, ones[2], twos[1], more_twos[1], fours[0]});
    eights = six_count({parts[24:22], twos[2], more_twos[2], fours[1]});
    total = {1'b0, eights, more_fours[0], more_twos[0], ones[0]}
        + {2'b0, fours[2], more_fours[1], 2'b0, parts[6]} + {2'b0, more_fours[2], 4'b0};
  endfunction

  logic [63:0] next_weights_q, weights_q;
  logic [23:0] next_bias_q, bias_q;
  logic [24:0] parts_q;
  logic signed [7:0] product_less_one_q;
  logic [24:0] partial_sums[32];

  // What the stages compute lies inside their enables: Verilator would evaluate it in every cycle elsewhere.
  always_ff @(posedge clk_i) begin
    if (load_weights_i) next_weights_q <= weights_i;
    if (load_bias_i) next_bias_q <= bias_i;
    if (take_weights_i) weights_q <= next_weights_q;
    if (take_bias_i) bias_q <= zero_bias_i ? '0 : next_bias_q;
    if (advance_i[0]) parts_q <= compress(bits_i ^ weights_q);
    if (advance_i[1]) begin
      logic [6:0] differences;
      differences = total(parts_q);
      if (zero_i) product_less_one_q <= '1;
      else product_less_one_q <= {differences[6] || differences[5], differences[5], ~differences[4:0], !odd_i};
    end
    if (advance_i[2]) begin
      logic [24:0] base, sum;
      base = first_set_i ? {bias_q[23], bias_q} : partial_sums[slot_i];
      // base + product, with the selection in the adder's own LUTs: as a sum, yosys spends a second LUT on every bit.
      sum = 25'(product_less_one_q) - ~base;
      if (last_set_i) sum_o <= sum;
      else partial_sums[slot_i] <= sum;
    end
  end
endmodule

`default_nettype wire
