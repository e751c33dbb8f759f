// SPDX-License-Identifier: Apache-2.0
// Reads the weight memory ahead of the array: per-channel parameters of up to eight groups, weights of up to eight sets (four at reduction 32),
// in the order of use. A set moves word by word into `weights_o` while the array still holds the previous one.
// Timing: swap_ready_o allows a step that swaps; the array may take weights_o four cycles after that step (swap_i) or later.
// A word beyond WEIGHT_WORDS raises overflow_o and is not read.
`default_nettype none


module wh_int8_weights #(
    parameter int unsigned INT8_REDUCTION = 16,
    parameter int unsigned WEIGHT_WORDS = 6144
) (
    input  logic                         clk_i,
    input  logic                         clear_i,

    input  wh_contract_pkg::int8_convolution_t command_i,
    input  logic                         counted_i,  // positions_i and sets_i are valid
    input  logic [23:0]                  positions_i,
    input  logic [27:0]                  sets_i,

    output logic                         weight_valid_o,
    output logic [19:0]                  weight_address_o,
    input  logic                         weight_ready_i,
    input  logic [255:0]                 weight_data_i,
    output logic                         overflow_o,

    output logic                         swap_ready_o,
    input  logic                         swap_issue_i,
    input  logic                         swap_i,
    output logic [INT8_REDUCTION*64-1:0] weights_o,
    output logic [8*13-1:0]              corrections_o,  // minus the sum of each lane's weights, from two cycles after swap_i to one after the next

    input  logic                         next_group_i,  // step to the next group's parameters
    output logic [255:0]                 bias_o,  // of the current group, combinational
    output logic [255:0]                 multiplier_o,
    output logic [63:0]                  shift_o
);
  localparam int unsigned SET_WORDS = INT8_REDUCTION / 4;

  logic unused_command;
  assign unused_command = ^command_i;

  // What to read next: words of a group's parameters, then of its sets, for every tile again (a single set is read once).
  logic        started_q, finished_q, in_set_q;
  logic [2:0]  word_q;
  logic [20:0] address_q, set_address_q;
  logic [27:0] sets_left_q;
  logic [23:0] positions_left_q;
  logic [11:0] groups_left_q;
  logic [27:0] sets;  // of weights
  logic        grant, last_word, last_set, last_tile, fits;
  logic [5:0]  queued_q;  // set words asked for and not yet moved on
  logic [3:0]  parameters_q;  // groups asked for and not yet finished with

  assign sets = command_i.one_set ? 28'd1 : sets_i;
  assign last_word = word_q == (in_set_q ? 3'(SET_WORDS - 1) : 3'd2);
  assign last_set = sets_left_q == 28'd1;
  assign last_tile = positions_left_q <= 24'(command_i.tile);
  assign fits = in_set_q ? queued_q < 6'd32 && (counted_i || !last_word) : parameters_q < 4'd8;
  assign overflow_o = started_q && !finished_q && fits && address_q >= 21'(WEIGHT_WORDS);
  assign weight_valid_o = started_q && !finished_q && fits && !overflow_o;
  assign weight_address_o = address_q[19:0];
  assign grant = weight_valid_o && weight_ready_i;

  logic fresh_group_q;  // sets_i and positions_i are not yet counted for this group

  always_ff @(posedge clk_i) begin
    if (clear_i) begin
      started_q <= 1'b0;
      finished_q <= 1'b0;
    end else if (!started_q) begin
      started_q <= 1'b1;
      in_set_q <= 1'b0;
      word_q <= '0;
      address_q <= 21'(command_i.weight_address);
      groups_left_q <= command_i.groups;
      fresh_group_q <= 1'b1;
    end else if (grant) begin
      word_q <= last_word ? '0 : word_q + 3'd1;
      address_q <= address_q + 21'd1;
      if (last_word && !in_set_q) begin
        in_set_q <= 1'b1;
        set_address_q <= address_q + 21'd1;
      end else if (last_word) begin
        fresh_group_q <= 1'b0;
        sets_left_q <= (fresh_group_q ? sets : sets_left_q) - 28'd1;
        if (fresh_group_q) positions_left_q <= positions_i;
        if (fresh_group_q ? sets == 28'd1 : last_set) begin
          sets_left_q <= sets;
          positions_left_q <= positions_left_q - 24'(command_i.tile);
          address_q <= set_address_q;
          if (fresh_group_q || last_tile) begin
            address_q <= address_q + 21'd1;
            in_set_q <= 1'b0;
            fresh_group_q <= 1'b1;
            groups_left_q <= groups_left_q - 12'd1;
            if (groups_left_q == 12'd1) finished_q <= 1'b1;
          end
        end
      end
    end
  end

  // Answers, one cycle after the grant.
  logic       answer_q, answer_set_q, answer_last_q;
  logic [2:0] answer_word_q, parameters_write_q, parameters_read_q;
  logic [4:0] queue_write_q, queue_read_q;
  logic [5:0] arrived_q;  // set words in the queue
  logic       move;

  logic [255:0] bias [8];
  logic [255:0] multiplier [8];
  logic [63:0]  shift [8];
  logic [255:0] queue [32];

  assign bias_o = bias[parameters_read_q];
  assign multiplier_o = multiplier[parameters_read_q];
  assign shift_o = shift[parameters_read_q];

  always_ff @(posedge clk_i) begin
    if (answer_q && answer_set_q) queue[queue_write_q] <= weight_data_i;
    if (answer_q && !answer_set_q && answer_word_q == 3'd0) bias[parameters_write_q] <= weight_data_i;
    if (answer_q && !answer_set_q && answer_word_q == 3'd1) multiplier[parameters_write_q] <= weight_data_i;
    if (answer_q && !answer_set_q && answer_word_q == 3'd2) shift[parameters_write_q] <= weight_data_i[63:0];
  end

  always_ff @(posedge clk_i) begin
    if (clear_i) begin
      answer_q <= 1'b0;
      {queued_q, arrived_q, parameters_q} <= '0;
      {queue_write_q, queue_read_q, parameters_write_q, parameters_read_q} <= '0;
    end else begin
      answer_q <= grant;
      if (grant) {answer_set_q, answer_last_q, answer_word_q} <= {in_set_q, last_word, word_q};
      queued_q <= queued_q + 6'(grant && in_set_q) - 6'(move);
      arrived_q <= arrived_q + 6'(answer_q && answer_set_q) - 6'(move);
      parameters_q <= parameters_q + 4'(grant && !in_set_q && last_word) - 4'(next_group_i);
      if (answer_q && answer_set_q) queue_write_q <= queue_write_q + 5'd1;
      if (answer_q && !answer_set_q && answer_last_q) parameters_write_q <= parameters_write_q + 3'd1;
      if (move) queue_read_q <= queue_read_q + 5'd1;
      if (next_group_i) parameters_read_q <= parameters_read_q + 3'd1;
    end
  end

  // The next set, filled in place: word 0 may be overwritten in the cycle the array takes it.
  logic       full_q;
  logic [2:0] fill_q;

  assign move = arrived_q != '0 && (!full_q || swap_i);

  always_ff @(posedge clk_i) begin
    if (clear_i) begin
      full_q <= 1'b0;
      fill_q <= '0;
    end else begin
      if (swap_i) full_q <= 1'b0;
      if (move) begin
        full_q <= fill_q == 3'(SET_WORDS - 1);
        fill_q <= fill_q == 3'(SET_WORDS - 1) ? '0 : fill_q + 3'd1;
      end
    end
  end

  generate
    for (genvar w = 0; w < SET_WORDS; w++) begin : g_word
      always_ff @(posedge clk_i) if (move && fill_q == 3'(w)) weights_o[w*256 +: 256] <= queue[queue_read_q];
    end
  endgenerate

  // Sums of the set's weights, a word behind; moved on with the swap, before the next set's first word is in them.
  logic first_q, moved_q, swapped_q;

  always_ff @(posedge clk_i) begin
    moved_q <= move;
    first_q <= fill_q == '0;
    swapped_q <= swap_i;
  end

  generate
    for (genvar l = 0; l < 8; l++) begin : g_correction
      logic signed [9:0]  four_q;
      logic signed [12:0] correction_q;
      always_ff @(posedge clk_i) begin
        if (move) begin
          four_q <= (10'(signed'(queue[queue_read_q][l*8 +: 8])) + 10'(signed'(queue[queue_read_q][(8+l)*8 +: 8])))
              + (10'(signed'(queue[queue_read_q][(16+l)*8 +: 8])) + 10'(signed'(queue[queue_read_q][(24+l)*8 +: 8])));
        end
        if (moved_q) correction_q <= (first_q ? 13'sd0 : correction_q) - 13'(four_q);
        if (swapped_q) corrections_o[l*13 +: 13] <= correction_q;
      end
    end
  endgenerate

  // Steps that swap: all words of their set have arrived, and the previous swap leaves SET_WORDS cycles to fill.
  logic [5:0] sets_ready_q;
  logic [2:0] gap_q;

  always_ff @(posedge clk_i) begin
    if (clear_i) begin
      sets_ready_q <= '0;
      gap_q <= '0;
      swap_ready_o <= 1'b0;
    end else begin
      swap_ready_o <= sets_ready_q != '0 && gap_q <= 3'd1 && !swap_issue_i;
      sets_ready_q <= sets_ready_q + 6'(answer_q && answer_set_q && answer_last_q) - 6'(swap_issue_i);
      if (swap_issue_i) gap_q <= 3'(SET_WORDS - 1);
      else if (gap_q != '0) gap_q <= gap_q - 3'd1;
    end
  end
endmodule


`default_nettype wire
