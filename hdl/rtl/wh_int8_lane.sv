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

  logic signed [12:0] correction_q;

  always_ff @(posedge clk_i) begin
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

  localparam int unsigned ROOT = base(LEVELS);
  logic signed [SUM_BITS-1:0] first [ROOT+1];
  logic signed [SUM_BITS-1:0] second [ROOT+1];

  generate
    // Registers of their own rather than arrays, for each element of which a simulation keeps a flag whether it was written.
    for (genvar n = 0; n < R / 2; n++) begin : g_two
      localparam int unsigned E = 2 * n;
      localparam int unsigned O = 2 * n + 1;
      logic signed [24:0] even_operand_q, odd_operand_q, held_operand_q;
      logic signed [7:0] even_weight_q, odd_weight_q, held_weight_q;
      logic signed [33:0] even_product_q, odd_product_q, even_q, two_q;

      always_ff @(posedge clk_i) begin
        if (valid_i[3]) two_q <= odd_product_q + even_q;
      end
      always_ff @(posedge clk_i) begin
        if (valid_i[2]) begin
          even_q <= even_product_q + 34'sd65536;
          odd_product_q <= 34'(held_operand_q * held_weight_q);
        end
      end
      always_ff @(posedge clk_i) begin
        if (valid_i[1]) begin
          even_product_q <= 34'(even_operand_q * even_weight_q);
          held_operand_q <= odd_operand_q;
          held_weight_q <= odd_weight_q;
        end
      end
      always_ff @(posedge clk_i) begin
        if (valid_i[0]) begin
          even_operand_q <= operand(E < 9 && depthwise_i ? pairs_i[((E%9)*8+LANE)*16 +: 16] : pairs_i[((E/8)*24+(E%8))*16 +: 16]);
          odd_operand_q <= operand(O < 9 && depthwise_i ? pairs_i[((O%9)*8+LANE)*16 +: 16] : pairs_i[((O/8)*24+(O%8))*16 +: 16]);
        end
      end
      always_ff @(posedge clk_i) begin
        if (swap_i) begin
          even_weight_q <= weights_i[E*8 +: 8];
          odd_weight_q <= weights_i[O*8 +: 8];
        end
      end
      assign first[n] = SUM_BITS'(signed'({~two_q[16], two_q[15:0]}));
      assign second[n] = SUM_BITS'(signed'(two_q[33:17]));
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

  assign first_o = first[ROOT];
  assign second_o = second[ROOT];
endmodule

`default_nettype wire
