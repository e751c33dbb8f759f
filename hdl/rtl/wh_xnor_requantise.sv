// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// MultiplyByQuantizedMultiplier on a 25-bit sum, zero point and clamp, for one channel; two DSPs, no stalls.
// The sum shifted left is clamped to 25 bits. A shift beyond [-31, 31] acts as its limit. code_o belongs to the inputs of
// seven cycles before; zero point and clamps stay the same until the pipeline is empty.
module wh_xnor_requantise (
    input  wire logic              clk_i,
    input  wire logic              rst_ni,
    input  wire logic              valid_i,
    input  wire logic [24:0]       sum_i,
    input  wire logic [30:0]       multiplier_i,
    input  wire logic signed [7:0] shift_i,
    input  wire logic signed [7:0] zero_point_i,
    input  wire logic signed [7:0] clamp_min_i,
    input  wire logic signed [7:0] clamp_max_i,
    output logic                   valid_o,
    output logic [7:0]             code_o
);
  // Left shift: 24 places already saturate every sum but 0 and -1, and those come out right.
  logic [4:0] left, right;
  logic [23:0] lost_bits;
  logic overflow;
  assign left = shift_i[7] ? 5'd0 : shift_i > 8'sd24 ? 5'd24 : shift_i[4:0];
  assign right = !shift_i[7] ? 5'd0 : shift_i < -8'sd31 ? 5'd31 : 5'(-shift_i);
  assign lost_bits = ~(24'hFF_FFFF >> left);
  assign overflow = |((sum_i[23:0] ^ {24{sum_i[24]}}) & lost_bits);

  logic [6:1] valid_q;
  logic signed [24:0] shifted_q;
  logic [30:0] multiplier_q;
  logic [4:0] right_1_q, right_2_q, right_3_q, right_4_q;
  logic signed [42:0] low_q;
  logic signed [39:0] high_q;
  logic signed [55:0] product_q;
  logic signed [25:0] rounded_q;  // -2^24 times the greatest multiplier may round to -2^24 - 1
  logic signed [26:0] divided_q;
  logic signed [9:0] placed_q;

  // A negative number that is still to be shifted right loses one, so that its ties round away from zero.
  logic plus, minus;
  assign plus = product_q[30] && !(product_q[55] && right_3_q != 5'd0);
  assign minus = !product_q[30] && product_q[55] && right_3_q != 5'd0;

  logic signed [8:0] narrow;  // every further value ends at the same clamp
  logic [10:0] placed;
  assign narrow = divided_q[26:9] == {18{divided_q[26]}} ? divided_q[9:1] : {divided_q[26], {8{!divided_q[26]}}};
  assign placed = {narrow[8], narrow, 1'b1} + {{2{zero_point_i[7]}}, zero_point_i, divided_q[0]};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      valid_o <= 1'b0;
    end else begin
      valid_q <= {valid_q[5:1], valid_i};
      valid_o <= valid_q[6];
    end
    if (valid_i) begin
      shifted_q <= overflow ? {sum_i[24], {24{!sum_i[24]}}} : sum_i << left;
      multiplier_q <= multiplier_i;
      right_1_q <= right;
    end
    if (valid_q[1]) begin
      low_q <= shifted_q * $signed({1'b0, multiplier_q[16:0]});
      high_q <= shifted_q * $signed({1'b0, multiplier_q[30:17]});
      right_2_q <= right_1_q;
    end
    if (valid_q[2]) begin
      product_q <= 56'(low_q) + {high_q[38:0], 17'b0};
      right_3_q <= right_2_q;
    end
    if (valid_q[3]) begin
      rounded_q <= {product_q[55], product_q[55:31]} + {{25{minus}}, minus || plus};
      right_4_q <= right_3_q;
    end
    if (valid_q[4]) divided_q <= $signed({rounded_q, 1'b0}) >>> right_4_q;
    if (valid_q[5]) placed_q <= placed[10:1];
    if (valid_q[6]) begin
      if (placed_q < 10'(clamp_min_i)) code_o <= clamp_min_i;
      else if (placed_q > 10'(clamp_max_i)) code_o <= clamp_max_i;
      else code_o <= placed_q[7:0];
    end
  end

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, high_q[39], product_q[29:0], placed[0]};
`endif
endmodule

`default_nettype wire
