// SPDX-License-Identifier: Apache-2.0
// From steps to reads of the activation memory: per step up to 16 bank addresses, and how the words read make up the window.
// A window has rows (depthwise: kernel rows; dense: blocks) and columns (depthwise: consecutive taps; dense: the two pixels).
// Timing: five stages, a step a cycle, all held while advance_i is low; outputs are registered.
// A word outside the input is not read (its word_valid_o bit is 0). overflow_o: a word lies beyond the banks.
`default_nettype none


module wh_int8_addresses #(
    parameter int unsigned INT8_REDUCTION = 16,
    parameter int unsigned ACTIVATION_BANK_WORDS = 2048,
    localparam int unsigned ROWS = INT8_REDUCTION > 24 ? 4 : 3,
    localparam int unsigned META_BITS = 10
) (
    input  logic                 clk_i,
    input  logic                 clear_i,
    input  logic                 advance_i,

    input  wh_contract_pkg::int8_convolution_t command_i,
    input  logic                 flat_i,
    input  logic [13:0]          in_row_stride_i,
    input  logic [9:0]           dilation_rows_i,
    input  logic [9:0]           dilation_rows_2_i,

    input  logic                 valid_i,
    input  logic signed [17:0]   y_i,
    input  logic signed [17:0]   x_i,
    input  logic [9:0]           row_i,
    input  logic                 second_valid_i,
    input  logic                 second_wraps_i,
    input  logic [21:0]          block_offset_i,
    input  logic [1:0]           block_low_i,
    input  logic [2:0]           block_count_i,
    input  logic [1:0]           tap_rows_i,
    input  logic [1:0]           tap_columns_i,
    input  logic [META_BITS-1:0] meta_i,  // travels along

    output logic                 valid_o,
    output logic [15:0]          enable_o,
    output logic [16*13-1:0]     address_o,
    output logic                 overflow_o,
    output logic [31:0]          overflow_address_o,
    output logic [4*ROWS*2-1:0]  row_bank_o,  // [column bank][window row]: row bank of the word
    output logic [4*ROWS-1:0]    word_valid_o,  // [column bank][window row]
    output logic [ROWS-1:0]      row_absent_o,  // dense: block beyond channel_blocks, reads as 0
    output logic [7:0]           column_bank_o,  // [window column]
    output logic [META_BITS-1:0] meta_o
);
  logic unused_command;
  assign unused_command = ^command_i;

  logic window;
  logic [3:0] dilation_y, dilation_x, stride_x;
  logic [9:0] ring_rows;
  logic [11:0] in_rows, in_columns;
  logic [8:0] quads;
  assign window = command_i.depthwise && !flat_i;
  assign dilation_y = command_i.dilation_y;
  assign dilation_x = command_i.dilation_x;
  assign stride_x = command_i.stride_x;
  assign ring_rows = {command_i.in_map.ring, 2'b00};
  assign in_rows = command_i.in_rows;
  assign in_columns = command_i.in_columns;
  assign quads = command_i.in_map.quads;

  logic valid_1_q, valid_2_q, valid_3_q, valid_4_q;
  logic [META_BITS-1:0] meta_1_q, meta_2_q, meta_3_q, meta_4_q;
  always_ff @(posedge clk_i) begin
    if (clear_i) {valid_1_q, valid_2_q, valid_3_q, valid_4_q, valid_o} <= '0;
    else if (advance_i) {valid_1_q, valid_2_q, valid_3_q, valid_4_q, valid_o} <= {valid_i, valid_1_q, valid_2_q, valid_3_q, valid_4_q};
    if (advance_i && valid_i) meta_1_q <= meta_i;
    if (advance_i && valid_1_q) meta_2_q <= meta_1_q;
    if (advance_i && valid_2_q) meta_3_q <= meta_2_q;
    if (advance_i && valid_3_q) meta_4_q <= meta_3_q;
    if (advance_i && valid_4_q) meta_o <= meta_4_q;
  end

  // Stage 1: up to three rows and four columns. Without a window: row 0 and 1 belong to the first and second pixel.
  function automatic logic [9:0] wrapped_sum(input logic [9:0] a, input logic [9:0] b, input logic [9:0] modulus);
    logic [10:0] sum, excess;
    sum = {1'b0, a} + {1'b0, b};
    excess = sum - {1'b0, modulus};
    wrapped_sum = excess[10] ? sum[9:0] : excess[9:0];
  endfunction

  function automatic logic inside_size(input logic signed [17:0] value, input logic [11:0] size);
    inside_size = value >= 0 && value < $signed({6'd0, size});
  endfunction

  logic signed [17:0] y_1, y_2, x_1, x_2, x_3;
  assign y_1 = y_i + (window ? 18'(dilation_y) : 18'(second_wraps_i));
  assign y_2 = y_i + 18'({dilation_y, 1'b0});
  assign x_1 = second_wraps_i ? '0 : x_i + (window ? 18'(dilation_x) : 18'(stride_x));
  assign x_2 = x_i + 18'({dilation_x, 1'b0});
  assign x_3 = x_i + 18'({dilation_x, 1'b0}) + 18'(dilation_x);

  logic [29:0] rows_1_q;  // three rows on chip
  logic [2:0]  row_inside_1_q;
  logic [47:0] columns_1_q;
  logic [3:0]  column_inside_1_q;
  logic [21:0] block_offset_1_q;
  logic [1:0]  block_low_1_q;
  logic [2:0]  block_count_1_q, columns_active;
  assign columns_active = 3'(tap_columns_i) + 3'(second_valid_i);

  always_ff @(posedge clk_i) begin
    if (advance_i && valid_i) begin
      rows_1_q <= {wrapped_sum(row_i, dilation_rows_2_i, ring_rows),
          wrapped_sum(row_i, window ? dilation_rows_i : 10'(second_wraps_i), ring_rows), row_i};
      row_inside_1_q <= {window && tap_rows_i == 2'd3 && inside_size(y_2, in_rows),
          (window ? tap_rows_i[1] : second_valid_i) && inside_size(y_1, in_rows), inside_size(y_i, in_rows)};
      columns_1_q <= {x_3[11:0], x_2[11:0], x_1[11:0], x_i[11:0]};
      column_inside_1_q <= {window && columns_active[2] && inside_size(x_3, in_columns),
          window && columns_active >= 3'd3 && inside_size(x_2, in_columns),
          (window ? columns_active >= 3'd2 : second_valid_i) && inside_size(x_1, in_columns), inside_size(x_i, in_columns)};
      block_offset_1_q <= block_offset_i;
      block_low_1_q <= block_low_i;
      block_count_1_q <= block_count_i;
    end
  end

  // Stage 2: words from row 0 of the map's ring to each row (wh_product has the registers), and where window row i starts without them.
  logic [5:0]  row_low_2_q;
  logic [ROWS*24-1:0] origin_2_q;
  logic [2:0]  row_inside_2_q, block_count_2_q;
  logic [47:0] columns_2_q;
  logic [3:0]  column_inside_2_q;

  always_ff @(posedge clk_i) begin
    if (advance_i && valid_1_q) begin
      for (int unsigned r = 0; r < 3; r++) row_low_2_q[r*2 +: 2] <= rows_1_q[r*10 +: 2] + block_low_1_q;
      for (int unsigned i = 0; i < ROWS; i++) begin
        origin_2_q[i*24 +: 24] <= 24'(block_offset_1_q) + 24'(command_i.in_map.base)
            + (window ? 24'd0 : (i[0] ? 24'(quads) : 24'd0) + (i[1] ? 24'({quads, 1'b0}) : 24'd0));
      end
      row_inside_2_q <= row_inside_1_q;
      block_count_2_q <= block_count_1_q;
      columns_2_q <= columns_1_q;
      column_inside_2_q <= column_inside_1_q;
    end
  end

  logic [65:0] row_words_2;
  generate
    for (genvar r = 0; r < 3; r++) begin : g_row_words
      logic [24:0] product;
      wh_product #(
          .LEFT_BITS(15),
          .LOW_DIGITS(3),
          .HIGH_DIGITS(2)
      ) u_product (
          .clk_i(clk_i),
          .enable_i(advance_i && valid_1_q),
          .left_i({1'b0, in_row_stride_i}),
          .right_i({2'b00, rows_1_q[r*10+2 +: 8]}),
          .product_o(product)
      );
      assign row_words_2[r*22 +: 22] = product[21:0];
      logic unused;
      assign unused = ^product[24:22];
    end
  endgenerate

  // Stage 3: first word, bank and validity of every window row, for each pixel's row (pixel 1 differs in flat pairs only).
  logic [2*ROWS*24-1:0] row_start_3_q;
  logic [2*ROWS*2-1:0]  row_bank_3_q;
  logic [2*ROWS-1:0]    row_valid_3_q;
  logic [ROWS-1:0]      row_absent_3_q;
  logic [47:0]          columns_3_q;
  logic [3:0]           column_inside_3_q;

  always_ff @(posedge clk_i) begin
    if (advance_i && valid_2_q) begin
      for (int unsigned p = 0; p < 2; p++) begin
        for (int unsigned i = 0; i < ROWS; i++) begin
          if (window) begin
            row_start_3_q[(p*ROWS+i)*24 +: 24] <= 24'(row_words_2[(i%3)*22 +: 22]) + origin_2_q[i*24 +: 24];
            row_bank_3_q[(p*ROWS+i)*2 +: 2] <= row_low_2_q[(i%3)*2 +: 2];
            row_valid_3_q[p*ROWS+i] <= i < 3 && p == 0 && row_inside_2_q[i%3];
          end else begin
            row_start_3_q[(p*ROWS+i)*24 +: 24] <= 24'(row_words_2[p*22 +: 22]) + origin_2_q[i*24 +: 24];
            row_bank_3_q[(p*ROWS+i)*2 +: 2] <= row_low_2_q[p*2 +: 2] + 2'(i);
            row_valid_3_q[p*ROWS+i] <= row_inside_2_q[p] && 3'(i) < block_count_2_q;
          end
        end
      end
      for (int unsigned i = 0; i < ROWS; i++) row_absent_3_q[i] <= !window && 3'(i) >= block_count_2_q;
      columns_3_q <= columns_2_q;
      column_inside_3_q <= column_inside_2_q;
    end
  end

  // Stage 4: the same by row bank; columns by column bank. What stages 4 and 5 compute lies inside their enables: Verilator would
  // evaluate it in every cycle elsewhere.
  logic [2*4*24-1:0]   bank_start_4_q;
  logic [2*4-1:0]      bank_valid_4_q;
  logic [4*10-1:0]     bank_quad_4_q;
  logic [3:0]          bank_column_valid_4_q, bank_second_4_q;
  logic [2*ROWS*2-1:0] row_bank_4_q;
  logic [2*ROWS-1:0]   row_valid_4_q;
  logic [ROWS-1:0]     row_absent_4_q;
  logic [7:0]          column_bank_4_q;

  always_ff @(posedge clk_i) begin
    if (advance_i && valid_3_q) begin
      logic [2*4*24-1:0] bank_start;
      logic [2*4-1:0]    bank_valid;
      logic [4*10-1:0]   bank_quad;
      logic [3:0]        bank_column_valid, bank_second;
      bank_start = '0;
      bank_valid = '0;
      bank_quad = '0;
      bank_column_valid = '0;
      bank_second = '0;
      for (int unsigned b = 0; b < 4; b++) begin
        for (int unsigned p = 0; p < 2; p++) begin
          for (int unsigned i = 0; i < ROWS; i++) begin
            if (row_valid_3_q[p*ROWS+i] && row_bank_3_q[(p*ROWS+i)*2 +: 2] == 2'(b)) begin
              bank_start[(p*4+b)*24 +: 24] = bank_start[(p*4+b)*24 +: 24] | row_start_3_q[(p*ROWS+i)*24 +: 24];
              bank_valid[p*4+b] = 1'b1;
            end
          end
        end
        for (int unsigned c = 0; c < 4; c++) begin
          if (column_inside_3_q[c] && columns_3_q[c*12 +: 2] == 2'(b)) begin
            bank_quad[b*10 +: 10] = bank_quad[b*10 +: 10] | columns_3_q[c*12+2 +: 10];
            bank_column_valid[b] = 1'b1;
            if (c == 1) bank_second[b] = !window;
          end
        end
      end
      bank_start_4_q <= bank_start;
      bank_valid_4_q <= bank_valid;
      bank_quad_4_q <= bank_quad;
      bank_column_valid_4_q <= bank_column_valid;
      bank_second_4_q <= bank_second;
      row_bank_4_q <= row_bank_3_q;
      row_valid_4_q <= row_valid_3_q;
      row_absent_4_q <= row_absent_3_q;
      for (int unsigned c = 0; c < 4; c++) column_bank_4_q[c*2 +: 2] <= columns_3_q[c*12 +: 2];
    end
  end

  // Stage 5: bank addresses.
  always_ff @(posedge clk_i) begin
    if (advance_i && valid_4_q) begin
      logic [15:0]     enable, beyond;
      logic [16*24-1:0] address;
      logic [31:0]     beyond_address;
      beyond_address = '0;
      for (int unsigned r = 0; r < 4; r++) begin
        for (int unsigned c = 0; c < 4; c++) begin
          enable[r*4+c] = bank_column_valid_4_q[c] && (bank_second_4_q[c] ? bank_valid_4_q[4+r] : bank_valid_4_q[r]);
          address[(r*4+c)*24 +: 24] = (bank_second_4_q[c] ? bank_start_4_q[(4+r)*24 +: 24] : bank_start_4_q[r*24 +: 24])
              + 24'(bank_quad_4_q[c*10 +: 10]);
          beyond[r*4+c] = enable[r*4+c] && address[(r*4+c)*24 +: 24] >= 24'(ACTIVATION_BANK_WORDS);
          if (beyond[r*4+c]) beyond_address = 32'(address[(r*4+c)*24 +: 24]);
        end
      end
      enable_o <= enable;
      overflow_o <= |beyond;
      overflow_address_o <= beyond_address;
      for (int unsigned b = 0; b < 16; b++) address_o[b*13 +: 13] <= address[b*24 +: 13];
      for (int unsigned c = 0; c < 4; c++) begin
        row_bank_o[c*ROWS*2 +: ROWS*2] <= bank_second_4_q[c] ? row_bank_4_q[ROWS*2 +: ROWS*2] : row_bank_4_q[0 +: ROWS*2];
        word_valid_o[c*ROWS +: ROWS] <= (bank_second_4_q[c] ? row_valid_4_q[ROWS +: ROWS] : row_valid_4_q[0 +: ROWS])
            & {ROWS{bank_column_valid_4_q[c]}};
      end
      row_absent_o <= row_absent_4_q;
      column_bank_o <= column_bank_4_q;
    end
  end
endmodule


`default_nettype wire
