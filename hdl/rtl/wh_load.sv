// SPDX-License-Identifier: Apache-2.0
// One load queue's engine: LOAD_MAP, LOAD_WEIGHTS, LOAD_TABLE and, with HAS_PATCH, LOAD_PATCH. A command is checked for about
// fourteen cycles, then reads are issued ahead and every word is written as it comes, one a cycle. Illegal commands write nothing.
// A fault is reported once, and the engine then stands still until it is reset.
`default_nettype none

module wh_load #(
    parameter int unsigned HAS_PATCH = 0,
    parameter int unsigned QUEUE = wh_contract_pkg::QUEUE_LOAD1,
    parameter int unsigned ACTIVATION_BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS,
    parameter int unsigned WEIGHT_WORDS = wh_contract_pkg::ZYNQ7020_WEIGHT_WORDS,
    parameter int unsigned LINE_BYTES = wh_contract_pkg::ZYNQ7020_LINE_BYTES,
    localparam int unsigned WRITES = HAS_PATCH != 0 ? 3 : 1
) (
    input  logic                 clk_i,
    input  logic                 rst_ni,

    input  logic [wh_contract_pkg::COMMAND_BITS-1:0] command_i,
    input  logic                 command_valid_i,
    output logic                 done_o,
    output logic                 active_o,
    output logic                 fault_valid_o,
    output logic [3:0]           fault_code_o,
    output logic [31:0]          fault_detail_o,

    input  logic [63:0]          region_base_i,
    input  logic [31:0]          region_bytes_i,
    output logic                 arvalid_o,
    input  logic                 arready_i,
    output logic [63:0]          araddr_o,
    output logic [3:0]           arlen_o,
    input  logic                 rvalid_i,
    output logic                 rready_o,
    input  logic [63:0]          rdata_i,
    input  logic                 rerror_i,

    output logic [WRITES-1:0]    write_valid_o,
    output logic [WRITES*4-1:0]  write_bank_o,
    output logic [WRITES*13-1:0] write_address_o,
    output logic [WRITES*64-1:0] write_data_o,
    output logic [WRITES*8-1:0]  write_strobe_o,
    input  logic [WRITES-1:0]    write_ready_i,
    output logic                 weight_write_valid_o,
    output logic [21:0]          weight_write_address_o,
    output logic [63:0]          weight_write_data_o,
    input  logic                 weight_write_ready_i,
    output logic                 table_valid_o,
    output logic [3:0]           table_target_o,
    output logic [7:0]           table_index_o,
    output logic [63:0]          table_data_o,
    input  logic                 table_ready_i
);
  typedef enum logic [2:0] {IDLE, CHECK, RUN, DONE, HALT} state_e;
  state_e state_q, state_d;

  wh_contract_pkg::load_map_t as_map;
  wh_contract_pkg::load_weights_t as_weights;
  wh_contract_pkg::load_table_t as_table;
  assign as_map = command_i;
  assign as_weights = command_i;
  assign as_table = command_i;

  logic is_map, is_patch, is_weights, is_table;
  assign is_map = as_map.header.opcode == wh_contract_pkg::OPCODE_LOAD_MAP;
  assign is_patch = as_map.header.opcode == wh_contract_pkg::OPCODE_LOAD_PATCH;
  assign is_weights = as_map.header.opcode == wh_contract_pkg::OPCODE_LOAD_WEIGHTS;
  assign is_table = as_map.header.opcode == wh_contract_pkg::OPCODE_LOAD_TABLE;

  // Checks and setup
  logic setup_start, start, checked, legal;
  logic map_ready, map_illegal, transfer_ready, transfer_legal, patch_ready, patch_illegal;
  logic weights_legal, weights_fit, table_legal;
  logic [13:0] group_words, group_address, block_offset;
  logic [19:0] weights_words, table_words;
  assign setup_start = state_q == IDLE && command_valid_i;
  assign start = checked_q && legal_q && fits_q;
  assign checked = is_map ? map_ready && transfer_ready : is_patch ? map_ready && patch_ready : 1'b1;
  always_comb begin
    legal = 1'b0;
    if (is_map) legal = transfer_legal && !map_illegal;
    if (is_patch) legal = HAS_PATCH != 0 && !patch_illegal && !map_illegal;
    if (is_weights) legal = weights_legal;
    if (is_table) legal = table_legal;
  end

  // The verdict, a cycle after the checks.
  logic checked_q, legal_q, fits_q;
  always_ff @(posedge clk_i) begin
    checked_q <= rst_ni && state_q == CHECK && checked && !checked_q;
    legal_q <= legal;
    fits_q <= !is_weights || weights_fit;
  end

  wh_map_setup u_setup (
      .clk_i,
      .rst_ni,
      .start_i(setup_start),
      .map_i(as_map.chip_map),
      .ready_o(map_ready),
      .illegal_o(map_illegal),
      .group_words_o(group_words),
      .group_address_o(group_address),
      .block_offset_o(block_offset)
  );

  wh_transfer_check u_transfer_check (
      .clk_i,
      .rst_ni,
      .start_i(setup_start),
      .command_i,
      .ready_o(transfer_ready),
      .legal_o(transfer_legal)
  );

  wh_load_check #(
      .WEIGHT_WORDS(WEIGHT_WORDS)
  ) u_load_check (
      .command_i,
      .weights_legal_o(weights_legal),
      .weights_fit_o(weights_fit),
      .weights_words_o(weights_words),
      .table_legal_o(table_legal),
      .table_words_o(table_words)
  );

  // Reads
  logic runs_valid, patch_run_valid, run_valid, run_ready, bursts_fault;
  logic [33:0] runs_offset, patch_run_offset;
  logic [19:0] run_words;
  logic [9:0] patch_run_words;
  logic [31:0] bursts_offset;
  always_comb begin
    run_words = as_map.run_words;
    if (is_weights) run_words = weights_words;
    if (is_table) run_words = table_words;
    if (is_patch) run_words = {10'd0, patch_run_words};
  end
  assign run_valid = is_patch ? patch_run_valid : runs_valid;

  // Patches may lie at any byte, and are read by whole words: the region's last word counts even where it ends within it.
  logic [31:0] limit_bytes;
  assign limit_bytes = is_patch && region_bytes_i[2:0] != 3'd0 && !(&region_bytes_i[31:3])
                       ? {region_bytes_i[31:3] + 29'd1, 3'b000} : region_bytes_i;

  wh_runs u_runs (
      .clk_i,
      .rst_ni,
      .start_i(start && !is_patch),
      .offset_i(as_map.offset),
      .row_pitch_i(as_map.row_pitch),
      .run_pitch_i(as_map.run_pitch),
      .rows_i(is_map ? as_map.rows : 12'd1),
      .runs_i(is_map ? as_map.runs : 12'd1),
      .run_valid_o(runs_valid),
      .run_ready_i(run_ready && !is_patch),
      .run_offset_o(runs_offset)
  );

  wh_bursts u_bursts (
      .clk_i,
      .rst_ni,
      .region_base_i,
      .region_bytes_i(limit_bytes),
      .run_valid_i(run_valid),
      .run_ready_o(run_ready),
      .run_offset_i(is_patch ? patch_run_offset : runs_offset),
      .run_words_i(run_words),
      .burst_valid_o(arvalid_o),
      .burst_ready_i(arready_i),
      .burst_address_o(araddr_o),
      .burst_length_o(arlen_o),
      .fault_o(bursts_fault),
      .fault_offset_o(bursts_offset)
  );

  logic data_valid, data_ready, fifo_ready;
  logic [63:0] data;
  wh_fifo u_data (
      .clk_i,
      .rst_ni,
      .in_valid_i(rvalid_i && !rerror_i),
      .in_ready_o(fifo_ready),
      .in_data_i(rdata_i),
      .out_valid_o(data_valid),
      .out_ready_i(data_ready),
      .out_data_o(data)
  );
  assign rready_o = fifo_ready;

  // Words out
  logic running, walk_valid, walk_final, walk_outside, walk_step;
  logic [1:0] row_bank, column_bank, walk_last;
  logic [13:0] walk_address;
  logic [19:0] words_left_q;
  logic [21:0] linear_q;
  logic linear_step;

  assign running = state_q == RUN;
  assign walk_outside = walk_valid && 32'(walk_address) >= ACTIVATION_BANK_WORDS;
  assign walk_step = running && is_map && data_valid && write_ready_i[0] && !walk_outside;
  assign weight_write_valid_o = running && is_weights && data_valid;
  assign weight_write_address_o = linear_q;
  assign weight_write_data_o = data;
  assign table_valid_o = running && is_table && data_valid;
  assign table_target_o = as_table.target;
  assign table_index_o = linear_q[7:0];
  assign table_data_o = data;
  assign linear_step = (weight_write_valid_o && weight_write_ready_i) || (table_valid_o && table_ready_i);

  wh_map_walker u_walker (
      .clk_i,
      .rst_ni,
      .start_i(start && is_map),
      .map_i(as_map.chip_map),
      .group_words_i(group_words),
      .group_address_i(group_address),
      .block_offset_i(block_offset),
      .rows_i(as_map.rows),
      .blocks_i(as_map.move_blocks),
      .columns_i(as_map.columns),
      .column_i(as_map.column),
      .valid_o(walk_valid),
      .step_i(walk_step),
      .final_o(walk_final),
      .row_bank_o(row_bank),
      .first_o(column_bank),
      .last_o(walk_last),
      .address_o(walk_address)
  );

  always_ff @(posedge clk_i) begin
    if (start) begin
      words_left_q <= is_weights ? weights_words : table_words;
      linear_q <= is_weights ? {as_weights.address, 2'b00} : '0;
    end else if (linear_step) begin
      words_left_q <= words_left_q - 20'd1;
      linear_q <= linear_q + 22'd1;
    end
  end

  logic patch_word_ready, patch_active, patch_finished, patch_outside;
  logic [31:0] patch_detail;
  generate
    if (HAS_PATCH != 0) begin : gen_patch
      logic [2:0] patch_valid;
      logic [11:0] patch_bank;
      logic [38:0] patch_address;
      logic [191:0] patch_data;
      logic [23:0] patch_strobe;

      wh_patch #(
          .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS),
          .LINE_BYTES(LINE_BYTES)
      ) u_patch (
          .clk_i,
          .rst_ni,
          .command_i,
          .setup_i(setup_start && is_patch),
          .ready_o(patch_ready),
          .illegal_o(patch_illegal),
          .start_i(start && is_patch),
          .group_words_i(group_words),
          .group_address_i(group_address),
          .block_offset_i(block_offset),
          .run_valid_o(patch_run_valid),
          .run_ready_i(run_ready && is_patch),
          .run_offset_o(patch_run_offset),
          .run_words_o(patch_run_words),
          .word_valid_i(data_valid && is_patch),
          .word_ready_o(patch_word_ready),
          .word_data_i(data),
          .write_valid_o(patch_valid),
          .write_bank_o(patch_bank),
          .write_address_o(patch_address),
          .write_data_o(patch_data),
          .write_strobe_o(patch_strobe),
          .write_ready_i(write_ready_i),
          .active_o(patch_active),
          .finished_o(patch_finished),
          .outside_o(patch_outside),
          .outside_address_o(patch_detail)
      );
      assign write_valid_o = {patch_valid[2:1], patch_valid[0] || (running && is_map && data_valid && !walk_outside)};
      assign write_bank_o = {patch_bank[11:4], is_patch ? patch_bank[3:0] : {row_bank, column_bank}};
      assign write_address_o = {patch_address[38:13], is_patch ? patch_address[12:0] : walk_address[12:0]};
      assign write_data_o = {patch_data[191:64], is_patch ? patch_data[63:0] : data};
      assign write_strobe_o = {patch_strobe[23:8], is_patch ? patch_strobe[7:0] : 8'hFF};
    end else begin : gen_no_patch
      assign {patch_ready, patch_illegal, patch_run_valid, patch_word_ready} = 4'b1100;
      assign {patch_active, patch_finished, patch_outside} = 3'b000;
      assign {patch_run_offset, patch_run_words, patch_detail} = '0;
      assign write_valid_o = running && is_map && data_valid && !walk_outside;
      assign write_bank_o = {row_bank, column_bank};
      assign write_address_o = walk_address[12:0];
      assign write_data_o = data;
      assign write_strobe_o = 8'hFF;

      logic unused_line;
      assign unused_line = 1'(LINE_BYTES);
    end
  endgenerate

  assign data_ready = is_patch ? patch_word_ready : walk_step || linear_step;
  assign active_o = walk_step || linear_step || patch_active;

  // Faults, in the order in which they would be found
  logic failed;
  logic [3:0] code;
  logic [31:0] detail;
  always_comb begin
    failed = 1'b0;
    code = wh_contract_pkg::FAULT_NONE;
    detail = QUEUE;
    if (checked_q && !legal_q) begin
      failed = 1'b1;
      code = wh_contract_pkg::FAULT_ILLEGAL_COMMAND;
    end else if (checked_q && !fits_q) begin
      failed = 1'b1;
      code = wh_contract_pkg::FAULT_OUT_OF_MEMORY;
      detail = 32'(as_weights.address);
    end else if (running && rvalid_i && rerror_i) begin
      failed = 1'b1;
      code = wh_contract_pkg::FAULT_READ_ERROR;
    end else if (running && bursts_fault) begin
      failed = 1'b1;
      code = wh_contract_pkg::FAULT_OUT_OF_REGION;
      detail = bursts_offset;
    end else if (running && (walk_outside || patch_outside)) begin
      failed = 1'b1;
      code = wh_contract_pkg::FAULT_OUT_OF_MEMORY;
      detail = patch_outside ? patch_detail : 32'(walk_address);
    end
  end
  assign fault_valid_o = failed;
  assign fault_code_o = code;
  assign fault_detail_o = detail;
  assign done_o = state_q == DONE;

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      IDLE: if (command_valid_i) state_d = CHECK;
      CHECK: if (checked_q) state_d = RUN;
      RUN:
      if ((walk_step && walk_final) || (linear_step && words_left_q == 20'd1) || patch_finished) state_d = DONE;
      DONE: if (!command_valid_i) state_d = IDLE;
      default: state_d = HALT;
    endcase
    if (failed) state_d = HALT;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) state_q <= IDLE;
    else state_q <= state_d;
  end

  logic unused;
  assign unused = ^{as_map, as_weights, as_table, walk_last};
endmodule

`default_nettype wire
