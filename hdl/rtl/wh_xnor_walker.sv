// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// The input positions of an XNOR_CONVOLUTION in the order of work: group, tile, kernel row, kernel column, block, position of
// the tile; with bank and address of each. One position a cycle; after start_i the first takes about eight cycles.
// A position outside the input leaves with inside_o low and must not be read.
module wh_xnor_walker #(
    parameter int unsigned BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS
) (
    input  wire logic         clk_i,
    input  wire logic         rst_ni,
    input  wire logic         start_i,
    input  wire wh_contract_pkg::xnor_convolution_t command_i,

    output logic        valid_o,
    input  wire logic   ready_i,
    output logic [3:0]  bank_o,
    output logic [23:0] address_o,
    output logic        outside_o,        // beyond the memory
    output logic        inside_o,         // within the input
    output logic [4:0]  slot_o,           // number of the position within its tile
    output logic        first_of_set_o,   // the set's first position
    output logic        first_of_group_o, // the group's first position
    output logic        first_set_o,
    output logic        last_set_o,
    output logic        last_block_o,
    output logic        last_of_group_o   // last position of the group's last set
);
  typedef enum logic [1:0] {IDLE, SETUP, RUN} state_e;

  wh_contract_pkg::map_t map;
  logic [9:0] modulus;
  logic [8:0] quads;
  logic [11:0] in_rows, in_columns, out_rows, out_columns, channel_blocks, groups;
  logic signed [7:0] pad_top, pad_left;
  logic [7:0] kernel_height, kernel_width;
  logic [3:0] stride_y, stride_x, dilation_y, dilation_x;
  logic [5:0] tile;
  assign map = command_i.in_map;
  assign modulus = {map.ring, 2'b00};
  assign quads = map.quads;
  assign in_rows = command_i.in_rows;
  assign in_columns = command_i.in_columns;
  assign out_rows = command_i.out_rows;
  assign out_columns = command_i.out_columns;
  assign channel_blocks = command_i.channel_blocks;
  assign groups = command_i.groups;
  assign pad_top = command_i.pad_top;
  assign pad_left = command_i.pad_left;
  assign kernel_height = command_i.kernel_height;
  assign kernel_width = command_i.kernel_width;
  assign stride_y = command_i.stride_y;
  assign stride_x = command_i.stride_x;
  assign dilation_y = command_i.dilation_y;
  assign dilation_x = command_i.dilation_x;
  assign tile = command_i.tile;

  state_e state_q;
  logic configured;
  logic [21:0] first_block_offset;
  logic signed [11:0] start_row_q;             // physical row of the first window, being brought into the ring
  logic [9:0] stride_row_q, dilation_row_q;    // modulo the ring
  logic start_row_reduced, stride_reduced, dilation_reduced;

  // The position in its tile, and the tile's first position to return to.
  logic [4:0] slot_q;
  logic [11:0] out_x_q, out_y_q, tile_out_x_q, tile_out_y_q;
  logic signed [17:0] x_q, y_q, tile_x_q, tile_y_q;
  logic [9:0] row_q, tile_row_q;
  // The set: kernel tap and block.
  logic [7:0] kernel_x_q, kernel_y_q;
  logic [11:0] block_q, tap_x_q, tap_y_q;
  logic [9:0] tap_row_q;
  logic [21:0] block_offset_q;
  logic [1:0] block_low_q;
  logic [11:0] group_q;
  logic first_tile_q;

  function automatic logic [9:0] ring_sum(input logic [9:0] row, input logic [9:0] rows, input logic [9:0] ring_rows);
    logic [10:0] sum, excess;
    sum = {1'b0, row} + {1'b0, rows};
    excess = sum - {1'b0, ring_rows};
    ring_sum = excess[10] ? sum[9:0] : excess[9:0];
  endfunction

  logic position_ready, step;
  logic out_x_last, final_position, position_last, block_last, kernel_x_last, kernel_y_last, set_last, set_first;
  logic signed [17:0] x, y, x_start, y_start, x_next, y_next;
  logic [11:0] out_x_next, out_y_next;
  logic [9:0] row, row_next;
  logic within_map;

  assign x_start = 18'sd0 - 18'(pad_left);
  assign y_start = 18'sd0 - 18'(pad_top);
  assign x = x_q + $signed({6'b0, tap_x_q});
  assign y = y_q + $signed({6'b0, tap_y_q});
  assign row = ring_sum(row_q, tap_row_q, modulus);
  assign within_map = !x[17] && !y[17] && x[16:0] < {5'b0, in_columns} && y[16:0] < {5'b0, in_rows};

  assign out_x_last = out_x_q + 12'd1 == out_columns;
  assign final_position = out_x_last && out_y_q + 12'd1 == out_rows;
  assign position_last = final_position || {1'b0, slot_q} + 6'd1 == tile;
  assign block_last = block_q + 12'd1 == channel_blocks;
  assign kernel_x_last = kernel_x_q + 8'd1 == kernel_width;
  assign kernel_y_last = kernel_y_q + 8'd1 == kernel_height;
  assign set_last = block_last && kernel_x_last && kernel_y_last;
  assign set_first = block_q == 12'd0 && kernel_x_q == 8'd0 && kernel_y_q == 8'd0;
  assign step = state_q == RUN && position_ready;

  always_comb begin
    out_x_next = out_x_q + 12'd1;
    out_y_next = out_y_q;
    x_next = x_q + $signed({14'b0, stride_x});
    y_next = y_q;
    row_next = row_q;
    if (final_position) begin
      out_x_next = '0;
      out_y_next = '0;
      x_next = x_start;
      y_next = y_start;
      row_next = start_row_q[9:0];
    end else if (out_x_last) begin
      out_x_next = '0;
      out_y_next = out_y_q + 12'd1;
      x_next = x_start;
      y_next = y_q + $signed({14'b0, stride_y});
      row_next = ring_sum(row_q, stride_row_q, modulus);
    end
  end

  assign start_row_reduced = !start_row_q[11] && start_row_q[10:0] < {1'b0, modulus};
  assign stride_reduced = stride_row_q < modulus;
  assign dilation_reduced = dilation_row_q < modulus;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= IDLE;
    end else if (start_i) begin
      state_q <= SETUP;
      start_row_q <= $signed({2'b0, map.row}) - 12'(pad_top);
      stride_row_q <= {6'b0, stride_y};
      dilation_row_q <= {6'b0, dilation_y};
    end else if (state_q == SETUP) begin
      if (start_row_q[11]) start_row_q <= start_row_q + $signed({2'b0, modulus});
      else if (!start_row_reduced) start_row_q <= start_row_q - $signed({2'b0, modulus});
      if (!stride_reduced) stride_row_q <= stride_row_q - modulus;
      if (!dilation_reduced) dilation_row_q <= dilation_row_q - modulus;
      if (start_row_reduced && stride_reduced && dilation_reduced && configured) state_q <= RUN;
      group_q <= '0;
    end else if (step && position_last && set_last && final_position) begin
      group_q <= group_q + 12'd1;
      if (group_q + 12'd1 == groups) state_q <= IDLE;
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == SETUP) begin
      slot_q <= '0;
      out_x_q <= '0;
      out_y_q <= '0;
      x_q <= x_start;
      y_q <= y_start;
      row_q <= start_row_q[9:0];
      tile_out_x_q <= '0;
      tile_out_y_q <= '0;
      tile_x_q <= x_start;
      tile_y_q <= y_start;
      tile_row_q <= start_row_q[9:0];
      first_tile_q <= 1'b1;
    end else if (step) begin
      if (position_last && !set_last) begin
        slot_q <= '0;
        out_x_q <= tile_out_x_q;
        out_y_q <= tile_out_y_q;
        x_q <= tile_x_q;
        y_q <= tile_y_q;
        row_q <= tile_row_q;
      end else begin
        slot_q <= position_last ? 5'd0 : slot_q + 5'd1;
        out_x_q <= out_x_next;
        out_y_q <= out_y_next;
        x_q <= x_next;
        y_q <= y_next;
        row_q <= row_next;
      end
      if (position_last && set_last) begin
        tile_out_x_q <= out_x_next;
        tile_out_y_q <= out_y_next;
        tile_x_q <= x_next;
        tile_y_q <= y_next;
        tile_row_q <= row_next;
        first_tile_q <= final_position;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == SETUP || (step && position_last && set_last)) begin
      kernel_x_q <= '0;
      kernel_y_q <= '0;
      tap_x_q <= '0;
      tap_y_q <= '0;
      tap_row_q <= '0;
      block_q <= '0;
      block_offset_q <= first_block_offset;
      block_low_q <= map.block[1:0];
    end else if (step && position_last) begin
      if (!block_last) begin
        block_q <= block_q + 12'd1;
        block_offset_q <= block_offset_q + 22'(quads);
        block_low_q <= block_low_q + 2'd1;
      end else begin
        block_q <= '0;
        block_offset_q <= first_block_offset;
        block_low_q <= map.block[1:0];
        kernel_x_q <= kernel_x_last ? 8'd0 : kernel_x_q + 8'd1;
        tap_x_q <= kernel_x_last ? 12'd0 : tap_x_q + {8'b0, dilation_x};
        if (kernel_x_last) begin
          kernel_y_q <= kernel_y_q + 8'd1;
          tap_y_q <= tap_y_q + {8'b0, dilation_y};
          tap_row_q <= ring_sum(tap_row_q, dilation_row_q, modulus);
        end
      end
    end
  end

  wh_map_address #(
      .BANK_WORDS(BANK_WORDS),
      .SIDE_BITS (12)
  ) address (
      .clk_i,
      .rst_ni,
      .map_i               (map),
      .start_i,
      .configured_o        (configured),
      .first_block_offset_o(first_block_offset),
      .valid_i             (state_q == RUN),
      .ready_o             (position_ready),
      .row_i               (row),
      .block_i             (block_low_q),
      .block_offset_i      (block_offset_q),
      .column_i            (x[11:0]),
      .side_i              ({within_map, slot_q, slot_q == 5'd0, slot_q == 5'd0 && set_first && first_tile_q, set_first,
                             set_last, block_last, set_last && final_position}),
      .valid_o,
      .ready_i,
      .bank_o,
      .address_o,
      .outside_o,
      .side_o              ({inside_o, slot_o, first_of_set_o, first_of_group_o, first_set_o, last_set_o, last_block_o,
                             last_of_group_o})
  );

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, command_i};
`endif
endmodule

`default_nettype wire
