// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// The XNOR_CONVOLUTION command: binary convolution of XNOR_LANES output channels by 64 input bits a cycle.
// One input word a cycle; a tile and set cost max(tile, XNOR_LANES / 4 + 1) cycles, a group's first set also its parameter words.
// The last set of a tile goes at the speed of its post: 1, XNOR_LANES / 4 or XNOR_LANES / 2 cycles a position.
// A command that breaks a rule ends in ILLEGAL_COMMAND before it reads or writes; an address beyond a memory in OUT_OF_MEMORY.
module wh_xnor_engine #(
    parameter int unsigned XNOR_LANES = wh_contract_pkg::ZYNQ7020_XNOR_LANES,
    parameter int unsigned ACTIVATION_BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS,
    parameter int unsigned WEIGHT_WORDS = wh_contract_pkg::ZYNQ7020_WEIGHT_WORDS
) (
    input  wire logic         clk_i,
    input  wire logic         rst_ni,
    input  wire wh_contract_pkg::xnor_convolution_t command_i,
    input  wire logic         command_valid_i,
    output logic              done_o,
    output logic              active_o,
    output logic              fault_valid_o,
    output logic [3:0]        fault_code_o,
    output logic [31:0]       fault_detail_o,

    output logic             read_valid_o,
    output logic [3:0]       read_bank_o,
    output logic [12:0]      read_address_o,
    input  wire logic        read_ready_i,
    input  wire logic [63:0] read_data_i,

    output logic              weight_valid_o,
    output logic [19:0]       weight_address_o,
    input  wire logic         weight_ready_i,
    input  wire logic [255:0] weight_data_i,

    output logic        write_valid_o,
    output logic [3:0]  write_bank_o,
    output logic [12:0] write_address_o,
    output logic [63:0] write_data_o,
    output logic [7:0]  write_strobe_o,
    input  wire logic   write_ready_i,

    output logic             requantise_claim_o,        // no other sums until it falls
    output logic             requantise_valid_o,
    output logic [99:0]      requantise_sums_o,
    output logic [127:0]     requantise_multipliers_o,
    output logic [31:0]      requantise_shifts_o,
    output logic [23:0]      requantise_range_o,
    input  wire logic [31:0] codes_i
);
  localparam int unsigned WORDS_DEPTH = 32;

  typedef enum logic [2:0] {IDLE, CHECK, RUN, FAULT, FINISHED} state_e;
  state_e state_q;
  logic start, legal, running;
  assign running = state_q == RUN;

  logic [1:0] post;
  assign post = command_i.post;

  // Input positions: as walked, as they wait for their bank, and as their words arrive.
  typedef struct packed {
    logic is_inside;
    logic [4:0] slot;
    logic first_of_set, first_of_group, first_set, last_set, last_block, last_of_group;
  } position_t;
  position_t walked, head, arrived;
  logic in_valid, in_outside, in_lost, reader_ready, head_valid, head_allowed, issue, arrives;
  logic [3:0] in_bank;
  logic [23:0] in_address;
  // Weights.
  logic set_ready, weight_outside, weight_arrives, weight_parameter, weight_last_block, weight_bank;
  logic [4:0] weight_index;
  // Sums and output words.
  logic [5:0] words_held_q, position_words;
  logic [4:0] post_wait_q, post_wait;
  logic sums_valid, group_end, group_posted, word_valid, room_q;
  logic [XNOR_LANES*25-1:0] sums;
  logic [63:0] word;
  logic placed_valid, placed_ready, placed_outside, placed_drop, placed_final;
  logic [7:0] placed_strobe;
  logic queued, out_valid, out_outside, out_lost, out_drop, out_final, out_taken;
  logic [3:0] placed_bank, out_bank;
  logic [23:0] placed_address, out_address;

  wh_xnor_check u_check (.clk_i, .command_i, .legal_o(legal));

  wh_xnor_walker #(.BANK_WORDS(ACTIVATION_BANK_WORDS)) walker (
      .clk_i, .rst_ni, .start_i(start), .command_i, .valid_o(in_valid), .ready_i(running && reader_ready),
      .bank_o(in_bank), .address_o(in_address), .outside_o(in_outside), .inside_o(walked.is_inside), .slot_o(walked.slot),
      .first_of_set_o(walked.first_of_set), .first_of_group_o(walked.first_of_group), .first_set_o(walked.first_set),
      .last_set_o(walked.last_set), .last_block_o(walked.last_block), .last_of_group_o(walked.last_of_group));

  wh_bank_reader #(.SIDE_BITS($bits(walked))) u_reader (
      .clk_i, .rst_ni(rst_ni && !start), .valid_i(in_valid && running), .ready_o(reader_ready),
      .read_i(walked.is_inside && !in_outside), .bank_i(in_bank), .address_i(in_address[12:0]), .side_i(walked),
      .head_valid_o(head_valid), .head_side_o(head), .allow_i(head_allowed), .request_valid_o(read_valid_o),
      .request_bank_o(read_bank_o), .request_address_o(read_address_o), .request_ready_i(read_ready_i), .leaves_o(issue),
      .arrives_o(arrives), .side_o(arrived));

  wh_xnor_loader #(.LANES(XNOR_LANES), .WEIGHT_WORDS(WEIGHT_WORDS)) loader (
      .clk_i, .rst_ni, .start_i(start), .stop_i(!running), .command_i, .weight_valid_o, .weight_address_o, .weight_ready_i,
      .outside_o(weight_outside), .arrives_o(weight_arrives), .parameter_o(weight_parameter), .index_o(weight_index),
      .last_block_o(weight_last_block), .bank_o(weight_bank), .set_ready_o(set_ready),
      .set_claim_i(issue && head.first_of_set), .group_posted_i(group_posted));

  always_comb begin
    position_words = 6'd1;
    post_wait = 5'd0;
    if (post == wh_contract_pkg::POST_REQUANTISE) begin
      position_words = 6'(XNOR_LANES / 8);
      post_wait = 5'(XNOR_LANES / 4 - 1);
    end else if (post == wh_contract_pkg::POST_RAW) begin
      position_words = 6'(XNOR_LANES / 2);
      post_wait = 5'(XNOR_LANES / 2 - 1);
    end
  end

  assign in_lost = in_valid && walked.is_inside && in_outside;
  assign head_allowed = running && (!head.first_of_set || set_ready)
      && (!head.last_set || (post_wait_q == 5'd0 && room_q && claim_settled));
  assign active_o = issue;

  // The requantisers are XNOR's from when sums are about to be finished until these are through. The first waits until those that INT8
  // and VECTOR have under way are through: 17 cycles at most, of which XNOR's own sums take six to get there.
  logic [3:0] claim_age_q, claim_left_q;
  logic claim_settled, claim_settled_q;
  assign claim_settled = post != wh_contract_pkg::POST_REQUANTISE || (requantise_claim_o && claim_settled_q);
  always_ff @(posedge clk_i) begin
    if (!running) claim_left_q <= 4'd0;
    else if (head_valid && head.last_set) claim_left_q <= 4'd15;
    else if (post_wait_q == 5'd0 && claim_left_q != 4'd0) claim_left_q <= claim_left_q - 4'd1;
    requantise_claim_o <= running && post == wh_contract_pkg::POST_REQUANTISE && (claim_left_q != 4'd0 || (head_valid && head.last_set));
    claim_age_q <= requantise_claim_o ? claim_age_q + 4'd1 : 4'd0;
    claim_settled_q <= requantise_claim_o && (claim_settled_q || claim_age_q == 4'd11);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start) begin
      post_wait_q <= '0;
      words_held_q <= '0;
    end else begin
      if (issue && head.last_set) post_wait_q <= post_wait;
      else if (post_wait_q != 5'd0) post_wait_q <= post_wait_q - 5'd1;
      words_held_q <= words_held_q + (issue && head.last_set ? position_words : 6'd0) - {5'b0, out_taken};
    end
    // Of the cycle before, in which one more position may have left where each makes one word; others leave with a pause between.
    room_q <= words_held_q <= 6'(WORDS_DEPTH) - (position_words == 6'd1 ? 6'd2 : position_words);
  end

  wh_xnor_array #(.LANES(XNOR_LANES)) lanes (
      .clk_i, .rst_ni, .start_i(start), .padding_i(command_i.padding),
      .last_bits_i(command_i.last_bits),
      .zero_bias_i(post == wh_contract_pkg::POST_REQUANTISE),
      .weight_arrives_i(weight_arrives), .weight_parameter_i(weight_parameter), .weight_index_i(weight_index),
      .weight_last_block_i(weight_last_block), .weight_data_i,
      .step_i(arrives), .word_i(read_data_i), .inside_i(arrived.is_inside), .slot_i(arrived.slot),
      .first_of_set_i(arrived.first_of_set), .first_of_group_i(arrived.first_of_group), .first_set_i(arrived.first_set),
      .last_set_i(arrived.last_set), .last_block_i(arrived.last_block),
      .last_of_group_i(arrived.last_of_group), .sums_valid_o(sums_valid), .sums_o(sums),
      .group_end_o(group_end));

  wh_xnor_post #(.LANES(XNOR_LANES)) poster (
      .clk_i, .rst_ni, .start_i(!running), .post_i(post),
      .fraction_i(command_i.fraction),
      .zero_point_i(command_i.zero_point),
      .clamp_min_i(command_i.clamp_min),
      .clamp_max_i(command_i.clamp_max),
      .weight_arrives_i(weight_arrives), .weight_parameter_i(weight_parameter), .weight_index_i(weight_index),
      .weight_bank_i(weight_bank), .weight_data_i, .sums_valid_i(sums_valid), .sums_i(sums),
      .group_end_i(group_end), .group_posted_o(group_posted),
      .requantise_valid_o, .requantise_sums_o, .requantise_multipliers_o, .requantise_shifts_o, .requantise_range_o, .codes_i,
      .valid_o(word_valid), .word_o(word));

  logic words_ready;  // always: words_held_q keeps room
  wh_fifo #(.WIDTH(64), .DEPTH(WORDS_DEPTH)) u_words (
      .clk_i, .rst_ni(rst_ni && !start), .in_valid_i(word_valid), .in_ready_o(words_ready), .in_data_i(word),
      .out_valid_o(queued), .out_ready_i(out_taken), .out_data_o(write_data_o));

  wh_xnor_output #(.LANES(XNOR_LANES), .BANK_WORDS(ACTIVATION_BANK_WORDS)) out (
      .clk_i, .rst_ni, .start_i(start), .command_i, .valid_o(placed_valid), .ready_i(placed_ready), .bank_o(placed_bank),
      .address_o(placed_address), .outside_o(placed_outside), .strobe_o(placed_strobe), .drop_o(placed_drop), .final_o(placed_final));

  // Between the walk and the writes, so that the walk does not wait for a bank within the cycle.
  wh_fifo #(.WIDTH(39), .DEPTH(4)) u_places (
      .clk_i, .rst_ni(rst_ni && !start), .in_valid_i(placed_valid), .in_ready_o(placed_ready),
      .in_data_i({placed_final, placed_drop, placed_outside, placed_strobe, placed_address, placed_bank}),
      .out_valid_o(out_valid), .out_ready_i(out_taken),
      .out_data_o({out_final, out_drop, out_outside, write_strobe_o, out_address, out_bank}));

  assign out_lost = out_valid && out_outside && !out_drop;
  assign write_valid_o = running && queued && out_valid && !out_drop && !out_outside;
  assign write_bank_o = out_bank;
  assign write_address_o = out_address[12:0];
  assign out_taken = running && queued && out_valid && (out_drop || (!out_outside && write_ready_i));
  assign done_o = out_taken && out_final;
  assign start = state_q == CHECK && legal;
  assign fault_valid_o = state_q == FAULT;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= IDLE;
      fault_code_o <= '0;
      fault_detail_o <= '0;
    end else begin
      unique case (state_q)
        IDLE: if (command_valid_i) state_q <= CHECK;
        CHECK: begin
          state_q <= legal ? RUN : FAULT;
          fault_code_o <= wh_contract_pkg::FAULT_ILLEGAL_COMMAND;
          fault_detail_o <= wh_contract_pkg::QUEUE_XNOR;
        end
        RUN: begin
          if (in_lost || out_lost || weight_outside) begin
            state_q <= FAULT;
            fault_code_o <= wh_contract_pkg::FAULT_OUT_OF_MEMORY;
            fault_detail_o <= in_lost ? {8'b0, in_address} : out_lost ? {8'b0, out_address} : {12'b0, weight_address_o};
          end else if (done_o) state_q <= FINISHED;
        end
        FAULT: state_q <= FINISHED;
        default: if (!command_valid_i) state_q <= IDLE;
      endcase
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) if (rst_ni && !start) assert (!(word_valid && !words_ready));
  logic unused;
  assign unused = &{1'b0, head};
`endif
endmodule

`default_nettype wire
