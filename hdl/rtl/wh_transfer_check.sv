// SPDX-License-Identifier: Apache-2.0
// Whether the transfer fields of LOAD_MAP and STORE_MAP are legal: nothing zero, offsets and pitches multiples of 8, a region
// that exists, and run_words * runs = move_blocks * columns. The products are added up bit by bit: ready_o and legal_o hold
// from thirteen cycles after start_i until the next.
`default_nettype none

module wh_transfer_check (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         start_i,
    input  wh_contract_pkg::load_map_t command_i,
    output logic         ready_o,
    output logic         legal_o
);
  logic [11:0] rows, blocks, columns, runs;
  logic [19:0] run_words;
  logic [3:0] bits_left_q;
  logic busy_q;
  logic [31:0] difference_q, added, removed;
  logic zero, aligned;

  assign rows = command_i.rows;
  assign blocks = command_i.move_blocks;
  assign columns = command_i.columns;
  assign runs = command_i.runs;
  assign run_words = command_i.run_words;
  assign zero = rows == 12'd0 || blocks == 12'd0 || columns == 12'd0 || runs == 12'd0 || run_words == 20'd0;
  assign aligned = command_i.offset[2:0] == 3'd0 &&
                   command_i.row_pitch[2:0] == 3'd0 &&
                   command_i.run_pitch[2:0] == 3'd0;
  assign ready_o = !busy_q;
  assign legal_o = difference_q == 32'd0 && !zero && aligned && !command_i.region[3];

  // Both products are below 2^32, so their difference is zero modulo 2^32 only when they are equal.
  assign added = runs[bits_left_q] ? 32'(run_words) : 32'd0;
  assign removed = columns[bits_left_q] ? 32'(blocks) : 32'd0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
    end else if (start_i) begin
      busy_q <= 1'b1;
      bits_left_q <= 4'd11;
      difference_q <= '0;
    end else if (busy_q) begin
      busy_q <= bits_left_q != 4'd0;
      bits_left_q <= bits_left_q - 4'd1;
      difference_q <= (difference_q << 1) + added - removed;
    end
  end

  logic unused;
  assign unused = ^command_i;
endmodule

`default_nettype wire
