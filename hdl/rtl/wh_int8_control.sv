// SPDX-License-Identifier: Apache-2.0
// When an INT8_CONVOLUTION step may read, and how the command starts and ends.
// A step waits for the memory's grant, its set's weights, room in the writer, the requantisers and the pace of the post-processing (a
// position a cycle, every second one if wide, every fourth if raw).
// Timing: issue_o in the cycle of the grant; done_o or fault_valid_o one cycle after the cause. A fault clears every other module.
`default_nettype none


module wh_int8_control (
    input  logic         clk_i,
    input  logic         rst_ni,

    input  wh_contract_pkg::int8_convolution_t command_i,
    input  logic         command_valid_i,
    output logic         done_o,
    output logic         fault_valid_o,
    output logic [3:0]   fault_code_o,
    output logic [31:0]  fault_detail_o,
    output logic         clear_o,  // no command, or one that has ended

    input  logic         ready_i,
    input  logic         illegal_i,
    output logic         start_o,

    input  logic         request_valid_i,
    input  logic [4:0]   request_slot_i,
    input  logic         request_last_set_i,
    input  logic         request_swap_i,
    input  logic         request_last_step_i,
    output logic         read_valid_o,
    input  logic         read_ready_i,
    output logic         issue_o,
    output logic         issue_emits_o,  // the issued position's sums go to post-processing
    output logic         advance_o,

    input  logic         swap_ready_i,
    input  logic         room_i,
    input  logic         requantise_claimed_i,
    input  logic         writer_empty_i,

    input  logic         read_overflow_i,
    input  logic [31:0]  read_overflow_address_i,
    input  logic         weight_overflow_i,
    input  logic [19:0]  weight_address_i,
    input  logic         write_overflow_i,
    input  logic [31:0]  write_overflow_address_i
);
  localparam int unsigned DRAIN_CYCLES = 15;  // from the last step until partial sums are in place

  localparam logic [1:0] STATE_SETUP = 2'd0;  // or no command
  localparam logic [1:0] STATE_RUN = 2'd1;
  localparam logic [1:0] STATE_ENDED = 2'd2;

  logic unused_command;
  assign unused_command = ^command_i;

  logic [1:0]  state_q, state_d, pace_q, pace;
  logic [3:0]  fault_code, drain_q;
  logic [31:0] fault_detail;
  logic        emits, may_issue, claimed_q, fault, finished, issued_all_q;
  logic        first_slot_q;  // the step before was in slot 0, whose sum is not there yet

  assign clear_o = !command_valid_i || state_q == STATE_ENDED;
  assign start_o = command_valid_i && state_q == STATE_SETUP && ready_i;
  assign emits = request_last_set_i && !command_i.keep;
  assign may_issue = request_valid_i && state_q == STATE_RUN && !read_overflow_i && (!request_swap_i || swap_ready_i)
      && (!emits || (room_i && pace_q == '0 && !claimed_q)) && !(first_slot_q && request_slot_i == '0);
  assign read_valid_o = may_issue;
  assign issue_o = may_issue && read_ready_i;
  assign issue_emits_o = issue_o && emits;
  assign advance_o = !request_valid_i || issue_o;
  always_ff @(posedge clk_i) claimed_q <= requantise_claimed_i && command_i.post == wh_contract_pkg::POST_REQUANTISE;
  assign finished = issued_all_q && drain_q == '0 && writer_empty_i;

  always_comb begin
    pace = 2'd0;
    if (command_i.post == wh_contract_pkg::POST_RAW) pace = 2'd3;
    else if (command_i.post == wh_contract_pkg::POST_REQUANTISE && command_i.wide) pace = 2'd1;
  end

  always_comb begin
    fault = !clear_o;
    fault_code = wh_contract_pkg::FAULT_OUT_OF_MEMORY;
    fault_detail = 32'(weight_address_i);
    if (illegal_i) begin
      fault_code = wh_contract_pkg::FAULT_ILLEGAL_COMMAND;
      fault_detail = 32'(wh_contract_pkg::QUEUE_INT8);
    end else if (write_overflow_i) begin
      fault_detail = write_overflow_address_i;
    end else if (request_valid_i && read_overflow_i) begin
      fault_detail = read_overflow_address_i;
    end else if (!weight_overflow_i) begin
      fault = 1'b0;
    end
  end

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      STATE_SETUP: begin
        if (start_o) state_d = STATE_RUN;
        if (fault) state_d = STATE_ENDED;
      end
      STATE_RUN: if (finished || fault) state_d = STATE_ENDED;
      default: if (!command_valid_i) state_d = STATE_SETUP;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= STATE_SETUP;
      done_o <= 1'b0;
      fault_valid_o <= 1'b0;
    end else begin
      state_q <= state_d;
      done_o <= !clear_o && finished && !fault;
      fault_valid_o <= fault;
    end
    if (fault) begin
      fault_code_o <= fault_code;
      fault_detail_o <= fault_detail;
    end
    first_slot_q <= !clear_o && issue_o && request_slot_i == '0;
    if (clear_o) pace_q <= '0;
    else if (issue_emits_o) pace_q <= pace;
    else if (pace_q != '0) pace_q <= pace_q - 2'd1;
    if (clear_o) begin
      issued_all_q <= 1'b0;
    end else if (issue_o && request_last_step_i) begin
      issued_all_q <= 1'b1;
      drain_q <= 4'(DRAIN_CYCLES);
    end else if (issued_all_q && drain_q != '0) begin
      drain_q <= drain_q - 4'd1;
    end
  end
endmodule


`default_nettype wire
