// SPDX-License-Identifier: Apache-2.0
// The region table, in distributed memory: one word written a cycle, READERS regions read at once in the same cycle. A region
// whose size was not written since the reset has no bytes.
`default_nettype none

module wh_regions #(
    parameter int unsigned READERS = 1
) (
    input  logic                  clk_i,
    input  logic                  rst_ni,
    input  logic                  write_base_low_i,
    input  logic                  write_base_high_i,
    input  logic                  write_bytes_i,
    input  logic [2:0]            write_region_i,
    input  logic [31:0]           write_data_i,
    input  logic [READERS*3-1:0]  region_i,
    output logic [READERS*64-1:0] base_o,
    output logic [READERS*32-1:0] bytes_o
);
  logic [31:0] base_low_q [8];
  logic [31:0] base_high_q [8];
  logic [31:0] bytes_q [8];
  logic [7:0] sized_q;

  always_ff @(posedge clk_i) begin
    if (write_base_low_i) base_low_q[write_region_i] <= write_data_i;
    if (write_base_high_i) base_high_q[write_region_i] <= write_data_i;
    if (write_bytes_i) bytes_q[write_region_i] <= write_data_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) sized_q <= '0;
    else if (write_bytes_i) sized_q[write_region_i] <= 1'b1;
  end

  generate
    for (genvar r = 0; r < READERS; r++) begin : gen_reader
      logic [2:0] region;
      assign region = region_i[3*r +: 3];
      assign base_o[64*r +: 64] = {base_high_q[region], base_low_q[region]};
      assign bytes_o[32*r +: 32] = sized_q[region] ? bytes_q[region] : 32'd0;
    end
  endgenerate
endmodule

`default_nettype wire
