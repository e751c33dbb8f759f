// SPDX-License-Identifier: Apache-2.0
// The weight memory: WEIGHT_WORDS words of 32 bytes as four lanes of 8 bytes. INT8 reads before XNOR, data one cycle after the
// grant; LOAD0 writes before LOAD1 when both want one lane. Addresses are below WEIGHT_WORDS: their requesters check.
`default_nettype none

module wh_weight_memory #(
    parameter int unsigned WEIGHT_WORDS = wh_contract_pkg::ZYNQ7020_WEIGHT_WORDS
) (
    input  logic         clk_i,
    input  logic         int8_valid_i,
    input  logic [19:0]  int8_address_i,
    output logic         int8_ready_o,
    input  logic         xnor_valid_i,
    input  logic [19:0]  xnor_address_i,
    output logic         xnor_ready_o,
    output logic [255:0] read_data_o,
    input  logic [1:0]   write_valid_i,
    input  logic [43:0]  write_address_i,
    input  logic [127:0] write_data_i,
    output logic [1:0]   write_ready_o
);
  localparam int unsigned ADDRESS_BITS = $clog2(WEIGHT_WORDS);

  logic [19:0] read_address;
  logic read_enable;

  assign int8_ready_o = 1'b1;
  assign xnor_ready_o = !int8_valid_i;
  assign read_enable = int8_valid_i || xnor_valid_i;
  assign read_address = int8_valid_i ? int8_address_i : xnor_address_i;
  assign write_ready_o = {!(write_valid_i[0] && write_address_i[1:0] == write_address_i[23:22]), 1'b1};

  generate
    for (genvar lane = 0; lane < 4; lane++) begin : gen_lane
      logic first, second;
      logic [19:0] write_address;

      assign first = write_valid_i[0] && write_address_i[1:0] == lane;
      assign second = write_valid_i[1] && write_address_i[23:22] == lane;
      assign write_address = first ? write_address_i[21:2] : write_address_i[43:24];

      wh_block_memory #(
          .WORDS(WEIGHT_WORDS)
      ) u_memory (
          .clk_i,
          .write_enable_i(first || second),
          .write_address_i(write_address[ADDRESS_BITS-1:0]),
          .write_data_i(first ? write_data_i[63:0] : write_data_i[127:64]),
          .write_strobe_i(8'hFF),
          .read_enable_i(read_enable),
          .read_address_i(read_address[ADDRESS_BITS-1:0]),
          .read_data_o(read_data_o[lane*64 +: 64])
      );

      logic unused;
      assign unused = ^{write_address[19:ADDRESS_BITS], read_address[19:ADDRESS_BITS]};
    end
  endgenerate
endmodule

`default_nettype wire
