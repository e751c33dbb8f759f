// SPDX-License-Identifier: Apache-2.0
// Rows of a product in lookup tables, for what need not take a DSP from the array: Booth's radix-4 digits of the right factor, lowest
// first, one adder a row. About 2 ns a row; a product of more rows than fit a cycle goes through several of these
// (wh_product: two): sum_i is the sum_o of the digits before, without its lowest bits (two a digit), which are the product's.
// Timing: sum_o is registered with enable_i, so that a simulator need not add while it is low; without REGISTERED it is combinational.
// Digit d is bits_i[2d+2:2d]: two bits of the right factor and the one below them (0 below the lowest); a factor without sign has a 0
// above its highest bit.
`default_nettype none

module wh_product_rows #(
    parameter int unsigned LEFT_BITS = 16,  // with the sign
    parameter int unsigned DIGITS = 3,
    parameter bit REGISTERED = 1'b1,
    localparam int unsigned ROW_BITS = LEFT_BITS + 2,
    localparam int unsigned SUM_BITS = LEFT_BITS + 2 * DIGITS
) (
    input  logic                        clk_i,
    input  logic                        enable_i,
    input  logic signed [LEFT_BITS-1:0] left_i,
    input  logic [2*DIGITS:0]           bits_i,
    input  logic signed [LEFT_BITS-1:0] sum_i,
    output logic signed [SUM_BITS-1:0]  sum_o
);
  function automatic logic [SUM_BITS-1:0] rows(input logic signed [LEFT_BITS-1:0] factor, input logic [2*DIGITS:0] digits,
                                               input logic signed [LEFT_BITS-1:0] carry);
    logic signed [ROW_BITS-1:0] left, carried;
    logic signed [ROW_BITS-1:0] row;  // less one where the digit is negative; the carry makes up for it
    logic [ROW_BITS:0] sum;
    logic [2:0] digit;
    left = {{2{factor[LEFT_BITS-1]}}, factor};
    carried = {{2{carry[LEFT_BITS-1]}}, carry};
    for (int unsigned d = 0; d < DIGITS; d++) begin
      digit = digits[2*d +: 3];
      unique case (digit)
        3'b000, 3'b111: row = '0;
        3'b001, 3'b010: row = left;
        3'b011: row = left <<< 1;
        3'b100: row = ~(left <<< 1);
        default: row = ~left;
      endcase
      sum = $signed({carried, 1'b1}) + $signed({row, digit[2] && digit[1:0] != 2'b11});
      rows[2*d +: 2] = sum[2:1];
      carried = {{2{sum[ROW_BITS]}}, sum[ROW_BITS:3]};
    end
    rows[SUM_BITS-1:2*DIGITS] = carried[LEFT_BITS-1:0];
  endfunction

  generate
    if (REGISTERED) begin : gen_registered
      always_ff @(posedge clk_i) if (enable_i) sum_o <= rows(left_i, bits_i, sum_i);
    end else begin : gen_combinational
      assign sum_o = rows(left_i, bits_i, sum_i);
      logic unused;
      assign unused = ^{clk_i, enable_i};
    end
  endgenerate
endmodule

`default_nettype wire
