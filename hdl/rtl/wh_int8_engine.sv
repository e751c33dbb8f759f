// SPDX-License-Identifier: Apache-2.0
// INT8_CONVOLUTION: dense and depthwise convolution of on-chip int8 maps; hdl/doc/accelerator.md says what a command means.
//
//   setup -> sequencer -> addresses -> (activation memory) -> window -> array -> post -> writer -> (activation memory)
//                (weight memory) -> weights -----------------------------^      ^-> (requantisers)
//
// Steps wait only in front of the activation memory: for its grant, the next set's weights, room in the writer, the pace of the
// post-processing. Behind it nothing stalls.
// Timing: a step a cycle; about 40 cycles from command_valid_i to the first write. A broken command or an address beyond a memory ends in
// fault_valid_o, after which nothing is read or written.
`default_nettype none


module wh_int8_engine #(
    parameter int unsigned INT8_REDUCTION = wh_contract_pkg::ZYNQ7020_INT8_REDUCTION,
    parameter int unsigned INT8_PIXELS = wh_contract_pkg::ZYNQ7020_INT8_PIXELS,
    parameter int unsigned ACTIVATION_BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS,
    parameter int unsigned WEIGHT_WORDS = wh_contract_pkg::ZYNQ7020_WEIGHT_WORDS
) (
    input  logic          clk_i,
    input  logic          rst_ni,

    input  wh_contract_pkg::int8_convolution_t command_i,
    input  logic          command_valid_i,
    output logic          done_o,
    output logic          active_o,
    output logic          fault_valid_o,
    output logic [3:0]    fault_code_o,
    output logic [31:0]   fault_detail_o,

    output logic          read_valid_o,    // whatever the address: these banks, all in one cycle
    output logic [15:0]   read_enable_o,
    output logic [207:0]  read_address_o,
    input  logic          read_ready_i,
    input  logic [1023:0] read_data_i,

    output logic [1:0]    write_valid_o,
    output logic [7:0]    write_bank_o,
    output logic [25:0]   write_address_o,
    output logic [127:0]  write_data_o,
    output logic [15:0]   write_strobe_o,
    input  logic [1:0]    write_ready_i,

    output logic          weight_valid_o,
    output logic [19:0]   weight_address_o,
    input  logic          weight_ready_i,
    input  logic [255:0]  weight_data_i,

    output logic                        requantise_soon_o,         // in one of the next two cycles
    output logic                        requantise_valid_o,
    output logic                        requantise_wide_o,
    output logic                        requantise_high_o,
    output logic [8*INT8_PIXELS*32-1:0] requantise_sums_o,
    output logic [255:0]                requantise_multipliers_o,
    output logic [63:0]                 requantise_shifts_o,
    output logic [23:0]                 requantise_range_o,
    input  logic                        requantise_claimed_i,      // by XNOR: no sums until it falls
    input  logic [8*INT8_PIXELS*8-1:0]  codes_i,

    input  logic          table_valid_i,
    input  logic [3:0]    table_target_i,
    input  logic [7:0]    table_index_i,
    input  logic [63:0]   table_data_i,
    output logic          table_ready_o
);
  localparam int unsigned ROWS = INT8_REDUCTION > 24 ? 4 : 3;
  localparam int unsigned PAIRS = INT8_REDUCTION > 24 ? 10 : 9;
  localparam int unsigned META_BITS = 10;

  logic clear, start, ready, illegal, counted, advance, issue, issue_emits;

  // Setup
  logic        pairs, flat;
  logic [23:0] positions;
  logic [27:0] sets;
  logic [13:0] in_row_stride, out_row_stride;
  logic [20:0] in_block_offset, out_block_offset;
  logic [21:0] out_row_offset;
  logic [9:0]  first_row, stride_rows, dilation_rows, dilation_rows_2, window_rows;

  wh_int8_setup #(
      .INT8_REDUCTION(INT8_REDUCTION),
      .INT8_PIXELS(INT8_PIXELS)
  ) u_setup (
      .clk_i,
      .command_i,
      .active_i(!clear),
      .ready_o(ready),
      .illegal_o(illegal),
      .counted_o(counted),
      .pairs_o(pairs),
      .flat_o(flat),
      .positions_o(positions),
      .sets_o(sets),
      .in_row_stride_o(in_row_stride),
      .in_block_offset_o(in_block_offset),
      .out_row_stride_o(out_row_stride),
      .out_block_offset_o(out_block_offset),
      .out_row_offset_o(out_row_offset),
      .first_row_o(first_row),
      .stride_rows_o(stride_rows),
      .dilation_rows_o(dilation_rows),
      .dilation_rows_2_o(dilation_rows_2),
      .window_rows_o(window_rows)
  );

  // Steps and their addresses
  logic               step_valid, second_valid, second_wraps;
  logic signed [17:0] step_y, step_x;
  logic [9:0]         step_row;
  logic [21:0]        block_offset;
  logic [1:0]         block_low, tap_rows, tap_columns;
  logic [2:0]         block_count;
  logic [META_BITS-1:0] step_meta, request_meta;

  wh_int8_sequencer #(
      .INT8_REDUCTION(INT8_REDUCTION)
  ) u_sequencer (
      .clk_i,
      .clear_i(clear),
      .start_i(start),
      .advance_i(advance),
      .command_i,
      .pairs_i(pairs),
      .flat_i(flat),
      .in_block_offset_i(in_block_offset),
      .first_row_i(first_row),
      .stride_rows_i(stride_rows),
      .window_rows_i(window_rows),
      .valid_o(step_valid),
      .y_o(step_y),
      .x_o(step_x),
      .row_o(step_row),
      .second_valid_o(second_valid),
      .second_wraps_o(second_wraps),
      .block_offset_o(block_offset),
      .block_low_o(block_low),
      .block_count_o(block_count),
      .tap_rows_o(tap_rows),
      .tap_columns_o(tap_columns),
      .slot_o(step_meta[4:0]),
      .first_set_o(step_meta[5]),
      .last_set_o(step_meta[6]),
      .swap_o(step_meta[7]),
      .first_of_group_o(step_meta[8]),
      .last_step_o(step_meta[9])
  );

  logic                request_valid, read_overflow;
  logic [31:0]         read_overflow_address;
  logic [4*ROWS*2-1:0] row_bank;
  logic [4*ROWS-1:0]   word_valid;
  logic [ROWS-1:0]     row_absent;
  logic [7:0]          column_bank;

  wh_int8_addresses #(
      .INT8_REDUCTION(INT8_REDUCTION),
      .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS)
  ) u_addresses (
      .clk_i,
      .clear_i(clear),
      .advance_i(advance),
      .command_i,
      .flat_i(flat),
      .in_row_stride_i(in_row_stride),
      .dilation_rows_i(dilation_rows),
      .dilation_rows_2_i(dilation_rows_2),
      .valid_i(step_valid),
      .y_i(step_y),
      .x_i(step_x),
      .row_i(step_row),
      .second_valid_i(second_valid),
      .second_wraps_i(second_wraps),
      .block_offset_i(block_offset),
      .block_low_i(block_low),
      .block_count_i(block_count),
      .tap_rows_i(tap_rows),
      .tap_columns_i(tap_columns),
      .meta_i(step_meta),
      .valid_o(request_valid),
      .enable_o(read_enable_o),
      .address_o(read_address_o),
      .overflow_o(read_overflow),
      .overflow_address_o(read_overflow_address),
      .row_bank_o(row_bank),
      .word_valid_o(word_valid),
      .row_absent_o(row_absent),
      .column_bank_o(column_bank),
      .meta_o(request_meta)
  );

  // Issue, end, faults
  logic swap_ready, room, writer_empty, weight_overflow, write_overflow;
  logic [31:0] write_overflow_address;

  wh_int8_control u_control (
      .clk_i,
      .rst_ni,
      .command_i,
      .command_valid_i,
      .done_o,
      .fault_valid_o,
      .fault_code_o,
      .fault_detail_o,
      .clear_o(clear),
      .ready_i(ready),
      .illegal_i(illegal),
      .start_o(start),
      .request_valid_i(request_valid),
      .request_slot_i(request_meta[4:0]),
      .request_last_set_i(request_meta[6]),
      .request_swap_i(request_meta[7]),
      .request_last_step_i(request_meta[9]),
      .read_valid_o,
      .read_ready_i,
      .issue_o(issue),
      .issue_emits_o(issue_emits),
      .advance_o(advance),
      .swap_ready_i(swap_ready),
      .room_i(room),
      .requantise_claimed_i,
      .writer_empty_i(writer_empty),
      .read_overflow_i(read_overflow),
      .read_overflow_address_i(read_overflow_address),
      .weight_overflow_i(weight_overflow),
      .weight_address_i(weight_address_o),
      .write_overflow_i(write_overflow),
      .write_overflow_address_i(write_overflow_address)
  );

  assign active_o = issue;

  // Weights
  logic                         swap, next_group;
  logic [INT8_REDUCTION*64-1:0] weights;
  logic [8*13-1:0]              corrections;
  logic [255:0]                 bias, multiplier;
  logic [63:0]                  shift;

  wh_int8_weights #(
      .INT8_REDUCTION(INT8_REDUCTION),
      .WEIGHT_WORDS(WEIGHT_WORDS)
  ) u_weights (
      .clk_i,
      .clear_i(clear),
      .command_i,
      .counted_i(counted),
      .positions_i(positions),
      .sets_i(sets),
      .weight_valid_o,
      .weight_address_o,
      .weight_ready_i,
      .weight_data_i,
      .overflow_o(weight_overflow),
      .swap_ready_o(swap_ready),
      .swap_issue_i(issue && request_meta[7]),
      .swap_i(swap),
      .weights_o(weights),
      .corrections_o(corrections),
      .next_group_i(next_group),
      .bias_o(bias),
      .multiplier_o(multiplier),
      .shift_o(shift)
  );

  // Window, array, post-processing, writes
  logic                        window_valid;
  logic [PAIRS*8*16-1:0]       pair_bits;
  logic [META_BITS-1:0]        window_meta;
  logic                        ahead_valid, ahead_first_of_group, total_valid, total_first_of_group;
  logic [8*INT8_PIXELS*32-1:0] totals;
  logic                        word_out_valid;
  logic [1:0]                  word_out;
  logic [INT8_PIXELS*64-1:0]   data_out;

  wh_int8_window #(
      .INT8_REDUCTION(INT8_REDUCTION),
      .INT8_PIXELS(INT8_PIXELS)
  ) u_window (
      .clk_i,
      .clear_i(clear),
      .grant_i(issue),
      .row_bank_i(row_bank),
      .word_valid_i(word_valid),
      .row_absent_i(row_absent),
      .column_bank_i(column_bank),
      .meta_i(request_meta),
      .pad_value_i(command_i.pad_value),
      .data_i(read_data_i),
      .valid_o(window_valid),
      .pairs_o(pair_bits),
      .meta_o(window_meta)
  );

  wh_int8_array #(
      .INT8_REDUCTION(INT8_REDUCTION),
      .INT8_PIXELS(INT8_PIXELS)
  ) u_array (
      .clk_i,
      .clear_i(clear),
      .depthwise_i(command_i.depthwise),
      .accumulate_i(command_i.accumulate),
      .keep_i(command_i.keep),
      .valid_i(window_valid),
      .pairs_i(pair_bits),
      .meta_i(window_meta),
      .swap_o(swap),
      .weights_i(weights),
      .corrections_i(corrections),
      .ahead_valid_o(ahead_valid),
      .ahead_first_of_group_o(ahead_first_of_group),
      .total_valid_o(total_valid),
      .total_first_of_group_o(total_first_of_group),
      .totals_o(totals)
  );

  wh_int8_post #(
      .INT8_PIXELS(INT8_PIXELS)
  ) u_post (
      .clk_i,
      .rst_ni,
      .clear_i(clear),
      .command_i,
      .table_valid_i,
      .table_target_i,
      .table_index_i,
      .table_data_i,
      .table_ready_o,
      .ahead_valid_i(ahead_valid),
      .ahead_first_of_group_i(ahead_first_of_group),
      .total_valid_i(total_valid),
      .total_first_of_group_i(total_first_of_group),
      .totals_i(totals),
      .next_group_o(next_group),
      .bias_i(bias),
      .multiplier_i(multiplier),
      .shift_i(shift),
      .requantise_soon_o,
      .requantise_valid_o,
      .requantise_wide_o,
      .requantise_high_o,
      .requantise_sums_o,
      .requantise_multipliers_o,
      .requantise_shifts_o,
      .requantise_range_o,
      .codes_i,
      .valid_o(word_out_valid),
      .word_o(word_out),
      .data_o(data_out)
  );

  wh_int8_writer #(
      .INT8_PIXELS(INT8_PIXELS),
      .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS)
  ) u_writer (
      .clk_i,
      .clear_i(clear),
      .command_i,
      .pairs_i(pairs),
      .flat_i(flat),
      .out_row_stride_i(out_row_stride),
      .out_block_offset_i(out_block_offset),
      .out_row_offset_i(out_row_offset),
      .reserve_i(issue_emits),
      .room_o(room),
      .empty_o(writer_empty),
      .valid_i(word_out_valid),
      .word_i(word_out),
      .data_i(data_out),
      .write_valid_o,
      .write_bank_o,
      .write_address_o,
      .write_data_o,
      .write_strobe_o,
      .write_ready_i,
      .overflow_o(write_overflow),
      .overflow_address_o(write_overflow_address)
  );
endmodule


`default_nettype wire
