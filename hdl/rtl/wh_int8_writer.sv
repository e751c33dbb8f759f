// SPDX-License-Identifier: Apache-2.0
// Writes INT8_CONVOLUTION's words: walks groups and positions in the order of the results, one pixel a queue, one word a pixel and cycle.
// Timing: a word is offered to the memory three cycles after valid_i. reserve_i books a position's words when it is issued; room_o said in
// the cycle before that two more positions fit (raw, whose positions leave with pauses: one). overflow_o: an address beyond the banks; nothing is queued for it.
`default_nettype none


module wh_int8_writer #(
    parameter int unsigned INT8_PIXELS = 2,
    parameter int unsigned ACTIVATION_BANK_WORDS = 2048
) (
    input  logic                      clk_i,
    input  logic                      clear_i,
    input  wh_contract_pkg::int8_convolution_t command_i,
    input  logic                      pairs_i,
    input  logic                      flat_i,
    input  logic [13:0]               out_row_stride_i,
    input  logic [20:0]               out_block_offset_i,
    input  logic [21:0]               out_row_offset_i,

    input  logic                      reserve_i,
    output logic                      room_o,
    output logic                      empty_o,

    input  logic                      valid_i,
    input  logic [1:0]                word_i,
    input  logic [INT8_PIXELS*64-1:0] data_i,

    output logic [1:0]                write_valid_o,
    output logic [7:0]                write_bank_o,
    output logic [25:0]               write_address_o,
    output logic [127:0]              write_data_o,
    output logic [15:0]               write_strobe_o,
    input  logic [1:0]                write_ready_i,

    output logic                      overflow_o,
    output logic [31:0]               overflow_address_o
);
  logic unused_command;
  assign unused_command = ^command_i;

  logic raw, bits;
  logic [11:0] out_rows, out_columns;
  logic [9:0] ring_rows;
  logic [8:0] quads;
  assign raw = command_i.post == wh_contract_pkg::POST_RAW;
  assign bits = command_i.post == wh_contract_pkg::POST_BITS;
  assign out_rows = command_i.out_rows;
  assign out_columns = command_i.out_columns;
  assign ring_rows = {command_i.out_map.ring, 2'b00};
  assign quads = command_i.out_map.quads;

  // Where the next result goes: group, column, line; the row on chip and the row after it.
  logic [11:0] group_q, column_q, line_q;
  logic [12:0] stepped_column;
  logic [23:0] group_offset_q;
  logic [1:0]  group_low_q;
  logic [1:0]  row_low_q;
  logic [9:0]  next_row_q;
  logic [21:0] row_words_q, next_row_words_q;
  logic        begun_q, past_end, last_line, second_wraps, second_valid, last_word, block_full;

  assign stepped_column = {1'b0, column_q} + (pairs_i ? 13'd2 : 13'd1);
  assign past_end = stepped_column >= {1'b0, out_columns};
  assign last_line = line_q == out_rows - 12'd1;
  assign second_wraps = flat_i && column_q == out_columns - 12'd1;
  assign second_valid = pairs_i && (flat_i ? !(second_wraps && last_line) : column_q != out_columns - 12'd1);
  assign last_word = !raw || word_i == 2'd3;
  assign block_full = !bits || group_q[2:0] == 3'd7;

  function automatic logic [9:0] following(input logic [9:0] row, input logic [9:0] modulus);
    following = row == modulus - 10'd1 ? '0 : row + 10'd1;
  endfunction

  function automatic logic [21:0] following_words(input logic [9:0] row, input logic [9:0] modulus, input logic [21:0] words,
                                                  input logic [13:0] stride);
    following_words = row == modulus - 10'd1 ? '0 : row[1:0] == 2'd3 ? words + 22'(stride) : words;
  endfunction

  logic restart;
  assign restart = valid_i && last_word && past_end && last_line;

  always_ff @(posedge clk_i) begin
    if (clear_i) begin
      begun_q <= 1'b0;
    end else if (valid_i) begin
      begun_q <= 1'b1;
    end
    if (!clear_i && !begun_q && !valid_i) begin
      group_q <= '0;
      group_offset_q <= 24'(command_i.out_map.base) + 24'(out_block_offset_i);
      group_low_q <= 2'(command_i.out_map.block);
    end else if (restart) begin
      group_q <= group_q + 12'd1;
      if (block_full) begin
        group_offset_q <= group_offset_q + (raw ? 24'({quads, 2'b00}) : 24'(quads));
        group_low_q <= group_low_q + (raw ? 2'd0 : 2'd1);
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if ((!clear_i && !begun_q && !valid_i) || restart) begin
      column_q <= '0;
      line_q <= '0;
      row_low_q <= 2'(command_i.out_map.row);
      row_words_q <= out_row_offset_i;
      next_row_q <= following(command_i.out_map.row, ring_rows);
      next_row_words_q <= following_words(command_i.out_map.row, ring_rows, out_row_offset_i, out_row_stride_i);
    end else if (valid_i && last_word) begin
      column_q <= !past_end ? stepped_column[11:0] : flat_i ? stepped_column[11:0] - out_columns : '0;
      if (past_end) begin
        line_q <= line_q + 12'd1;
        row_low_q <= next_row_q[1:0];
        row_words_q <= next_row_words_q;
        next_row_q <= following(next_row_q, ring_rows);
        next_row_words_q <= following_words(next_row_q, ring_rows, next_row_words_q, out_row_stride_i);
      end
    end
  end

  // Per pixel: origin and bank, then the address, then the queue.
  logic        valid_1_q, valid_2_q;
  logic [23:0] origin_1_q;
  logic [7:0]  strobe;

  assign strobe = bits ? 8'd1 << group_q[2:0] : 8'hFF;

  always_ff @(posedge clk_i) begin
    if (clear_i) begin
      valid_1_q <= 1'b0;
      valid_2_q <= 1'b0;
    end else begin
      valid_1_q <= valid_i;
      valid_2_q <= valid_1_q;
    end
    if (valid_i) origin_1_q <= group_offset_q + (word_i[0] ? 24'(quads) : 24'd0) + (word_i[1] ? 24'({quads, 1'b0}) : 24'd0);
  end

  logic [1:0]  beyond, room, idle;
  logic [47:0] beyond_address;
  always_ff @(posedge clk_i) room_o <= &room;
  assign empty_o = &idle;
  assign overflow_o = |beyond;
  assign overflow_address_o = beyond[0] ? 32'(beyond_address[23:0]) : 32'(beyond_address[47:24]);

  generate
    for (genvar p = 0; p < 2; p++) begin : g_pixel
      if (p < INT8_PIXELS) begin : g_present
        logic [11:0] column, column_1_q;
        logic [21:0] row_words_1_q;
        logic [1:0]  bank_row_1_q;
        logic [7:0]  strobe_1_q, strobe_2_q;
        logic [63:0] data_1_q, data_2_q;
        logic [23:0] address_2_q;
        logic [3:0]  bank_2_q;
        logic        wraps, push, ready, occupied, pop, writes;
        logic [5:0]  reserved_q;

        assign wraps = p == 1 && second_wraps;
        assign column = wraps ? '0 : column_q + 12'(p);

        always_ff @(posedge clk_i) begin
          if (valid_i) begin
            column_1_q <= column;
            row_words_1_q <= wraps ? next_row_words_q : row_words_q;
            bank_row_1_q <= (wraps ? next_row_q[1:0] : row_low_q) + group_low_q + word_i;
            strobe_1_q <= (p == 0 || second_valid) ? strobe : '0;
            data_1_q <= data_i[p*64 +: 64];
          end
          if (valid_1_q) begin
            address_2_q <= origin_1_q + 24'(row_words_1_q) + 24'(column_1_q[11:2]);
            bank_2_q <= {bank_row_1_q, column_1_q[1:0]};
            strobe_2_q <= strobe_1_q;
            data_2_q <= data_1_q;
          end
        end

        assign beyond[p] = valid_2_q && (|strobe_2_q) && address_2_q >= 24'(ACTIVATION_BANK_WORDS);
        assign beyond_address[p*24 +: 24] = address_2_q;

        // A word without strobe leaves without a write.
        wh_fifo #(
            .WIDTH(90),
            .DEPTH(32)
        ) u_words (
            .clk_i,
            .rst_ni(!clear_i),
            .in_valid_i(push),
            .in_ready_o(ready),
            .in_data_i({strobe_2_q != '0, bank_2_q, address_2_q[12:0], strobe_2_q, data_2_q}),
            .out_valid_o(occupied),
            .out_ready_i(pop),
            .out_data_o({writes, write_bank_o[p*4 +: 4], write_address_o[p*13 +: 13], write_strobe_o[p*8 +: 8], write_data_o[p*64 +: 64]})
        );
        assign push = valid_2_q && !beyond[p];
`ifndef SYNTHESIS
        always_ff @(posedge clk_i) if (!clear_i) assert (!(push && !ready));  // reserved_q keeps room
`endif
        assign write_valid_o[p] = occupied && writes;
        assign pop = occupied && (write_ready_i[p] || !writes);

        assign room[p] = reserved_q <= (raw ? 6'd28 : 6'd30);
        assign idle[p] = reserved_q == '0;
        always_ff @(posedge clk_i) begin
          if (clear_i) reserved_q <= '0;
          else reserved_q <= reserved_q + (reserve_i ? (raw ? 6'd4 : 6'd1) : 6'd0) - 6'(pop);
        end
      end else begin : g_absent
        logic unused_ready;
        assign unused_ready = write_ready_i[p];
        assign write_valid_o[p] = 1'b0;
        assign write_bank_o[p*4 +: 4] = '0;
        assign write_address_o[p*13 +: 13] = '0;
        assign write_data_o[p*64 +: 64] = '0;
        assign write_strobe_o[p*8 +: 8] = '0;
        assign beyond[p] = 1'b0;
        assign beyond_address[p*24 +: 24] = '0;
        assign room[p] = 1'b1;
        assign idle[p] = 1'b1;
      end
    end
  endgenerate
endmodule


`default_nettype wire
