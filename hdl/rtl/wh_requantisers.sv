// SPDX-License-Identifier: Apache-2.0
// The requantisers that the engines share: eight lanes for each of INT8's pixels. XNOR uses the first four lanes of pixel 0, VECTOR
// its eight, and only those lanes do wide sums. One engine is valid in a cycle: XNOR claims them while it finishes sums, VECTOR goes in
// the gaps that INT8 leaves.
// A range is {clamp_max, clamp_min, zero_point}. Timing: codes eight cycles after the sums, in order; never stalls.
`default_nettype none

module wh_requantisers #(
    parameter int unsigned INT8_PIXELS = 2
) (
    input  logic                        clk_i,
    input  logic                        rst_ni,

    input  logic                        int8_valid_i,
    input  logic                        int8_wide_i,
    input  logic                        int8_high_i,
    input  logic [8*INT8_PIXELS*32-1:0] int8_sums_i,  // [lane][pixel]
    input  logic [255:0]                int8_multipliers_i,
    input  logic [63:0]                 int8_shifts_i,
    input  logic [23:0]                 int8_range_i,

    input  logic                        xnor_valid_i,
    input  logic [99:0]                 xnor_sums_i,
    input  logic [127:0]                xnor_multipliers_i,
    input  logic [31:0]                 xnor_shifts_i,
    input  logic [23:0]                 xnor_range_i,

    input  logic                        vector_valid_i,
    input  logic                        vector_wide_i,
    input  logic                        vector_high_i,
    input  logic                        vector_truncate_i,
    input  logic [255:0]                vector_sums_i,
    input  logic [30:0]                 vector_multiplier_i,
    input  logic [7:0]                  vector_shift_i,
    input  logic [23:0]                 vector_range_i,

    output logic [8*INT8_PIXELS*8-1:0]  codes_o       // [lane][pixel]
);
  logic advance;
  logic [7:0] busy_q;
  logic [6:1] xnor_q, vector_q;  // whose sums each stage holds
  logic [23:0] range_q;

  assign advance = int8_valid_i || xnor_valid_i || vector_valid_i || busy_q != '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) busy_q <= '0;
    else busy_q <= {busy_q[6:0], int8_valid_i || xnor_valid_i || vector_valid_i};
    if (advance) begin
      xnor_q <= {xnor_q[5:1], xnor_valid_i};
      vector_q <= {vector_q[5:1], vector_valid_i};
      range_q <= xnor_q[6] ? xnor_range_i : vector_q[6] ? vector_range_i : int8_range_i;
    end
  end

  generate
    for (genvar l = 0; l < 8; l++) begin : gen_lane
      logic [31:0] sum;
      logic [30:0] multiplier;
      logic [7:0]  shift;
      if (l < 4) begin : gen_of_three
        assign sum = vector_valid_i ? vector_sums_i[l*32 +: 32] :
                     xnor_valid_i ? {{7{xnor_sums_i[l*25+24]}}, xnor_sums_i[l*25 +: 25]} : int8_sums_i[l*INT8_PIXELS*32 +: 32];
        assign multiplier = vector_valid_i ? vector_multiplier_i :
                            xnor_valid_i ? xnor_multipliers_i[l*32 +: 31] : int8_multipliers_i[l*32 +: 31];
        assign shift = vector_valid_i ? vector_shift_i : xnor_valid_i ? xnor_shifts_i[l*8 +: 8] : int8_shifts_i[l*8 +: 8];
      end else begin : gen_of_two
        assign sum = vector_valid_i ? vector_sums_i[l*32 +: 32] : int8_sums_i[l*INT8_PIXELS*32 +: 32];
        assign multiplier = vector_valid_i ? vector_multiplier_i : int8_multipliers_i[l*32 +: 31];
        assign shift = vector_valid_i ? vector_shift_i : int8_shifts_i[l*8 +: 8];
      end
      wh_requantise u_first (
          .clk_i,
          .advance_i(advance),
          .wide_i(vector_valid_i ? vector_wide_i : int8_valid_i && int8_wide_i),
          .high_i(vector_valid_i ? vector_high_i : int8_high_i),
          .truncate_i(vector_valid_i && vector_truncate_i),
          .sum_i(sum),
          .multiplier_i(multiplier),
          .shift_i(shift),
          .zero_point_i(range_q[7:0]),
          .clamp_min_i(range_q[15:8]),
          .clamp_max_i(range_q[23:16]),
          .code_o(codes_o[l*INT8_PIXELS*8 +: 8])
      );
      for (genvar p = 1; p < INT8_PIXELS; p++) begin : gen_pixel
        wh_requantise #(
            .WIDE(1'b0)
        ) u_next (
            .clk_i,
            .advance_i(advance),
            .wide_i(1'b0),
            .high_i(1'b0),
            .truncate_i(1'b0),
            .sum_i(int8_sums_i[(l*INT8_PIXELS+p)*32 +: 32]),
            .multiplier_i(int8_multipliers_i[l*32 +: 31]),
            .shift_i(int8_shifts_i[l*8 +: 8]),
            .zero_point_i(int8_range_i[7:0]),
            .clamp_min_i(int8_range_i[15:8]),
            .clamp_max_i(int8_range_i[23:16]),
            .code_o(codes_o[(l*INT8_PIXELS+p)*8 +: 8])
        );
      end
    end
  endgenerate

  logic unused_multipliers;
  assign unused_multipliers = ^{int8_multipliers_i, xnor_multipliers_i};

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) if (rst_ni) assert (3'(int8_valid_i) + 3'(xnor_valid_i) + 3'(vector_valid_i) <= 3'd1);
`endif
endmodule

`default_nettype wire
