// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// The words an XNOR_CONVOLUTION writes, in order: group, output row, output column, block of the group; with bank, address and strobe.
// A word beyond write_blocks leaves with drop_o and must not be written. After start_i the first takes about six cycles.
module wh_xnor_output #(
    parameter int unsigned LANES = wh_contract_pkg::ZYNQ7020_XNOR_LANES,
    parameter int unsigned BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS
) (
    input  wire logic         clk_i,
    input  wire logic         rst_ni,
    input  wire logic         start_i,
    input  wire wh_contract_pkg::xnor_convolution_t command_i,

    output logic        valid_o,
    input  wire logic   ready_i,
    output logic [3:0]  bank_o,
    output logic [23:0] address_o,
    output logic        outside_o,
    output logic [7:0]  strobe_o,
    output logic        drop_o,
    output logic        final_o
);
  localparam logic [1:0] BITS = wh_contract_pkg::POST_BITS;
  localparam logic [1:0] REQUANTISE = wh_contract_pkg::POST_REQUANTISE;
  localparam int unsigned PARTS = 64 / LANES;  // groups that share a word of packed bits

  wh_contract_pkg::map_t map;
  logic [9:0] modulus;
  logic [8:0] quads;
  logic [11:0] out_rows, out_columns, groups, write_blocks;
  logic [1:0] post;
  assign map = command_i.out_map;
  assign modulus = {map.ring, 2'b00};
  assign quads = map.quads;
  assign out_rows = command_i.out_rows;
  assign out_columns = command_i.out_columns;
  assign groups = command_i.groups;
  assign write_blocks = command_i.write_blocks;
  assign post = command_i.post;

  logic waiting_q, running_q, configured, position_ready, step;
  logic [21:0] first_block_offset;
  logic [11:0] x_q, y_q, group_q;
  logic [9:0] row_q;
  logic [4:0] word_q, words_last;
  logic [17:0] block_q, group_block_q;            // blocks from the command's block 0
  logic [21:0] block_offset_q, group_offset_q;
  logic [1:0] block_low_q, group_block_low_q;
  logic [2:0] part_q;
  logic word_last, x_last, y_last, group_last, next_block;
  logic [17:0] block_next;
  logic [21:0] block_offset_next;
  logic [7:0] strobe;

  assign words_last = post == BITS ? 5'd0 : post == REQUANTISE ? 5'(LANES / 8 - 1) : 5'(LANES / 2 - 1);
  assign word_last = word_q == words_last;
  assign x_last = x_q + 12'd1 == out_columns;
  assign y_last = y_q + 12'd1 == out_rows;
  assign group_last = group_q + 12'd1 == groups;
  assign next_block = post != BITS || part_q == 3'(PARTS - 1);
  assign block_next = block_q + 18'd1;
  assign block_offset_next = block_offset_q + 22'(quads);
  assign step = running_q && position_ready;

  if (PARTS == 1) begin : gen_whole_words
    assign strobe = '1;
  end else begin : gen_parts
    always_comb begin
      strobe = '1;
      if (post == BITS) begin
        for (int unsigned part = 0; part < PARTS; part++) begin
          strobe[part*(LANES/8)+:LANES/8] = {LANES / 8{part_q == 3'(part)}};
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      waiting_q <= 1'b0;
      running_q <= 1'b0;
    end else if (start_i) begin
      waiting_q <= 1'b1;
      running_q <= 1'b0;
    end else if (waiting_q && configured) begin
      waiting_q <= 1'b0;
      running_q <= 1'b1;
      x_q <= '0;
      y_q <= '0;
      row_q <= map.row;
      word_q <= '0;
      group_q <= '0;
      part_q <= '0;
      block_q <= '0;
      group_block_q <= '0;
      block_offset_q <= first_block_offset;
      group_offset_q <= first_block_offset;
      block_low_q <= map.block[1:0];
      group_block_low_q <= map.block[1:0];
    end else if (step) begin
      if (!word_last) begin
        word_q <= word_q + 5'd1;
        block_q <= block_next;
        block_offset_q <= block_offset_next;
        block_low_q <= block_low_q + 2'd1;
      end else begin
        word_q <= '0;
        if (x_last && y_last && next_block) begin
          block_q <= block_next;
          block_offset_q <= block_offset_next;
          block_low_q <= block_low_q + 2'd1;
          group_block_q <= block_next;
          group_offset_q <= block_offset_next;
          group_block_low_q <= block_low_q + 2'd1;
        end else begin
          block_q <= group_block_q;
          block_offset_q <= group_offset_q;
          block_low_q <= group_block_low_q;
        end
        x_q <= x_last ? 12'd0 : x_q + 12'd1;
        if (x_last) begin
          y_q <= y_last ? 12'd0 : y_q + 12'd1;
          row_q <= y_last ? map.row : row_q + 10'd1 == modulus ? 10'd0 : row_q + 10'd1;
          if (y_last) begin
            group_q <= group_q + 12'd1;
            part_q <= part_q == 3'(PARTS - 1) ? 3'd0 : part_q + 3'd1;
            if (group_last) running_q <= 1'b0;
          end
        end
      end
    end
  end

  wh_map_address #(
      .BANK_WORDS(BANK_WORDS),
      .SIDE_BITS (10)
  ) address (
      .clk_i,
      .rst_ni,
      .map_i               (map),
      .start_i,
      .configured_o        (configured),
      .first_block_offset_o(first_block_offset),
      .valid_i             (running_q),
      .ready_o             (position_ready),
      .row_i               (row_q),
      .block_i             (block_low_q),
      .block_offset_i      (block_offset_q),
      .column_i            (x_q),
      .side_i              ({strobe, block_q >= {6'b0, write_blocks}, word_last && x_last && y_last && group_last}),
      .valid_o,
      .ready_i,
      .bank_o,
      .address_o,
      .outside_o,
      .side_o              ({strobe_o, drop_o, final_o})
  );

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, command_i};
`endif
endmodule

`default_nettype wire
