// SPDX-License-Identifier: Apache-2.0
// From the words of 16 banks to the array's operands: select rows, fill padding, select columns, pack neighbouring pixels.
// Pair (row i, column c), byte j is 16 bits: column c's byte plus 128 in the low 8, column c + 1's byte above.
// Timing: selections are taken with grant_i, the words one cycle later, pairs_o three cycles after that with valid_o; never stalls.
`default_nettype none

module wh_int8_window #(
    parameter int unsigned INT8_REDUCTION = 16,
    parameter int unsigned INT8_PIXELS = 2,
    localparam int unsigned ROWS = INT8_REDUCTION > 24 ? 4 : 3,
    localparam int unsigned PAIRS = INT8_REDUCTION > 24 ? 10 : 9,  // three columns of rows 0 to 2, one of row 3
    localparam int unsigned META_BITS = 10
) (
    input  logic                    clk_i,
    input  logic                    clear_i,

    input  logic                    grant_i,
    input  logic [4*ROWS*2-1:0]     row_bank_i,
    input  logic [4*ROWS-1:0]       word_valid_i,
    input  logic [ROWS-1:0]         row_absent_i,
    input  logic [7:0]              column_bank_i,
    input  logic [META_BITS-1:0]    meta_i,
    input  logic [7:0]              pad_value_i,
    input  logic [16*64-1:0]        data_i,  // one cycle after grant_i

    output logic                    valid_o,
    output logic [PAIRS*8*16-1:0]   pairs_o,
    output logic [META_BITS-1:0]    meta_o
);
  localparam int unsigned COLUMNS = INT8_PIXELS + 2;

  logic                 valid_0_q, valid_1_q, valid_2_q;
  logic [4*ROWS*2-1:0]  row_bank_q;
  logic [4*ROWS-1:0]    word_valid_q;
  logic [ROWS-1:0]      row_absent_q;
  logic [7:0]           column_bank_0_q, column_bank_1_q;
  logic [META_BITS-1:0] meta_0_q, meta_1_q, meta_2_q;

  always_ff @(posedge clk_i) begin
    if (clear_i) begin
      {valid_0_q, valid_1_q, valid_2_q, valid_o} <= '0;
    end else begin
      {valid_0_q, valid_1_q, valid_2_q, valid_o} <= {grant_i, valid_0_q, valid_1_q, valid_2_q};
    end
    if (grant_i) begin
      row_bank_q <= row_bank_i;
      word_valid_q <= word_valid_i;
      row_absent_q <= row_absent_i;
      column_bank_0_q <= column_bank_i;
      meta_0_q <= meta_i;
    end
    if (valid_0_q) begin
      column_bank_1_q <= column_bank_0_q;
      meta_1_q <= meta_0_q;
    end
    if (valid_1_q) meta_2_q <= meta_1_q;
    if (valid_2_q) meta_o <= meta_2_q;
  end

  logic [ROWS*4*64-1:0]       by_bank_q;  // [row][column bank]
  logic [ROWS*COLUMNS*64-1:0] words_q;  // [row][column]
  logic [ROWS*4-1:0]          pads_1_q;  // words that are padding: 0 until the pairs are packed
  logic [ROWS*COLUMNS-1:0]    pads_2_q;

  function automatic logic [7:0] padded(input logic [7:0] code, input logic pad);
    padded = code | (pad_value_i & {8{pad}});
  endfunction

  generate
    for (genvar i = 0; i < ROWS; i++) begin : g_row
      for (genvar c = 0; c < 4; c++) begin : g_bank
        always_ff @(posedge clk_i) begin
          if (valid_0_q) begin
            if (!word_valid_q[c*ROWS+i]) by_bank_q[(i*4+c)*64 +: 64] <= '0;
            else by_bank_q[(i*4+c)*64 +: 64] <= data_i[{row_bank_q[(c*ROWS+i)*2 +: 2], 2'(c)}*64 +: 64];
            pads_1_q[i*4+c] <= !word_valid_q[c*ROWS+i] && !row_absent_q[i];
          end
        end
      end
      for (genvar c = 0; c < COLUMNS; c++) begin : g_column
        if (i < 3 || c < INT8_PIXELS) begin : g_used
          always_ff @(posedge clk_i) begin
            if (valid_1_q) begin
              words_q[(i*COLUMNS+c)*64 +: 64] <= by_bank_q[i*256+column_bank_1_q[c*2 +: 2]*64 +: 64];
              pads_2_q[i*COLUMNS+c] <= pads_1_q[i*4+column_bank_1_q[c*2 +: 2]];
            end
          end
        end else begin : g_unused
          always_ff @(posedge clk_i) words_q[(i*COLUMNS+c)*64 +: 64] <= '0;
          always_ff @(posedge clk_i) pads_2_q[i*COLUMNS+c] <= 1'b0;
        end
      end
      for (genvar c = 0; c < (i < 3 ? 3 : 1); c++) begin : g_pair
        for (genvar b = 0; b < 8; b++) begin : g_byte
          always_ff @(posedge clk_i) begin
            if (valid_2_q) begin
              logic [7:0] low, high;
              low = padded(words_q[(i*COLUMNS+c)*64+b*8 +: 8], pads_2_q[i*COLUMNS+c]);
              high = INT8_PIXELS == 2
                  ? padded(words_q[(i*COLUMNS+(c+INT8_PIXELS-1))*64+b*8 +: 8], pads_2_q[i*COLUMNS+(c+INT8_PIXELS-1)]) : 8'd0;
              pairs_o[((i*3+c)*8+b)*16 +: 16] <= {high, ~low[7], low[6:0]};
            end
          end
        end
      end
    end
  endgenerate

  logic unused_columns;
  assign unused_columns = ^{column_bank_1_q, words_q};
endmodule

`default_nettype wire
