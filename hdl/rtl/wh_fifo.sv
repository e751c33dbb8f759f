// SPDX-License-Identifier: Apache-2.0
// First in, first out, in distributed memory; DEPTH is a power of two. A word taken is at the output in the next cycle.
// in_ready_o is low only when full, out_valid_o only when empty: a word offered to a full queue is not taken.
`default_nettype none

module wh_fifo #(
    parameter int unsigned WIDTH = 64,
    parameter int unsigned DEPTH = 16,
    localparam int unsigned INDEX_BITS = $clog2(DEPTH)
) (
    input  logic                  clk_i,
    input  logic                  rst_ni,
    input  logic                  in_valid_i,
    output logic                  in_ready_o,
    input  logic [WIDTH-1:0]      in_data_i,
    output logic                  out_valid_o,
    input  logic                  out_ready_i,
    output logic [WIDTH-1:0]      out_data_o
);
  logic [WIDTH-1:0] memory_q [DEPTH];
  logic [INDEX_BITS:0] write_q, read_q;

  assign in_ready_o = write_q != {~read_q[INDEX_BITS], read_q[INDEX_BITS-1:0]};
  assign out_data_o = memory_q[read_q[INDEX_BITS-1:0]];

  always_ff @(posedge clk_i) begin
    if (in_valid_i && in_ready_o) memory_q[write_q[INDEX_BITS-1:0]] <= in_data_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q <= '0;
      read_q <= '0;
      out_valid_o <= 1'b0;
    end else begin
      out_valid_o <= (in_valid_i && in_ready_o) || (out_valid_o && !(out_ready_i && write_q == read_q + 1'b1));
      if (in_valid_i && in_ready_o) write_q <= write_q + 1'b1;
      if (out_valid_o && out_ready_i) read_q <= read_q + 1'b1;
    end
  end
endmodule

`default_nettype wire
