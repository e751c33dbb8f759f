// SPDX-License-Identifier: Apache-2.0
// Cycles, beats, completed commands and, per queue, busy, stalled and waiting cycles of the last or running job; and the
// trace: an entry for every completed command that asks for one. At most one entry a cycle is written, in queue order, up to
// five cycles late; entries beyond TRACE_ENTRIES are dropped. An entry's start cycle is exact.
`default_nettype none

module wh_counters #(
    parameter int unsigned TRACE_ENTRIES = wh_contract_pkg::ZYNQ7020_TRACE_ENTRIES
) (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         start_i,
    input  logic         running_i,
    input  logic [5:0]   queue_running_i,
    input  logic [5:0]   queue_waiting_i,
    input  logic [5:0]   queue_active_i,
    input  logic [5:0]   queue_start_i,  // a command takes its tokens
    input  logic [5:0]   finish_i,
    input  logic [5:0]   trace_i,        // the finishing command asks for an entry
    input  logic [59:0]  layer_i,        // its layer, 10 bits a queue
    input  logic [1:0]   read_beat_i,
    input  logic         write_beat_i,

    output logic [63:0]  cycles_o,
    output logic [31:0]  commands_o,
    output logic [63:0]  read_beats_o,
    output logic [31:0]  write_beats_o,
    output logic [191:0] busy_o,
    output logic [191:0] stall_o,
    output logic [191:0] waiting_o,
    output logic [31:0]  trace_count_o,
    input  logic [31:0]  trace_index_i,
    output logic [159:0] trace_entry_o   // cycle, layer, busy, stall, start; one cycle after trace_index_i
);
  localparam int unsigned QUEUES = wh_contract_pkg::QUEUES;
  localparam int unsigned TRACE_BITS = $clog2(TRACE_ENTRIES);

  logic [63:0] cycles_q;
  logic [31:0] commands_q, read0_q, read1_q, write_q, compute_busy_q, compute_stall_q;
  logic [TRACE_BITS:0] trace_count_q;
  logic [5:0] pending_q, pending_next;
  logic [59:0] layers_q;
  logic [2:0] finished;
  logic compute, compute_q, record;
  logic [9:0] record_layer;
  logic [191:0] starts_q;
  logic [31:0] record_start;
  logic [159:0] trace_memory_q [TRACE_ENTRIES];
  logic [159:0] entry_q;

  assign compute = |queue_active_i[wh_contract_pkg::QUEUE_VECTOR:wh_contract_pkg::QUEUE_INT8];
  assign record = pending_q != 6'b0 && !trace_count_q[TRACE_BITS];
  always_comb begin
    finished = 3'd0;
    record_layer = layers_q[9:0];
    record_start = starts_q[31:0];
    pending_next = pending_q & (pending_q - 6'd1);
    for (int unsigned q = 0; q < QUEUES; q++) begin
      finished = finished + 3'(finish_i[q]);
      if (pending_q[QUEUES-1-q]) begin
        record_layer = layers_q[(QUEUES-1-q)*10 +: 10];
        record_start = starts_q[(QUEUES-1-q)*32 +: 32];
      end
    end
  end

  generate
    for (genvar q = 0; q < 6; q++) begin : gen_queue
      logic [31:0] busy_q, stall_q, waiting_q, start_q;
      always_ff @(posedge clk_i) begin
        if (!rst_ni || start_i) begin
          busy_q <= '0;
          stall_q <= '0;
          waiting_q <= '0;
        end else if (running_i) begin
          if (queue_running_i[q]) busy_q <= busy_q + 32'd1;
          if (queue_running_i[q] && !queue_active_i[q]) stall_q <= stall_q + 32'd1;
          if (queue_waiting_i[q]) waiting_q <= waiting_q + 32'd1;
        end
        if (queue_start_i[q]) start_q <= cycles_q[31:0];
        if (finish_i[q]) begin
          layers_q[q*10 +: 10] <= layer_i[q*10 +: 10];
          starts_q[q*32 +: 32] <= start_q;
        end
      end
      assign busy_o[32*q +: 32] = busy_q;
      assign stall_o[32*q +: 32] = stall_q;
      assign waiting_o[32*q +: 32] = waiting_q;
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start_i) begin
      cycles_q <= '0;
      commands_q <= '0;
      read0_q <= '0;
      read1_q <= '0;
      write_q <= '0;
      compute_q <= 1'b0;
      compute_busy_q <= '0;
      compute_stall_q <= '0;
      trace_count_q <= '0;
      pending_q <= '0;
    end else if (running_i) begin
      cycles_q <= cycles_q + 64'd1;
      commands_q <= commands_q + 32'(finished);
      read0_q <= read0_q + 32'(read_beat_i[0]);
      read1_q <= read1_q + 32'(read_beat_i[1]);
      write_q <= write_q + 32'(write_beat_i);
      compute_q <= compute;
      compute_busy_q <= compute_busy_q + 32'(compute_q);
      compute_stall_q <= compute_stall_q + 32'(!compute_q);
      pending_q <= pending_next | (finish_i & trace_i);
      if (record) trace_count_q <= trace_count_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (record) begin
      trace_memory_q[trace_count_q[TRACE_BITS-1:0]] <=
          {record_start, compute_stall_q, compute_busy_q, 22'd0, record_layer, cycles_q[31:0]};
    end
    entry_q <= trace_memory_q[trace_index_i[TRACE_BITS-1:0]];
  end

  assign cycles_o = cycles_q;
  assign commands_o = commands_q;
  assign read_beats_o = {read1_q, read0_q};
  assign write_beats_o = write_q;
  assign trace_count_o = 32'(trace_count_q);
  assign trace_entry_o = entry_q;

  logic unused;
  assign unused = |trace_index_i[31:TRACE_BITS];
endmodule

`default_nettype wire
