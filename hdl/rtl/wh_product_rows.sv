// SPDX-License-Identifier: Apache-2.0
// Rows of a product in lookup tables, for what need not take a DSP from the array: Booth's radix-4 digits of the right factor, lowest
// first, one adder a row. Combinational, about 2 ns a row; a product of more rows than fit a cycle goes through several of these
// (wh_product: two): sum_i is the sum_o of the digits before, without its lowest bits (two a digit), which are the product's.
// Digit d is bits_i[2d+2:2d]: two bits of the right factor and the one below them (0 below the lowest); a factor without sign has a 0
// above its highest bit.
`default_nettype none

module wh_product_rows #(
    parameter int unsigned LEFT_BITS = 16,  // with the sign
    parameter int unsigned DIGITS = 3,
    localparam int unsigned ROW_BITS = LEFT_BITS + 2,
    localparam int unsigned SUM_BITS = LEFT_BITS + 2 * DIGITS
) (
    input  logic signed [LEFT_BITS-1:0] left_i,
    input  logic [2*DIGITS:0]           bits_i,
    input  logic signed [LEFT_BITS-1:0] sum_i,
    output logic signed [SUM_BITS-1:0]  sum_o
);
  logic signed [ROW_BITS-1:0] left, carried;
  logic signed [ROW_BITS-1:0] row;  // less one where the digit is negative; the carry makes up for it
  logic [ROW_BITS:0] sum;
  logic [2:0] digit;

  assign left = {{2{left_i[LEFT_BITS-1]}}, left_i};
  always_comb begin
    carried = {{2{sum_i[LEFT_BITS-1]}}, sum_i};
    for (int unsigned d = 0; d < DIGITS; d++) begin
      digit = bits_i[2*d +: 3];
      unique case (digit)
        3'b000, 3'b111: row = '0;
        3'b001, 3'b010: row = left;
        3'b011: row = left <<< 1;
        3'b100: row = ~(left <<< 1);
        default: row = ~left;
      endcase
      sum = $signed({carried, 1'b1}) + $signed({row, digit[2] && digit[1:0] != 2'b11});
      sum_o[2*d +: 2] = sum[2:1];
      carried = {{2{sum[ROW_BITS]}}, sum[ROW_BITS:3]};
    end
    sum_o[SUM_BITS-1:2*DIGITS] = carried[LEFT_BITS-1:0];
  end

  logic unused;
  assign unused = sum[0];
endmodule

`default_nettype wire
