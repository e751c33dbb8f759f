// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// The int32 that MBQM rescales, of the even or the odd one of two channels a cycle: ADD, MULTIPLY and AVERAGE_POOL.
// value_o belongs to the inputs of the cycle before, with advance_i.
module wh_vector_value (
    input  wire logic               clk_i,
    input  wire logic [3:0]         operation_i,
    input  wire logic               advance_i,
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

  function automatic logic signed [17:0] product(input logic signed [8:0] multiplicand, input logic signed [8:0] multiplier);
    logic signed [9:0] sum;
    sum = '0;
    for (int unsigned i = 0; i < 8; i++) begin
      sum = sum + (multiplier[i] ? 10'(multiplicand) : 10'sd0);
      product[i] = sum[0];
      sum = sum >>> 1;
    end
    product[17:8] = sum - (multiplier[8] ? 10'(multiplicand) : 10'sd0);
  endfunction

  logic [31:0] table_a, table_b;
  logic [16:0] sum;
  logic signed [8:0] a_difference, b_difference;
  logic [7:0] signed_half;
  logic [18:0] rounded_sum;
  assign table_a = odd_i ? table_a_i[63:32] : table_a_i[31:0];
  assign table_b = odd_i ? table_b_i[63:32] : table_b_i[31:0];
  assign sum = odd_i ? sum_i[33:17] : sum_i[16:0];
  assign a_difference = odd_i ? a_difference_i[17:9] : a_difference_i[8:0];
  assign b_difference = odd_i ? b_difference_i[17:9] : b_difference_i[8:0];

  assign signed_half = half_count_i ^ {8{sum[16]}};  // less one where the sum is negative; the carry makes up for it
  assign rounded_sum = {sum[16], sum, 1'b1} + {{10{sum[16]}}, signed_half, sum[16]};

  always_ff @(posedge clk_i) begin
    if (advance_i) begin
      unique case (operation_i)
        ADD: value_o <= table_a + table_b;
        MULTIPLY: value_o <= 32'(product(a_difference, b_difference));
        default: value_o <= {{7{rounded_sum[18]}}, rounded_sum[18:1], 7'b0};
      endcase
    end
  end

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, rounded_sum[0]};
`endif
endmodule

`default_nettype wire
