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
    input  wire logic   write_ready_i
);
  localparam int unsigned WORDS_DEPTH = 32;

  typedef enum logic [2:0] {IDLE, CHECK, RUN, FAULT, FINISHED} state_e;
  state_e state_q;
  logic start, legal, running;
  assign running = state_q == RUN;

  logic [1:0] post;
  assign post = command_i.post;

  // Input positions.
  logic in_valid, in_ready, in_outside, in_lost, in_issue, in_allowed;
  logic [3:0] in_bank;
  logic [29:0] in_address;
  logic in_inside, in_first_of_set, in_first_of_group, in_first_set, in_last_set, in_last_block, in_last_of_group;
  logic [4:0] in_slot;
  logic arrives_q, inside_q, first_of_set_q, first_of_group_q, first_set_q, last_set_q, last_block_q, last_of_group_q;
  logic [4:0] slot_q;
  // Weights.
  logic set_ready, weight_outside, weight_arrives, weight_parameter, weight_last_block, weight_bank;
  logic [4:0] weight_index;
  // Sums and output words.
  logic [5:0] words_held_q, position_words;
  logic [4:0] post_wait_q, post_wait;
  logic sums_valid, group_end, group_posted, word_valid;
  logic [XNOR_LANES*25-1:0] sums;
  logic [63:0] word;
  logic queued, out_valid, out_outside, out_lost, out_drop, out_final, out_taken;
  logic [3:0] out_bank;
  logic [29:0] out_address;

  wh_xnor_check check (.command_i, .legal_o(legal));

  wh_xnor_walker #(.BANK_WORDS(ACTIVATION_BANK_WORDS)) walker (
      .clk_i, .rst_ni, .start_i(start), .command_i, .valid_o(in_valid), .ready_i(in_ready), .bank_o(in_bank),
      .address_o(in_address), .outside_o(in_outside), .inside_o(in_inside), .slot_o(in_slot),
      .first_of_set_o(in_first_of_set), .first_of_group_o(in_first_of_group), .first_set_o(in_first_set),
      .last_set_o(in_last_set), .last_block_o(in_last_block), .last_of_group_o(in_last_of_group));

  wh_xnor_loader #(.LANES(XNOR_LANES), .WEIGHT_WORDS(WEIGHT_WORDS)) loader (
      .clk_i, .rst_ni, .start_i(start), .stop_i(!running), .command_i, .weight_valid_o, .weight_address_o, .weight_ready_i,
      .outside_o(weight_outside), .arrives_o(weight_arrives), .parameter_o(weight_parameter), .index_o(weight_index),
      .last_block_o(weight_last_block), .bank_o(weight_bank), .set_ready_o(set_ready),
      .set_claim_i(in_issue && in_first_of_set), .group_posted_i(group_posted));

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

  assign in_lost = in_valid && in_inside && in_outside;
  assign in_allowed = running && !in_lost && (!in_first_of_set || set_ready)
      && (!in_last_set || (post_wait_q == 5'd0 && words_held_q <= 6'(WORDS_DEPTH) - position_words));
  assign read_valid_o = in_valid && in_allowed && in_inside;
  assign read_bank_o = in_bank;
  assign read_address_o = in_address[12:0];
  assign in_ready = in_allowed && (!in_inside || read_ready_i);
  assign in_issue = in_valid && in_ready;
  assign active_o = in_issue;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start) begin
      arrives_q <= 1'b0;
      post_wait_q <= '0;
      words_held_q <= '0;
    end else begin
      arrives_q <= in_issue;
      if (in_issue && in_last_set) post_wait_q <= post_wait;
      else if (post_wait_q != 5'd0) post_wait_q <= post_wait_q - 5'd1;
      words_held_q <= words_held_q + (in_issue && in_last_set ? position_words : 6'd0) - {5'b0, out_taken};
    end
    if (in_issue) begin
      inside_q <= in_inside;
      slot_q <= in_slot;
      first_of_set_q <= in_first_of_set;
      first_of_group_q <= in_first_of_group;
      first_set_q <= in_first_set;
      last_set_q <= in_last_set;
      last_block_q <= in_last_block;
      last_of_group_q <= in_last_of_group;
    end
  end

  wh_xnor_array #(.LANES(XNOR_LANES)) lanes (
      .clk_i, .rst_ni, .start_i(start), .padding_i(command_i.padding),
      .last_bits_i(command_i.last_bits),
      .zero_bias_i(post == wh_contract_pkg::POST_REQUANTISE),
      .weight_arrives_i(weight_arrives), .weight_parameter_i(weight_parameter), .weight_index_i(weight_index),
      .weight_last_block_i(weight_last_block), .weight_data_i,
      .step_i(arrives_q), .word_i(read_data_i), .inside_i(inside_q), .slot_i(slot_q), .first_of_set_i(first_of_set_q),
      .first_of_group_i(first_of_group_q), .first_set_i(first_set_q), .last_set_i(last_set_q), .last_block_i(last_block_q),
      .last_of_group_i(last_of_group_q), .sums_valid_o(sums_valid), .sums_o(sums),
      .group_end_o(group_end));

  wh_xnor_post #(.LANES(XNOR_LANES)) poster (
      .clk_i, .rst_ni, .start_i(start), .post_i(post),
      .fraction_i(command_i.fraction),
      .zero_point_i(command_i.zero_point),
      .clamp_min_i(command_i.clamp_min),
      .clamp_max_i(command_i.clamp_max),
      .weight_arrives_i(weight_arrives), .weight_parameter_i(weight_parameter), .weight_index_i(weight_index),
      .weight_bank_i(weight_bank), .weight_data_i, .sums_valid_i(sums_valid), .sums_i(sums),
      .group_end_i(group_end), .group_posted_o(group_posted),
      .valid_o(word_valid), .word_o(word));

  logic words_ready;  // always: words_held_q keeps room
  wh_fifo #(.WIDTH(64), .DEPTH(WORDS_DEPTH)) u_words (
      .clk_i, .rst_ni(rst_ni && !start), .in_valid_i(word_valid), .in_ready_o(words_ready), .in_data_i(word),
      .out_valid_o(queued), .out_ready_i(out_taken), .out_data_o(write_data_o));

  wh_xnor_output #(.LANES(XNOR_LANES), .BANK_WORDS(ACTIVATION_BANK_WORDS)) out (
      .clk_i, .rst_ni, .start_i(start), .command_i, .valid_o(out_valid), .ready_i(out_taken), .bank_o(out_bank),
      .address_o(out_address), .outside_o(out_outside), .strobe_o(write_strobe_o), .drop_o(out_drop), .final_o(out_final));

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
            fault_detail_o <= in_lost ? {2'b0, in_address} : out_lost ? {2'b0, out_address} : {12'b0, weight_address_o};
          end else if (done_o) state_q <= FINISHED;
        end
        FAULT: state_q <= FINISHED;
        default: if (!command_valid_i) state_q <= IDLE;
      endcase
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) if (rst_ni && !start) assert (!(word_valid && !words_ready));
`endif
endmodule

`default_nettype wire
