// SPDX-License-Identifier: Apache-2.0
// Lists the contiguous runs of a map in memory: row y, run k at offset + y * row_pitch + k * run_pitch, rows outermost.
// One run a cycle, the first in the cycle after start_i. An offset beyond 2^33 keeps bit 33 set, which no region contains.
`default_nettype none

module wh_runs (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        start_i,
    input  logic [31:0] offset_i,
    input  logic [31:0] row_pitch_i,
    input  logic [31:0] run_pitch_i,
    input  logic [11:0] rows_i,
    input  logic [11:0] runs_i,
    output logic        run_valid_o,
    input  logic        run_ready_i,
    output logic [33:0] run_offset_o
);
  logic active_q;
  logic [33:0] row_offset_q, run_offset_q;
  logic [11:0] rows_left_q, runs_left_q;

  function automatic logic [33:0] advance(input logic [33:0] offset, input logic [31:0] pitch);
    logic [34:0] sum;
    sum = 35'(offset) + 35'(pitch);
    advance = {offset[33] | sum[34] | sum[33], sum[32:0]};
  endfunction

  assign run_valid_o = active_q;
  assign run_offset_o = run_offset_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      active_q <= 1'b0;
    end else if (start_i) begin
      active_q <= 1'b1;
    end else if (run_ready_i && runs_left_q == 12'd1 && rows_left_q == 12'd1) begin
      active_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      row_offset_q <= 34'(offset_i);
      run_offset_q <= 34'(offset_i);
      rows_left_q <= rows_i;
      runs_left_q <= runs_i;
    end else if (active_q && run_ready_i) begin
      if (runs_left_q == 12'd1) begin
        runs_left_q <= runs_i;
        rows_left_q <= rows_left_q - 12'd1;
        row_offset_q <= advance(row_offset_q, row_pitch_i);
        run_offset_q <= advance(row_offset_q, row_pitch_i);
      end else begin
        runs_left_q <= runs_left_q - 12'd1;
        run_offset_q <= advance(run_offset_q, run_pitch_i);
      end
    end
  end
endmodule

`default_nettype wire
