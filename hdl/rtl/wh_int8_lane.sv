// One output channel of the int8 array: INT8_REDUCTION products for each of two pixels and their sums.
// Depthwise, tap t < 9 takes its own channel's byte of the window; otherwise tap t takes byte t mod 8 of block t / 8.
// Timing: valid_i[0] with pairs_i, then one enable a stage; sums five cycles after the operands. weights_i is taken with swap_i, at valid_i[0].
`default_nettype none

module wh_int8_lane #(
    parameter int unsigned INT8_REDUCTION = 16,
    parameter int unsigned LANE = 0,
    localparam int unsigned PAIRS = INT8_REDUCTION > 24 ? 10 : 9,
    localparam int unsigned SUM_BITS = 16 + $clog2(INT8_REDUCTION)
) (
    input  logic                        clk_i,
    input  logic [4:0]                  valid_i,
    input  logic                        depthwise_i,
    input  logic                        swap_i,
    input  logic [PAIRS*8*17-1:0]       pairs_i,
    input  logic [INT8_REDUCTION*8-1:0] weights_i,
    output logic [SUM_BITS-1:0]         first_o,
    output logic [SUM_BITS-1:0]         second_o
);
  localparam int unsigned QUARTERS = INT8_REDUCTION / 4;

  logic unused_pairs;
  assign unused_pairs = ^pairs_i;

  logic [INT8_REDUCTION*16-1:0] first, second;

  generate
    for (genvar t = 0; t < INT8_REDUCTION; t++) begin : g_tap
      logic [16:0] dense_pair, pair;
      assign dense_pair = pairs_i[((t/8)*24+(t%8))*17 +: 17];
      if (t < 9) begin : g_window
        assign pair = depthwise_i ? pairs_i[(t*8+LANE)*17 +: 17] : dense_pair;
      end else begin : g_dense
        assign pair = dense_pair;
      end
      wh_int8_multiplier u_multiplier (
          .clk_i,
          .operand_enable_i(valid_i[0]),
          .weight_enable_i(swap_i),
          .product_enable_i(valid_i[1]),
          .sum_enable_i(valid_i[2]),
          .pair_i(pair),
          .weight_i(weights_i[t*8 +: 8]),
          .first_o(first[t*16 +: 16]),
          .second_o(second[t*16 +: 16])
      );
    end
  endgenerate

  logic [QUARTERS*18-1:0] first_quarter_q, second_quarter_q;
  logic signed [SUM_BITS-1:0] first_sum, second_sum;

  always_ff @(posedge clk_i) begin
    if (valid_i[3]) begin
      for (int unsigned q = 0; q < QUARTERS; q++) begin
        first_quarter_q[q*18 +: 18] <= (18'(signed'(first[q*64 +: 16])) + 18'(signed'(first[q*64+16 +: 16])))
            + (18'(signed'(first[q*64+32 +: 16])) + 18'(signed'(first[q*64+48 +: 16])));
        second_quarter_q[q*18 +: 18] <= (18'(signed'(second[q*64 +: 16])) + 18'(signed'(second[q*64+16 +: 16])))
            + (18'(signed'(second[q*64+32 +: 16])) + 18'(signed'(second[q*64+48 +: 16])));
      end
    end
  end

  always_comb begin
    first_sum = '0;
    second_sum = '0;
    for (int unsigned q = 0; q < QUARTERS; q++) begin
      first_sum = first_sum + SUM_BITS'(signed'(first_quarter_q[q*18 +: 18]));
      second_sum = second_sum + SUM_BITS'(signed'(second_quarter_q[q*18 +: 18]));
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_i[4]) begin
      first_o <= first_sum;
      second_o <= second_sum;
    end
  end
endmodule

`default_nettype wire
