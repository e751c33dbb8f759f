// SPDX-License-Identifier: Apache-2.0
// One output channel of the int8 array: INT8_REDUCTION products for each of two pixels and their sums.
// Both pixels' products with a weight come from one multiplication (one DSP): (second * 65536 + first) * weight + 2^15.
// Depthwise, tap t < 9 takes its own channel's byte of the window; otherwise tap t takes byte t mod 8 of block t / 8.
// Timing: valid_i[0] with pairs_i, then one enable a stage: operands, products, split products, then halvings of the sums.
// weights_i is taken with swap_i, at valid_i[0].
`default_nettype none

module wh_int8_lane #(
    parameter int unsigned INT8_REDUCTION = 16,
    parameter int unsigned LANE = 0,
    localparam int unsigned PAIRS = INT8_REDUCTION > 24 ? 10 : 9,
    localparam int unsigned LEVELS = $clog2(INT8_REDUCTION),
    localparam int unsigned SUM_BITS = 16 + LEVELS
) (
    input  logic                        clk_i,
    input  logic [LEVELS+2:0]           valid_i,
    input  logic                        depthwise_i,
    input  logic                        swap_i,
    input  logic [PAIRS*8*17-1:0]       pairs_i,
    input  logic [INT8_REDUCTION*8-1:0] weights_i,
    output logic [SUM_BITS-1:0]         first_o,
    output logic [SUM_BITS-1:0]         second_o
);
  localparam int unsigned R = INT8_REDUCTION;

  logic unused_pairs;
  assign unused_pairs = ^pairs_i;

  function automatic logic signed [24:0] operand(input logic [16:0] pair);
    operand = {pair[16:8], {8{pair[7]}}, pair[7:0]};
  endfunction

  (* mem2reg *) logic signed [24:0] operand_q [R];
  (* mem2reg *) logic signed [7:0]  weight_q [R];
  (* mem2reg *) logic signed [31:0] product_q [R];
  (* mem2reg *) logic signed [31:0] split_q [R];

  always_ff @(posedge clk_i) begin
    if (swap_i) begin
      for (int unsigned t = 0; t < R; t++) weight_q[t] <= weights_i[t*8 +: 8];
    end
    if (valid_i[0]) begin
      for (int unsigned t = 0; t < R; t++) begin
        if (t < 9 && depthwise_i) operand_q[t] <= operand(pairs_i[((t%9)*8+LANE)*17 +: 17]);
        else operand_q[t] <= operand(pairs_i[((t/8)*24+(t%8))*17 +: 17]);
      end
    end
    if (valid_i[1]) begin
      for (int unsigned t = 0; t < R; t++) product_q[t] <= 32'(operand_q[t] * weight_q[t]);
    end
    if (valid_i[2]) begin
      for (int unsigned t = 0; t < R; t++) split_q[t] <= product_q[t] + 32'sd32768;
    end
  end

  // A level adds the one before in pairs; a node left over passes on. Registers between the levels keep the adders two-input.
  function automatic int unsigned nodes(input int unsigned level);
    nodes = (R + (1 << level) - 1) >> level;
  endfunction

  // Of a level's first node; level 1 is the first.
  function automatic int unsigned base(input int unsigned level);
    base = 0;
    for (int unsigned l = 1; l < level; l++) base += nodes(l);
  endfunction

  localparam int unsigned NODES = base(LEVELS + 1);
  (* mem2reg *) logic signed [SUM_BITS-1:0] first_q [NODES];
  (* mem2reg *) logic signed [SUM_BITS-1:0] second_q [NODES];

  always_ff @(posedge clk_i) begin
    if (valid_i[3]) begin
      for (int unsigned n = 0; n < R / 2; n++) begin
        first_q[n] <= SUM_BITS'(signed'({~split_q[2*n][15], split_q[2*n][14:0]}))
            + SUM_BITS'(signed'({~split_q[2*n+1][15], split_q[2*n+1][14:0]}));
        second_q[n] <= SUM_BITS'(signed'(split_q[2*n][31:16])) + SUM_BITS'(signed'(split_q[2*n+1][31:16]));
      end
    end
  end

  generate
    for (genvar l = 2; l <= LEVELS; l++) begin : g_level
      localparam int unsigned FROM = base(l - 1);
      localparam int unsigned TO = base(l);
      for (genvar n = 0; n < nodes(l); n++) begin : g_node
        if (2 * n + 1 < nodes(l - 1)) begin : g_sum
          always_ff @(posedge clk_i) begin
            if (valid_i[l+2]) begin
              first_q[TO+n] <= first_q[FROM+2*n] + first_q[FROM+2*n+1];
              second_q[TO+n] <= second_q[FROM+2*n] + second_q[FROM+2*n+1];
            end
          end
        end else begin : g_pass
          always_ff @(posedge clk_i) begin
            if (valid_i[l+2]) begin
              first_q[TO+n] <= first_q[FROM+2*n];
              second_q[TO+n] <= second_q[FROM+2*n];
            end
          end
        end
      end
    end
  endgenerate

  assign first_o = first_q[NODES-1];
  assign second_o = second_q[NODES-1];
endmodule

`default_nettype wire
