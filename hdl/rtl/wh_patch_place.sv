// SPDX-License-Identifier: Apache-2.0
// Where a LOAD_PATCH line lands: of output row r and kernel row ky the first word's row bank and address (column 0), and the
// byte in that word where the segment starts. Steps to the next line on next_i. Addresses as in wh_map_setup.
`default_nettype none

module wh_patch_place (
    input  logic        clk_i,
    input  logic        start_i,
    input  logic        next_i,
    input  wh_contract_pkg::map_t map_i,
    input  logic [13:0] group_words_i,
    input  logic [13:0] group_address_i,
    input  logic [13:0] block_offset_i,
    input  logic [11:0] rows_i,
    input  logic [7:0]  kernel_height_i,
    input  logic [7:0]  segment_bytes_i,
    input  logic [13:0] segment_words_i,
    output logic [1:0]  row_bank_o,
    output logic [13:0] address_o,
    output logic [2:0]  first_byte_o,
    output logic        final_o
);
  logic [11:0] rows_left_q;
  logic [7:0] kernel_row_q;
  logic [9:0] row_q, row_next;
  logic [13:0] group_q, group_next, address_q;
  logic [1:0] row_bank_q;
  logic [2:0] first_byte_q;
  logic [3:0] bytes;
  logic ring_end, kernel_end;

  function automatic logic [13:0] add(input logic [13:0] a, input logic [13:0] b);
    logic [13:0] sum;
    sum = {1'b0, a[12:0]} + {1'b0, b[12:0]};
    add = {sum[13] | a[13] | b[13], sum[12:0]};
  endfunction

  assign ring_end = row_q == {map_i.ring, 2'b00} - 10'd1;
  assign row_next = ring_end ? 10'd0 : row_q + 10'd1;
  assign group_next = ring_end ? {1'b0, map_i.base} : row_q[1:0] == 2'd3 ? add(group_q, group_words_i) : group_q;
  assign kernel_end = kernel_row_q == kernel_height_i - 8'd1;
  assign bytes = 4'(first_byte_q) + 4'(segment_bytes_i[2:0]);

  assign row_bank_o = row_bank_q;
  assign address_o = address_q;
  assign first_byte_o = first_byte_q;
  assign final_o = kernel_end && rows_left_q == 12'd1;

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      rows_left_q <= rows_i;
      kernel_row_q <= '0;
      row_q <= map_i.row;
      group_q <= group_address_i;
      address_q <= add(group_address_i, block_offset_i);
      row_bank_q <= map_i.row[1:0] + map_i.block[1:0];
      first_byte_q <= '0;
    end else if (next_i) begin
      if (kernel_end) begin
        rows_left_q <= rows_left_q - 12'd1;
        kernel_row_q <= '0;
        row_q <= row_next;
        group_q <= group_next;
        address_q <= add(group_next, block_offset_i);
        row_bank_q <= row_next[1:0] + map_i.block[1:0];
        first_byte_q <= '0;
      end else begin
        kernel_row_q <= kernel_row_q + 8'd1;
        address_q <= add(add(address_q, segment_words_i), bytes[3] ? {5'd0, map_i.quads} : 14'd0);
        row_bank_q <= row_bank_q + segment_bytes_i[4:3] + 2'(bytes[3]);
        first_byte_q <= bytes[2:0];
      end
    end
  end

  logic unused;
  assign unused = ^{map_i, segment_bytes_i[7:5]};
endmodule

`default_nettype wire
