// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// The VECTOR command: pooling, element-wise operators and tables, one word of eight channels a step.
// TABLE writes a word a cycle, ADD and MULTIPLY one in two cycles; pools read a window position (valid or not) a cycle, without
// gaps between outputs but one cycle after each of AVERAGE_POOL.
// A command that breaks a rule ends in ILLEGAL_COMMAND before it reads or writes; an address beyond the memory in OUT_OF_MEMORY.
module wh_vector_engine #(
    parameter int unsigned ACTIVATION_BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS
) (
    input  wire logic         clk_i,
    input  wire logic         rst_ni,
    input  wire wh_contract_pkg::vector_t command_i,
    input  wire logic         command_valid_i,
    output logic              done_o,
    output logic              active_o,
    output logic              fault_valid_o,
    output logic [3:0]        fault_code_o,
    output logic [31:0]       fault_detail_o,

    output logic [1:0]        read_valid_o,  // operand A, operand B
    output logic [7:0]        read_bank_o,
    output logic [25:0]       read_address_o,
    input  wire logic [1:0]   read_ready_i,
    input  wire logic [127:0] read_data_i,

    output logic            write_valid_o,
    output logic [3:0]      write_bank_o,
    output logic [12:0]     write_address_o,
    output logic [63:0]     write_data_o,
    output logic [7:0]      write_strobe_o,
    input  wire logic       write_ready_i,

    input  wire logic        table_valid_i,
    input  wire logic [3:0]  table_target_i,
    input  wire logic [7:0]  table_index_i,
    input  wire logic [63:0] table_data_i
);
  localparam logic [3:0] AVERAGE_POOL = wh_contract_pkg::VECTOR_OPERATION_AVERAGE_POOL;
  localparam logic [3:0] ADD = wh_contract_pkg::VECTOR_OPERATION_ADD;
  localparam logic [3:0] MULTIPLY = wh_contract_pkg::VECTOR_OPERATION_MULTIPLY;
  localparam int unsigned OPERAND_DEPTH = 8;
  localparam int unsigned RESULT_DEPTH = 32;
  localparam logic [11:0] UNBOUNDED = 12'hFFF;

  typedef enum logic [2:0] {IDLE, CHECK, RUN, FAULT, FINISHED} state_e;
  state_e state_q;
  logic start, legal, running, a_lost, b_lost, outside;
  logic [29:0] outside_address;

  logic [3:0] operation_q;
  logic pool_q, two_operands_q, simple_q, average_q;
  assign running = state_q == RUN;

  // Where to read and write.
  wh_contract_pkg::map_t a_map, b_map, out_map;
  logic [11:0] in_rows, in_columns, out_rows, out_columns, blocks;
  logic [7:0] pad_top, pad_left, kernel_height, kernel_width;
  logic [3:0] stride_y, stride_x;
  logic b_broadcast;
  assign a_map = command_i.in_map;
  assign b_map = command_i.b_map;
  assign out_map = command_i.out_map;
  assign in_rows = pool_q ? command_i.in_rows : UNBOUNDED;
  assign in_columns = pool_q ? command_i.in_columns : UNBOUNDED;
  assign out_rows = command_i.out_rows;
  assign out_columns = command_i.out_columns;
  assign blocks = command_i.channel_blocks;
  assign pad_top = pool_q ? command_i.pad_top : 8'd0;
  assign pad_left = pool_q ? command_i.pad_left : 8'd0;
  assign kernel_height = pool_q ? command_i.kernel_height : 8'd1;
  assign kernel_width = pool_q ? command_i.kernel_width : 8'd1;
  assign stride_y = pool_q ? command_i.stride_y : 4'd1;
  assign stride_x = pool_q ? command_i.stride_x : 4'd1;
  assign b_broadcast = command_i.b_broadcast;

  logic a_valid, a_ready, a_outside, a_inside, a_first, a_last, a_final;
  logic b_valid, b_ready, b_outside, b_inside, b_first, b_last, b_final;
  logic out_valid, out_ready, out_outside, out_inside, out_first, out_last, out_final;
  logic [3:0] a_bank, b_bank, out_bank;
  logic [29:0] a_address, b_address, out_address;

  wh_vector_check check (.command_i, .legal_o(legal));

  wh_vector_walker #(.BANK_WORDS(ACTIVATION_BANK_WORDS)) a_walker (
      .clk_i, .rst_ni, .start_i(start), .map_i(a_map), .rows_i(in_rows), .columns_i(in_columns),
      .out_rows_i(out_rows), .out_columns_i(out_columns), .blocks_i(blocks), .pad_top_i(pad_top), .pad_left_i(pad_left),
      .kernel_height_i(kernel_height), .kernel_width_i(kernel_width), .stride_y_i(stride_y), .stride_x_i(stride_x),
      .valid_o(a_valid), .ready_i(a_ready), .bank_o(a_bank), .address_o(a_address), .outside_o(a_outside),
      .inside_o(a_inside), .first_o(a_first), .last_o(a_last), .final_o(a_final));

  wh_vector_walker #(.BANK_WORDS(ACTIVATION_BANK_WORDS), .WINDOWS(1'b0)) b_walker (
      .clk_i, .rst_ni, .start_i(start && two_operands_q), .map_i(b_map), .rows_i(UNBOUNDED), .columns_i(UNBOUNDED),
      .out_rows_i(out_rows), .out_columns_i(out_columns), .blocks_i(blocks), .pad_top_i(8'd0), .pad_left_i(8'd0),
      .kernel_height_i(8'd1), .kernel_width_i(8'd1), .stride_y_i({3'b0, !b_broadcast}), .stride_x_i({3'b0, !b_broadcast}),
      .valid_o(b_valid), .ready_i(b_ready), .bank_o(b_bank), .address_o(b_address), .outside_o(b_outside),
      .inside_o(b_inside), .first_o(b_first), .last_o(b_last), .final_o(b_final));

  wh_vector_walker #(.BANK_WORDS(ACTIVATION_BANK_WORDS), .WINDOWS(1'b0)) out_walker (
      .clk_i, .rst_ni, .start_i(start), .map_i(out_map), .rows_i(UNBOUNDED), .columns_i(UNBOUNDED),
      .out_rows_i(out_rows), .out_columns_i(out_columns), .blocks_i(blocks), .pad_top_i(8'd0), .pad_left_i(8'd0),
      .kernel_height_i(8'd1), .kernel_width_i(8'd1), .stride_y_i(4'd1), .stride_x_i(4'd1),
      .valid_o(out_valid), .ready_i(out_ready), .bank_o(out_bank), .address_o(out_address), .outside_o(out_outside),
      .inside_o(out_inside), .first_o(out_first), .last_o(out_last), .final_o(out_final));

  // Reads, each operand into its own queue as room allows.
  logic [3:0] a_held_q, b_held_q;  // words requested and not yet taken
  logic a_room, b_room, a_issue, b_issue, a_arrives_q, b_arrives_q, take;
  logic [2:0] a_side_q;
  logic a_queued, b_queued, a_queued_inside, a_queued_first, a_queued_last;
  logic [63:0] a_word, b_word;
  logic [2:0] words_ready;  // always: the counts of words held keep room in operands and results

  assign a_room = running && a_held_q != 4'(OPERAND_DEPTH) && !outside;
  assign b_room = running && two_operands_q && b_held_q != 4'(OPERAND_DEPTH) && !outside;
  assign read_valid_o = {b_valid && b_room, a_valid && a_room && a_inside};
  assign read_bank_o = {b_bank, a_bank};
  assign read_address_o = {b_address[12:0], a_address[12:0]};
  assign a_ready = a_room && (!a_inside || read_ready_i[0]);
  assign b_ready = b_room && read_ready_i[1];
  assign a_issue = a_valid && a_ready;
  assign b_issue = b_valid && b_ready;
  assign active_o = a_issue;

  wh_fifo #(.WIDTH(67), .DEPTH(OPERAND_DEPTH)) u_a_words (
      .clk_i, .rst_ni(rst_ni && !start), .in_valid_i(a_arrives_q), .in_ready_o(words_ready[0]),
      .in_data_i({a_side_q, read_data_i[63:0]}), .out_valid_o(a_queued), .out_ready_i(take),
      .out_data_o({a_queued_last, a_queued_first, a_queued_inside, a_word}));
  wh_fifo #(.WIDTH(64), .DEPTH(OPERAND_DEPTH)) u_b_words (
      .clk_i, .rst_ni(rst_ni && !start), .in_valid_i(b_arrives_q), .in_ready_o(words_ready[1]),
      .in_data_i(read_data_i[127:64]), .out_valid_o(b_queued), .out_ready_i(take && two_operands_q), .out_data_o(b_word));

  // Lanes: a word taken comes out as a result, one step of the pipeline a cycle, so results need room before they start.
  logic [5:0] results_held_q;
  logic [9:0] stage_q;  // [n]: stage n + 1 holds a result; the requantised take two steps, even channels first
  logic [7:0] advance;
  logic result_push, result_queued, write_accepted;
  logic [255:0] table_a, table_b;
  logic [135:0] sum;
  logic [71:0] a_difference, b_difference;
  logic [63:0] simple_word, requantised_word, result_word;
  logic [8:0] count_q, count_next;
  logic [24:0] reciprocal_q;
  logic signed [31:0] factor_q;
  logic signed [7:0] shift;
  logic [4:0] left_shift_q, right_shift_q;
  logic [30:0] overflow_mask_q;

  assign take = running && a_queued && (!two_operands_q || b_queued) && results_held_q != 6'(RESULT_DEPTH)
      && (simple_q || !stage_q[0]);
  assign advance = stage_q[7:0] | stage_q[8:1];
  assign count_next = (a_queued_first ? 9'd0 : count_q) + {8'b0, a_queued_inside};
  assign shift = command_i.shift;

  logic [24:0] reciprocals[wh_contract_pkg::AVERAGE_POSITIONS];  // [count - 1]: ceil(2^24 / count); of no position the sum is 0
  initial begin
    for (int unsigned i = 0; i < wh_contract_pkg::AVERAGE_POSITIONS; i++) reciprocals[i] = 25'(((1 << 24) + i) / (i + 1));
  end

  always_ff @(posedge clk_i) begin
    if (take && average_q) count_q <= count_next;
    if (stage_q[0]) reciprocal_q <= reciprocals[8'(count_q - 9'd1)];
    if (stage_q[1]) begin
      factor_q <= average_q ? {7'b0, reciprocal_q} : command_i.multiplier;
    end
    if (start) begin
      left_shift_q <= average_q || shift[7] ? 5'd0 : shift > 8'sd31 ? 5'd31 : shift[4:0];
      right_shift_q <= average_q || !shift[7] ? 5'd0 : shift < -8'sd31 ? 5'd31 : 5'(-shift);
    end
    overflow_mask_q <= ~(31'h7FFF_FFFF >> left_shift_q);
  end

  for (genvar channel = 0; channel < 8; channel++) begin : gen_lane
    wh_vector_lane lane (
        .clk_i,
        .operation_i    (operation_q),
        .a_zero_i       (command_i.a_zero),
        .b_zero_i       (command_i.b_zero),
        .clamp_min_i    (command_i.clamp_min),
        .clamp_max_i    (command_i.clamp_max),
        .table_write_i  (table_valid_i && table_target_i == wh_contract_pkg::TABLE_TARGET_RESCALE),
        .table_index_i,
        .table_data_i,
        .take_i         (take),
        .first_i        (a_queued_first),
        .inside_i       (a_queued_inside),
        .a_i            (a_word[channel*8+:8]),
        .b_i            (b_word[channel*8+:8]),
        .advance_i      (stage_q[0]),
        .simple_code_o  (simple_word[channel*8+:8]),
        .table_a_o      (table_a[channel*32+:32]),
        .table_b_o      (table_b[channel*32+:32]),
        .sum_o          (sum[channel*17+:17]),
        .a_difference_o (a_difference[channel*9+:9]),
        .b_difference_o (b_difference[channel*9+:9])
    );
  end

  for (genvar pair = 0; pair < 4; pair++) begin : gen_pair
    logic signed [31:0] value;
    logic [7:0] even_code_q;
    wh_vector_value values (
        .clk_i, .operation_i(operation_q), .advance_i(advance[0]), .odd_i(stage_q[1]),
        .table_a_i(table_a[pair*64+:64]), .table_b_i(table_b[pair*64+:64]), .sum_i(sum[pair*34+:34]),
        .a_difference_i(a_difference[pair*18+:18]), .b_difference_i(b_difference[pair*18+:18]),
        .half_count_i(count_q[8:1]), .value_o(value));
    wh_vector_requantise requantise (
        .clk_i, .advance_i(advance[7:1]), .left_shift_i(left_shift_q), .overflow_mask_i(overflow_mask_q),
        .right_shift_i(right_shift_q), .truncate_i(average_q),
        .zero_point_i(average_q ? 8'd0 : command_i.zero_point),
        .clamp_min_i(command_i.clamp_min),
        .clamp_max_i(command_i.clamp_max),
        .factor_i(factor_q), .value_i(value), .code_o(requantised_word[pair*16+8+:8]));
    assign requantised_word[pair*16+:8] = even_code_q;
    always_ff @(posedge clk_i) if (stage_q[8]) even_code_q <= requantised_word[pair*16+8+:8];
  end

  assign result_push = simple_q ? stage_q[1] : stage_q[9];
  assign result_word = simple_q ? simple_word : requantised_word;
  wh_fifo #(.WIDTH(64), .DEPTH(RESULT_DEPTH)) u_results (
      .clk_i, .rst_ni(rst_ni && !start), .in_valid_i(result_push), .in_ready_o(words_ready[2]), .in_data_i(result_word),
      .out_valid_o(result_queued), .out_ready_i(write_accepted), .out_data_o(write_data_o));

  assign write_valid_o = running && result_queued && out_valid && !outside;
  assign write_bank_o = out_bank;
  assign write_address_o = out_address[12:0];
  assign write_strobe_o = '1;
  assign write_accepted = write_valid_o && write_ready_i;
  assign out_ready = running && result_queued && !outside && write_ready_i;

  assign a_lost = a_valid && a_inside && a_outside;
  assign b_lost = b_valid && b_outside && two_operands_q;
  assign outside = a_lost || b_lost || (out_valid && out_outside);
  assign outside_address = a_lost ? a_address : b_lost ? b_address : out_address;

  assign start = state_q == CHECK && legal;
  assign done_o = write_accepted && out_final;
  assign fault_valid_o = state_q == FAULT;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= IDLE;
      fault_code_o <= '0;
      fault_detail_o <= '0;
    end else begin
      unique case (state_q)
        IDLE: if (command_valid_i) state_q <= CHECK;
        CHECK: begin
          state_q <= legal ? RUN : FAULT;
          fault_code_o <= wh_contract_pkg::FAULT_ILLEGAL_COMMAND;
          fault_detail_o <= wh_contract_pkg::QUEUE_VECTOR;
        end
        RUN: begin
          if (outside) begin
            state_q <= FAULT;
            fault_code_o <= wh_contract_pkg::FAULT_OUT_OF_MEMORY;
            fault_detail_o <= {2'b0, outside_address};
          end else if (done_o) state_q <= FINISHED;
        end
        FAULT: state_q <= FINISHED;
        default: if (!command_valid_i) state_q <= IDLE;
      endcase
    end
    if (state_q == IDLE) begin
      operation_q <= command_i.operation;
      pool_q <= command_i.operation <= AVERAGE_POOL;
      average_q <= command_i.operation == AVERAGE_POOL;
      two_operands_q <= command_i.operation == ADD
          || command_i.operation == MULTIPLY;
      simple_q <= command_i.operation < AVERAGE_POOL
          || command_i.operation > MULTIPLY;
    end
  end

  always_ff @(posedge clk_i) begin
    a_side_q <= {a_last, a_first, a_inside};
    if (!rst_ni || start) begin
      a_held_q <= '0;
      b_held_q <= '0;
      results_held_q <= '0;
      a_arrives_q <= 1'b0;
      b_arrives_q <= 1'b0;
      stage_q <= '0;
    end else begin
      a_held_q <= a_held_q + {3'b0, a_issue} - {3'b0, take};
      b_held_q <= b_held_q + {3'b0, b_issue} - {3'b0, take && two_operands_q};
      results_held_q <= results_held_q + {5'b0, take && a_queued_last} - {5'b0, write_accepted};
      a_arrives_q <= a_issue;
      b_arrives_q <= b_issue;
      stage_q <= {stage_q[8:0], take && a_queued_last};
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && !start) assert (!(({result_push, b_arrives_q, a_arrives_q} & ~words_ready) != 3'b000));
  end
  logic unused;
  assign unused = &{1'b0, words_ready, a_final, b_inside, b_first, b_last, b_final, out_inside, out_first, out_last};
`endif
endmodule

`default_nettype wire
