`default_nettype none

// Turns the finished sums of the XNOR array into words of the output map, in order: one packed word a position (BITS), one word of
// eight codes a cycle (REQUANTISE) or one word of two int32 a cycle (RAW). The user grants each word room with room_i.
module wh_xnor_post #(
    parameter int unsigned LANES = wh_contract_pkg::ZYNQ7020_XNOR_LANES
) (
    input  wire logic         clk_i,
    input  wire logic         rst_ni,
    input  wire logic         start_i,
    input  wire logic [1:0]   post_i,
    input  wire logic [7:0]   zero_point_i,
    input  wire logic [7:0]   clamp_min_i,
    input  wire logic [7:0]   clamp_max_i,

    input  wire logic         weight_arrives_i,
    input  wire logic         weight_parameter_i,
    input  wire logic [4:0]   weight_index_i,
    input  wire logic         weight_bank_i,
    input  wire logic [255:0] weight_data_i,

    input  wire logic                sums_valid_i,
    output logic                     sums_pop_o,
    input  wire logic [LANES*25-1:0] sums_i,
    input  wire logic                group_end_i,
    output logic                     group_posted_o,

    input  wire logic         room_i,
    output logic              step_o,   // a word has started
    output logic              valid_o,
    output logic [63:0]       word_o
);
  localparam int unsigned ROWS = LANES / 8;
  localparam int unsigned ROW_BITS = $clog2(ROWS);
  localparam logic [1:0] REQUANTISE = 2'(wh_contract_pkg::POST_REQUANTISE);
  localparam logic [1:0] BITS = 2'(wh_contract_pkg::POST_BITS);

  logic head_q, bank_q, step_last;
  logic [ROW_BITS+1:0] word_q, words_last;
  logic [ROW_BITS-1:0] row;
  assign words_last = post_i == BITS ? '0 : post_i == REQUANTISE ? (ROW_BITS + 2)'(ROWS - 1) : '1;
  assign row = post_i == REQUANTISE ? word_q[ROW_BITS-1:0] : word_q[ROW_BITS+1:2];
  assign step_o = head_q && room_i;
  assign step_last = step_o && word_q == words_last;
  assign sums_pop_o = sums_valid_i && (!head_q || step_last);
  assign group_posted_o = step_last && group_end_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start_i) begin
      head_q <= 1'b0;
      word_q <= '0;
      bank_q <= 1'b0;
    end else begin
      if (sums_pop_o) head_q <= 1'b1;
      else if (step_last) head_q <= 1'b0;
      if (step_o) word_q <= step_last ? '0 : word_q + 1'b1;
      if (group_posted_o) bank_q <= !bank_q;
    end
  end

  // Parameters of two groups.
  logic [LANES-1:0] invert_0_q, invert_1_q;
  logic [255:0] multipliers[2*ROWS];
  logic [255:0] shifts[4];
  logic parameter_arrives;
  logic [4:0] parameter_row;
  assign parameter_arrives = weight_arrives_i && weight_parameter_i;
  assign parameter_row = weight_index_i - 5'(ROWS);
  always_ff @(posedge clk_i) begin
    if (parameter_arrives && weight_index_i == 5'(ROWS)) begin
      if (weight_bank_i) invert_1_q <= weight_data_i[LANES-1:0];
      else invert_0_q <= weight_data_i[LANES-1:0];
    end
    if (parameter_arrives && weight_index_i >= 5'(ROWS) && weight_index_i < 5'(2 * ROWS)) begin
      multipliers[{weight_bank_i, parameter_row[ROW_BITS-1:0]}] <= weight_data_i;
    end
    if (parameter_arrives && weight_index_i >= 5'(2 * ROWS)) shifts[{weight_bank_i, weight_index_i[0]}] <= weight_data_i;
  end

  // One row of eight sums with its parameters.
  logic [199:0] row_sums_q;
  logic [255:0] row_multipliers_q, row_shift_word;
  logic [63:0] row_shifts_q;
  logic [LANES-1:0] bits_q;
  logic [1:0] pair_q, row_quarter;
  logic row_half, requantise_q, direct_q;

  if (ROWS > 4) begin : gen_two_shift_words
    assign row_half = row[ROW_BITS-1];
    assign row_quarter = row[1:0];
  end else begin : gen_one_shift_word
    assign row_half = 1'b0;
    assign row_quarter = 2'(row);
  end
  assign row_shift_word = shifts[{bank_q, row_half}];

  function automatic logic [199:0] row_of(input logic [1599:0] sums, input logic [2:0] number);
    logic [799:0] half;
    logic [399:0] quarter;
    half = number[2] ? sums[1599:800] : sums[799:0];
    quarter = number[1] ? half[799:400] : half[399:0];
    row_of = number[0] ? quarter[399:200] : quarter[199:0];
  endfunction

  function automatic logic [49:0] pair_of(input logic [199:0] sums, input logic [1:0] number);
    logic [99:0] half;
    half = number[1] ? sums[199:100] : sums[99:0];
    pair_of = number[0] ? half[99:50] : half[49:0];
  endfunction

  function automatic logic [LANES-1:0] signs_of(input logic [LANES*25-1:0] sums);
    for (int unsigned lane = 0; lane < LANES; lane++) signs_of[lane] = sums[lane*25+24];
  endfunction

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start_i) begin
      requantise_q <= 1'b0;
      direct_q <= 1'b0;
    end else begin
      requantise_q <= step_o && post_i == REQUANTISE;
      direct_q <= step_o && post_i != REQUANTISE;
    end
    if (step_o) begin
      pair_q <= word_q[1:0];
      if (post_i == BITS) bits_q <= ~signs_of(sums_i) ^ (bank_q ? invert_1_q : invert_0_q);
      else row_sums_q <= row_of(1600'(sums_i), 3'(row));
      if (post_i == REQUANTISE) begin
        row_multipliers_q <= multipliers[{bank_q, row}];
        row_shifts_q <= row_shift_word[row_quarter*64+:64];
      end
    end
  end

  logic [49:0] pair;
  logic [63:0] codes;
  logic [7:0] codes_valid;
  assign pair = pair_of(row_sums_q, pair_q);

  for (genvar channel = 0; channel < 8; channel++) begin : gen_channel
    wh_xnor_requantise requantise (
        .clk_i,
        .rst_ni      (rst_ni && !start_i),
        .valid_i     (requantise_q),
        .sum_i       (row_sums_q[channel*25+:25]),
        .multiplier_i(row_multipliers_q[channel*32+:31]),
        .shift_i     (row_shifts_q[channel*8+:8]),
        .zero_point_i,
        .clamp_min_i,
        .clamp_max_i,
        .valid_o     (codes_valid[channel]),
        .code_o      (codes[channel*8+:8])
    );
  end

  always_comb begin
    valid_o = direct_q || codes_valid[0];
    if (codes_valid[0]) word_o = codes;
    else if (post_i == BITS) word_o = {64 / LANES{bits_q}};
    else word_o = {{7{pair[49]}}, pair[49:25], {7{pair[24]}}, pair[24:0]};
  end

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, parameter_row, row_multipliers_q, codes_valid};
`endif
endmodule

`default_nettype wire
