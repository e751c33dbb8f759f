// SPDX-License-Identifier: Apache-2.0
// The source rows of a LOAD_PATCH in the order output row, kernel row: a read for each row that exists, ahead of its use, and
// for every row the line it fills, or says is padding. Two lines are kept; one is filled while the other is emitted.
`default_nettype none

module wh_patch_fetch #(
    parameter int unsigned LINE_BYTES = wh_contract_pkg::ZYNQ7020_LINE_BYTES,
    localparam int unsigned ROW_BITS = $clog2(LINE_BYTES / 32 + 1)
) (
    input  logic              clk_i,
    input  logic              rst_ni,
    input  logic              start_i,
    input  wh_contract_pkg::load_patch_t command_i,
    input  logic [12:0]       row_bytes_i,
    input  logic [45:0]       stride_pitch_i,
    input  logic [45:0]       top_pitch_i,

    output logic              run_valid_o,
    input  logic              run_ready_i,
    output logic [33:0]       run_offset_o,
    output logic [9:0]        run_words_o,
    input  logic              word_valid_i,
    output logic              word_ready_o,
    output logic              fill_enable_o,
    output logic [1:0]        fill_bank_o,
    output logic [ROW_BITS:0] fill_address_o,

    output logic              line_valid_o,
    output logic              line_exists_o,
    output logic [2:0]        line_align_o,   // where in its first word the line starts
    output logic              line_half_o,
    input  logic              line_release_i
);
  // Asking
  logic asking_q, exists, ask, lines_ready;
  logic [11:0] rows_left_q;
  logic [7:0] kernel_row_q, kernel_height;
  logic signed [21:0] source_row_q, first_row_q;
  logic [45:0] offset_q, first_offset_q, next_first_offset;
  logic [21:0] next_first_row;
  logic kernel_end;

  assign kernel_height = command_i.kernel_height;
  assign kernel_end = kernel_row_q == kernel_height - 8'd1;
  assign exists = source_row_q >= 22'sd0 &&
                  source_row_q < $signed(22'(command_i.source_rows));
  assign next_first_row = first_row_q + 22'(command_i.stride_y);
  assign next_first_offset = first_offset_q + stride_pitch_i;
  assign run_valid_o = asking_q && exists && lines_ready;
  assign run_offset_o = {|offset_q[45:33], offset_q[32:3], 3'b000};
  assign run_words_o = 10'((14'(row_bytes_i) + 14'(offset_q[2:0]) + 14'd7) >> 3);
  assign ask = asking_q && lines_ready && (!exists || run_ready_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) asking_q <= 1'b0;
    else if (start_i) asking_q <= 1'b1;
    else if (ask && kernel_end && rows_left_q == 12'd1) asking_q <= 1'b0;
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      rows_left_q <= command_i.rows;
      kernel_row_q <= '0;
      source_row_q <= 22'd0 - 22'($signed(command_i.pad_top));
      first_row_q <= 22'd0 - 22'($signed(command_i.pad_top));
      offset_q <= 46'(command_i.offset) - top_pitch_i;
      first_offset_q <= 46'(command_i.offset) - top_pitch_i;
    end else if (ask) begin
      if (kernel_end) begin
        rows_left_q <= rows_left_q - 12'd1;
        kernel_row_q <= '0;
        source_row_q <= next_first_row;
        first_row_q <= next_first_row;
        offset_q <= next_first_offset;
        first_offset_q <= next_first_offset;
      end else begin
        kernel_row_q <= kernel_row_q + 8'd1;
        source_row_q <= source_row_q + 22'sd1;
        offset_q <= offset_q + 46'(command_i.row_pitch);
      end
    end
  end

  // Filling
  logic next_valid, next_exists, next_taken;
  logic [2:0] next_align;
  logic [9:0] next_words, word_q;
  logic fill_half_q, emit_half_q;
  logic [1:0] full_q, exists_q;
  logic [5:0] align_q;

  wh_fifo #(
      .WIDTH(14),
      .DEPTH(4)
  ) u_lines (
      .clk_i,
      .rst_ni,
      .in_valid_i(ask),
      .in_ready_o(lines_ready),
      .in_data_i({exists, offset_q[2:0], run_words_o}),
      .out_valid_o(next_valid),
      .out_ready_i(next_taken),
      .out_data_o({next_exists, next_align, next_words})
  );
  assign word_ready_o = next_valid && next_exists && !full_q[fill_half_q];
  assign fill_enable_o = word_ready_o && word_valid_i;
  assign fill_bank_o = word_q[1:0];
  assign fill_address_o = {fill_half_q, ROW_BITS'(word_q[9:2])};
  assign next_taken = next_valid && !full_q[fill_half_q] &&
                      (!next_exists || (fill_enable_o && word_q == next_words - 10'd1));

  assign line_valid_o = full_q[emit_half_q];
  assign line_exists_o = exists_q[emit_half_q];
  assign line_align_o = emit_half_q ? align_q[5:3] : align_q[2:0];
  assign line_half_o = emit_half_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      word_q <= '0;
      fill_half_q <= 1'b0;
      emit_half_q <= 1'b0;
      full_q <= 2'b00;
    end else begin
      if (next_taken) begin
        word_q <= '0;
        fill_half_q <= !fill_half_q;
        full_q[fill_half_q] <= 1'b1;
      end else if (fill_enable_o) begin
        word_q <= word_q + 10'd1;
      end
      if (line_release_i) begin
        full_q[emit_half_q] <= 1'b0;
        emit_half_q <= !emit_half_q;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (next_taken) begin
      exists_q[fill_half_q] <= next_exists;
      if (fill_half_q) align_q[5:3] <= next_align;
      else align_q[2:0] <= next_align;
    end
  end

  logic unused;
  assign unused = ^command_i;
endmodule

`default_nettype wire
