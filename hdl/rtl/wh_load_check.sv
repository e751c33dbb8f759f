// SPDX-License-Identifier: Apache-2.0
// Whether a LOAD_WEIGHTS or LOAD_TABLE command is legal, how many words it reads, and whether its weights fit the memory.
`default_nettype none

module wh_load_check #(
    parameter int unsigned WEIGHT_WORDS = wh_contract_pkg::ZYNQ7020_WEIGHT_WORDS
) (
    input  logic [wh_contract_pkg::COMMAND_BITS-1:0] command_i,
    output logic         weights_legal_o,
    output logic         weights_fit_o,
    output logic [19:0]  weights_words_o,
    output logic         table_legal_o,
    output logic [19:0]  table_words_o
);
  wh_contract_pkg::load_weights_t as_weights;
  wh_contract_pkg::load_table_t as_table;
  assign as_weights = command_i;
  assign as_table = command_i;

  logic [31:0] decoded, encoded;
  logic [19:0] address;
  logic [3:0] target;
  logic placed;

  assign decoded = as_weights.decoded_bytes;
  assign encoded = as_weights.encoded_bytes;
  assign address = as_weights.address;
  assign target = as_table.target;
  assign placed = as_weights.offset[2:0] == 3'd0 && !as_weights.region[3];

  assign weights_legal_o = placed && decoded == encoded && decoded[4:0] == 5'd0 && decoded != 32'd0 &&
                           as_weights.codec == wh_contract_pkg::CODEC_RAW;
  assign weights_fit_o = 28'(address) + 28'(decoded[31:5]) <= 28'(WEIGHT_WORDS);
  assign weights_words_o = decoded[22:3];
  assign table_legal_o = placed && target <= wh_contract_pkg::TABLE_TARGET_ACTIVATION;
  assign table_words_o = target == wh_contract_pkg::TABLE_TARGET_RESCALE
                         ? 20'(wh_contract_pkg::RESCALE_TABLE_BYTES / 8)
                         : 20'(wh_contract_pkg::ACTIVATION_TABLE_BYTES / 8);

  logic unused;
  assign unused = ^{as_weights, as_table};
endmodule

`default_nettype wire
