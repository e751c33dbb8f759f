// SPDX-License-Identifier: Apache-2.0
// One output channel of the int8 array: INT8_REDUCTION products for each of two pixels and their sums.
// Both pixels' products with a weight come from one multiplication, and two of those are summed in the DSPs:
// (second * 2^17 + first + 128) * weight, with 2^16 added once. Both operand fields fit 25 bits because first + 128 is not negative;
// a sum of two of its products fits 17 bits, so the fields stay apart. 128 times the sum of the weights is taken off in the adder tree.
// Depthwise, tap t < 9 takes its own channel's byte of the window; otherwise tap t takes byte t mod 8 of block t / 8.
// Timing: valid_i[0] with pairs_i, then one enable a stage: operands, even products, odd products, sums of two, levels of the tree.
// weights_i is taken with swap_i, at valid_i[0]; correction_i with correct_i, at valid_i[3] of the same step.
`default_nettype none

module wh_int8_lane #(
    parameter int unsigned INT8_REDUCTION = 16,
    parameter int unsigned LANE = 0,
    localparam int unsigned PAIRS = INT8_REDUCTION > 24 ? 10 : 9,
    localparam int unsigned LEVELS = $clog2(INT8_REDUCTION / 2 + 1),
    localparam int unsigned SUM_BITS = 16 + $clog2(INT8_REDUCTION)
) (
    input  logic                        clk_i,
    input  logic [LEVELS+3:0]           valid_i,
    input  logic                        depthwise_i,
    input  logic                        swap_i,
    input  logic [PAIRS*8*16-1:0]       pairs_i,
    input  logic [INT8_REDUCTION*8-1:0] weights_i,
    input  logic                        correct_i,
    input  logic [12:0]                 correction_i,  // minus the sum of the weights
    output logic [SUM_BITS-1:0]         first_o,
    output logic [SUM_BITS-1:0]         second_o
);
  localparam int unsigned R = INT8_REDUCTION;

  logic unused_pairs;
  assign unused_pairs = ^pairs_i;

  function automatic logic signed [24:0] operand(input logic [15:0] pair);
    operand = {pair[15:8], 9'd0, pair[7:0]};
  endfunction

  (* mem2reg *) logic signed [24:0] operand_q [R];
  (* mem2reg *) logic signed [7:0]  weight_q [R];
  (* mem2reg *) logic signed [24:0] odd_operand_q [R/2];
  (* mem2reg *) logic signed [7:0]  odd_weight_q [R/2];
  (* mem2reg *) logic signed [33:0] even_product_q [R/2];
  (* mem2reg *) logic signed [33:0] odd_product_q [R/2];
  (* mem2reg *) logic signed [33:0] even_q [R/2];
  (* mem2reg *) logic signed [33:0] two_q [R/2];
  logic signed [12:0] correction_q;

  always_ff @(posedge clk_i) begin
    if (swap_i) begin
      for (int unsigned t = 0; t < R; t++) weight_q[t] <= weights_i[t*8 +: 8];
    end
    if (valid_i[0]) begin
      for (int unsigned t = 0; t < R; t++) begin
        if (t < 9 && depthwise_i) operand_q[t] <= operand(pairs_i[((t%9)*8+LANE)*16 +: 16]);
        else operand_q[t] <= operand(pairs_i[((t/8)*24+(t%8))*16 +: 16]);
      end
    end
    if (valid_i[1]) begin
      for (int unsigned n = 0; n < R / 2; n++) begin
        even_product_q[n] <= 34'(operand_q[2*n] * weight_q[2*n]);
        odd_operand_q[n] <= operand_q[2*n+1];
        odd_weight_q[n] <= weight_q[2*n+1];
      end
    end
    if (valid_i[2]) begin
      for (int unsigned n = 0; n < R / 2; n++) begin
        even_q[n] <= even_product_q[n] + 34'sd65536;
        odd_product_q[n] <= 34'(odd_operand_q[n] * odd_weight_q[n]);
      end
    end
    if (valid_i[3]) begin
      for (int unsigned n = 0; n < R / 2; n++) two_q[n] <= odd_product_q[n] + even_q[n];
    end
    if (correct_i) correction_q <= correction_i;
  end

  // A level of the tree adds the one before in pairs; a node left over passes on. Level 0: the sums of two and the correction.
  function automatic int unsigned nodes(input int unsigned level);
    nodes = (R / 2 + (1 << level)) >> level;
  endfunction

  // Of a level's first node.
  function automatic int unsigned base(input int unsigned level);
    base = 0;
    for (int unsigned l = 0; l < level; l++) base += nodes(l);
  endfunction

  logic signed [SUM_BITS-1:0] first [base(LEVELS+1)];
  logic signed [SUM_BITS-1:0] second [base(LEVELS+1)];

  generate
    for (genvar n = 0; n < R / 2; n++) begin : g_two
      assign first[n] = SUM_BITS'(signed'({~two_q[n][16], two_q[n][15:0]}));
      assign second[n] = SUM_BITS'(signed'(two_q[n][33:17]));
    end
    assign first[R/2] = SUM_BITS'(signed'({correction_q, 7'd0}));
    assign second[R/2] = '0;
    for (genvar l = 1; l <= LEVELS; l++) begin : g_level
      localparam int unsigned FROM = base(l - 1);
      localparam int unsigned TO = base(l);
      for (genvar n = 0; n < nodes(l); n++) begin : g_node
        logic signed [SUM_BITS-1:0] first_q, second_q;
        if (2 * n + 1 < nodes(l - 1)) begin : g_sum
          always_ff @(posedge clk_i) begin
            if (valid_i[l+3]) begin
              first_q <= first[FROM+2*n] + first[FROM+2*n+1];
              second_q <= second[FROM+2*n] + second[FROM+2*n+1];
            end
          end
        end else begin : g_pass
          always_ff @(posedge clk_i) begin
            if (valid_i[l+3]) begin
              first_q <= first[FROM+2*n];
              second_q <= second[FROM+2*n];
            end
          end
        end
        assign first[TO+n] = first_q;
        assign second[TO+n] = second_q;
      end
    end
  endgenerate

  assign first_o = first[base(LEVELS)];
  assign second_o = second[base(LEVELS)];
endmodule

`default_nettype wire
