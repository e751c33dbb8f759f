// SPDX-License-Identifier: Apache-2.0
// One reader's requests on their way to the activation banks, two deep, so that neither side waits for the other within a cycle.
// The oldest leaves when allow_i lets it and its bank is granted; one that reads nothing passes in order. What came beside a
// request leaves with its word: arrives_o in the cycle after leaves_o, when the word is at the memory's output.
`default_nettype none

module wh_bank_reader #(
    parameter int unsigned SIDE_BITS = 1
) (
    input  logic                 clk_i,
    input  logic                 rst_ni,

    input  logic                 valid_i,
    output logic                 ready_o,
    input  logic                 read_i,
    input  logic [3:0]           bank_i,
    input  logic [12:0]          address_i,
    input  logic [SIDE_BITS-1:0] side_i,

    output logic                 head_valid_o,
    output logic [SIDE_BITS-1:0] head_side_o,       // beside the oldest, where there is one
    input  logic                 allow_i,
    output logic                 request_valid_o,
    output logic [3:0]           request_bank_o,
    output logic [12:0]          request_address_o,
    input  logic                 request_ready_i,
    output logic                 leaves_o,
    output logic                 arrives_o,
    output logic [SIDE_BITS-1:0] side_o
);
  localparam int unsigned BITS = 1 + 4 + 13 + SIDE_BITS;

  logic head_valid_q, next_valid_q, arrives_q, head_reads, refill;
  logic [BITS-1:0] entry, head_q, next_q;
  logic [SIDE_BITS-1:0] side_q;

  assign entry = {side_i, address_i, bank_i, read_i};
  assign {head_side_o, request_address_o, request_bank_o, head_reads} = head_q;
  assign ready_o = !next_valid_q;
  assign head_valid_o = head_valid_q;
  assign request_valid_o = head_valid_q && head_reads && allow_i;
  assign leaves_o = head_valid_q && allow_i && (!head_reads || request_ready_i);
  assign refill = leaves_o || !head_valid_q;
  assign arrives_o = arrives_q;
  assign side_o = side_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      head_valid_q <= 1'b0;
      next_valid_q <= 1'b0;
      arrives_q <= 1'b0;
    end else begin
      arrives_q <= leaves_o;
      if (refill) begin
        head_valid_q <= next_valid_q || valid_i;
        next_valid_q <= 1'b0;
      end else if (valid_i) begin
        next_valid_q <= 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (refill) head_q <= next_valid_q ? next_q : entry;
    if (!next_valid_q) next_q <= entry;
    side_q <= head_side_o;
  end
endmodule

`default_nettype wire
