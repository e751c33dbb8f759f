// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// The XNOR-popcount array: LANES output channels of one 64-bit input word a cycle.
// A position enters with its word (step_i) and is summed four cycles later; positions never stall inside.
// The sums of one finished position stay until those of the next; the user spaces them.
module wh_xnor_array #(
    parameter int unsigned LANES = wh_contract_pkg::ZYNQ7020_XNOR_LANES
) (
    input  wire logic         clk_i,
    input  wire logic         rst_ni,
    input  wire logic         start_i,
    input  wire logic [1:0]   padding_i,
    input  wire logic [6:0]   last_bits_i,
    input  wire logic         zero_bias_i,    // the sums are without their bias

    input  wire logic         weight_arrives_i,
    input  wire logic         weight_parameter_i,
    input  wire logic [4:0]   weight_index_i,
    input  wire logic         weight_last_block_i,
    input  wire logic [255:0] weight_data_i,

    input  wire logic         step_i,
    input  wire logic [63:0]  word_i,
    input  wire logic         inside_i,
    input  wire logic [4:0]   slot_i,
    input  wire logic         first_of_set_i,
    input  wire logic         first_of_group_i,
    input  wire logic         first_set_i,
    input  wire logic         last_set_i,
    input  wire logic         last_block_i,
    input  wire logic         last_of_group_i,

    output logic                sums_valid_o,  // the sums of one position are there in the next cycle
    output logic [LANES*25-1:0] sums_o,
    output logic                group_end_o    // they are the group's last
);
  localparam logic [1:0] ZERO = wh_contract_pkg::BINARY_PADDING_ZERO;
  localparam logic [1:0] PLUS_ONE = wh_contract_pkg::BINARY_PADDING_PLUS_ONE;
  // Invalid bits of the last block are made to differ at even and to agree at odd places, so that they cancel; of an odd number
  // of them one more agrees, and the lanes' odd_i takes it back.
  localparam logic [63:0] ALTERNATING = 64'h5555_5555_5555_5555;

  logic [63:0] last_mask_q, word, bits_q;
  logic [255:0] weights;
  always_ff @(posedge clk_i) last_mask_q <= ~64'd0 >> (7'd64 - last_bits_i);
  assign word = inside_i ? word_i : {64{padding_i == PLUS_ONE}};
  always_comb begin
    weights = weight_data_i;
    if (weight_last_block_i) begin
      for (int unsigned i = 0; i < 4; i++) begin
        weights[i*64+:64] = (weight_data_i[i*64+:64] & last_mask_q) | (ALTERNATING & ~last_mask_q);
      end
    end
  end

  logic [2:0] stage_q;
  logic [1:0] zero_q, odd_q, group_q;
  logic [2:0] first_q, last_q, end_q;
  logic [4:0] slot_0_q, slot_1_q, slot_2_q;

  assign sums_valid_o = stage_q[2] && last_q[2];

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start_i) begin
      stage_q <= '0;
    end else begin
      stage_q <= {stage_q[1:0], step_i};
    end
    if (step_i) bits_q <= last_block_i ? word & last_mask_q : word;
    zero_q <= {zero_q[0], !inside_i && padding_i == ZERO};
    odd_q <= {odd_q[0], last_block_i && last_bits_i[0]};
    group_q <= {group_q[0], first_of_group_i};
    first_q <= {first_q[1:0], first_set_i};
    last_q <= {last_q[1:0], last_set_i};
    end_q <= {end_q[1:0], last_of_group_i};
    slot_0_q <= slot_i;
    slot_1_q <= slot_0_q;
    slot_2_q <= slot_1_q;
    if (sums_valid_o) group_end_o <= end_q[2];
  end

  for (genvar lane = 0; lane < LANES; lane++) begin : gen_lane
    wh_xnor_lane channel (
        .clk_i,
        .load_weights_i(weight_arrives_i && !weight_parameter_i && weight_index_i == 5'(lane / 4)),
        .weights_i     (weights[lane%4*64+:64]),
        .load_bias_i   (weight_arrives_i && weight_parameter_i && weight_index_i == 5'(lane / 8)),
        .bias_i        (weight_data_i[lane%8*32+:24]),
        .take_weights_i(step_i && first_of_set_i),
        .take_bias_i   (stage_q[1] && group_q[1]),
        .zero_bias_i,
        .advance_i     (stage_q),
        .bits_i        (bits_q),
        .zero_i        (zero_q[1]),
        .odd_i         (odd_q[1]),
        .first_set_i   (first_q[2]),
        .last_set_i    (last_q[2]),
        .slot_i        (slot_2_q),
        .sum_o         (sums_o[lane*25+:25])
    );
  end
endmodule

`default_nettype wire
