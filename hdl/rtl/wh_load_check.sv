// SPDX-License-Identifier: Apache-2.0
// Whether a LOAD_WEIGHTS or LOAD_TABLE command is legal, how many words it reads, and whether its weights fit the memory.
`default_nettype none

module wh_load_check #(
    parameter int unsigned WEIGHT_WORDS = wh_contract_pkg::ZYNQ7020_WEIGHT_WORDS
) (
    input  logic [511:0] command_i,
    output logic         weights_legal_o,
    output logic         weights_fit_o,
    output logic [19:0]  weights_words_o,
    output logic         table_legal_o,
    output logic [19:0]  table_words_o
);
  logic [31:0] decoded, encoded;
  logic [19:0] address;
  logic [3:0] target;
  logic placed;

  assign decoded = command_i[wh_contract_pkg::LOAD_WEIGHTS_DECODED_BYTES_LSB +: 32];
  assign encoded = command_i[wh_contract_pkg::LOAD_WEIGHTS_ENCODED_BYTES_LSB +: 32];
  assign address = command_i[wh_contract_pkg::LOAD_WEIGHTS_ADDRESS_LSB +: 20];
  assign target = command_i[wh_contract_pkg::LOAD_TABLE_TARGET_LSB +: 4];
  assign placed = command_i[wh_contract_pkg::LOAD_WEIGHTS_OFFSET_LSB +: 3] == 3'd0 &&
                  !command_i[wh_contract_pkg::LOAD_WEIGHTS_REGION_LSB + 3];

  assign weights_legal_o = placed && decoded == encoded && decoded[4:0] == 5'd0 && decoded != 32'd0 &&
                           command_i[wh_contract_pkg::LOAD_WEIGHTS_CODEC_LSB +: 4] == 4'(wh_contract_pkg::CODEC_RAW);
  assign weights_fit_o = 28'(address) + 28'(decoded[31:5]) <= 28'(WEIGHT_WORDS);
  assign weights_words_o = decoded[22:3];
  assign table_legal_o = placed && target <= 4'(wh_contract_pkg::TABLE_TARGET_ACTIVATION);
  assign table_words_o = target == 4'(wh_contract_pkg::TABLE_TARGET_RESCALE)
                         ? 20'(wh_contract_pkg::RESCALE_TABLE_BYTES / 8)
                         : 20'(wh_contract_pkg::ACTIVATION_TABLE_BYTES / 8);

  logic unused;
  assign unused = ^command_i;
endmodule

`default_nettype wire
