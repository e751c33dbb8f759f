// SPDX-License-Identifier: Apache-2.0
// The loops of INT8_CONVOLUTION: groups, tiles, sets, positions. Each step is one position of one set: the input coordinate of its
// first pixel and tap, the row on chip, the blocks it reads and what the array does with its sum.
// Timing: after start_i one step a cycle while advance_i; outputs are registered, last_step_o marks the command's last.
// Commands that wh_int8_setup refuses must not be started.
`default_nettype none


module wh_int8_sequencer #(
    parameter int unsigned INT8_REDUCTION = 16
) (
    input  logic               clk_i,
    input  logic               clear_i,
    input  logic               start_i,  // one cycle, when the setup values are ready
    input  logic               advance_i,

    input  wh_contract_pkg::int8_convolution_t command_i,
    input  logic               pairs_i,
    input  logic               flat_i,
    input  logic [20:0]        in_block_offset_i,
    input  logic [9:0]         first_row_i,
    input  logic [9:0]         stride_rows_i,
    input  logic [9:0]         window_rows_i,

    output logic               valid_o,
    output logic signed [17:0] y_o,  // input row and column of the first pixel's first tap
    output logic signed [17:0] x_o,
    output logic [9:0]         row_o,  // y_o on chip
    output logic               second_valid_o,  // the position has a second pixel
    output logic               second_wraps_o,  // which starts the next row (flat pairs only)
    output logic [21:0]        block_offset_o,  // first block read, in words
    output logic [1:0]         block_low_o,
    output logic [2:0]         block_count_o,  // dense: blocks of this chunk, up to INT8_REDUCTION / 8
    output logic [1:0]         tap_rows_o,  // depthwise: window rows and columns inside the kernel
    output logic [1:0]         tap_columns_o,
    output logic [4:0]         slot_o,  // position in the tile
    output logic               first_set_o,
    output logic               last_set_o,
    output logic               swap_o,  // first position that needs the next set's weights
    output logic               first_of_group_o,
    output logic               last_step_o
);
  localparam int unsigned BLOCKS = INT8_REDUCTION / 8;

  logic unused_command;
  assign unused_command = ^command_i;

  logic [11:0] out_rows, out_columns, channel_blocks;
  logic [7:0] kernel_height, kernel_width;
  logic [3:0] stride_y, stride_x;
  logic [9:0] ring_rows;
  logic [8:0] quads;
  logic depthwise;
  logic [2:0] tap_step_y, tap_step_x;
  logic [5:0] offset_step_y, offset_step_x;

  assign out_rows = command_i.out_rows;
  assign out_columns = command_i.out_columns;
  assign channel_blocks = command_i.channel_blocks;
  assign kernel_height = command_i.kernel_height;
  assign kernel_width = command_i.kernel_width;
  assign stride_y = command_i.stride_y;
  assign stride_x = command_i.stride_x;
  assign ring_rows = {command_i.in_map.ring, 2'b00};
  assign quads = command_i.in_map.quads;
  assign depthwise = command_i.depthwise;
  assign tap_step_y = depthwise ? {1'b0, command_i.window_height} : 3'd1;
  assign tap_step_x = depthwise ? {1'b0, command_i.window_width} : 3'd1;
  assign offset_step_y = 6'(command_i.dilation_y) * 6'(tap_step_y);
  assign offset_step_x = 6'(command_i.dilation_x) * 6'(tap_step_x);

  function automatic logic [9:0] wrapped_sum(input logic [9:0] a, input logic [9:0] b, input logic [9:0] modulus);
    logic [10:0] sum, excess;
    sum = {1'b0, a} + {1'b0, b};
    excess = sum - {1'b0, modulus};
    wrapped_sum = excess[10] ? sum[9:0] : excess[9:0];
  endfunction

  // Position: output column and row, input coordinate before the tap offset, row on chip. The saved one starts the tile.
  logic [11:0] column_q, line_q, saved_column_q, saved_line_q, next_column, next_line;
  logic signed [17:0] x_q, y_q, saved_x_q, saved_y_q, next_x, next_y, first_x, first_y;
  logic [9:0] row_q, saved_row_q, next_row;
  logic [12:0] stepped_column;
  logic [11:0] wrapped_column;
  logic past_end, last_line, last_position, second_wraps, second_valid;

  assign first_x = 18'sd0 - 18'(signed'(command_i.pad_left));
  assign first_y = 18'sd0 - 18'(signed'(command_i.pad_top));
  assign stepped_column = {1'b0, column_q} + (pairs_i ? 13'd2 : 13'd1);
  assign wrapped_column = stepped_column[11:0] - out_columns;
  assign past_end = stepped_column >= {1'b0, out_columns};
  assign last_line = line_q == out_rows - 12'd1;
  assign last_position = past_end && last_line;
  assign second_wraps = flat_i && column_q == out_columns - 12'd1;
  assign second_valid = pairs_i && (flat_i ? !(second_wraps && last_line) : column_q != out_columns - 12'd1);

  always_comb begin
    next_column = stepped_column[11:0];
    next_x = x_q + 18'({stride_x, 1'b0});
    if (!pairs_i) next_x = x_q + 18'(stride_x);
    next_line = line_q;
    next_y = y_q;
    next_row = row_q;
    if (past_end) begin
      next_column = flat_i ? wrapped_column : '0;
      next_x = flat_i ? 18'(wrapped_column) : first_x;
      next_line = line_q + 12'd1;
      next_y = y_q + 18'(stride_y);
      next_row = wrapped_sum(row_q, stride_rows_i, ring_rows);
    end
  end

  // Set: kernel tap (depthwise: window corner) with its coordinate and row offsets, blocks read before this chunk.
  logic [7:0]  tap_y_q, tap_x_q;
  logic [11:0] offset_y_q, offset_x_q, blocks_done_q;
  logic [9:0]  offset_rows_q;
  logic [20:0] chunk_offset_q;
  logic [8:0]  next_tap_y, next_tap_x;
  logic [12:0] next_blocks;
  logic [11:0] blocks_left;
  logic        last_chunk, last_tap_x, last_set, first_set_q;
  logic [20:0] chunk_words;

  assign chunk_words = BLOCKS == 3 ? 21'(quads) + 21'({quads, 1'b0}) : BLOCKS == 4 ? 21'({quads, 2'b0}) : 21'({quads, 1'b0});
  assign next_tap_y = {1'b0, tap_y_q} + 9'(tap_step_y);
  assign next_tap_x = {1'b0, tap_x_q} + 9'(tap_step_x);
  assign next_blocks = {1'b0, blocks_done_q} + 13'(BLOCKS);
  assign blocks_left = channel_blocks - blocks_done_q;
  assign last_chunk = depthwise || next_blocks >= {1'b0, channel_blocks};
  assign last_tap_x = next_tap_x >= {1'b0, kernel_width};
  assign last_set = last_chunk && last_tap_x && next_tap_y >= {1'b0, kernel_height};

  // Group, tile and the position within it.
  logic [11:0] group_q;
  logic [20:0] group_offset_q;
  logic [1:0]  group_low_q;
  logic [4:0]  slot_q;
  logic        running_q, first_tile_q, tile_end, last_group;

  assign tile_end = last_position || {1'b0, slot_q} == command_i.tile - 6'd1;
  assign last_group = group_q == command_i.groups - 12'd1;

  logic restart_group, restart_set;
  assign restart_group = tile_end && last_set && last_position;
  assign restart_set = tile_end && last_set;

  always_ff @(posedge clk_i) begin
    if (clear_i) begin
      running_q <= 1'b0;
    end else if (start_i) begin
      running_q <= 1'b1;
    end else if (running_q && advance_i && restart_group && last_group) begin
      running_q <= 1'b0;
    end
    if (start_i) begin
      group_q <= '0;
      group_offset_q <= '0;
      group_low_q <= 2'(command_i.in_map.block);
    end else if (advance_i && restart_group) begin
      group_q <= group_q + 12'd1;
      if (depthwise) begin
        group_offset_q <= group_offset_q + 21'(quads);
        group_low_q <= group_low_q + 2'd1;
      end
    end
  end

  // Between commands these run on: start_i sets them all.
  always_ff @(posedge clk_i) begin
    if (start_i || (advance_i && restart_group)) begin
      {column_q, line_q, saved_column_q, saved_line_q} <= '0;
      {x_q, y_q, saved_x_q, saved_y_q} <= {first_x, first_y, first_x, first_y};
      {row_q, saved_row_q} <= {first_row_i, first_row_i};
      slot_q <= '0;
      first_tile_q <= 1'b1;
    end else if (advance_i) begin
      slot_q <= tile_end ? '0 : slot_q + 5'd1;
      {column_q, line_q, x_q, y_q, row_q} <= {next_column, next_line, next_x, next_y, next_row};
      if (restart_set) begin
        first_tile_q <= 1'b0;
        {saved_column_q, saved_line_q, saved_x_q, saved_y_q, saved_row_q} <= {next_column, next_line, next_x, next_y, next_row};
      end else if (tile_end) begin
        {column_q, line_q, x_q, y_q, row_q} <= {saved_column_q, saved_line_q, saved_x_q, saved_y_q, saved_row_q};
      end
    end
    if (start_i || (advance_i && restart_set)) begin
      {tap_y_q, tap_x_q} <= '0;
      {offset_y_q, offset_x_q, offset_rows_q} <= '0;
      {blocks_done_q, chunk_offset_q} <= '0;
      first_set_q <= 1'b1;
    end else if (advance_i && tile_end) begin
      first_set_q <= 1'b0;
      blocks_done_q <= last_chunk ? '0 : next_blocks[11:0];
      chunk_offset_q <= last_chunk ? '0 : chunk_offset_q + chunk_words;
      if (last_chunk) begin
        tap_x_q <= last_tap_x ? '0 : next_tap_x[7:0];
        offset_x_q <= last_tap_x ? '0 : offset_x_q + 12'(offset_step_x);
        if (last_tap_x) begin
          tap_y_q <= next_tap_y[7:0];
          offset_y_q <= offset_y_q + 12'(offset_step_y);
          offset_rows_q <= wrapped_sum(offset_rows_q, window_rows_i, ring_rows);
        end
      end
    end
  end

  logic [7:0] tap_rows_left, tap_columns_left;
  assign tap_rows_left = kernel_height - tap_y_q;
  assign tap_columns_left = kernel_width - tap_x_q;

  always_ff @(posedge clk_i) begin
    if (clear_i) valid_o <= 1'b0;
    else if (advance_i) valid_o <= running_q;
    if (advance_i) begin
      y_o <= y_q + 18'(signed'({1'b0, offset_y_q}));
      x_o <= x_q + 18'(signed'({1'b0, offset_x_q}));
      row_o <= wrapped_sum(row_q, offset_rows_q, ring_rows);
      second_valid_o <= second_valid;
      second_wraps_o <= second_wraps;
      block_offset_o <= 22'(in_block_offset_i) + 22'(group_offset_q) + 22'(chunk_offset_q);
      block_low_o <= group_low_q + blocks_done_q[1:0];
      block_count_o <= (depthwise || blocks_left == 12'd1) ? 3'd1 : (blocks_left >= 12'(BLOCKS)) ? 3'(BLOCKS) : blocks_left[2:0];
      tap_rows_o <= tap_rows_left < 8'(tap_step_y) ? tap_rows_left[1:0] : tap_step_y[1:0];
      tap_columns_o <= tap_columns_left < 8'(tap_step_x) ? tap_columns_left[1:0] : tap_step_x[1:0];
      slot_o <= slot_q;
      first_set_o <= first_set_q;
      last_set_o <= last_set;
      swap_o <= slot_q == '0 && (command_i.one_set ? first_tile_q && first_set_q : first_tile_q || !(first_set_q && last_set));
      first_of_group_o <= first_tile_q && slot_q == '0 && last_set;
      last_step_o <= restart_group && last_group;
    end
  end
endmodule


`default_nettype wire
