// SPDX-License-Identifier: Apache-2.0
// From complete sums to words: bias, then codes from the requantisers (through the activation table), bits, or raw int32.
// Timing: a REQUANTISE word leaves eleven cycles after its totals (wide: twelve), others two; wide totals may come every second cycle,
// raw every fourth (each makes four words, word_o 0 to 3). Never stalls.
`default_nettype none


module wh_int8_post #(
    parameter int unsigned INT8_PIXELS = 2
) (
    input  logic                        clk_i,
    input  logic                        rst_ni,
    input  logic                        clear_i,
    input  wh_contract_pkg::int8_convolution_t command_i,

    input  logic                        table_valid_i,
    input  logic [3:0]                  table_target_i,
    input  logic [7:0]                  table_index_i,
    input  logic [63:0]                 table_data_i,
    output logic                        table_ready_o,

    input  logic                        ahead_valid_i,  // totals follow in the next cycle
    input  logic                        ahead_first_of_group_i,
    input  logic                        total_valid_i,
    input  logic                        total_first_of_group_i,
    input  logic [8*INT8_PIXELS*32-1:0] totals_i,  // [lane][pixel]

    output logic                        next_group_o,
    input  logic [255:0]                bias_i,
    input  logic [255:0]                multiplier_i,
    input  logic [63:0]                 shift_i,

    output logic                        requantise_soon_o,  // requantise_valid_o rises in one of the next two cycles
    output logic                        requantise_valid_o,
    output logic                        requantise_wide_o,
    output logic                        requantise_high_o,
    output logic [8*INT8_PIXELS*32-1:0] requantise_sums_o,  // [lane][pixel]
    output logic [255:0]                requantise_multipliers_o,
    output logic [63:0]                 requantise_shifts_o,
    output logic [23:0]                 requantise_range_o,
    input  logic [8*INT8_PIXELS*8-1:0]  codes_i,            // eight cycles later

    output logic                        valid_o,
    output logic [1:0]                  word_o,
    output logic [INT8_PIXELS*64-1:0]   data_o
);
  logic unused_command;
  assign unused_command = ^command_i;

  logic requantise, bits, wide;
  logic [1:0] last_pass;
  assign requantise = command_i.post == wh_contract_pkg::POST_REQUANTISE;
  assign bits = command_i.post == wh_contract_pkg::POST_BITS;
  assign wide = command_i.wide;
  assign last_pass = requantise ? {1'b0, wide} : bits ? 2'd0 : 2'd3;

  // Bias. The next group's parameters arrive here with its first position, behind the last of the group before.
  logic [255:0]                bias_q, multiplier_q;
  logic [63:0]                 shift_q;
  logic [8*INT8_PIXELS*32-1:0] sums_q;
  logic                        valid_q, final_pass;
  logic [1:0]                  pass_q;

  assign next_group_o = total_valid_i && total_first_of_group_i;
  assign final_pass = valid_q && pass_q == last_pass;

  always_ff @(posedge clk_i) begin
    if (clear_i) begin
      valid_q <= 1'b0;
    end else if (total_valid_i) begin
      valid_q <= 1'b1;
    end else if (final_pass) begin
      valid_q <= 1'b0;
    end
    if (total_valid_i) pass_q <= '0;
    else if (valid_q) pass_q <= pass_q + 2'd1;
    if (ahead_valid_i && ahead_first_of_group_i) bias_q <= bias_i;
    if (next_group_o) begin
      multiplier_q <= multiplier_i;
      shift_q <= shift_i;
    end
    if (total_valid_i) begin
      for (int unsigned l = 0; l < 8; l++) begin
        for (int unsigned p = 0; p < INT8_PIXELS; p++) begin
          sums_q[(l*INT8_PIXELS+p)*32 +: 32] <= totals_i[(l*INT8_PIXELS+p)*32 +: 32] + bias_q[l*32 +: 32];
        end
      end
    end
  end

  // The activation table is written a byte a cycle.
  logic [63:0] table_word_q;
  logic [4:0]  table_index_q;
  logic [2:0]  table_byte_q;
  logic        table_busy_q;
  assign table_ready_o = !table_busy_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      table_busy_q <= 1'b0;
    end else if (!table_busy_q) begin
      table_busy_q <= table_valid_i && table_target_i == wh_contract_pkg::TABLE_TARGET_ACTIVATION;
      table_byte_q <= '0;
    end else begin
      table_busy_q <= table_byte_q != 3'd7;
      table_byte_q <= table_byte_q + 3'd1;
    end
    table_word_q <= table_busy_q ? table_word_q >> 8 : table_data_i;
    if (!table_busy_q) table_index_q <= table_index_i[4:0];
  end
  logic unused_index;
  assign unused_index = ^table_index_i[7:5];

  assign requantise_soon_o = requantise && (ahead_valid_i || total_valid_i || (valid_q && !final_pass));
  assign requantise_valid_o = valid_q && requantise;
  assign requantise_wide_o = wide;
  assign requantise_high_o = pass_q[0];
  assign requantise_sums_o = sums_q;
  assign requantise_multipliers_o = multiplier_q;
  assign requantise_shifts_o = shift_q;
  assign requantise_range_o = {command_i.clamp_max, command_i.clamp_min, command_i.zero_point};

  logic [7:0] codes_pending_q;
  logic       codes_valid;

  assign codes_valid = codes_pending_q[7];

  always_ff @(posedge clk_i) begin
    if (clear_i) codes_pending_q <= '0;
    else codes_pending_q <= {codes_pending_q[6:0], final_pass && requantise};
  end

  logic [8*INT8_PIXELS*8-1:0] looked_up;
  generate
    for (genvar t = 0; t < 4 * INT8_PIXELS; t++) begin : g_table
      wh_activation_table u_table (
          .clk_i,
          .write_i(table_busy_q),
          .write_index_i({table_index_q, table_byte_q}),
          .write_data_i(table_word_q[7:0]),
          .codes_i(codes_i[t*16 +: 16]),
          .data_o(looked_up[t*16 +: 16])
      );
    end
    for (genvar p = 0; p < INT8_PIXELS; p++) begin : g_pixel
      logic [255:0] sums;
      logic [7:0]   sign_bits;
      logic [63:0]  raw_word;

      for (genvar l = 0; l < 8; l++) begin : g_lane
        logic [7:0] code;
        assign code = codes_i[(l*INT8_PIXELS+p)*8 +: 8];
        assign sums[l*32 +: 32] = sums_q[(l*INT8_PIXELS+p)*32 +: 32];
        assign sign_bits[l] = !sums[l*32+31] ^ multiplier_q[l*32+31];
        logic [7:0] plain_q;
        always_ff @(posedge clk_i) begin
          if (requantise) plain_q <= code;
          else if (valid_q) plain_q <= bits ? sign_bits : raw_word[l*8 +: 8];
        end
        assign data_o[p*64+l*8 +: 8] = requantise && command_i.activation ? looked_up[(l*INT8_PIXELS+p)*8 +: 8] : plain_q;
      end

      always_comb begin
        case (pass_q)
          2'd0: raw_word = sums[63:0];
          2'd1: raw_word = sums[127:64];
          2'd2: raw_word = sums[191:128];
          default: raw_word = sums[255:192];
        endcase
      end
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    if (clear_i) valid_o <= 1'b0;
    else valid_o <= requantise ? codes_valid : valid_q;
    word_o <= requantise ? 2'd0 : pass_q;
  end
endmodule


`default_nettype wire
