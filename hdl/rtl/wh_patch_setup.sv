// SPDX-License-Identifier: Apache-2.0
// The products a LOAD_PATCH command needs, by shifting and adding: ready sixteen cycles after start_i. illegal_o: a size or
// stride is zero, a source row is longer than LINE_BYTES, a segment longer than PATCH_SEGMENT_BYTES, or no such region.
`default_nettype none

module wh_patch_setup #(
    parameter int unsigned LINE_BYTES = wh_contract_pkg::ZYNQ7020_LINE_BYTES
) (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         start_i,
    input  wh_contract_pkg::load_patch_t command_i,
    output logic         ready_o,
    output logic         illegal_o,
    output logic [12:0]  row_bytes_o,      // source_columns * channels
    output logic [7:0]   segment_bytes_o,  // kernel_width * channels
    output logic [15:0]  step_bytes_o,     // stride_x * channels
    output logic [15:0]  left_bytes_o,     // pad_left * channels, signed
    output logic [45:0]  stride_pitch_o,   // stride_y * row_pitch
    output logic [45:0]  top_pitch_o,      // pad_top * row_pitch, signed
    output logic [13:0]  segment_words_o   // segment_bytes / 8 * quads
);
  logic [11:0] columns;
  logic [7:0] channels, kernel_width, stride_x, stride_y, pad_left, pad_top;
  logic [31:0] pitch;
  assign columns = command_i.source_columns;
  assign channels = command_i.channels;
  assign kernel_width = command_i.kernel_width;
  assign stride_x = command_i.stride_x;
  assign stride_y = command_i.stride_y;
  assign pad_left = command_i.pad_left;
  assign pad_top = command_i.pad_top;
  assign pitch = command_i.row_pitch;

  logic [4:0] step_q;  // 1..8: one bit of a multiplier each, from the top; 9..13: bits of segment_bytes / 8; 14: ready
  logic [2:0] bit_index;
  logic first;
  logic [19:0] row_q;
  logic [15:0] segment_q, stride_q, left_q;
  logic [45:0] stride_pitch_q, top_pitch_q;
  logic [13:0] words_q;
  assign bit_index = 3'(5'd8 - step_q);
  assign first = step_q == 5'd1;

  assign ready_o = step_q == 5'd14;
  assign illegal_o = 32'(row_q) > LINE_BYTES || segment_q > 16'(wh_contract_pkg::PATCH_SEGMENT_BYTES) ||
      command_i.region[3] ||
      command_i.rows == 12'd0 ||
      command_i.columns == 12'd0 ||
      command_i.source_rows == 12'd0 || columns == 12'd0 ||
      command_i.kernel_height == 8'd0 || kernel_width == 8'd0 ||
      channels == 8'd0 || stride_x == 8'd0 || stride_y == 8'd0;
  assign row_bytes_o = row_q[12:0];
  assign segment_bytes_o = segment_q[7:0];
  assign step_bytes_o = stride_q;
  assign left_bytes_o = left_q;
  assign stride_pitch_o = stride_pitch_q;
  assign top_pitch_o = top_pitch_q;
  assign segment_words_o = words_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) step_q <= '0;
    else if (start_i) step_q <= 5'd1;
    else if (step_q != 5'd0 && step_q != 5'd14) step_q <= step_q + 5'd1;
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      {row_q, segment_q, stride_q, left_q, stride_pitch_q, top_pitch_q, words_q} <= '0;
    end else if (step_q >= 5'd1 && step_q <= 5'd8) begin
      row_q <= (row_q << 1) + (channels[bit_index] ? 20'(columns) : 20'd0);
      segment_q <= (segment_q << 1) + (channels[bit_index] ? 16'(kernel_width) : 16'd0);
      stride_q <= (stride_q << 1) + (channels[bit_index] ? 16'(stride_x) : 16'd0);
      left_q <= (left_q << 1) + (channels[bit_index] ? {{8{pad_left[7]}}, pad_left} : 16'd0);
      stride_pitch_q <= (stride_pitch_q << 1) + (stride_y[bit_index] ? 46'(pitch) : 46'd0);
      if (pad_top[bit_index]) top_pitch_q <= first ? 46'd0 - 46'(pitch) : (top_pitch_q << 1) + 46'(pitch);
      else top_pitch_q <= top_pitch_q << 1;
    end else if (step_q >= 5'd9 && step_q <= 5'd13) begin
      words_q <= (words_q << 1) + (segment_q[7-3'(step_q-5'd9)] ?
                                   14'(command_i.chip_map.quads) : 14'd0);
    end
  end

  logic unused;
  assign unused = ^command_i;
endmodule

`default_nettype wire
