// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// The positions of one map that a VECTOR command visits, in the order block, output row, output column, kernel row, kernel
// column, with bank and address of each. A step a cycle; after start_i the first takes about eight cycles.
// A step takes the window's next column too where that has the same address, in the bank beside: second_o says that it must be read.
// A position outside [0, rows_i) x [0, columns_i) leaves with inside_o low and must not be read.
module wh_vector_walker #(
    parameter int unsigned BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS,
    parameter bit WINDOWS = 1'b1  // 0: every window is one position, and all are within the map
) (
    input  wire logic              clk_i,
    input  wire logic              rst_ni,
    input  wire logic              start_i,
    input  wire wh_contract_pkg::map_t map_i,
    input  wire logic [11:0]       rows_i,
    input  wire logic [11:0]       columns_i,
    input  wire logic [11:0]       out_rows_i,
    input  wire logic [11:0]       out_columns_i,
    input  wire logic [11:0]       blocks_i,
    input  wire logic signed [7:0] pad_top_i,
    input  wire logic signed [7:0] pad_left_i,
    input  wire logic [7:0]        kernel_height_i,
    input  wire logic [7:0]        kernel_width_i,
    input  wire logic [3:0]        stride_y_i,
    input  wire logic [3:0]        stride_x_i,

    output logic        valid_o,
    input  wire logic   ready_i,
    output logic [3:0]  bank_o,
    output logic [23:0] address_o,
    output logic        outside_o,  // beyond the memory
    output logic        inside_o,   // within the map
    output logic        second_o,   // so is the column beside, which the step takes too
    output logic        first_o,    // first position of a window
    output logic        last_o,     // last position of a window
    output logic        final_o     // last position of the command
);
  typedef enum logic [1:0] {IDLE, SETUP, RUN} state_e;

  logic [9:0] modulus;
  logic [8:0] quads;
  assign modulus = {map_i.ring, 2'b00};
  assign quads = map_i.quads;

  state_e state_q;
  logic configured;
  logic [21:0] first_block_offset;
  logic signed [11:0] start_row_q;  // physical row of iy_start, being brought into the ring
  logic [9:0] stride_row_q;         // stride_y modulo the ring
  logic start_row_reduced, stride_reduced;

  logic [7:0] kernel_x_q, kernel_y_q;
  logic [11:0] out_x_q, out_y_q, block_q;
  logic signed [17:0] x_q, x_window_q, y_q, y_window_q;
  logic [9:0] row_q, row_window_q;
  logic [21:0] block_offset_q;
  logic [1:0] block_low_q;

  logic kernel_x_last, kernel_y_last, out_x_last, out_y_last, block_last, window_last;
  logic position_ready, step;
  logic within_map, two, second;
  logic [11:0] second_column;
  logic signed [17:0] x_start, y_start, x_window_next, y_window_next;
  logic [9:0] row_next, row_window_next;

  assign x_start = 18'sd0 - 18'(pad_left_i);
  assign y_start = 18'sd0 - 18'(pad_top_i);
  assign x_window_next = x_window_q + $signed({14'b0, stride_x_i});
  assign y_window_next = y_window_q + $signed({14'b0, stride_y_i});

  logic [10:0] row_plus_one, row_plus_stride;
  assign row_plus_one = {1'b0, row_q} + 11'd1;
  assign row_plus_stride = {1'b0, row_window_q} + {1'b0, stride_row_q};
  assign row_next = row_plus_one >= {1'b0, modulus} ? 10'(row_plus_one - {1'b0, modulus}) : row_plus_one[9:0];
  assign row_window_next =
      row_plus_stride >= {1'b0, modulus} ? 10'(row_plus_stride - {1'b0, modulus}) : row_plus_stride[9:0];

  assign two = WINDOWS && kernel_x_q + 8'd1 != kernel_width_i && x_q[1:0] != 2'd3;
  assign kernel_x_last = !WINDOWS || kernel_x_q + 8'd1 == kernel_width_i || (two && kernel_x_q + 8'd2 == kernel_width_i);
  assign kernel_y_last = !WINDOWS || kernel_y_q + 8'd1 == kernel_height_i;
  assign out_x_last = out_x_q + 12'd1 == out_columns_i;
  assign out_y_last = out_y_q + 12'd1 == out_rows_i;
  assign block_last = block_q + 12'd1 == blocks_i;
  assign window_last = kernel_x_last && kernel_y_last;
  assign within_map = !WINDOWS
      || (!x_q[17] && !y_q[17] && x_q[16:0] < {5'b0, columns_i} && y_q[16:0] < {5'b0, rows_i});
  assign second_column = x_q[11:0] + 12'd1;
  assign second = two && within_map && second_column != columns_i;
  assign step = state_q == RUN && position_ready;

  assign start_row_reduced = !start_row_q[11] && start_row_q[10:0] < {1'b0, modulus};
  assign stride_reduced = stride_row_q < modulus;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= IDLE;
    end else if (start_i) begin
      state_q <= SETUP;
      start_row_q <= $signed({2'b0, map_i.row}) - 12'(pad_top_i);
      stride_row_q <= {6'b0, stride_y_i};
    end else if (state_q == SETUP) begin
      if (start_row_q[11]) start_row_q <= start_row_q + $signed({2'b0, modulus});
      else if (!start_row_reduced) start_row_q <= start_row_q - $signed({2'b0, modulus});
      if (!stride_reduced) stride_row_q <= stride_row_q - modulus;
      if (start_row_reduced && stride_reduced && configured) begin
        state_q <= RUN;
        kernel_x_q <= '0;
        kernel_y_q <= '0;
        out_x_q <= '0;
        out_y_q <= '0;
        block_q <= '0;
        x_q <= x_start;
        x_window_q <= x_start;
        y_q <= y_start;
        y_window_q <= y_start;
        row_q <= start_row_q[9:0];
        row_window_q <= start_row_q[9:0];
        block_offset_q <= first_block_offset;
        block_low_q <= map_i.block[1:0];
      end
    end else if (step) begin
      if (!kernel_x_last) begin
        kernel_x_q <= kernel_x_q + (two ? 8'd2 : 8'd1);
        x_q <= x_q + (two ? 18'sd2 : 18'sd1);
      end else if (!kernel_y_last) begin
        kernel_x_q <= '0;
        kernel_y_q <= kernel_y_q + 8'd1;
        x_q <= x_window_q;
        y_q <= y_q + 18'sd1;
        row_q <= row_next;
      end else begin
        kernel_x_q <= '0;
        kernel_y_q <= '0;
        if (!out_x_last) begin
          out_x_q <= out_x_q + 12'd1;
          x_window_q <= x_window_next;
          x_q <= x_window_next;
          y_q <= y_window_q;
          row_q <= row_window_q;
        end else begin
          out_x_q <= '0;
          x_window_q <= x_start;
          x_q <= x_start;
          if (!out_y_last) begin
            out_y_q <= out_y_q + 12'd1;
            y_window_q <= y_window_next;
            y_q <= y_window_next;
            row_window_q <= row_window_next;
            row_q <= row_window_next;
          end else begin
            out_y_q <= '0;
            y_window_q <= y_start;
            y_q <= y_start;
            row_window_q <= start_row_q[9:0];
            row_q <= start_row_q[9:0];
            block_q <= block_q + 12'd1;
            block_offset_q <= block_offset_q + 22'(quads);
            block_low_q <= block_low_q + 2'd1;
            if (block_last) state_q <= IDLE;
          end
        end
      end
    end
  end

  wh_map_address #(
      .BANK_WORDS(BANK_WORDS),
      .SIDE_BITS (5)
  ) address (
      .clk_i,
      .rst_ni,
      .map_i,
      .start_i,
      .configured_o        (configured),
      .first_block_offset_o(first_block_offset),
      .valid_i             (state_q == RUN),
      .ready_o             (position_ready),
      .row_i               (row_q),
      .block_i             (block_low_q),
      .block_offset_i      (block_offset_q),
      .column_i            (x_q[11:0]),
      .side_i              ({window_last && out_x_last && out_y_last && block_last, window_last,
                             kernel_x_q == 8'd0 && kernel_y_q == 8'd0, second, within_map}),
      .valid_o,
      .ready_i,
      .bank_o,
      .address_o,
      .outside_o,
      .side_o              ({final_o, last_o, first_o, second_o, inside_o})
  );
endmodule

`default_nettype wire
