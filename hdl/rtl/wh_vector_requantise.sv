// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// MultiplyByQuantizedMultiplier on a full int32, zero point and clamp, for one channel.
// Seven stages; advance_i[n] says that stage n takes its input in this cycle. factor_i belongs to stage 1.
// With truncate_i the product is cut towards zero at bit 31 instead of rounded, which divides by a reciprocal.
module wh_vector_requantise (
    input  wire logic               clk_i,
    input  wire logic [6:0]         advance_i,
    input  wire logic [4:0]         left_shift_i,
    input  wire logic [30:0]        overflow_mask_i,  // bits 30:0 that left_shift_i would push out
    input  wire logic [4:0]         right_shift_i,
    input  wire logic               truncate_i,
    input  wire logic signed [7:0]  zero_point_i,
    input  wire logic signed [7:0]  clamp_min_i,
    input  wire logic signed [7:0]  clamp_max_i,
    input  wire logic signed [31:0] factor_i,
    input  wire logic signed [31:0] value_i,
    output logic [7:0]              code_o
);
  logic signed [31:0] shifted_q;
  logic signed [49:0] low_q;
  logic signed [46:0] high_q;
  logic signed [63:0] product_q;
  logic signed [31:0] rounded_q;
  logic signed [32:0] divided_q;  // one bit more than the quotient
  logic signed [9:0] placed_q;

  logic overflow;
  assign overflow = |((value_i[30:0] ^ {31{value_i[31]}}) & overflow_mask_i);

  // A negative number that is still to be shifted right loses one, so that its ties round away from zero.
  logic loses, plus, minus, saturated;
  assign loses = product_q[63] && right_shift_i != 5'd0;
  assign plus = truncate_i ? product_q[63] && product_q[30:0] != 31'd0 : product_q[30] && !loses;
  assign minus = loses && !product_q[30];
  assign saturated = product_q[63:62] == 2'b01;  // only the square of the least int32

  logic signed [8:0] narrow;  // every further value ends at the same clamp
  logic [10:0] placed;
  assign narrow = divided_q[32:9] == {24{divided_q[32]}} ? divided_q[9:1] : {divided_q[32], {8{!divided_q[32]}}};
  assign placed = {narrow[8], narrow, 1'b1} + {{2{zero_point_i[7]}}, zero_point_i, divided_q[0]};

  always_ff @(posedge clk_i) begin
    if (advance_i[0]) shifted_q <= overflow ? {value_i[31], {31{!value_i[31]}}} : value_i <<< left_shift_i;
    if (advance_i[1]) begin
      low_q <= shifted_q * $signed({1'b0, factor_i[16:0]});
      high_q <= shifted_q * $signed(factor_i[31:17]);
    end
    if (advance_i[2]) product_q <= 64'(low_q) + {high_q, 17'b0};
    if (advance_i[3]) rounded_q <= saturated ? 32'sh7FFF_FFFF : product_q[62:31] + {{31{minus}}, minus || plus};
    if (advance_i[4]) divided_q <= $signed({rounded_q, 1'b0}) >>> right_shift_i;
    if (advance_i[5]) placed_q <= placed[10:1];
    if (advance_i[6]) begin
      if (placed_q < 10'(clamp_min_i)) code_o <= clamp_min_i;
      else if (placed_q > 10'(clamp_max_i)) code_o <= clamp_max_i;
      else code_o <= placed_q[7:0];
    end
  end

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, placed[0]};
`endif
endmodule

`default_nettype wire
