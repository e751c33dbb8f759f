// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// One channel of the VECTOR engine: window reduction, the two rescale tables, the factors of a product.
// take_i brings a position of each operand, or one or two of a window; advance_i follows the window's last. simple_code_o
// (MAXIMUM_POOL, OR_POOL, TABLE) is valid two cycles after the window's last take_i, the other outputs one cycle after it and until
// the next.
module wh_vector_lane (
    input  wire logic               clk_i,
    input  wire logic [3:0]         operation_i,
    input  wire logic signed [7:0]  a_zero_i,
    input  wire logic signed [7:0]  b_zero_i,
    input  wire logic signed [7:0]  clamp_min_i,
    input  wire logic signed [7:0]  clamp_max_i,

    input  wire logic               table_write_i,
    input  wire logic [7:0]         table_index_i,  // two entries: index 0 to 127 table A, 128 to 255 table B
    input  wire logic [63:0]        table_data_i,

    input  wire logic               take_i,
    input  wire logic               first_i,
    input  wire logic [1:0]         inside_i,
    input  wire logic [7:0]         a_i,
    input  wire logic [7:0]         b_i,
    input  wire logic               advance_i,
    output logic [7:0]              simple_code_o,
    output logic [31:0]             table_a_o,
    output logic [31:0]             table_b_o,
    output logic signed [16:0]      sum_o,
    output logic signed [8:0]       a_difference_o,
    output logic signed [8:0]       b_difference_o
);
  localparam logic [3:0] MAXIMUM_POOL = wh_contract_pkg::VECTOR_OPERATION_MAXIMUM_POOL;
  localparam logic [3:0] OR_POOL = wh_contract_pkg::VECTOR_OPERATION_OR_POOL;
  localparam logic [3:0] AVERAGE_POOL = wh_contract_pkg::VECTOR_OPERATION_AVERAGE_POOL;
  localparam logic [3:0] ADD = wh_contract_pkg::VECTOR_OPERATION_ADD;
  localparam logic [3:0] MULTIPLY = wh_contract_pkg::VECTOR_OPERATION_MULTIPLY;
  localparam logic [3:0] TABLE = wh_contract_pkg::VECTOR_OPERATION_TABLE;

  logic [31:0] entries[512];
  logic [8:0] table_a_address, table_b_address;
  logic table_read;
  assign table_read = take_i && (operation_i == ADD || operation_i == TABLE);
  assign table_a_address = table_write_i ? {table_index_i, 1'b0} : {1'b0, ~a_i[7], a_i[6:0]};
  assign table_b_address = table_write_i ? {table_index_i, 1'b1} : {1'b1, ~b_i[7], b_i[6:0]};
  always_ff @(posedge clk_i) begin
    if (table_write_i) entries[table_a_address] <= table_data_i[31:0];
    else if (table_read) table_a_o <= entries[table_a_address];
  end
  always_ff @(posedge clk_i) begin
    if (table_write_i) entries[table_b_address] <= table_data_i[63:32];
    else if (table_read) table_b_o <= entries[table_b_address];
  end

  logic signed [7:0] maximum_q, maximum, larger;
  logic [7:0] bits_q;
  logic signed [8:0] both;
  assign maximum = first_i ? -8'sd128 : maximum_q;
  assign larger = inside_i[1] && (!inside_i[0] || $signed(b_i) > $signed(a_i)) ? b_i : a_i;
  assign both = (inside_i[0] ? 9'($signed(a_i)) : 9'sd0) + (inside_i[1] ? 9'($signed(b_i)) : 9'sd0);
  always_ff @(posedge clk_i) begin
    if (take_i) begin
      unique case (operation_i)
        MAXIMUM_POOL: maximum_q <= inside_i != 2'b00 && larger > maximum ? larger : maximum;
        OR_POOL: bits_q <= (first_i ? 8'd0 : bits_q) | (inside_i[0] ? a_i : 8'd0) | (inside_i[1] ? b_i : 8'd0);
        AVERAGE_POOL: sum_o <= (first_i ? 17'sd0 : sum_o) + 17'(both);
        MULTIPLY: begin
          a_difference_o <= 9'($signed(a_i)) - 9'(a_zero_i);
          b_difference_o <= 9'($signed(b_i)) - 9'(b_zero_i);
        end
        default: ;
      endcase
    end
    if (advance_i) begin
      unique case (operation_i)
        MAXIMUM_POOL:
        simple_code_o <= maximum_q < clamp_min_i ? clamp_min_i : maximum_q > clamp_max_i ? clamp_max_i : maximum_q;
        OR_POOL: simple_code_o <= bits_q;
        TABLE: simple_code_o <= table_a_o[7:0];
        default: ;
      endcase
    end
  end
endmodule

`default_nettype wire
