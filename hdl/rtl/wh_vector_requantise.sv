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
    input  wire logic [31:0]        half_i,           // 2^(right_shift_i - 1), or 0
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
  logic signed [31:0] doubled_q;
  logic signed [32:0] biased_q;
  logic signed [32:0] divided_q;

  logic overflow;
  assign overflow = |((value_i[30:0] ^ {31{value_i[31]}}) & overflow_mask_i);

  logic round_up, saturated;
  assign round_up = truncate_i ? product_q[63] && product_q[30:0] != 31'd0 : product_q[30];
  assign saturated = product_q[63:62] == 2'b01;  // only the square of the least int32

  logic signed [8:0] narrow;  // every further value ends at the same clamp
  logic signed [9:0] placed;
  assign narrow = divided_q[32:8] == {25{divided_q[32]}} ? divided_q[8:0] : {divided_q[32], {8{!divided_q[32]}}};
  assign placed = 10'(narrow) + 10'(zero_point_i);

  always_ff @(posedge clk_i) begin
    if (advance_i[0]) shifted_q <= overflow ? {value_i[31], {31{!value_i[31]}}} : value_i <<< left_shift_i;
    if (advance_i[1]) begin
      low_q <= shifted_q * $signed({1'b0, factor_i[16:0]});
      high_q <= shifted_q * $signed(factor_i[31:17]);
    end
    if (advance_i[2]) product_q <= 64'(low_q) + {high_q, 17'b0};
    if (advance_i[3]) doubled_q <= saturated ? 32'sh7FFF_FFFF : product_q[62:31] + {31'b0, round_up};
    if (advance_i[4]) biased_q <= 33'(doubled_q) + $signed({1'b0, half_i}) - $signed({32'b0, doubled_q[31] && half_i != 32'd0});
    if (advance_i[5]) divided_q <= biased_q >>> right_shift_i;
    if (advance_i[6]) begin
      if (placed < 10'(clamp_min_i)) code_o <= clamp_min_i;
      else if (placed > 10'(clamp_max_i)) code_o <= clamp_max_i;
      else code_o <= placed[7:0];
    end
  end
endmodule

`default_nettype wire
