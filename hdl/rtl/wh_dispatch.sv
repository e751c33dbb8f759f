// SPDX-License-Identifier: Apache-2.0
// Puts fetched commands into the six queues and starts, finishes and counts them. The first fault of a job is reported once
// with the command's index, a cycle after it arose; the job control then resets this module and the engines.
`default_nettype none

module wh_dispatch (
    input  logic           clk_i,
    input  logic           rst_ni,

    input  logic           fetched_valid_i,
    output logic           fetched_ready_o,
    input  logic [wh_contract_pkg::COMMAND_BITS-1:0] fetched_command_i,
    input  logic [19:0]    fetched_index_i,

    output logic [wh_contract_pkg::QUEUES*wh_contract_pkg::COMMAND_BITS-1:0] command_o,
    output logic [5:0]     command_valid_o,
    input  logic [5:0]     done_i,
    input  logic [5:0]     fault_valid_i,
    input  logic [23:0]    fault_code_i,
    input  logic [191:0]   fault_detail_i,

    output logic [5:0]     running_o,
    output logic [5:0]     waiting_o,
    output logic [5:0]     start_o,         // the queue's command takes its tokens
    output logic [5:0]     finish_o,
    output logic           idle_o,          // nothing queued or running
    output logic           tokens_empty_o,
    output logic [5:0]     head_valid_o,
    output logic [119:0]   head_index_o,

    output logic           fault_valid_o,
    output logic [3:0]     fault_code_o,
    output logic [19:0]    fault_command_o,
    output logic [31:0]    fault_detail_o
);
  localparam int unsigned QUEUES = wh_contract_pkg::QUEUES;

  logic [5:0] tokens_ready;
  logic [143:0] waits, signals;
  logic [3:0] opcode;
  logic port, legal, overflow, push_ready;
  logic [2:0] target, overflow_giver;

  // All four loads have the port where LOAD_MAP has it.
  wh_contract_pkg::load_map_t fetched;
  assign fetched = fetched_command_i;
  assign opcode = fetched.header.opcode;
  assign port = fetched.port;
  always_comb begin
    legal = 1'b1;
    unique case (opcode)
      wh_contract_pkg::OPCODE_LOAD_MAP, wh_contract_pkg::OPCODE_LOAD_PATCH, wh_contract_pkg::OPCODE_LOAD_WEIGHTS,
      wh_contract_pkg::OPCODE_LOAD_TABLE:
      target = port ? 3'(wh_contract_pkg::QUEUE_LOAD1) : 3'(wh_contract_pkg::QUEUE_LOAD0);
      wh_contract_pkg::OPCODE_STORE_MAP: target = 3'(wh_contract_pkg::QUEUE_STORE);
      wh_contract_pkg::OPCODE_INT8_CONVOLUTION: target = 3'(wh_contract_pkg::QUEUE_INT8);
      wh_contract_pkg::OPCODE_XNOR_CONVOLUTION: target = 3'(wh_contract_pkg::QUEUE_XNOR);
      wh_contract_pkg::OPCODE_VECTOR: target = 3'(wh_contract_pkg::QUEUE_VECTOR);
      default: begin
        target = 3'd0;
        legal = 1'b0;
      end
    endcase
  end
  wh_command_memory u_commands (
      .clk_i,
      .rst_ni,
      .push_valid_i(fetched_valid_i && legal),
      .push_queue_i(target),
      .push_ready_o(push_ready),
      .push_command_i(fetched_command_i),
      .push_index_i(fetched_index_i),
      .empty_o(idle_o),
      .head_valid_o,
      .head_command_o(command_o),
      .head_index_o,
      .pop_i(finish_o)
  );
  assign fetched_ready_o = legal && push_ready;

  generate
    for (genvar q = 0; q < 6; q++) begin : gen_queue
      wh_queue u_queue (
          .clk_i,
          .rst_ni,
          .head_valid_i(head_valid_o[q]),
          .header_i(command_o[wh_contract_pkg::COMMAND_BITS*q +: 64]),
          .waits_o(waits[24*q +: 24]),
          .tokens_ready_i(tokens_ready[q]),
          .start_o(start_o[q]),
          .finish_o(finish_o[q]),
          .signals_o(signals[24*q +: 24]),
          .running_o(running_o[q]),
          .done_i(done_i[q])
      );
    end
  endgenerate
  assign command_valid_o = running_o;
  assign waiting_o = head_valid_o & ~running_o & ~tokens_ready;

  wh_tokens u_tokens (
      .clk_i,
      .rst_ni,
      .start_i(start_o),
      .waits_i(waits),
      .finish_i(finish_o),
      .signals_i(signals),
      .ready_o(tokens_ready),
      .empty_o(tokens_empty_o),
      .overflow_o(overflow),
      .overflow_giver_o(overflow_giver)
  );

  logic fault;
  logic [3:0] fault_code;
  logic [19:0] fault_command;
  logic [31:0] fault_detail;
  always_comb begin
    fault = 1'b0;
    fault_code = wh_contract_pkg::FAULT_ILLEGAL_COMMAND;
    fault_command = fetched_index_i;
    fault_detail = 32'(opcode);
    if (fetched_valid_i && !legal) fault = 1'b1;
    if (overflow) begin
      fault = 1'b1;
      fault_code = wh_contract_pkg::FAULT_TOKEN_OVERFLOW;
      fault_command = head_index_o[20*overflow_giver +: 20];
      fault_detail = 32'(overflow_giver);
    end
    for (int unsigned q = 0; q < QUEUES; q++) begin
      if (fault_valid_i[q]) begin
        fault = 1'b1;
        fault_code = fault_code_i[4*q +: 4];
        fault_command = head_index_o[20*q +: 20];
        fault_detail = fault_detail_i[32*q +: 32];
      end
    end
  end

  always_ff @(posedge clk_i) begin
    fault_valid_o <= rst_ni && fault;
    fault_code_o <= fault_code;
    fault_command_o <= fault_command;
    fault_detail_o <= fault_detail;
  end

  logic unused;
  assign unused = ^fetched;
endmodule

`default_nettype wire
