// Both kinds of requantising lane with the same inputs, for one bench.
`default_nettype none

module wh_requantise_lanes (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        valid_i,
    input  logic        wide_i,
    input  logic        high_i,
    input  logic [31:0] sum_i,
    input  logic [30:0] multiplier_i,
    input  logic [7:0]  shift_i,
    input  logic [7:0]  zero_point_i,
    input  logic [7:0]  clamp_min_i,
    input  logic [7:0]  clamp_max_i,
    output logic [1:0]  valid_o,  // two passes, full width
    output logic [15:0] code_o
);
  generate
    for (genvar f = 0; f < 2; f++) begin : g_lane
      wh_requantise #(
          .FULL_WIDTH(f == 1)
      ) u_lane (
          .clk_i,
          .rst_ni,
          .valid_i,
          .wide_i,
          .high_i,
          .sum_i,
          .multiplier_i,
          .shift_i,
          .zero_point_i,
          .clamp_min_i,
          .clamp_max_i,
          .valid_o(valid_o[f]),
          .code_o(code_o[f*8 +: 8])
      );
    end
  endgenerate
endmodule

`default_nettype wire
