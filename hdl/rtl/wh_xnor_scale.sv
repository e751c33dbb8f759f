// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// t = (dot << fraction) + bias of one binary output channel, clamped to 25 signed bits. dot has 20 bits, fraction is at most
// XNOR_FRACTION_LIMIT; sum_o belongs to the inputs of the cycle before.
module wh_xnor_scale (
    input  wire logic               clk_i,
    input  wire logic               valid_i,
    input  wire logic signed [19:0] dot_i,
    input  wire logic [3:0]         fraction_i,
    input  wire logic signed [23:0] bias_i,
    output logic [24:0]             sum_o
);
  localparam int unsigned WIDTH = 20 + wh_contract_pkg::XNOR_FRACTION_LIMIT;

  logic signed [WIDTH-1:0] scaled;
  logic signed [WIDTH:0] sum;
  assign scaled = WIDTH'(dot_i) <<< fraction_i;
  assign sum = (WIDTH + 1)'(scaled) + (WIDTH + 1)'(bias_i);

  always_ff @(posedge clk_i) begin
    if (valid_i) sum_o <= sum[WIDTH:24] == {WIDTH - 23{sum[WIDTH]}} ? sum[24:0] : {sum[WIDTH], {24{!sum[WIDTH]}}};
  end
endmodule

`default_nettype wire
