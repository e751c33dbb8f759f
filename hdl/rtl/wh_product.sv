// SPDX-License-Identifier: Apache-2.0
// A product in lookup tables, in two stages: the rows of the right factor's low digits (wh_product_rows), registers, the rows of its
// high digits. Both factors have a sign; one without takes zeros above its highest bit.
// Timing: factors enter in a cycle with enable_i; product_o is theirs from the next cycle on, until other factors enter. It is
// combinational behind the registers. No input is illegal.
`default_nettype none

module wh_product #(
    parameter int unsigned LEFT_BITS = 16,   // with the sign
    parameter int unsigned LOW_DIGITS = 3,   // two bits of the right factor each
    parameter int unsigned HIGH_DIGITS = 2,  // the last has the sign
    localparam int unsigned RIGHT_BITS = 2 * (LOW_DIGITS + HIGH_DIGITS),
    localparam int unsigned PRODUCT_BITS = LEFT_BITS + RIGHT_BITS
) (
    input  logic                           clk_i,
    input  logic                           enable_i,
    input  logic signed [LEFT_BITS-1:0]    left_i,
    input  logic signed [RIGHT_BITS-1:0]   right_i,
    output logic signed [PRODUCT_BITS-1:0] product_o
);
  localparam int unsigned LOW_BITS = 2 * LOW_DIGITS;

  logic signed [LEFT_BITS+LOW_BITS-1:0] low_q;
  logic signed [PRODUCT_BITS-LOW_BITS-1:0] high;
  logic signed [LEFT_BITS-1:0] left_q;
  logic [2*HIGH_DIGITS:0] right_q;  // with the bit below the high digits

  wh_product_rows #(
      .LEFT_BITS(LEFT_BITS),
      .DIGITS(LOW_DIGITS)
  ) u_low (
      .clk_i,
      .enable_i,
      .left_i(left_i),
      .bits_i({right_i[LOW_BITS-1:0], 1'b0}),
      .sum_i('0),
      .sum_o(low_q)
  );
  wh_product_rows #(
      .LEFT_BITS(LEFT_BITS),
      .DIGITS(HIGH_DIGITS),
      .REGISTERED(1'b0)
  ) u_high (
      .clk_i,
      .enable_i,
      .left_i(left_q),
      .bits_i(right_q),
      .sum_i(low_q[LEFT_BITS+LOW_BITS-1:LOW_BITS]),
      .sum_o(high)
  );
  assign product_o = {high, low_q[LOW_BITS-1:0]};

  always_ff @(posedge clk_i) begin
    if (enable_i) begin
      left_q <= left_i;
      right_q <= right_i[RIGHT_BITS-1:LOW_BITS-1];
    end
  end
endmodule

`default_nettype wire
