// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Turns the finished sums of the XNOR array into words of the output map, in order: one packed word a position (BITS), one word of
// eight codes in two cycles (REQUANTISE) or one word of two int32 a cycle (RAW). The user spaces the positions and has room for their words.
// The sums of BITS and RAW include their bias; those of REQUANTISE are shifted by fraction_i first, and get it here.
module wh_xnor_post #(
    parameter int unsigned LANES = wh_contract_pkg::ZYNQ7020_XNOR_LANES
) (
    input  wire logic         clk_i,
    input  wire logic         rst_ni,
    input  wire logic         start_i,
    input  wire logic [1:0]   post_i,
    input  wire logic [3:0]   fraction_i,
    input  wire logic [7:0]   zero_point_i,
    input  wire logic [7:0]   clamp_min_i,
    input  wire logic [7:0]   clamp_max_i,

    input  wire logic         weight_arrives_i,
    input  wire logic         weight_parameter_i,
    input  wire logic [4:0]   weight_index_i,
    input  wire logic         weight_bank_i,
    input  wire logic [255:0] weight_data_i,

    input  wire logic                sums_valid_i,
    input  wire logic [LANES*25-1:0] sums_i,
    input  wire logic                group_end_i,
    output logic                     group_posted_o,

    output logic              requantise_valid_o,
    output logic [99:0]       requantise_sums_o,
    output logic [127:0]      requantise_multipliers_o,
    output logic [31:0]       requantise_shifts_o,
    output logic [23:0]       requantise_range_o,
    input  wire logic [31:0]  codes_i,             // eight cycles later

    output logic              valid_o,
    output logic [63:0]       word_o
);
  localparam int unsigned ROWS = LANES / 8;
  localparam int unsigned ROW_BITS = $clog2(ROWS);
  localparam logic [1:0] REQUANTISE = wh_contract_pkg::POST_REQUANTISE;
  localparam logic [1:0] BITS = wh_contract_pkg::POST_BITS;

  logic head_q, bank_q, step_last;
  logic [ROW_BITS+1:0] word_q, words_last;
  logic [ROW_BITS:0] quad;  // four lanes
  logic step;
  assign words_last = post_i == BITS ? '0 : post_i == REQUANTISE ? (ROW_BITS + 2)'(2 * ROWS - 1) : '1;
  assign quad = post_i == REQUANTISE ? word_q[ROW_BITS:0] : word_q[ROW_BITS+1:1];
  assign step = head_q;
  assign step_last = step && word_q == words_last;
  assign group_posted_o = step_last && group_end_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start_i) begin
      head_q <= 1'b0;
      word_q <= '0;
      bank_q <= 1'b0;
    end else begin
      if (sums_valid_i) head_q <= 1'b1;
      else if (step_last) head_q <= 1'b0;
      if (step) word_q <= step_last ? '0 : word_q + 1'b1;
      if (group_posted_o) bank_q <= !bank_q;
    end
  end

  // Parameters of two groups.
  logic [LANES-1:0] invert_0_q, invert_1_q;
  logic [191:0] biases[2*ROWS];
  logic [255:0] multipliers[2*ROWS];
  logic [255:0] shifts[4];
  logic parameter_arrives;
  logic [4:0] parameter_row;
  logic [191:0] bias_row;
  assign parameter_arrives = weight_arrives_i && weight_parameter_i;
  assign parameter_row = weight_index_i - 5'(ROWS);
  always_comb begin
    for (int unsigned lane = 0; lane < 8; lane++) bias_row[lane*24+:24] = weight_data_i[lane*32+:24];
  end
  always_ff @(posedge clk_i) begin
    if (parameter_arrives && weight_index_i < 5'(ROWS)) biases[{weight_bank_i, weight_index_i[ROW_BITS-1:0]}] <= bias_row;
    if (parameter_arrives && weight_index_i == 5'(ROWS)) begin
      if (weight_bank_i) invert_1_q <= weight_data_i[LANES-1:0];
      else invert_0_q <= weight_data_i[LANES-1:0];
    end
    if (parameter_arrives && weight_index_i >= 5'(ROWS) && weight_index_i < 5'(2 * ROWS)) begin
      multipliers[{weight_bank_i, parameter_row[ROW_BITS-1:0]}] <= weight_data_i;
    end
    if (parameter_arrives && weight_index_i >= 5'(2 * ROWS)) shifts[{weight_bank_i, weight_index_i[0]}] <= weight_data_i;
  end

  // Four sums with their parameters.
  logic [99:0] quad_sums_q;
  logic [191:0] row_biases;
  logic [255:0] row_multipliers, shift_word;
  logic [95:0] quad_biases_q;
  logic [127:0] quad_multipliers_q, scaled_multipliers_q;
  logic [31:0] quad_shifts_q, scaled_shifts_q;
  logic [LANES-1:0] bits_q;
  logic [2:0] quad_of_word;
  logic shift_word_number, odd_pair_q, requantise_q, scaled_q, direct_q;

  if (ROWS > 4) begin : gen_two_shift_words
    assign shift_word_number = quad[ROW_BITS];
    assign quad_of_word = quad[2:0];
  end else begin : gen_one_shift_word
    assign shift_word_number = 1'b0;
    assign quad_of_word = 3'(quad);
  end
  assign shift_word = shifts[{bank_q, shift_word_number}];
  assign row_biases = biases[{bank_q, quad[ROW_BITS:1]}];
  assign row_multipliers = multipliers[{bank_q, quad[ROW_BITS:1]}];

  function automatic logic [99:0] quad_of(input logic [1599:0] sums, input logic [3:0] number);
    logic [799:0] half;
    logic [399:0] quarter;
    logic [199:0] eighth;
    half = number[3] ? sums[1599:800] : sums[799:0];
    quarter = number[2] ? half[799:400] : half[399:0];
    eighth = number[1] ? quarter[399:200] : quarter[199:0];
    quad_of = number[0] ? eighth[199:100] : eighth[99:0];
  endfunction

  function automatic logic [LANES-1:0] signs_of(input logic [LANES*25-1:0] sums);
    for (int unsigned lane = 0; lane < LANES; lane++) signs_of[lane] = sums[lane*25+24];
  endfunction

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start_i) begin
      requantise_q <= 1'b0;
      scaled_q <= 1'b0;
      direct_q <= 1'b0;
    end else begin
      requantise_q <= step && post_i == REQUANTISE;
      scaled_q <= requantise_q;
      direct_q <= step && post_i != REQUANTISE;
    end
    if (step) begin
      odd_pair_q <= word_q[0];
      if (post_i == BITS) bits_q <= ~signs_of(sums_i) ^ (bank_q ? invert_1_q : invert_0_q);
      else quad_sums_q <= quad_of(1600'(sums_i), 4'(quad));
      if (post_i == REQUANTISE) begin
        quad_biases_q <= quad[0] ? row_biases[191:96] : row_biases[95:0];
        quad_multipliers_q <= quad[0] ? row_multipliers[255:128] : row_multipliers[127:0];
        quad_shifts_q <= shift_word[quad_of_word*32+:32];
      end
    end
    if (requantise_q) begin
      scaled_multipliers_q <= quad_multipliers_q;
      scaled_shifts_q <= quad_shifts_q;
    end
  end

  logic [49:0] pair;
  logic [31:0] low_codes_q;
  logic [7:0] codes_pending_q;
  logic codes_valid, codes_second_q;
  assign pair = odd_pair_q ? quad_sums_q[99:50] : quad_sums_q[49:0];

  for (genvar channel = 0; channel < 4; channel++) begin : gen_channel
    wh_xnor_scale scale (
        .clk_i,
        .valid_i   (requantise_q),
        .dot_i     (quad_sums_q[channel*25+:20]),
        .fraction_i,
        .bias_i    (quad_biases_q[channel*24+:24]),
        .sum_o     (requantise_sums_o[channel*25+:25])
    );
  end
  assign requantise_valid_o = scaled_q;
  assign requantise_multipliers_o = scaled_multipliers_q;
  assign requantise_shifts_o = scaled_shifts_q;
  assign requantise_range_o = {clamp_max_i, clamp_min_i, zero_point_i};
  assign codes_valid = codes_pending_q[7];

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start_i) begin
      codes_pending_q <= '0;
      codes_second_q <= 1'b0;
    end else begin
      codes_pending_q <= {codes_pending_q[6:0], scaled_q};
      if (codes_valid) codes_second_q <= !codes_second_q;
    end
    if (codes_valid) low_codes_q <= codes_i;
  end

  always_comb begin
    valid_o = direct_q || (codes_valid && codes_second_q);
    if (codes_valid) word_o = {codes_i, low_codes_q};
    else if (post_i == BITS) word_o = {64 / LANES{bits_q}};
    else word_o = {{7{pair[49]}}, pair[49:25], {7{pair[24]}}, pair[24:0]};
  end

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, parameter_row};
`endif
endmodule

`default_nettype wire
