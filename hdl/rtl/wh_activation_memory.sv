// SPDX-License-Identifier: Apache-2.0
// Sixteen activation banks (index rowBank * 4 + columnBank) and their arbitration. Reads, per bank: STORE, INT8 (all or
// nothing), XNOR, VECTOR A, VECTOR B; data one cycle after the grant, for that cycle only. Writes, each word on its own: LOAD0
// (three words in different row banks), LOAD1, INT8 (two words), XNOR, VECTOR. XNOR shares the way to the banks with INT8's
// first word and VECTOR with its second: a bank then chooses among four. Addresses are below BANK_WORDS: requesters check.
`default_nettype none

module wh_activation_memory #(
    parameter int unsigned ACTIVATION_BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS,
    localparam int unsigned WRITERS = 8
) (
    input  logic                 clk_i,

    input  logic                 store_valid_i,
    input  logic [1:0]           store_row_bank_i,
    input  logic [12:0]          store_address_i,
    output logic                 store_ready_o,
    output logic [255:0]         store_data_o,
    input  logic [15:0]          int8_enable_i,
    input  logic [16*13-1:0]     int8_address_i,
    output logic                 int8_ready_o,
    output logic [16*64-1:0]     int8_data_o,
    input  logic                 xnor_valid_i,
    input  logic [3:0]           xnor_bank_i,
    input  logic [12:0]          xnor_address_i,
    output logic                 xnor_ready_o,
    output logic [63:0]          xnor_data_o,
    input  logic [1:0]           vector_valid_i,
    input  logic [7:0]           vector_bank_i,
    input  logic [25:0]          vector_address_i,
    output logic [1:0]           vector_ready_o,
    output logic [127:0]         vector_data_o,

    input  logic [WRITERS-1:0]    write_valid_i,
    input  logic [WRITERS*4-1:0]  write_bank_i,
    input  logic [WRITERS*13-1:0] write_address_i,
    input  logic [WRITERS*64-1:0] write_data_i,
    input  logic [WRITERS*8-1:0]  write_strobe_i,
    output logic [WRITERS-1:0]    write_ready_o
);
  localparam int unsigned ADDRESS_BITS = $clog2(ACTIVATION_BANK_WORDS);

  logic [15:0] store_banks, taken_xnor, taken_a, taken_b;
  logic [15:0] xnor_banks, a_banks, b_banks;
  logic [16*64-1:0] bank_data;
  logic [1:0] store_row_q;
  logic [3:0] xnor_bank_q, a_bank_q, b_bank_q;

  assign store_banks = store_valid_i ? 16'h000F << {store_row_bank_i, 2'b00} : 16'h0000;
  assign store_ready_o = 1'b1;
  assign int8_ready_o = (int8_enable_i & store_banks) == 16'h0000;
  assign xnor_banks = 16'h0001 << xnor_bank_i;
  assign a_banks = 16'h0001 << vector_bank_i[3:0];
  assign b_banks = 16'h0001 << vector_bank_i[7:4];
  assign taken_xnor = store_banks | int8_enable_i;
  assign taken_a = taken_xnor | (xnor_valid_i ? xnor_banks : 16'h0000);
  assign taken_b = taken_a | (vector_valid_i[0] ? a_banks : 16'h0000);
  assign xnor_ready_o = (xnor_banks & taken_xnor) == 16'h0000;
  assign vector_ready_o = {(b_banks & taken_b) == 16'h0000, (a_banks & taken_a) == 16'h0000};

  always_ff @(posedge clk_i) begin
    store_row_q <= store_row_bank_i;
    xnor_bank_q <= xnor_bank_i;
    a_bank_q <= vector_bank_i[3:0];
    b_bank_q <= vector_bank_i[7:4];
  end
  assign int8_data_o = bank_data;
  assign store_data_o = bank_data[store_row_q*256 +: 256];
  assign xnor_data_o = bank_data[xnor_bank_q*64 +: 64];
  assign vector_data_o = {bank_data[b_bank_q*64 +: 64], bank_data[a_bank_q*64 +: 64]};

  // Four ways to the banks. A word is 64 data bits, 8 strobes and its address.
  localparam int unsigned WORD_BITS = 64 + 8 + ADDRESS_BITS;
  localparam int unsigned LOAD1 = 3, INT8_FIRST = 4, INT8_SECOND = 5, XNOR = 6, VECTOR = 7;
  logic [WRITERS*WORD_BITS-1:0] words;
  logic first_xnor, second_vector, first_valid, second_valid, load1_free, first_free, second_free;
  logic [3:0] load1_bank, first_bank, second_bank;
  logic [WORD_BITS-1:0] load1_word, first_word, second_word;
  logic [15:0] load0_banks;
  logic [4*WORD_BITS-1:0] load0_words;  // by row bank

  generate
    for (genvar writer = 0; writer < WRITERS; writer++) begin : gen_word
      assign words[writer*WORD_BITS +: WORD_BITS] = {write_address_i[writer*13 +: ADDRESS_BITS],
                                                     write_strobe_i[writer*8 +: 8], write_data_i[writer*64 +: 64]};
      logic unused;
      assign unused = ^{1'b0, write_address_i[writer*13 + 12:writer*13 + ADDRESS_BITS]};
    end
    for (genvar row = 0; row < 4; row++) begin : gen_row
      assign load0_words[row*WORD_BITS +: WORD_BITS] =
          write_valid_i[1] && write_bank_i[7:6] == 2'(row) ? words[WORD_BITS +: WORD_BITS] :
          write_valid_i[2] && write_bank_i[11:10] == 2'(row) ? words[2*WORD_BITS +: WORD_BITS] : words[0 +: WORD_BITS];
    end
  endgenerate
  assign load0_banks = (write_valid_i[0] ? 16'h0001 << write_bank_i[3:0] : 16'h0000) |
                       (write_valid_i[1] ? 16'h0001 << write_bank_i[7:4] : 16'h0000) |
                       (write_valid_i[2] ? 16'h0001 << write_bank_i[11:8] : 16'h0000);
  assign load1_bank = write_bank_i[LOAD1*4 +: 4];
  assign load1_word = words[LOAD1*WORD_BITS +: WORD_BITS];
  assign first_xnor = !write_valid_i[INT8_FIRST];
  assign first_valid = write_valid_i[INT8_FIRST] || write_valid_i[XNOR];
  assign first_bank = first_xnor ? write_bank_i[XNOR*4 +: 4] : write_bank_i[INT8_FIRST*4 +: 4];
  assign first_word = first_xnor ? words[XNOR*WORD_BITS +: WORD_BITS] : words[INT8_FIRST*WORD_BITS +: WORD_BITS];
  assign second_vector = !write_valid_i[INT8_SECOND];
  assign second_valid = write_valid_i[INT8_SECOND] || write_valid_i[VECTOR];
  assign second_bank = second_vector ? write_bank_i[VECTOR*4 +: 4] : write_bank_i[INT8_SECOND*4 +: 4];
  assign second_word = second_vector ? words[VECTOR*WORD_BITS +: WORD_BITS] : words[INT8_SECOND*WORD_BITS +: WORD_BITS];

  assign load1_free = !load0_banks[load1_bank];
  assign first_free = !load0_banks[first_bank] && !(write_valid_i[LOAD1] && load1_bank == first_bank);
  assign second_free = !load0_banks[second_bank] && !(write_valid_i[LOAD1] && load1_bank == second_bank) &&
                       !(first_valid && first_bank == second_bank);
  assign write_ready_o = {second_free && second_vector, first_free && first_xnor, second_free, first_free, load1_free,
                          3'b111};

  generate
    for (genvar bank = 0; bank < 16; bank++) begin : gen_bank
      logic read_enable, load1_here, first_here, second_here;
      logic [12:0] read_address;
      logic [WORD_BITS-1:0] word;
      logic [1:0] way;

      assign load1_here = write_valid_i[LOAD1] && load1_bank == bank;
      assign first_here = first_valid && first_bank == bank;
      assign second_here = second_valid && second_bank == bank;
      assign way = load0_banks[bank] ? 2'd0 : load1_here ? 2'd1 : first_here ? 2'd2 : 2'd3;
      always_comb begin
        unique case (way)
          2'd0: word = load0_words[(bank / 4)*WORD_BITS +: WORD_BITS];
          2'd1: word = load1_word;
          2'd2: word = first_word;
          default: word = second_word;
        endcase
      end

      always_comb begin
        read_enable = 1'b1;
        read_address = store_address_i;
        if (store_banks[bank]) read_address = store_address_i;
        else if (int8_enable_i[bank]) read_address = int8_address_i[bank*13 +: 13];
        else if (xnor_valid_i && xnor_banks[bank]) read_address = xnor_address_i;
        else if (vector_valid_i[0] && a_banks[bank]) read_address = vector_address_i[12:0];
        else if (vector_valid_i[1] && b_banks[bank]) read_address = vector_address_i[25:13];
        else read_enable = 1'b0;
      end

      wh_block_memory #(
          .WORDS(ACTIVATION_BANK_WORDS)
      ) u_memory (
          .clk_i,
          .write_enable_i(load0_banks[bank] || load1_here || first_here || second_here),
          .write_address_i(word[WORD_BITS-1:72]),
          .write_data_i(word[63:0]),
          .write_strobe_i(word[71:64]),
          .read_enable_i(read_enable),
          .read_address_i(read_address[ADDRESS_BITS-1:0]),
          .read_data_o(bank_data[bank*64 +: 64])
      );

      logic unused;
      assign unused = ^{1'b0, read_address[12:ADDRESS_BITS]};
    end
  endgenerate
endmodule

`default_nettype wire
