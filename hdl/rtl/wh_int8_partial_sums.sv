// SPDX-License-Identifier: Apache-2.0
// Partial sums of one lane for the 32 positions of a tile, int32, a word of LUT RAM a position.
// Timing: read_i with the slot one cycle before the sum; add_i with the sum; total_o one cycle later. A slot may come again after two cycles.
`default_nettype none

module wh_int8_partial_sums #(
    parameter int unsigned INT8_PIXELS = 2,
    parameter int unsigned SUM_BITS = 20
) (
    input  logic                         clk_i,
    input  logic                         read_i,
    input  logic [4:0]                   read_slot_i,
    input  logic                         add_i,
    input  logic [4:0]                   add_slot_i,
    input  logic                         start_i,  // from 0, not from the stored sum
    input  logic                         store_i,
    input  logic [2*SUM_BITS-1:0]        sums_i,  // first pixel low
    output logic [INT8_PIXELS*32-1:0]    total_o
);
  logic [INT8_PIXELS*32-1:0] sums [32];
  logic [INT8_PIXELS*32-1:0] stored_q, total;

  logic unused_sums;
  assign unused_sums = ^sums_i;

  always_comb begin
    for (int unsigned p = 0; p < INT8_PIXELS; p++) begin
      total[p*32 +: 32] = (start_i ? 32'd0 : stored_q[p*32 +: 32]) + 32'(signed'(sums_i[p*SUM_BITS +: SUM_BITS]));
    end
  end

  always_ff @(posedge clk_i) begin
    if (read_i) stored_q <= sums[read_slot_i];
    if (add_i) total_o <= total;
    if (add_i && store_i) sums[add_slot_i] <= total;
  end
endmodule

`default_nettype wire
