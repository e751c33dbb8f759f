`default_nettype none

// One channel of the VECTOR engine: window reduction, the two rescale tables, the product, requantisation.
// take_i brings a position (stage 0); advance_i[n] says that stage n + 1 holds a result to move on. simple_code_o (MAXIMUM_POOL,
// OR_POOL, TABLE) is valid two cycles after the window's last take_i, code_o (the others) nine cycles after it.
module wh_vector_lane (
    input  wire logic               clk_i,
    input  wire logic [3:0]         operation_i,
    input  wire logic signed [7:0]  a_zero_i,
    input  wire logic signed [7:0]  b_zero_i,
    input  wire logic signed [7:0]  zero_point_i,
    input  wire logic signed [7:0]  clamp_min_i,
    input  wire logic signed [7:0]  clamp_max_i,
    input  wire logic [4:0]         left_shift_i,
    input  wire logic [30:0]        overflow_mask_i,
    input  wire logic [4:0]         right_shift_i,
    input  wire logic signed [31:0] factor_i,

    input  wire logic               table_write_i,
    input  wire logic [7:0]         table_index_i,  // two entries: index 0 to 127 table A, 128 to 255 table B
    input  wire logic [63:0]        table_data_i,

    input  wire logic               take_i,
    input  wire logic               first_i,
    input  wire logic               inside_i,
    input  wire logic [7:0]         a_i,
    input  wire logic [7:0]         b_i,
    input  wire logic [7:0]         half_count_i,  // half of the window's valid positions, with advance_i[0]
    input  wire logic [7:0]         advance_i,
    output logic [7:0]              simple_code_o,
    output logic [7:0]              code_o
);
  localparam logic [3:0] MAXIMUM_POOL = 4'(wh_contract_pkg::VECTOR_OPERATION_MAXIMUM_POOL);
  localparam logic [3:0] OR_POOL = 4'(wh_contract_pkg::VECTOR_OPERATION_OR_POOL);
  localparam logic [3:0] AVERAGE_POOL = 4'(wh_contract_pkg::VECTOR_OPERATION_AVERAGE_POOL);
  localparam logic [3:0] ADD = 4'(wh_contract_pkg::VECTOR_OPERATION_ADD);
  localparam logic [3:0] MULTIPLY = 4'(wh_contract_pkg::VECTOR_OPERATION_MULTIPLY);
  localparam logic [3:0] TABLE = 4'(wh_contract_pkg::VECTOR_OPERATION_TABLE);

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

  logic [31:0] entries[512];
  logic [31:0] table_a_q, table_b_q;
  logic [8:0] table_a_address, table_b_address;
  logic table_read;
  assign table_read = take_i && (operation_i == ADD || operation_i == TABLE);
  assign table_a_address = table_write_i ? {table_index_i, 1'b0} : {1'b0, ~a_i[7], a_i[6:0]};
  assign table_b_address = table_write_i ? {table_index_i, 1'b1} : {1'b1, ~b_i[7], b_i[6:0]};
  always_ff @(posedge clk_i) begin
    if (table_write_i) entries[table_a_address] <= table_data_i[31:0];
    else if (table_read) table_a_q <= entries[table_a_address];
  end
  always_ff @(posedge clk_i) begin
    if (table_write_i) entries[table_b_address] <= table_data_i[63:32];
    else if (table_read) table_b_q <= entries[table_b_address];
  end

  logic signed [7:0] maximum_q, maximum;
  logic [7:0] bits_q;
  logic signed [16:0] sum_q;
  logic signed [8:0] a_difference_q, b_difference_q;
  logic signed [31:0] value_q;
  logic [7:0] signed_half;
  logic [18:0] rounded_sum;

  assign signed_half = half_count_i ^ {8{sum_q[16]}};  // less one where the sum is negative; the carry makes up for it
  assign rounded_sum = {sum_q[16], sum_q, 1'b1} + {{10{sum_q[16]}}, signed_half, sum_q[16]};
  assign maximum = first_i ? -8'sd128 : maximum_q;
  always_ff @(posedge clk_i) begin
    if (take_i) begin
      unique case (operation_i)
        MAXIMUM_POOL: maximum_q <= inside_i && $signed(a_i) > maximum ? a_i : maximum;
        OR_POOL: bits_q <= (first_i ? 8'd0 : bits_q) | (inside_i ? a_i : 8'd0);
        AVERAGE_POOL: sum_q <= (first_i ? 17'sd0 : sum_q) + (inside_i ? 17'($signed(a_i)) : 17'sd0);
        MULTIPLY: begin
          a_difference_q <= 9'($signed(a_i)) - 9'(a_zero_i);
          b_difference_q <= 9'($signed(b_i)) - 9'(b_zero_i);
        end
        default: ;
      endcase
    end
    if (advance_i[0]) begin
      unique case (operation_i)
        MAXIMUM_POOL:
        simple_code_o <= maximum_q < clamp_min_i ? clamp_min_i : maximum_q > clamp_max_i ? clamp_max_i : maximum_q;
        OR_POOL: simple_code_o <= bits_q;
        TABLE: simple_code_o <= table_a_q[7:0];
        ADD: value_q <= table_a_q + table_b_q;
        MULTIPLY: value_q <= 32'(product(a_difference_q, b_difference_q));
        AVERAGE_POOL: value_q <= {{7{rounded_sum[18]}}, rounded_sum[18:1], 7'b0};
        default: ;
      endcase
    end
  end

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, rounded_sum[0]};
`endif

  wh_vector_requantise requantise (
      .clk_i,
      .advance_i (advance_i[7:1]),
      .left_shift_i,
      .overflow_mask_i,
      .right_shift_i,
      .truncate_i(operation_i == AVERAGE_POOL),
      .zero_point_i,
      .clamp_min_i,
      .clamp_max_i,
      .factor_i,
      .value_i   (value_q),
      .code_o
  );
endmodule

`default_nettype wire
