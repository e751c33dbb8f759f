// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Reads an XNOR_CONVOLUTION's weights in the order of work: a group's parameters, then one set at a time, again for every tile.
// One 32-byte word a cycle. A set is announced by set_ready_o until set_claim_i; the next word is requested one cycle after the claim.
// A group's parameters wait for the bias that the array still uses, and for room in the two parameter banks of the post-processing.
module wh_xnor_loader #(
    parameter int unsigned LANES = wh_contract_pkg::ZYNQ7020_XNOR_LANES,
    parameter int unsigned WEIGHT_WORDS = wh_contract_pkg::ZYNQ7020_WEIGHT_WORDS
) (
    input  wire logic         clk_i,
    input  wire logic         rst_ni,
    input  wire logic         start_i,
    input  wire logic         stop_i,
    input  wire wh_contract_pkg::xnor_convolution_t command_i,

    output logic        weight_valid_o,
    output logic [19:0] weight_address_o,
    input  wire logic   weight_ready_i,
    output logic        outside_o,       // the next word would lie beyond the memory

    output logic        arrives_o,       // a word of weight_data_i is here
    output logic        parameter_o,     // and it is a parameter word
    output logic [4:0]  index_o,         // its number among the parameters or in the set
    output logic        last_block_o,    // it belongs to a set of the last input block
    output logic        bank_o,          // parameter bank of its group

    output logic        set_ready_o,
    input  wire logic   set_claim_i,
    input  wire logic   group_posted_i   // the post-processing finished a group
);
  localparam int unsigned SET_WORDS = LANES / 4;
  localparam int unsigned LANE_WORDS = LANES / 8;
  localparam int unsigned SHIFT_WORDS = (LANES + 31) / 32;

  typedef enum logic [2:0] {IDLE, WAIT_PARAMETERS, PARAMETERS, SET, ANNOUNCE} state_e;

  logic [11:0] out_rows, out_columns, channel_blocks, groups;
  logic [7:0] kernel_height, kernel_width;
  logic [5:0] tile;
  logic [1:0] post;
  assign out_rows = command_i.out_rows;
  assign out_columns = command_i.out_columns;
  assign channel_blocks = command_i.channel_blocks;
  assign groups = command_i.groups;
  assign kernel_height = command_i.kernel_height;
  assign kernel_width = command_i.kernel_width;
  assign tile = command_i.tile;
  assign post = command_i.post;

  state_e state_q;
  logic [19:0] address_q, sets_address_q;
  logic [4:0] word_q, parameter_words;
  logic [11:0] block_q, group_q;
  logic [7:0] kernel_x_q, kernel_y_q;
  logic [23:0] positions_q, remaining_q;  // output positions in all, and of this group from this tile on
  logic [11:0] multiplier_q;
  logic [23:0] multiplicand_q;
  logic [1:0] held_groups_q;              // groups whose parameters are loaded or in use
  logic bias_wait_q;                      // the array takes the bias of the group just claimed
  logic bank_q;
  logic granted, word_last, block_last, set_last, tile_last, group_last;

  assign parameter_words = post == wh_contract_pkg::POST_BITS ? 5'(LANE_WORDS + 1)
      : post == wh_contract_pkg::POST_REQUANTISE ? 5'(2 * LANE_WORDS + SHIFT_WORDS) : 5'(LANE_WORDS);
  assign word_last = word_q + 5'd1 == (state_q == PARAMETERS ? parameter_words : 5'(SET_WORDS));
  assign block_last = block_q + 12'd1 == channel_blocks;
  assign set_last = block_last && kernel_x_q + 8'd1 == kernel_width && kernel_y_q + 8'd1 == kernel_height;
  assign tile_last = remaining_q <= {18'b0, tile};
  assign group_last = group_q + 12'd1 == groups;

  assign outside_o = (state_q == PARAMETERS || state_q == SET) && {12'b0, address_q} >= WEIGHT_WORDS;
  assign weight_valid_o = (state_q == PARAMETERS || state_q == SET) && !outside_o && !stop_i;
  assign weight_address_o = address_q;
  assign granted = weight_valid_o && weight_ready_i;
  assign set_ready_o = state_q == ANNOUNCE;  // its last word arrives now at the latest

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start_i) begin
      arrives_o <= 1'b0;
    end else begin
      arrives_o <= granted;
    end
    parameter_o <= state_q == PARAMETERS;
    index_o <= word_q;
    last_block_o <= block_last;
    bank_o <= bank_q;
  end

  // positions = out_rows x out_columns, one bit a cycle.
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      positions_q <= '0;
      multiplier_q <= out_rows;
      multiplicand_q <= {12'b0, out_columns};
    end else if (multiplier_q != 12'd0) begin
      if (multiplier_q[0]) positions_q <= positions_q + multiplicand_q;
      multiplier_q <= multiplier_q >> 1;
      multiplicand_q <= multiplicand_q << 1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= IDLE;
      held_groups_q <= '0;
    end else if (start_i) begin
      state_q <= WAIT_PARAMETERS;
      held_groups_q <= '0;
    end else begin
      held_groups_q <= held_groups_q + {1'b0, state_q == PARAMETERS && granted && word_last} - {1'b0, group_posted_i};
      unique case (state_q)
        WAIT_PARAMETERS:
        if (!bias_wait_q && held_groups_q != 2'd2 && multiplier_q == 12'd0) state_q <= PARAMETERS;
        PARAMETERS: if (granted && word_last) state_q <= SET;
        SET: if (granted && word_last) state_q <= ANNOUNCE;
        ANNOUNCE:
        if (set_claim_i) state_q <= !(set_last && tile_last) ? SET : group_last ? IDLE : WAIT_PARAMETERS;
        default: ;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      address_q <= command_i.weight_address;
      word_q <= '0;
      block_q <= '0;
      kernel_x_q <= '0;
      kernel_y_q <= '0;
      group_q <= '0;
      bank_q <= 1'b0;
      bias_wait_q <= 1'b0;
    end else begin
      if (granted) begin
        address_q <= address_q + 20'd1;
        word_q <= word_last ? 5'd0 : word_q + 5'd1;
        if (state_q == PARAMETERS && word_last) sets_address_q <= address_q + 20'd1;
      end
      if (state_q == PARAMETERS) remaining_q <= positions_q;
      bias_wait_q <= 1'b0;
      if (state_q == ANNOUNCE && set_claim_i) begin
        block_q <= block_last ? 12'd0 : block_q + 12'd1;
        if (block_last) begin
          kernel_x_q <= kernel_x_q + 8'd1 == kernel_width ? 8'd0 : kernel_x_q + 8'd1;
          if (kernel_x_q + 8'd1 == kernel_width) kernel_y_q <= kernel_y_q + 8'd1;
        end
        if (set_last) begin
          kernel_y_q <= '0;
          remaining_q <= remaining_q - {18'b0, tile};
          if (tile_last) begin
            group_q <= group_q + 12'd1;
            bank_q <= !bank_q;
            bias_wait_q <= 1'b1;
          end else begin
            address_q <= sets_address_q;
          end
        end
      end
    end
  end

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, command_i};
`endif
endmodule

`default_nettype wire
