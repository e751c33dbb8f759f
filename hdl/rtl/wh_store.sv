// SPDX-License-Identifier: Apache-2.0
// STORE_MAP: activation memory to memory. Reads up to four columns at once, at most every fourth cycle, and sends one word a
// cycle. Done when the last write is answered. Illegal commands and those into a region that is not writable write nothing; after a fault it stands still until reset.
`default_nettype none

module wh_store #(
    parameter int unsigned ACTIVATION_BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS
) (
    input  logic         clk_i,
    input  logic         rst_ni,

    input  wh_contract_pkg::store_map_t command_i,
    input  logic         command_valid_i,
    output logic         done_o,
    output logic         active_o,
    output logic         fault_valid_o,
    output logic [3:0]   fault_code_o,
    output logic [31:0]  fault_detail_o,

    output logic         read_valid_o,
    output logic [1:0]   read_row_bank_o,
    output logic [12:0]  read_address_o,
    input  logic [255:0] read_data_i,       // two cycles after the request

    input  logic [63:0]  region_base_i,
    input  logic [31:0]  region_bytes_i,
    input  logic         region_writable_i,
    output logic         awvalid_o,
    input  logic         awready_i,
    output logic [63:0]  awaddr_o,
    output logic [3:0]   awlen_o,
    output logic         wvalid_o,
    input  logic         wready_i,
    output logic [63:0]  wdata_o,
    input  logic         berror_i,
    input  logic         unanswered_i
);
  typedef enum logic [2:0] {IDLE, CHECK, RUN, ANSWERS, DONE, HALT} state_e;
  state_e state_q, state_d;

  logic setup_start, start, running, map_ready, map_illegal, transfer_ready, transfer_legal;
  logic [13:0] group_words, group_address, block_offset;
  assign setup_start = state_q == IDLE && command_valid_i;
  assign start = checked_q && legal_q && region_writable_i;
  assign running = state_q == RUN;

  // The verdict, a cycle after the checks.
  logic checked_q, legal_q;
  always_ff @(posedge clk_i) begin
    checked_q <= rst_ni && state_q == CHECK && map_ready && transfer_ready && !checked_q;
    legal_q <= !map_illegal && transfer_legal;
  end

  wh_map_setup u_setup (
      .clk_i,
      .rst_ni,
      .start_i(setup_start),
      .map_i(command_i.chip_map),
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

  // Addresses in memory
  logic run_valid, run_ready, bursts_fault;
  logic [33:0] run_offset;
  logic [31:0] bursts_offset;
  wh_runs u_runs (
      .clk_i,
      .rst_ni,
      .start_i(start),
      .offset_i(command_i.offset),
      .row_pitch_i(command_i.row_pitch),
      .run_pitch_i(command_i.run_pitch),
      .rows_i(command_i.rows),
      .runs_i(command_i.runs),
      .run_valid_o(run_valid),
      .run_ready_i(run_ready),
      .run_offset_o(run_offset)
  );

  wh_bursts u_bursts (
      .clk_i,
      .rst_ni,
      .region_base_i,
      .region_bytes_i,
      .run_valid_i(run_valid),
      .run_ready_o(run_ready),
      .run_offset_i(run_offset),
      .run_words_i(command_i.run_words),
      .burst_valid_o(awvalid_o),
      .burst_ready_i(awready_i),
      .burst_address_o(awaddr_o),
      .burst_length_o(awlen_o),
      .fault_o(bursts_fault),
      .fault_offset_o(bursts_offset)
  );

  // Words from the chip
  logic walk_valid, walk_final, walk_outside, read, read_q, data_q, final_q;
  logic [1:0] first, last, first_q, last_q, pause_q;
  logic [13:0] walk_address;
  wh_map_walker #(
      .QUADS(1'b1)
  ) u_walker (
      .clk_i,
      .rst_ni,
      .start_i(start),
      .map_i(command_i.chip_map),
      .group_words_i(group_words),
      .group_address_i(group_address),
      .block_offset_i(block_offset),
      .rows_i(command_i.rows),
      .blocks_i(command_i.move_blocks),
      .columns_i(command_i.columns),
      .column_i(command_i.column),
      .valid_o(walk_valid),
      .step_i(read),
      .final_o(walk_final),
      .row_bank_o(read_row_bank_o),
      .first_o(first),
      .last_o(last),
      .address_o(walk_address)
  );

  logic quad_valid, quad_taken, quads_ready, quad_final;
  logic [1:0] quad_first, quad_last, lane_q, lane;
  logic [255:0] quad;
  logic [2:0] quads_held_q;
  logic lane_moved_q, word;
  assign walk_outside = walk_valid && 32'(walk_address) >= ACTIVATION_BANK_WORDS;
  assign read_valid_o = running && walk_valid && !walk_outside && pause_q == 2'd0 && quads_held_q < 3'd3;
  assign read_address_o = walk_address[12:0];
  assign read = read_valid_o;

  wh_fifo #(
      .WIDTH(256 + 5),
      .DEPTH(4)
  ) u_quads (
      .clk_i,
      .rst_ni,
      .in_valid_i(data_q),
      .in_ready_o(quads_ready),
      .in_data_i({final_q, last_q, first_q, read_data_i}),
      .out_valid_o(quad_valid),
      .out_ready_i(quad_taken),
      .out_data_o({quad_final, quad_last, quad_first, quad})
  );

  assign lane = lane_moved_q ? lane_q : quad_first;
  assign wvalid_o = running && quad_valid;
  assign wdata_o = quad[lane*64 +: 64];
  assign word = wvalid_o && wready_i;
  assign quad_taken = word && lane == quad_last;
  assign active_o = word;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read_q <= 1'b0;
      data_q <= 1'b0;
      pause_q <= 2'd0;
      lane_moved_q <= 1'b0;
      quads_held_q <= 3'd0;
    end else begin
      read_q <= read;
      data_q <= read_q;
      pause_q <= read ? 2'd3 : pause_q == 2'd0 ? 2'd0 : pause_q - 2'd1;
      if (word) lane_moved_q <= !quad_taken;
      quads_held_q <= quads_held_q + 3'(data_q) - 3'(quad_taken);
    end
  end

  always_ff @(posedge clk_i) begin
    if (read) {final_q, last_q, first_q} <= {walk_final, last, first};
    if (word) lane_q <= lane + 2'd1;
  end

  logic failed;
  logic [3:0] code;
  logic [31:0] detail;
  always_comb begin
    failed = 1'b0;
    code = wh_contract_pkg::FAULT_NONE;
    detail = wh_contract_pkg::QUEUE_STORE;
    if (checked_q && !legal_q) begin
      failed = 1'b1;
      code = wh_contract_pkg::FAULT_ILLEGAL_COMMAND;
    end else if (checked_q && !region_writable_i) begin
      failed = 1'b1;
      code = wh_contract_pkg::FAULT_READ_ONLY_REGION;
      detail = 32'(command_i.region[2:0]);
    end else if ((running || state_q == ANSWERS) && berror_i) begin
      failed = 1'b1;
      code = wh_contract_pkg::FAULT_WRITE_ERROR;
    end else if (running && bursts_fault) begin
      failed = 1'b1;
      code = wh_contract_pkg::FAULT_OUT_OF_REGION;
      detail = bursts_offset;
    end else if (running && walk_outside) begin
      failed = 1'b1;
      code = wh_contract_pkg::FAULT_OUT_OF_MEMORY;
      detail = 32'(walk_address);
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
      RUN: if (quad_taken && quad_final) state_d = ANSWERS;
      ANSWERS: if (!unanswered_i) state_d = DONE;
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
  assign unused = ^{command_i, quads_ready};
endmodule

`default_nettype wire
