// SPDX-License-Identifier: Apache-2.0
// MultiplyByQuantizedMultiplier (double rounding), zero point and clamp for one lane.
// A sum shifted left is clamped to 10 signed bits, which with a multiplier of at least 2^30 makes the same code; one that is not, to
// 25 bits, or 32 if wide_i. A shift outside [-31, 31] acts as that limit. With truncate_i, which is never wide, the product is cut
// towards zero at bit 31 instead of rounded, which divides by a reciprocal.
// Two DSPs, or one and rows of lookup tables without WIDE. A wide sum takes two consecutive cycles with equal inputs, first
// high_i = 0, then high_i = 1; the code of the first means nothing. WIDE = 0: wide_i is 0.
// Timing: code_o is registered, eight cycles after the inputs, while advance_i; that may fall when nothing is under way.
// Zero point and clamps must be stable until the pipeline is empty.
`default_nettype none

module wh_requantise #(
    parameter bit WIDE = 1'b1
) (
    input  logic        clk_i,
    input  logic        advance_i,

    input  logic        wide_i,
    input  logic        high_i,
    input  logic        truncate_i,
    input  logic [31:0] sum_i,
    input  logic [30:0] multiplier_i,
    input  logic [7:0]  shift_i,

    input  logic [7:0]  zero_point_i,
    input  logic [7:0]  clamp_min_i,
    input  logic [7:0]  clamp_max_i,

    output logic [7:0]  code_o
);
  localparam int unsigned OPERAND_BITS = 25;
  localparam int unsigned LOW_BITS = OPERAND_BITS + 18;
  localparam int unsigned SPLIT = WIDE ? 17 : 18;  // multiplier bits of the low product
  localparam int unsigned HIGH_BITS = OPERAND_BITS + 15;
  localparam int unsigned SUM_BITS = WIDE ? 32 : OPERAND_BITS;
  localparam int unsigned VALUE_BITS = WIDE ? 32 : OPERAND_BITS + 1;

  // Stage 1: the sum shifted left and clamped to 10 bits, or as it is.
  function automatic logic [9:0] shifted_left(input logic [31:0] sum, input logic [4:0] left);
    logic [9:0] ones, all;
    logic [8:0] pushed_out;
    logic       lost;
    pushed_out = ~(9'h1FF >> left[3:0]);
    lost = sum[30:9] != {22{sum[31]}} || ((sum[8:0] ^ {9{sum[31]}}) & pushed_out) != '0 ||
        (sum != '0 && (left[4] || left[3:0] > 4'd9));
    ones = sum[9:0] << left[1:0];
    all = ones << {left[3:2], 2'b00};
    shifted_left = lost ? {sum[31], {9{!sum[31]}}} : all;
  endfunction

  // Stage 7: value >>> right, saturated to 10 bits, with the rounding carry (ties away from zero) as bit 0.
  function automatic logic [10:0] shifted_right(input logic [31:0] value, input logic [4:0] right);
    logic [32:0] whole;
    logic [17:0] eights;
    logic [11:0] twos;
    logic [10:0] ones;
    logic        lost, sticky;
    whole = {value, 1'b0};
    case (right[4:3])
      2'd0: eights = whole[17:0];
      2'd1: eights = whole[25:8];
      2'd2: eights = {whole[32], whole[32:16]};
      default: eights = {{9{whole[32]}}, whole[32:24]};
    endcase
    case (right[4:3])
      2'd0: {lost, sticky} = {whole[32:17] != {16{whole[32]}}, 1'b0};
      2'd1: {lost, sticky} = {whole[32:25] != {8{whole[32]}}, |whole[7:0]};
      2'd2: {lost, sticky} = {1'b0, |whole[15:0]};
      default: {lost, sticky} = {1'b0, |whole[23:0]};
    endcase
    case (right[2:1])
      2'd0: twos = eights[11:0];
      2'd1: twos = eights[13:2];
      2'd2: twos = eights[15:4];
      default: twos = eights[17:6];
    endcase
    case (right[2:1])
      2'd0: {lost, sticky} = {lost || eights[17:11] != {7{eights[17]}}, sticky};
      2'd1: {lost, sticky} = {lost || eights[17:13] != {5{eights[17]}}, sticky || (|eights[1:0])};
      2'd2: {lost, sticky} = {lost || eights[17:15] != {3{eights[17]}}, sticky || (|eights[3:0])};
      default: {lost, sticky} = {lost, sticky || (|eights[5:0])};
    endcase
    ones = right[0] ? twos[11:1] : twos[10:0];
    lost = lost || (!right[0] && twos[11] != twos[10]);
    sticky = sticky || (right[0] && twos[0]);
    shifted_right = lost ? {whole[32], {9{!whole[32]}}, 1'b0} : {ones[10:1], ones[0] && (!whole[32] || sticky)};
  endfunction

  function automatic logic [7:0] clamped(input logic signed [10:0] code, input logic [7:0] least, input logic [7:0] greatest);
    clamped = code[7:0];
    if (code < 11'(signed'(least))) clamped = least;
    else if (code > 11'(signed'(greatest))) clamped = greatest;
  endfunction

  logic [5:1]  wide_q, high_q;
  logic [3:1]  truncate_q;
  logic [SUM_BITS-1:0] shifted_q;
  logic [VALUE_BITS-1:0] value_q;
  logic [30:0] multiplier_1_q, multiplier_2_q;
  logic signed [17:0] low_factor;
  logic [4:0]  right_1_q, right_2_q, right_3_q, right_4_q, right_5_q, right_6_q;
  logic [10:0] small_q;
  logic [16:0] low_5_q;
  logic signed [OPERAND_BITS-1:0] operand_2_q, operand_3_q;
  logic signed [LOW_BITS-1:0]     low_q, low_rounded_q;
  logic signed [HIGH_BITS-1:0]    high_product_q, product_q;  // product_q: the product's bits from SPLIT up
  logic        rounds, cuts;  // what is added to the product: 2^30, or 2^31 - 1 to a negative one that is cut towards zero
  assign cuts = truncate_q[3] && operand_3_q[OPERAND_BITS-1];
  assign rounds = truncate_q[3] ? cuts : !(wide_q[3] && high_q[3]);

  // Stages 3 to 5: two partial products (SPLIT and the other multiplier bits). The low one takes the rounding of the high multiply,
  // except in a high pass, whose low pass had it.
  // What the stages compute lies inside advance_i: Verilator would evaluate it in every cycle elsewhere.
  always_ff @(posedge clk_i) begin
    if (advance_i) begin
      if (!shift_i[7] && shift_i[6:0] != '0) begin
        shifted_q <= SUM_BITS'(signed'(shifted_left(sum_i, (|shift_i[6:5]) ? 5'd31 : shift_i[4:0])));
      end else if (!(WIDE && wide_i) && sum_i[31:24] != {8{sum_i[31]}}) begin
        shifted_q <= {{(SUM_BITS - 24){sum_i[31]}}, {24{!sum_i[31]}}};
      end else begin
        shifted_q <= sum_i[SUM_BITS-1:0];
      end
      multiplier_1_q <= multiplier_i;
      right_1_q <= !shift_i[7] ? 5'd0 : (shift_i[6:5] == 2'b11 && shift_i[4:0] != '0) ? 5'(-shift_i[4:0]) : 5'd31;
      multiplier_2_q <= multiplier_1_q;
      right_2_q <= right_1_q;
      low_q <= operand_2_q * low_factor;
      operand_3_q <= operand_2_q;
      right_3_q <= right_2_q;
      low_rounded_q <= low_q + LOW_BITS'({rounds, {30{cuts}}});
      right_4_q <= right_3_q;
      product_q <= high_product_q + HIGH_BITS'(low_rounded_q >>> SPLIT);
      low_5_q <= low_rounded_q[16:0];
      right_5_q <= right_4_q;
      right_6_q <= right_5_q;
      small_q <= shifted_right(32'(signed'(value_q)), right_6_q);
      code_o <= clamped(11'(signed'(small_q[10:1])) + 11'(signed'(zero_point_i)) + 11'(small_q[0]), clamp_min_i, clamp_max_i);
      wide_q <= {wide_q[4:1], WIDE && wide_i};
      high_q <= {high_q[4:1], WIDE && high_i};
      truncate_q <= {truncate_q[2:1], truncate_i};
    end
  end

  generate
    if (WIDE) begin : gen_wide
      // Stage 6: divide by 2^31. A low pass leaves its product / 2^16 to the high pass, whose product weighs 2^16.
      logic [31:0] carried_q;
      logic [13:0] multiplier_3_q;

      assign low_factor = {1'b0, multiplier_2_q[16:0]};
      always_ff @(posedge clk_i) begin
        if (advance_i) begin
          multiplier_3_q <= multiplier_2_q[30:17];
          high_product_q <= operand_3_q * $signed({1'b0, multiplier_3_q});
          if (!wide_q[1]) operand_2_q <= shifted_q[24:0];
          else operand_2_q <= high_q[1] ? {{9{shifted_q[31]}}, shifted_q[31:16]} : {9'd0, shifted_q[15:0]};
          value_q <= quotient(product_q, low_5_q, wide_q[5] && high_q[5], carried_q);
        end
      end

      function automatic logic [31:0] quotient(input logic [HIGH_BITS-1:0] product, input logic [16:0] low, input logic second,
                                               input logic [31:0] carried);
        logic [47:0] total;
        total = second ? {product[30:0], low} : {{7{product[39]}}, product, low[16]};
        total = total + (second ? {16'd0, carried} : 48'd0);
        quotient = total[46:15];
      endfunction

      always_ff @(posedge clk_i) if (advance_i && !high_q[5]) carried_q <= {product_q[30:0], low_5_q[16]};
    end else begin : gen_narrow
      // The low product's factor has a sign, so that the seven digits above it go on from its highest bit: three, two and two a stage.
      logic [3:0] multiplier_3_q;
      logic [5:0] low_2_q;
      logic [9:0] low_3_q;
      logic signed [OPERAND_BITS+5:0] rows_2_q;
      logic signed [OPERAND_BITS+3:0] rows_3_q, rows_4_q;

      assign low_factor = multiplier_2_q[17:0];
      assign high_product_q = HIGH_BITS'(signed'({rows_4_q, low_3_q}));
      wh_product_rows #(
          .LEFT_BITS(OPERAND_BITS),
          .DIGITS(3)
      ) u_rows_2 (
          .clk_i,
          .enable_i(advance_i),
          .left_i(shifted_q),
          .bits_i(multiplier_1_q[23:17]),
          .sum_i('0),
          .sum_o(rows_2_q)
      );
      wh_product_rows #(
          .LEFT_BITS(OPERAND_BITS),
          .DIGITS(2)
      ) u_rows_3 (
          .clk_i,
          .enable_i(advance_i),
          .left_i(operand_2_q),
          .bits_i(multiplier_2_q[27:23]),
          .sum_i(rows_2_q[OPERAND_BITS+5:6]),
          .sum_o(rows_3_q)
      );
      wh_product_rows #(
          .LEFT_BITS(OPERAND_BITS),
          .DIGITS(2)
      ) u_rows_4 (
          .clk_i,
          .enable_i(advance_i),
          .left_i(operand_3_q),
          .bits_i({1'b0, multiplier_3_q}),
          .sum_i(rows_3_q[OPERAND_BITS+3:4]),
          .sum_o(rows_4_q)
      );
      always_ff @(posedge clk_i) begin
        if (advance_i) begin
          operand_2_q <= shifted_q;
          low_2_q <= rows_2_q[5:0];
          low_3_q <= {rows_3_q[3:0], low_2_q};
          multiplier_3_q <= multiplier_2_q[30:27];
          value_q <= VALUE_BITS'(product_q >>> (31 - SPLIT));
        end
      end

      logic unused;
      assign unused = ^{product_q[12:0], low_5_q, multiplier_2_q[22:18], wide_q[5], high_q[5]};
    end
  endgenerate
endmodule

`default_nettype wire
