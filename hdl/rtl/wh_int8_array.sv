// SPDX-License-Identifier: Apache-2.0
// The int8 array: eight lanes of products and sums, and the partial sums of a tile.
// meta_i: {last_step, first_of_group, swap, last_set, first_set, slot[5]}, as the sequencer gave it.
// Timing: totals nine cycles after pairs_i (ten at reduction 32), with total_valid_o when they are complete; emit_ahead_o one cycle before that; never stalls.
`default_nettype none

module wh_int8_array #(
    parameter int unsigned INT8_REDUCTION = 16,
    parameter int unsigned INT8_PIXELS = 2,
    localparam int unsigned PAIRS = INT8_REDUCTION > 24 ? 10 : 9,
    localparam int unsigned META_BITS = 10
) (
    input  logic                          clk_i,
    input  logic                          clear_i,

    input  logic                          depthwise_i,
    input  logic                          accumulate_i,
    input  logic                          keep_i,

    input  logic                          valid_i,
    input  logic [PAIRS*8*16-1:0]         pairs_i,
    input  logic [META_BITS-1:0]          meta_i,
    output logic                          swap_o,  // takes weights_i in this cycle
    input  logic [INT8_REDUCTION*64-1:0]  weights_i,  // byte [tap][lane]
    input  logic [8*13-1:0]               corrections_i,  // of those weights by lane, three cycles after swap_o

    output logic                          ahead_valid_o,
    output logic                          ahead_first_of_group_o,
    output logic                          total_valid_o,
    output logic                          total_first_of_group_o,
    output logic [8*INT8_PIXELS*32-1:0]   totals_o  // [lane][pixel]
);
  localparam int unsigned SUM_BITS = 16 + $clog2(INT8_REDUCTION);
  localparam int unsigned STAGES = 4 + $clog2(INT8_REDUCTION / 2 + 1);  // of a lane

  logic [STAGES:1]                  valid_q;
  logic [(STAGES+1)*META_BITS-1:0]  stages;
  logic [STAGES*META_BITS-1:0]      meta_q;  // of stage 1 lowest
  logic [META_BITS-1:0]             sum_meta;
  logic [4:0]                       read_slot;
  logic                             emit;

  assign stages = {meta_q, meta_i};
  assign read_slot = meta_q[(STAGES-2)*META_BITS +: 5];
  assign sum_meta = meta_q[(STAGES-1)*META_BITS +: META_BITS];

  assign swap_o = valid_i && meta_i[7];
  assign emit = sum_meta[6] && !keep_i;
  assign ahead_valid_o = valid_q[STAGES] && emit;
  assign ahead_first_of_group_o = sum_meta[8];

  logic unused_meta;
  assign unused_meta = ^{meta_i, sum_meta, stages[STAGES*META_BITS +: META_BITS]};

  always_ff @(posedge clk_i) begin
    if (clear_i) begin
      valid_q <= '0;
      total_valid_o <= 1'b0;
    end else begin
      valid_q <= {valid_q[STAGES-1:1], valid_i};
      total_valid_o <= ahead_valid_o;
    end
    if (valid_i || (|valid_q)) meta_q <= stages[0 +: STAGES*META_BITS];
    if (valid_q[STAGES]) total_first_of_group_o <= sum_meta[8];
  end

  generate
    for (genvar l = 0; l < 8; l++) begin : g_lane
      logic [INT8_REDUCTION*8-1:0] weights;
      logic [2*SUM_BITS-1:0]       sums;
      for (genvar t = 0; t < INT8_REDUCTION; t++) begin : g_tap
        assign weights[t*8 +: 8] = weights_i[(t*8+l)*8 +: 8];
      end
      wh_int8_lane #(
          .INT8_REDUCTION(INT8_REDUCTION),
          .LANE(l)
      ) u_lane (
          .clk_i,
          .valid_i({valid_q[STAGES-1:1], valid_i}),
          .depthwise_i,
          .swap_i(swap_o),
          .pairs_i,
          .weights_i(weights),
          .correct_i(valid_q[3] && stages[3*META_BITS+7]),
          .correction_i(corrections_i[l*13 +: 13]),
          .first_o(sums[0 +: SUM_BITS]),
          .second_o(sums[SUM_BITS +: SUM_BITS])
      );
      wh_int8_partial_sums #(
          .INT8_PIXELS(INT8_PIXELS),
          .SUM_BITS(SUM_BITS)
      ) u_partial_sums (
          .clk_i,
          .read_i(valid_q[STAGES-1]),
          .read_slot_i(read_slot),
          .add_i(valid_q[STAGES]),
          .add_slot_i(sum_meta[4:0]),
          .start_i(sum_meta[5] && !accumulate_i),
          .store_i(!emit),
          .sums_i(sums),
          .total_o(totals_o[l*INT8_PIXELS*32 +: INT8_PIXELS*32])
      );
    end
  endgenerate
endmodule

`default_nettype wire
