// SPDX-License-Identifier: Apache-2.0
// The base address and size of one region out of the table.
`default_nettype none

module wh_region_select (
    input  logic [511:0] region_base_i,
    input  logic [255:0] region_bytes_i,
    input  logic [2:0]   region_i,
    output logic [63:0]  base_o,
    output logic [31:0]  bytes_o
);
  always_comb begin
    base_o = region_base_i[63:0];
    bytes_o = region_bytes_i[31:0];
    for (int unsigned region = 1; region < wh_contract_pkg::REGIONS; region++) begin
      if (region_i == 3'(region)) begin
        base_o = region_base_i[region*64 +: 64];
        bytes_o = region_bytes_i[region*32 +: 32];
      end
    end
  end
endmodule

`default_nettype wire
