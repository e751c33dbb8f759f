// SPDX-License-Identifier: Apache-2.0
// One command queue: holds up to 32 commands, offers the head's token needs, runs it on its engine, then gives its tokens.
// Two cycles lie between one command's completion and the next one's start.
`default_nettype none

module wh_queue (
    input  logic         clk_i,
    input  logic         rst_ni,

    input  logic         push_valid_i,
    output logic         push_ready_o,
    input  logic [wh_contract_pkg::COMMAND_BITS-1:0] push_command_i,
    input  logic [19:0]  push_index_i,

    output logic         head_valid_o,
    output logic [19:0]  head_index_o,
    output logic [23:0]  waits_o,       // 4 bits a giver
    input  logic         tokens_ready_i,
    output logic         start_o,       // the head takes its tokens in this cycle
    output logic         finish_o,      // the head gives its tokens in this cycle
    output logic [23:0]  signals_o,     // 4 bits a taker
    output logic         running_o,

    output logic [wh_contract_pkg::COMMAND_BITS-1:0] command_o,
    output logic         command_valid_o,
    input  logic         done_i
);
  typedef enum logic [1:0] {
    Waiting,
    Running,
    Gap
  } state_e;
  state_e state_d, state_q;

  wh_fifo #(
      .WIDTH(20 + wh_contract_pkg::COMMAND_BITS),
      .DEPTH(32)
  ) u_commands (
      .clk_i,
      .rst_ni,
      .in_valid_i(push_valid_i),
      .in_ready_o(push_ready_o),
      .in_data_i({push_index_i, push_command_i}),
      .out_valid_o(head_valid_o),
      .out_ready_i(finish_o),
      .out_data_o({head_index_o, command_o})
  );

  assign waits_o = wh_contract_pkg::header_waits(command_o[63:0]);
  assign signals_o = wh_contract_pkg::header_signals(command_o[63:0]);
  assign running_o = state_q == Running;
  assign command_valid_o = running_o;
  assign start_o = state_q == Waiting && head_valid_o && tokens_ready_i;
  assign finish_o = running_o && done_i;

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Waiting: if (start_o) state_d = Running;
      Running: if (done_i) state_d = Gap;
      Gap: state_d = Waiting;
      default: state_d = Waiting;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) state_q <= Waiting;
    else state_q <= state_d;
  end
endmodule

`default_nettype wire
