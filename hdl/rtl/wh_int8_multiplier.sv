// Two int8 products with a common weight in one DSP: (second * 65536 + first) * weight + 2^15.
// Timing: three stages (operands, product, sum), each with its own enable; products are registered.
`default_nettype none

module wh_int8_multiplier (
    input  logic        clk_i,
    input  logic        operand_enable_i,
    input  logic        weight_enable_i,
    input  logic        product_enable_i,
    input  logic        sum_enable_i,
    input  logic [16:0] pair_i,  // as wh_int8_window packs it
    input  logic [7:0]  weight_i,
    output logic [15:0] first_o,
    output logic [15:0] second_o
);
  logic signed [24:0] pair_q;
  logic signed [7:0]  weight_q;
  logic signed [31:0] product_q, sum_q;

  always_ff @(posedge clk_i) begin
    if (operand_enable_i) pair_q <= {pair_i[16:8], {8{pair_i[7]}}, pair_i[7:0]};
    if (weight_enable_i) weight_q <= weight_i;
    if (product_enable_i) product_q <= 32'(pair_q * weight_q);
    if (sum_enable_i) sum_q <= product_q + 32'sd32768;
  end

  assign first_o = {~sum_q[15], sum_q[14:0]};
  assign second_o = sum_q[31:16];
endmodule

`default_nettype wire
