// SPDX-License-Identifier: Apache-2.0
// The life of a job: started by the doorbell, ended by its last command, by a fault or by a soft reset. Engines, queues and
// fetch are out of reset (work_rst_no) only while it runs; afterwards the ports are flushed, so that no bus is left half done.
// A fault is reported when the flush begins; a flush that takes DRAIN_CYCLES is reported as dead until it ends after all.
// A doorbell while running_o starts the next job when this one is flushed, unless a soft reset drops it.
`default_nettype none

module wh_job (
    input  logic         clk_i,
    input  logic         rst_ni,

    input  logic         doorbell_i,
    input  logic         soft_reset_i,
    input  logic [31:0]  watchdog_cycles_i,
    input  logic [19:0]  commands_i,

    output logic         work_rst_no,
    output logic         start_o,          // first cycle of a job
    output logic         running_o,
    output logic         flush_o,
    input  logic         ports_idle_i,

    input  logic         finished_i,       // every command is complete
    input  logic         tokens_empty_i,
    input  logic         progress_i,       // a command completed
    input  logic [5:0]   head_valid_i,
    input  logic [119:0] head_index_i,
    input  logic [19:0]  fetch_index_i,
    input  logic         dispatch_fault_valid_i,
    input  logic [3:0]   dispatch_fault_code_i,
    input  logic [19:0]  dispatch_fault_command_i,
    input  logic [31:0]  dispatch_fault_detail_i,
    input  logic         fetch_fault_valid_i,
    input  logic [3:0]   fetch_fault_code_i,
    input  logic [31:0]  fetch_fault_detail_i,

    output logic         interrupt_o,      // one cycle: the job is done, at fault or dead
    output logic         done_o,
    output logic         fault_o,
    output logic         draining_o,
    output logic         dead_o,
    output logic [3:0]   fault_code_o,
    output logic [19:0]  fault_command_o,
    output logic [31:0]  fault_detail_o
);

  typedef enum logic [1:0] {
    Idle,
    Start,
    Run,
    Flush
  } state_e;
  state_e state_d, state_q;
  logic pending_q, done_q, fault_q, dead_q, quiet_q;
  logic [31:0] still_q;  // cycles without a completed command, or of the flush
  logic [3:0] code_d, code_q;
  logic [19:0] command_d, command_q, oldest, oldest_q;
  logic [31:0] detail_d, detail_q;
  logic [2:0] oldest_queue, oldest_queue_q;
  logic faulted, expired_q, complete, stopped, dies;

  // The oldest of all heads and of what is being fetched, three cycles late: a command that hangs has been there for longer.
  function automatic logic [23:0] older(input logic [23:0] a, input logic [23:0] b);  // valid, queue, index
    older = a[23] && (!b[23] || a[19:0] < b[19:0]) ? a : b;
  endfunction
  logic [23:0] pair_0_q, pair_1_q, pair_2_q, first_q, second_q;
  assign {oldest_queue, oldest} = 23'(older(first_q, second_q));
  always_ff @(posedge clk_i) begin
    pair_0_q <= older({head_valid_i[0], 3'd0, head_index_i[19:0]}, {head_valid_i[1], 3'd1, head_index_i[39:20]});
    pair_1_q <= older({head_valid_i[2], 3'd2, head_index_i[59:40]}, {head_valid_i[3], 3'd3, head_index_i[79:60]});
    pair_2_q <= older({head_valid_i[4], 3'd4, head_index_i[99:80]}, {head_valid_i[5], 3'd5, head_index_i[119:100]});
    first_q <= older(pair_0_q, pair_1_q);
    second_q <= older(pair_2_q, {1'b1, 3'd0, fetch_index_i});
    expired_q <= watchdog_cycles_i != 32'd0 && still_q >= watchdog_cycles_i;
    oldest_q <= oldest;
    oldest_queue_q <= oldest_queue;
  end
  assign complete = finished_i && quiet_q;

  always_comb begin
    faulted = 1'b1;
    code_d = dispatch_fault_code_i;
    command_d = dispatch_fault_command_i;
    detail_d = dispatch_fault_detail_i;
    if (!dispatch_fault_valid_i) begin
      if (fetch_fault_valid_i) begin
        code_d = fetch_fault_code_i;
        command_d = fetch_index_i;
        detail_d = fetch_fault_detail_i;
      end else if (expired_q) begin
        code_d = wh_contract_pkg::FAULT_WATCHDOG;
        command_d = oldest_q;
        detail_d = 32'(oldest_queue_q);
      end else if (complete && !tokens_empty_i) begin
        code_d = wh_contract_pkg::FAULT_TOKENS_LEFT;
        command_d = commands_i - 20'd1;
        detail_d = 32'd0;
      end else begin
        faulted = 1'b0;
      end
    end
  end

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Idle: if (doorbell_i || (pending_q && !soft_reset_i)) state_d = Start;
      Start: state_d = soft_reset_i ? Flush : Run;
      Run: if (faulted || complete || soft_reset_i) state_d = Flush;
      Flush: if (ports_idle_i) state_d = Idle;
      default: state_d = Idle;
    endcase
  end

  assign start_o = state_q == Start;
  assign work_rst_no = rst_ni && (state_q == Start || state_q == Run);
  assign running_o = state_q != Idle || pending_q;
  assign flush_o = state_q == Flush;
  assign draining_o = flush_o && !ports_idle_i;
  assign dead_o = dead_q;
  assign stopped = state_q == Run && faulted && !soft_reset_i;
  assign dies = draining_o && !dead_q && still_q == wh_contract_pkg::DRAIN_CYCLES;
  assign interrupt_o = stopped || dies || (flush_o && ports_idle_i && done_q && !soft_reset_i);
  assign done_o = done_q && !running_o;
  assign fault_o = fault_q;
  assign fault_code_o = code_q;
  assign fault_command_o = command_q;
  assign fault_detail_o = detail_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
      pending_q <= 1'b0;
      done_q <= 1'b0;
      fault_q <= 1'b0;
      dead_q <= 1'b0;
      quiet_q <= 1'b0;
      still_q <= '0;
      code_q <= '0;
      command_q <= '0;
      detail_q <= '0;
    end else begin
      state_q <= state_d;
      quiet_q <= state_q == Run && finished_i;
      still_q <= state_d != state_q || progress_i ? 32'd0 : still_q + 32'd1;
      if (soft_reset_i || state_q == Idle) pending_q <= 1'b0;
      else if (doorbell_i) pending_q <= 1'b1;
      if (dies) dead_q <= 1'b1;
      else if (!draining_o) dead_q <= 1'b0;
      if (state_q == Start || soft_reset_i) begin
        done_q <= 1'b0;
        fault_q <= 1'b0;
        code_q <= '0;
        command_q <= '0;
        detail_q <= '0;
      end else if (stopped) begin
        fault_q <= 1'b1;
        code_q <= code_d;
        command_q <= command_d;
        detail_q <= detail_d;
      end else if (state_q == Run && complete) begin
        done_q <= 1'b1;
      end
    end
  end
endmodule

`default_nettype wire
