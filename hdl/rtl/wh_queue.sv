// SPDX-License-Identifier: Apache-2.0
// One command queue: offers its head's token needs, runs it on its engine, then gives its tokens and lets it go: in the cycle after
// done_i.
`default_nettype none

module wh_queue (
    input  logic         clk_i,
    input  logic         rst_ni,

    input  logic         head_valid_i,
    input  logic [63:0]  header_i,        // of the head
    output logic [23:0]  waits_o,         // 4 bits a giver
    input  logic         tokens_ready_i,
    output logic         start_o,         // the head takes its tokens in this cycle
    output logic         finish_o,        // the head gives its tokens in this cycle, and is popped
    output logic [23:0]  signals_o,       // 4 bits a taker
    output logic         running_o,
    input  logic         done_i
);
  logic running_q, done_q;

  assign waits_o = wh_contract_pkg::header_waits(header_i);
  assign signals_o = wh_contract_pkg::header_signals(header_i);
  assign running_o = running_q;
  assign start_o = !running_q && head_valid_i && tokens_ready_i;
  assign finish_o = done_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) running_q <= 1'b0;
    else if (start_o) running_q <= 1'b1;
    else if (done_q) running_q <= 1'b0;
    done_q <= rst_ni && running_q && done_i && !done_q;
  end
endmodule

`default_nettype wire
