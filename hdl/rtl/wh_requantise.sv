// MultiplyByQuantizedMultiplier (double rounding), zero point and clamp for one lane.
// `sum << max(shift, 0)` is clamped to 32 signed bits (FULL_WIDTH or wide_i) or 25; shift outside [-31, 31] acts as that limit.
// FULL_WIDTH = 1: one sum a cycle, four DSPs, wide_i and high_i ignored. FULL_WIDTH = 0: two DSPs; a wide sum takes two consecutive
// cycles with equal inputs, first high_i = 0, then high_i = 1; the code of the first pass means nothing.
// Timing: code_o is registered, eight cycles after the inputs (never stalls).
// sum, multiplier and shift travel with valid_i; zero point and clamps must be stable until the pipeline is empty.
`default_nettype none

module wh_requantise #(
    parameter bit FULL_WIDTH = 1'b0
) (
    input  logic        clk_i,
    input  logic        rst_ni,

    input  logic        valid_i,
    input  logic        wide_i,
    input  logic        high_i,
    input  logic [31:0] sum_i,
    input  logic [30:0] multiplier_i,
    input  logic [7:0]  shift_i,

    input  logic [7:0]  zero_point_i,
    input  logic [7:0]  clamp_min_i,
    input  logic [7:0]  clamp_max_i,

    output logic        valid_o,
    output logic [7:0]  code_o
);
  localparam int unsigned OPERAND_BITS = FULL_WIDTH ? 32 : 25;
  localparam int unsigned PRODUCT_BITS = OPERAND_BITS + 31;

  logic [7:1] valid_q;
  logic [5:1] wide_q, high_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      valid_o <= 1'b0;
    end else if (valid_i || (|valid_q) || valid_o) begin
      valid_q <= {valid_q[6:1], valid_i};
      valid_o <= valid_q[7];
    end
  end

  // Stage 1: left shift and clamp; the right shift is cut to 31.
  logic        wide;
  logic [7:0]  right_full;
  logic [4:0]  left;
  logic [31:0] limit, magnitude_bits;
  logic        overflow;
  logic [31:0] shifted_q;
  logic [30:0] multiplier_1_q, multiplier_2_q;
  logic [4:0]  right_1_q, right_2_q, right_3_q, right_4_q, right_5_q, right_6_q;

  assign wide = FULL_WIDTH || wide_i;
  assign right_full = shift_i[7] ? 8'(-shift_i) : 8'd0;
  assign left = shift_i[7] ? 5'd0 : (|shift_i[6:5]) ? 5'd31 : shift_i[4:0];
  assign limit = wide ? 32'h7FFF_FFFF : 32'h00FF_FFFF;
  assign magnitude_bits = sum_i ^ {32{sum_i[31]}};
  assign overflow = (|(magnitude_bits & ~(limit >> left))) || (!wide && sum_i[31] && left[4:3] == 2'b11);

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      shifted_q <= overflow ? (limit ^ {32{sum_i[31]}}) : (sum_i << left);
      multiplier_1_q <= multiplier_i;
      right_1_q <= (|right_full[7:5]) ? 5'd31 : right_full[4:0];
      wide_q[1] <= wide_i;
      high_q[1] <= high_i;
    end
  end

  // Stages 2 to 4: operand of this pass, two partial products (17 and 14 multiplier bits), their sum.
  logic signed [OPERAND_BITS-1:0] operand, operand_q;
  logic signed [OPERAND_BITS+17:0] low_q;
  logic signed [OPERAND_BITS+14:0] high_product_q;
  logic signed [PRODUCT_BITS-1:0] product_q;

  generate
    if (FULL_WIDTH) begin : g_full_operand
      assign operand = shifted_q;
    end else begin : g_pass_operand
      always_comb begin
        operand = shifted_q[24:0];
        if (wide_q[1]) operand = high_q[1] ? {{9{shifted_q[31]}}, shifted_q[31:16]} : {9'd0, shifted_q[15:0]};
      end
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    if (valid_q[1]) begin
      operand_q <= operand;
      multiplier_2_q <= multiplier_1_q;
      right_2_q <= right_1_q;
      wide_q[2] <= wide_q[1];
      high_q[2] <= high_q[1];
    end
    if (valid_q[2]) begin
      low_q <= operand_q * $signed({1'b0, multiplier_2_q[16:0]});
      high_product_q <= operand_q * $signed({1'b0, multiplier_2_q[30:17]});
      right_3_q <= right_2_q;
      wide_q[3] <= wide_q[2];
      high_q[3] <= high_q[2];
    end
    if (valid_q[3]) begin
      product_q <= PRODUCT_BITS'(low_q) + (PRODUCT_BITS'(high_product_q) <<< 17);
      right_4_q <= right_3_q;
      wide_q[4] <= wide_q[3];
      high_q[4] <= high_q[3];
    end
  end

  // Stage 5: rounding doubling high multiply, floor((product + 2^30) / 2^31). A low pass keeps (product + 2^30) / 2^16
  // for the high pass, whose product weighs 2^16.
  logic signed [PRODUCT_BITS-1:0] addend, rounded;
  logic signed [32:0] scaled_q;

  generate
    if (FULL_WIDTH) begin : g_full_round
      logic unused_passes;
      assign unused_passes = &{1'b0, wide_q[5:4], high_q[5:4]};
      assign addend = PRODUCT_BITS'(64'h4000_0000);
      always_ff @(posedge clk_i) if (valid_q[4]) scaled_q <= 33'(rounded >>> 31);
    end else begin : g_pass_round
      logic [31:0] carried_q;
      logic unused_flags;
      assign unused_flags = &{1'b0, wide_q[5], high_q[5]};
      assign addend = (wide_q[4] && high_q[4]) ? {24'd0, carried_q} : PRODUCT_BITS'(64'h4000_0000);
      always_ff @(posedge clk_i) begin
        if (valid_q[4]) begin
          scaled_q <= (wide_q[4] && high_q[4]) ? 33'(rounded >>> 15) : 33'(rounded >>> 31);
          if (!high_q[4]) carried_q <= rounded[47:16];
        end
      end
    end
  endgenerate

  assign rounded = product_q + addend;

  always_ff @(posedge clk_i) begin
    if (valid_q[4]) begin
      right_5_q <= right_4_q;
      wide_q[5] <= wide_q[4];
      high_q[5] <= high_q[4];
    end
  end

  // Stages 6 to 8: rounding right shift, ties away from zero; saturate to 10 bits; zero point and clamp.
  logic [31:0]        nudge;
  logic signed [32:0] nudged_q, shifted_right;
  logic signed [9:0]  small_q;
  logic signed [10:0] code;

  assign nudge = scaled_q[32] ? (~(32'hFFFF_FFFF << right_5_q)) >> 1 : (32'd1 << right_5_q) >> 1;
  assign shifted_right = nudged_q >>> right_6_q;
  assign code = 11'(small_q) + 11'(signed'(zero_point_i));

  always_ff @(posedge clk_i) begin
    if (valid_q[5]) begin
      nudged_q <= scaled_q + $signed({1'b0, nudge});
      right_6_q <= right_5_q;
    end
    if (valid_q[6]) begin
      small_q <= shifted_right[9:0];
      if ((|shifted_right[32:9]) && !(&shifted_right[32:9])) small_q <= shifted_right[32] ? -10'sd512 : 10'sd511;
      end
    if (valid_q[7]) begin
      code_o <= code[7:0];
      if (code < 11'(signed'(clamp_min_i))) code_o <= clamp_min_i;
      else if (code > 11'(signed'(clamp_max_i))) code_o <= clamp_max_i;
    end
  end
endmodule

`default_nettype wire
