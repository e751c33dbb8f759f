// SPDX-License-Identifier: Apache-2.0
// The commands that wait, 32 a queue, in block memory, and each queue's head in registers. One command is pushed a cycle, and
// one head is filled a cycle, the lowest queue first: a head is valid three cycles after its push, or two after the pop of the one
// before. It holds still until it is popped.
`default_nettype none

module wh_command_memory #(
    localparam int unsigned QUEUES = wh_contract_pkg::QUEUES,
    localparam int unsigned INDEX_BITS = 20,
    localparam int unsigned COMMAND_BITS = wh_contract_pkg::COMMAND_BITS
) (
    input  logic                           clk_i,
    input  logic                           rst_ni,

    input  logic                           push_valid_i,
    input  logic [2:0]                     push_queue_i,
    output logic                           push_ready_o,  // for this queue
    input  logic [COMMAND_BITS-1:0]        push_command_i,
    input  logic [INDEX_BITS-1:0]          push_index_i,

    output logic                           empty_o,       // in the cycle before
    output logic [QUEUES-1:0]              head_valid_o,
    output logic [QUEUES*COMMAND_BITS-1:0] head_command_o,
    output logic [QUEUES*INDEX_BITS-1:0]   head_index_o,
    input  logic [QUEUES-1:0]              pop_i
);
  localparam int unsigned DEPTH = 32;
  localparam int unsigned SLOT_BITS = $clog2(DEPTH);
  localparam int unsigned WORDS = 8 * DEPTH;
  localparam int unsigned WORD_BITS = INDEX_BITS + COMMAND_BITS;

  (* ram_style = "block" *) logic [WORD_BITS-1:0] memory_q [WORDS];
  logic [WORD_BITS-1:0] word_q;
  logic [QUEUES*SLOT_BITS-1:0] write_slot_q, read_slot_q;
  logic [QUEUES*(SLOT_BITS+1)-1:0] held_q;
  logic [QUEUES-1:0] full, waiting, fill, fill_q, push;
  logic [2:0] fill_queue;

  assign push_ready_o = !full[push_queue_i];

  always_comb begin
    fill_queue = 3'd0;
    fill = '0;
    for (int q = QUEUES - 1; q >= 0; q--) begin
      if (waiting[q]) begin
        fill_queue = 3'(q);
        fill = QUEUES'(1) << q;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (push_valid_i && push_ready_o)
      memory_q[{push_queue_i, write_slot_q[push_queue_i*SLOT_BITS +: SLOT_BITS]}] <= {push_index_i, push_command_i};
    empty_o <= held_q == '0 && fill_q == '0 && head_valid_o == '0;
    if (fill != '0) word_q <= memory_q[{fill_queue, read_slot_q[fill_queue*SLOT_BITS +: SLOT_BITS]}];
  end

  generate
    for (genvar q = 0; q < QUEUES; q++) begin : gen_queue
      logic [SLOT_BITS:0] held;
      assign held = held_q[q*(SLOT_BITS+1) +: SLOT_BITS+1];
      assign full[q] = held[SLOT_BITS];
      assign waiting[q] = held != '0 && (!head_valid_o[q] || pop_i[q]) && !fill_q[q];
      assign push[q] = push_valid_i && push_queue_i == 3'(q) && !full[q];

      always_ff @(posedge clk_i) begin
        if (!rst_ni) begin
          write_slot_q[q*SLOT_BITS +: SLOT_BITS] <= '0;
          read_slot_q[q*SLOT_BITS +: SLOT_BITS] <= '0;
          held_q[q*(SLOT_BITS+1) +: SLOT_BITS+1] <= '0;
          fill_q[q] <= 1'b0;
          head_valid_o[q] <= 1'b0;
        end else begin
          if (push[q]) write_slot_q[q*SLOT_BITS +: SLOT_BITS] <= write_slot_q[q*SLOT_BITS +: SLOT_BITS] + SLOT_BITS'(1);
          if (fill[q]) read_slot_q[q*SLOT_BITS +: SLOT_BITS] <= read_slot_q[q*SLOT_BITS +: SLOT_BITS] + SLOT_BITS'(1);
          held_q[q*(SLOT_BITS+1) +: SLOT_BITS+1] <= held + (SLOT_BITS+1)'(push[q]) - (SLOT_BITS+1)'(fill[q]);
          fill_q[q] <= fill[q];
          if (fill_q[q]) head_valid_o[q] <= 1'b1;
          else if (pop_i[q]) head_valid_o[q] <= 1'b0;
        end
      end

      always_ff @(posedge clk_i) begin
        if (fill_q[q]) {head_index_o[q*INDEX_BITS +: INDEX_BITS], head_command_o[q*COMMAND_BITS +: COMMAND_BITS]} <= word_q;
      end
    end
  endgenerate
endmodule

`default_nettype wire
