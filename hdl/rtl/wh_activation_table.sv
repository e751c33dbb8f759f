// SPDX-License-Identifier: Apache-2.0
// An activation table in block memory, two codes looked up a cycle: table[code + 128], a cycle later. No look-up while it is written.
`default_nettype none

module wh_activation_table (
    input  logic        clk_i,
    input  logic        write_i,
    input  logic [7:0]  write_index_i,
    input  logic [7:0]  write_data_i,
    input  logic [15:0] codes_i,
    output logic [15:0] data_o
);
  (* ram_style = "block" *) logic [7:0] entries [256];
  logic [7:0] first;
  assign first = write_i ? write_index_i : {!codes_i[7], codes_i[6:0]};

  always_ff @(posedge clk_i) begin
    if (write_i) entries[first] <= write_data_i;
    else data_o[7:0] <= entries[first];
  end
  always_ff @(posedge clk_i) data_o[15:8] <= entries[{!codes_i[15], codes_i[14:8]}];
endmodule

`default_nettype wire
