// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// A short first-in first-out queue in LUT RAM. A pushed word can be popped one cycle later. The user counts its room: a push
// into a full queue is lost.
module wh_short_queue #(
    parameter int unsigned WIDTH = 64,
    parameter int unsigned DEPTH = 8  // a power of two
) (
    input  wire logic             clk_i,
    input  wire logic             rst_ni,
    input  wire logic             clear_i,
    input  wire logic             push_i,
    input  wire logic [WIDTH-1:0] data_i,
    output logic                  valid_o,
    output logic [WIDTH-1:0]      data_o,
    input  wire logic             pop_i
);
  localparam int unsigned POINTER_BITS = $clog2(DEPTH);

  logic [WIDTH-1:0] entries[DEPTH];
  logic [POINTER_BITS:0] write_q, read_q;

  assign valid_o = write_q != read_q;
  assign data_o = entries[read_q[POINTER_BITS-1:0]];

  always_ff @(posedge clk_i) begin
    if (push_i) entries[write_q[POINTER_BITS-1:0]] <= data_i;
    if (!rst_ni || clear_i) begin
      write_q <= '0;
      read_q <= '0;
    end else begin
      if (push_i) write_q <= write_q + 1'b1;
      if (pop_i) read_q <= read_q + 1'b1;
    end
  end

`ifndef SYNTHESIS
  logic full;
  assign full = write_q == (read_q ^ {1'b1, {POINTER_BITS{1'b0}}});
  always_ff @(posedge clk_i) if (rst_ni && !clear_i) assert (!(push_i && full));
`endif
endmodule

`default_nettype wire
