// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// The VECTOR command: pooling, element-wise operators and tables, one word of eight channels a step.
// TABLE writes a word a cycle, ADD and MULTIPLY one in two cycles where INT8 leaves the requantisers to them. Pools take one or two window
// positions (valid or not) a cycle, without gaps between outputs but one cycle after each of AVERAGE_POOL.
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

    output logic              requantise_valid_o,
    output logic              requantise_wide_o,
    output logic              requantise_high_o,
    output logic              requantise_truncate_o,
    output logic [255:0]      requantise_sums_o,
    output logic [30:0]       requantise_multiplier_o,
    output logic [7:0]        requantise_shift_o,
    output logic [23:0]       requantise_range_o,
    input  wire logic         requantise_free_i,     // in the next two cycles
    input  wire logic [63:0]  codes_i,

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
  logic check, checked, start, legal, running, a_lost, b_lost, outside;
  logic [23:0] outside_address;

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

  logic a_valid, a_ready, a_outside, a_inside, a_second, a_first, a_last, a_final;
  logic b_valid, b_ready, b_outside, b_inside, b_second, b_first, b_last, b_final;
  logic walked_valid, walked_ready, walked_outside, walked_final;
  logic out_valid, out_ready, out_outside, out_inside, out_second, out_first, out_last, out_final;
  logic [3:0] a_bank, b_bank, walked_bank, out_bank;
  logic [23:0] a_address, b_address, walked_address, out_address;

  wh_vector_check u_check (.clk_i, .rst_ni, .start_i(check), .command_i, .ready_o(checked), .legal_o(legal));

  wh_vector_walker #(.BANK_WORDS(ACTIVATION_BANK_WORDS)) a_walker (
      .clk_i, .rst_ni, .start_i(start), .map_i(a_map), .rows_i(in_rows), .columns_i(in_columns),
      .out_rows_i(out_rows), .out_columns_i(out_columns), .blocks_i(blocks), .pad_top_i(pad_top), .pad_left_i(pad_left),
      .kernel_height_i(kernel_height), .kernel_width_i(kernel_width), .stride_y_i(stride_y), .stride_x_i(stride_x),
      .valid_o(a_valid), .ready_i(a_ready), .bank_o(a_bank), .address_o(a_address), .outside_o(a_outside),
      .inside_o(a_inside), .second_o(a_second), .first_o(a_first), .last_o(a_last), .final_o(a_final));

  wh_vector_walker #(.BANK_WORDS(ACTIVATION_BANK_WORDS), .WINDOWS(1'b0)) b_walker (
      .clk_i, .rst_ni, .start_i(start && two_operands_q), .map_i(b_map), .rows_i(UNBOUNDED), .columns_i(UNBOUNDED),
      .out_rows_i(out_rows), .out_columns_i(out_columns), .blocks_i(blocks), .pad_top_i(8'd0), .pad_left_i(8'd0),
      .kernel_height_i(8'd1), .kernel_width_i(8'd1), .stride_y_i({3'b0, !b_broadcast}), .stride_x_i({3'b0, !b_broadcast}),
      .valid_o(b_valid), .ready_i(b_ready), .bank_o(b_bank), .address_o(b_address), .outside_o(b_outside),
      .inside_o(b_inside), .second_o(b_second), .first_o(b_first), .last_o(b_last), .final_o(b_final));

  wh_vector_walker #(.BANK_WORDS(ACTIVATION_BANK_WORDS), .WINDOWS(1'b0)) out_walker (
      .clk_i, .rst_ni, .start_i(start), .map_i(out_map), .rows_i(UNBOUNDED), .columns_i(UNBOUNDED),
      .out_rows_i(out_rows), .out_columns_i(out_columns), .blocks_i(blocks), .pad_top_i(8'd0), .pad_left_i(8'd0),
      .kernel_height_i(8'd1), .kernel_width_i(8'd1), .stride_y_i(4'd1), .stride_x_i(4'd1),
      .valid_o(walked_valid), .ready_i(walked_ready), .bank_o(walked_bank), .address_o(walked_address),
      .outside_o(walked_outside), .inside_o(out_inside), .second_o(out_second), .first_o(out_first), .last_o(out_last), .final_o(walked_final));

  // Between the walk and the writes, so that the walk does not wait for a bank within the cycle.
  wh_fifo #(.WIDTH(30), .DEPTH(4)) u_places (
      .clk_i, .rst_ni(rst_ni && !start), .in_valid_i(walked_valid), .in_ready_o(walked_ready),
      .in_data_i({walked_final, walked_outside, walked_address, walked_bank}),
      .out_valid_o(out_valid), .out_ready_i(out_ready), .out_data_o({out_final, out_outside, out_address, out_bank}));

  // Reads, each operand into its own queue as room allows. Of a window B is the column beside A's, and goes along with it.
  logic [3:0] a_held_q, b_held_q;  // words requested and not yet taken
  logic a_room, b_room, a_may, b_asks, a_issue, b_issue, a_free, b_free, a_arrives, b_arrives, take, uses_b;
  logic [3:0] read_b_bank;
  logic [12:0] read_b_address;
  logic [2:0] a_side;
  logic a_queued, b_queued, a_queued_inside, b_side, b_queued_inside, a_queued_first, a_queued_last;
  logic [63:0] a_word, b_word;
  logic [2:0] words_ready;  // always: the counts of words held keep room in operands and results

  assign a_room = running && a_held_q != 4'(OPERAND_DEPTH);
  assign uses_b = two_operands_q || pool_q;
  assign b_room = running && uses_b && b_held_q != 4'(OPERAND_DEPTH);
  assign a_may = a_room && (!pool_q || (b_room && b_free));
  assign a_ready = a_may && a_free;
  assign a_issue = a_valid && a_ready;
  assign b_asks = pool_q ? a_issue : b_valid && b_room;
  assign b_ready = b_room && b_free;
  assign b_issue = b_asks && b_free;
  assign read_b_bank = pool_q ? {a_bank[3:2], a_bank[1:0] + 2'd1} : b_bank;
  assign read_b_address = pool_q ? a_address[12:0] : b_address[12:0];
  assign active_o = a_issue;

  logic [1:0] unused_leaves, unused_heads;
  logic [2:0] unused_a_side;
  logic unused_b_side;
  wh_bank_reader #(.SIDE_BITS(3)) u_a_reader (
      .clk_i, .rst_ni(rst_ni && !start), .valid_i(a_valid && a_may), .ready_o(a_free), .read_i(a_inside && !a_outside), .bank_i(a_bank),
      .address_i(a_address[12:0]), .side_i({a_last, a_first, a_inside}),
      .head_valid_o(unused_heads[0]), .head_side_o(unused_a_side), .allow_i(running), .request_valid_o(read_valid_o[0]), .request_bank_o(read_bank_o[3:0]),
      .request_address_o(read_address_o[12:0]), .request_ready_i(read_ready_i[0]), .leaves_o(unused_leaves[0]),
      .arrives_o(a_arrives), .side_o(a_side));
  wh_bank_reader u_b_reader (
      .clk_i, .rst_ni(rst_ni && !start), .valid_i(b_asks), .ready_o(b_free),
      .read_i(pool_q ? a_second && !a_outside : !b_outside), .bank_i(read_b_bank), .address_i(read_b_address), .side_i(a_second), .head_valid_o(unused_heads[1]), .head_side_o(unused_b_side),
      .allow_i(running), .request_valid_o(read_valid_o[1]), .request_bank_o(read_bank_o[7:4]),
      .request_address_o(read_address_o[25:13]), .request_ready_i(read_ready_i[1]), .leaves_o(unused_leaves[1]),
      .arrives_o(b_arrives), .side_o(b_side));

  wh_fifo #(.WIDTH(67), .DEPTH(OPERAND_DEPTH)) u_a_words (
      .clk_i, .rst_ni(rst_ni && !start), .in_valid_i(a_arrives), .in_ready_o(words_ready[0]),
      .in_data_i({a_side, read_data_i[63:0]}), .out_valid_o(a_queued), .out_ready_i(take),
      .out_data_o({a_queued_last, a_queued_first, a_queued_inside, a_word}));
  wh_fifo #(.WIDTH(65), .DEPTH(OPERAND_DEPTH)) u_b_words (
      .clk_i, .rst_ni(rst_ni && !start), .in_valid_i(b_arrives), .in_ready_o(words_ready[1]),
      .in_data_i({b_side, read_data_i[127:64]}), .out_valid_o(b_queued), .out_ready_i(take && uses_b),
      .out_data_o({b_queued_inside, b_word}));

  // Lanes: a word taken comes out as a result, one step of the pipeline a cycle, so results need room before they start. All steps
  // wait for the requantisers, in front of which the eight int32 of a word are made in two: even channels first.
  logic [5:0] results_held_q;
  logic [3:0] stage_q;  // [n]: stage n + 1 holds a result
  logic low_pass_q, high_pass_q;
  logic [7:0] codes_pending_q;
  logic move, held, result_push, result_queued, write_accepted;
  logic [255:0] table_a, table_b, sums;
  logic [135:0] sum;
  logic [71:0] a_difference, b_difference;
  logic [63:0] simple_word, result_word;
  logic [8:0] count_q, count_next;
  logic [24:0] reciprocal_q;
  logic [30:0] factor_q;

  assign move = simple_q || !stage_q[3] || requantise_free_i;
  assign held = stage_q[3] && requantise_free_i && !simple_q;
  assign take = running && move && a_queued && (!uses_b || b_queued) && results_held_q != 6'(RESULT_DEPTH)
      && (simple_q || !stage_q[0]);
  assign count_next = (a_queued_first ? 9'd0 : count_q) + {8'b0, a_queued_inside} + {8'b0, b_queued_inside};

  logic [24:0] reciprocals[wh_contract_pkg::AVERAGE_POSITIONS];  // [count - 1]: ceil(2^24 / count); of no position the sum is 0
  initial begin
    for (int unsigned i = 0; i < wh_contract_pkg::AVERAGE_POSITIONS; i++) reciprocals[i] = 25'(((1 << 24) + i) / (i + 1));
  end

  always_ff @(posedge clk_i) begin
    if (take && average_q) count_q <= count_next;
    if (move && stage_q[0]) reciprocal_q <= reciprocals[8'(count_q - 9'd1)];
    if (move && stage_q[2]) factor_q <= average_q ? {6'b0, reciprocal_q} : command_i.multiplier[30:0];
    if (held) begin
      requantise_sums_o <= sums;
      requantise_multiplier_o <= factor_q;
    end
  end
  assign requantise_valid_o = low_pass_q || (high_pass_q && requantise_wide_o);
  assign requantise_wide_o = operation_q == ADD;
  assign requantise_high_o = high_pass_q;
  assign requantise_truncate_o = average_q;
  assign requantise_shift_o = average_q ? 8'd0 : command_i.shift;
  assign requantise_range_o = {command_i.clamp_max, command_i.clamp_min, average_q ? 8'd0 : command_i.zero_point};

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
        .inside_i       ({b_queued_inside, a_queued_inside}),
        .a_i            (a_word[channel*8+:8]),
        .b_i            (b_word[channel*8+:8]),
        .advance_i      (move && stage_q[0]),
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
    logic [31:0] even_q;
    wh_vector_value values (
        .clk_i, .operation_i(operation_q), .advance_i({2{move}} & (stage_q[1:0] | stage_q[2:1])), .odd_i(stage_q[1]),
        .table_a_i(table_a[pair*64+:64]), .table_b_i(table_b[pair*64+:64]), .sum_i(sum[pair*34+:34]),
        .a_difference_i(a_difference[pair*18+:18]), .b_difference_i(b_difference[pair*18+:18]),
        .half_count_i(count_q[8:1]), .value_o(value));
    assign sums[pair*64+:64] = {value, even_q};
    always_ff @(posedge clk_i) if (move && stage_q[2]) even_q <= value;
  end

  assign result_push = simple_q ? stage_q[1] : codes_pending_q[7];
  assign result_word = simple_q ? simple_word : codes_i;
  wh_fifo #(.WIDTH(64), .DEPTH(RESULT_DEPTH)) u_results (
      .clk_i, .rst_ni(rst_ni && !start), .in_valid_i(result_push), .in_ready_o(words_ready[2]), .in_data_i(result_word),
      .out_valid_o(result_queued), .out_ready_i(write_accepted), .out_data_o(write_data_o));

  assign write_valid_o = running && result_queued && out_valid && !out_outside;
  assign write_bank_o = out_bank;
  assign write_address_o = out_address[12:0];
  assign write_strobe_o = '1;
  assign write_accepted = write_valid_o && write_ready_i;
  assign out_ready = running && result_queued && !out_outside && write_ready_i;

  assign a_lost = a_valid && a_inside && a_outside;
  assign b_lost = b_valid && b_outside && two_operands_q;
  assign outside = a_lost || b_lost || (out_valid && out_outside);
  assign outside_address = a_lost ? a_address : b_lost ? b_address : out_address;

  assign check = state_q == IDLE && command_valid_i;
  assign start = state_q == CHECK && checked && legal;
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
        CHECK:
        if (checked) begin
          state_q <= legal ? RUN : FAULT;
          fault_code_o <= wh_contract_pkg::FAULT_ILLEGAL_COMMAND;
          fault_detail_o <= wh_contract_pkg::QUEUE_VECTOR;
        end
        RUN: begin
          if (outside) begin
            state_q <= FAULT;
            fault_code_o <= wh_contract_pkg::FAULT_OUT_OF_MEMORY;
            fault_detail_o <= {8'b0, outside_address};
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
    if (!rst_ni || start) begin
      a_held_q <= '0;
      b_held_q <= '0;
      results_held_q <= '0;
      {stage_q, low_pass_q, high_pass_q, codes_pending_q} <= '0;
    end else begin
      a_held_q <= a_held_q + {3'b0, a_issue} - {3'b0, take};
      b_held_q <= b_held_q + {3'b0, b_issue} - {3'b0, take && uses_b};
      results_held_q <= results_held_q + {5'b0, take && a_queued_last} - {5'b0, write_accepted};
      if (move) stage_q <= {stage_q[2:0], take && a_queued_last};
      low_pass_q <= held;
      high_pass_q <= low_pass_q;
      codes_pending_q <= {codes_pending_q[6:0], requantise_wide_o ? high_pass_q : low_pass_q};
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && !start) assert (!(({result_push, b_arrives, a_arrives} & ~words_ready) != 3'b000));
  end
  logic unused;
  assign unused = &{1'b0, unused_leaves, unused_heads, unused_a_side, unused_b_side, words_ready, a_final, b_inside, b_second, b_first,
                    b_last, b_final, out_inside, out_second, out_first, out_last};
`endif
endmodule

`default_nettype wire
