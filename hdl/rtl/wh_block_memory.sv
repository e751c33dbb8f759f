// SPDX-License-Identifier: Apache-2.0
// One block memory: a 64-bit write port with byte strobes, a read port with one cycle of latency that gives the old word
// when the same word is written in that cycle. Addresses are below WORDS.
`default_nettype none

module wh_block_memory #(
    parameter int unsigned WORDS = 2048,
    localparam int unsigned ADDRESS_BITS = $clog2(WORDS)
) (
    input  logic                    clk_i,
    input  logic                    write_enable_i,
    input  logic [ADDRESS_BITS-1:0] write_address_i,
    input  logic [63:0]             write_data_i,
    input  logic [7:0]              write_strobe_i,
    input  logic                    read_enable_i,
    input  logic [ADDRESS_BITS-1:0] read_address_i,
    output logic [63:0]             read_data_o
);
  logic [63:0] memory_q [WORDS];
  logic [63:0] read_q;

  always_ff @(posedge clk_i) begin
    if (write_enable_i) begin
      if (write_strobe_i[0]) memory_q[write_address_i][7:0] <= write_data_i[7:0];
      if (write_strobe_i[1]) memory_q[write_address_i][15:8] <= write_data_i[15:8];
      if (write_strobe_i[2]) memory_q[write_address_i][23:16] <= write_data_i[23:16];
      if (write_strobe_i[3]) memory_q[write_address_i][31:24] <= write_data_i[31:24];
      if (write_strobe_i[4]) memory_q[write_address_i][39:32] <= write_data_i[39:32];
      if (write_strobe_i[5]) memory_q[write_address_i][47:40] <= write_data_i[47:40];
      if (write_strobe_i[6]) memory_q[write_address_i][55:48] <= write_data_i[55:48];
      if (write_strobe_i[7]) memory_q[write_address_i][63:56] <= write_data_i[63:56];
    end
    if (read_enable_i) read_q <= memory_q[read_address_i];
  end

  assign read_data_o = read_q;
endmodule

`default_nettype wire
