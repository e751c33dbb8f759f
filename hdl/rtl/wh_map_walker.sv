// SPDX-License-Identifier: Apache-2.0
// Walks the words of rows x blocks x columns of an on-chip map, rows outermost: bank and address of the current word, one step
// a cycle. With QUADS it steps over the words of four columns at once: lanes first_o .. last_o of one row bank and address.
// The walk starts in the cycle after start_i, when the inputs (from wh_map_setup and the command) must hold still.
`default_nettype none

module wh_map_walker #(
    parameter bit QUADS = 1'b0
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        start_i,
    input  wh_contract_pkg::map_t map_i,
    input  logic [13:0] group_words_i,
    input  logic [13:0] group_address_i,
    input  logic [13:0] block_offset_i,
    input  logic [11:0] rows_i,
    input  logic [11:0] blocks_i,
    input  logic [11:0] columns_i,
    input  logic [11:0] column_i,
    output logic        valid_o,
    input  logic        step_i,
    output logic        final_o,      // this step is the walk's last
    output logic [1:0]  row_bank_o,
    output logic [1:0]  first_o,      // first column bank
    output logic [1:0]  last_o,       // last column bank, first_o without QUADS
    output logic [13:0] address_o
);
  logic active_q;
  logic [9:0] row_q;
  logic [11:0] rows_left_q, blocks_left_q, columns_left_q;
  logic [1:0] row_bank_q, column_q;
  logic [13:0] group_q, line_q, address_q;
  logic [2:0] width;
  logic line_end, block_end, group_end, ring_end;
  logic [13:0] group_next, line_next, row_start;
  logic [9:0] row_last, row_next;

  // Sums keep the "beyond 8191" bit of either operand.
  function automatic logic [13:0] add(input logic [13:0] a, input logic [13:0] b);
    logic [13:0] sum;
    sum = {1'b0, a[12:0]} + {1'b0, b[12:0]};
    add = {sum[13] | a[13] | b[13], sum[12:0]};
  endfunction

  always_comb begin
    width = 3'd1;
    if (QUADS) begin
      width = 3'd4 - 3'(column_q);
      if (columns_left_q < 12'(width)) width = columns_left_q[2:0];
    end
  end
  assign line_end = columns_left_q == 12'(width);
  assign block_end = blocks_left_q == 12'd1;
  assign row_last = {map_i.ring, 2'b00} - 10'd1;
  assign group_end = row_q[1:0] == 2'd3;
  assign ring_end = row_q == row_last;
  assign row_next = ring_end ? 10'd0 : row_q + 10'd1;
  assign group_next = ring_end ? {1'b0, map_i.base} : group_end ? add(group_q, group_words_i) : group_q;
  assign row_start = add(group_next, block_offset_i);
  assign line_next = block_end ? row_start : add(line_q, {5'd0, map_i.quads});

  assign valid_o = active_q;
  assign final_o = line_end && block_end && rows_left_q == 12'd1;
  assign row_bank_o = row_bank_q;
  assign first_o = column_q;
  assign last_o = column_q + 2'(width - 3'd1);
  assign address_o = address_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      active_q <= 1'b0;
    end else if (start_i) begin
      active_q <= 1'b1;
    end else if (step_i && final_o) begin
      active_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      row_q <= map_i.row;
      group_q <= group_address_i;
      line_q <= add(group_address_i, block_offset_i);
      address_q <= add(add(group_address_i, block_offset_i), {4'd0, column_i[11:2]});
      row_bank_q <= map_i.row[1:0] + map_i.block[1:0];
      column_q <= column_i[1:0];
      rows_left_q <= rows_i;
      blocks_left_q <= blocks_i;
      columns_left_q <= columns_i;
    end else if (active_q && step_i) begin
      if (!line_end) begin
        columns_left_q <= columns_left_q - 12'(width);
        column_q <= column_q + 2'(width);
        if (QUADS || column_q == 2'd3) address_q <= add(address_q, 14'd1);
      end else begin
        columns_left_q <= columns_i;
        column_q <= column_i[1:0];
        line_q <= line_next;
        address_q <= add(line_next, {4'd0, column_i[11:2]});
        if (!block_end) begin
          blocks_left_q <= blocks_left_q - 12'd1;
          row_bank_q <= row_bank_q + 2'd1;
        end else begin
          blocks_left_q <= blocks_i;
          rows_left_q <= rows_left_q - 12'd1;
          row_q <= row_next;
          group_q <= group_next;
          row_bank_q <= row_next[1:0] + map_i.block[1:0];
        end
      end
    end
  end

  logic unused;
  assign unused = ^{map_i.block[11:2], map_i.blocks};
endmodule

`default_nettype wire
