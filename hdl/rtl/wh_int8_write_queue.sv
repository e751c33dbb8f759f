// SPDX-License-Identifier: Apache-2.0
// Words on their way to the activation memory: 32 entries; an entry without strobe leaves without a write.
// Timing: an entry pushed in one cycle is offered in the next. The pusher keeps the count of entries within 32.
`default_nettype none

module wh_int8_write_queue (
    input  logic        clk_i,
    input  logic        clear_i,
    input  logic        push_i,
    input  logic [3:0]  bank_i,
    input  logic [12:0] address_i,
    input  logic [7:0]  strobe_i,
    input  logic [63:0] data_i,
    output logic        pop_o,
    output logic        write_valid_o,
    output logic [3:0]  write_bank_o,
    output logic [12:0] write_address_o,
    output logic [63:0] write_data_o,
    output logic [7:0]  write_strobe_o,
    input  logic        write_ready_i
);
  logic [88:0] entries [32];
  logic [5:0]  write_q, read_q;
  logic        occupied;

  assign occupied = write_q != read_q;
  assign {write_bank_o, write_address_o, write_strobe_o, write_data_o} = entries[read_q[4:0]];
  assign write_valid_o = occupied && (|write_strobe_o);
  assign pop_o = occupied && (write_ready_i || !(|write_strobe_o));

  always_ff @(posedge clk_i) begin
    if (clear_i) begin
      write_q <= '0;
      read_q <= '0;
    end else begin
      if (push_i) write_q <= write_q + 6'd1;
      if (pop_o) read_q <= read_q + 6'd1;
    end
    if (push_i) entries[write_q[4:0]] <= {bank_i, address_i, strobe_i, data_i};
  end
endmodule

`default_nettype wire
