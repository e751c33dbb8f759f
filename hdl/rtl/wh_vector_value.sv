// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// The int32 that MBQM rescales, of the even or the odd one of two channels a cycle: ADD, MULTIPLY and AVERAGE_POOL.
// Two stages; advance_i[n] says that stage n takes its input in this cycle.
module wh_vector_value (
    input  wire logic               clk_i,
    input  wire logic [3:0]         operation_i,
    input  wire logic [1:0]         advance_i,
    input  wire logic               odd_i,
    input  wire logic [63:0]        table_a_i,
    input  wire logic [63:0]        table_b_i,
    input  wire logic [33:0]        sum_i,
    input  wire logic [17:0]        a_difference_i,
    input  wire logic [17:0]        b_difference_i,
    input  wire logic [7:0]         half_count_i,  // half of the window's valid positions
    output logic signed [31:0]      value_o
);
  localparam logic [3:0] ADD = wh_contract_pkg::VECTOR_OPERATION_ADD;
  localparam logic [3:0] MULTIPLY = wh_contract_pkg::VECTOR_OPERATION_MULTIPLY;

  logic [31:0] table_a, table_b;
  logic [16:0] sum;
  logic signed [8:0] a_difference, b_difference;
  logic [7:0] signed_half;
  logic [18:0] rounded_sum;
  logic [31:0] added_q;
  logic signed [17:0] average_q;
  logic signed [18:0] product;
  assign table_a = odd_i ? table_a_i[63:32] : table_a_i[31:0];
  assign table_b = odd_i ? table_b_i[63:32] : table_b_i[31:0];
  assign sum = odd_i ? sum_i[33:17] : sum_i[16:0];
  assign a_difference = odd_i ? a_difference_i[17:9] : a_difference_i[8:0];
  assign b_difference = odd_i ? b_difference_i[17:9] : b_difference_i[8:0];

  assign signed_half = half_count_i ^ {8{sum[16]}};  // less one where the sum is negative; the carry makes up for it
  assign rounded_sum = {sum[16], sum, 1'b1} + {{10{sum[16]}}, signed_half, sum[16]};

  wh_product #(
      .LEFT_BITS(9),
      .LOW_DIGITS(3),
      .HIGH_DIGITS(2)
  ) u_product (
      .clk_i(clk_i),
      .enable_i(advance_i[0]),
      .left_i(a_difference),
      .right_i({b_difference[8], b_difference}),
      .product_o(product)
  );

  always_ff @(posedge clk_i) begin
    if (advance_i[0]) begin
      added_q <= table_a + table_b;
      average_q <= rounded_sum[18:1];
    end
    if (advance_i[1]) begin
      unique case (operation_i)
        ADD: value_o <= added_q;
        MULTIPLY: value_o <= {{13{product[18]}}, product};
        default: value_o <= {{7{average_q[17]}}, average_q, 7'b0};
      endcase
    end
  end

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, rounded_sum[0]};
`endif
endmodule

`default_nettype wire
