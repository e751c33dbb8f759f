// SPDX-License-Identifier: Apache-2.0
// Sixteen activation banks (index rowBank * 4 + columnBank) and their arbitration. Reads, per bank: STORE, INT8 (all or
// nothing), XNOR, VECTOR A, VECTOR B; data one cycle after the grant, for that cycle only. Writes, each word on its own: LOAD0
// (three words in different row banks), LOAD1, INT8 (two words), XNOR, VECTOR. STORE and LOAD0 are never refused, and come a
// cycle late, as does LOAD1: so what refuses the others comes from registers. XNOR shares the way to the banks with INT8's
// first word and VECTOR with its second, and XNOR's reads with VECTOR's of B: a bank then chooses among four each way. While XNOR
// reads, B takes turns with A on A's way. Addresses are below BANK_WORDS: requesters check.
`default_nettype none

module wh_activation_memory #(
    parameter int unsigned ACTIVATION_BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS,
    localparam int unsigned WRITERS = 8
) (
    input  logic                 clk_i,

    input  logic                 store_valid_i,
    input  logic [1:0]           store_row_bank_i,
    input  logic [12:0]          store_address_i,
    output logic [255:0]         store_data_o,      // two cycles after the request
    input  logic                 int8_valid_i,
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

  logic [15:0] store_banks;
  logic a_busy, b_busy, b_fourth, fourth_valid, xnor_read_q, b_turn_q, b_fourth_q;
  logic [16*64-1:0] bank_data;
  logic [63:0] fourth_data;
  logic [3:0] store_rows_q;  // at most one
  logic [1:0] store_row_q, store_data_row_q;
  logic [12:0] store_address_q;
  logic [3:0] third_bank, third_bank_q, fourth_bank, fourth_bank_q;
  logic [12:0] third_address, fourth_address;
  logic third_valid;

  assign store_banks = {{4{store_rows_q[3]}}, {4{store_rows_q[2]}}, {4{store_rows_q[1]}}, {4{store_rows_q[0]}}};
  assign int8_ready_o = (int8_enable_i & store_banks) == 16'h0000;
  // What comes late, whether INT8 and XNOR read at all, is asked last.
  assign b_fourth = xnor_read_q && vector_valid_i[1] && (b_turn_q || !vector_valid_i[0]);
  assign fourth_valid = b_fourth || vector_valid_i[0];
  assign fourth_bank = b_fourth ? vector_bank_i[7:4] : vector_bank_i[3:0];
  assign fourth_address = b_fourth ? vector_address_i[25:13] : vector_address_i[12:0];
  assign a_busy = b_fourth || (xnor_valid_i && xnor_bank_i == vector_bank_i[3:0]);
  assign b_busy = b_fourth ? xnor_valid_i && xnor_bank_i == vector_bank_i[7:4]
                           : xnor_valid_i || (vector_valid_i[0] && vector_bank_i[3:0] == vector_bank_i[7:4]);
  assign third_valid = xnor_valid_i || (vector_valid_i[1] && !b_fourth && !b_busy);
  assign third_bank = xnor_valid_i ? xnor_bank_i : vector_bank_i[7:4];
  assign third_address = xnor_valid_i ? xnor_address_i : vector_address_i[25:13];
  assign xnor_ready_o = !store_banks[xnor_bank_i] && !(int8_valid_i && int8_enable_i[xnor_bank_i]);
  assign vector_ready_o = {!store_banks[vector_bank_i[7:4]] && !(int8_valid_i && int8_enable_i[vector_bank_i[7:4]]) && !b_busy,
                           !store_banks[vector_bank_i[3:0]] && !(int8_valid_i && int8_enable_i[vector_bank_i[3:0]]) && !a_busy};

  always_ff @(posedge clk_i) begin
    store_rows_q <= store_valid_i ? 4'h1 << store_row_bank_i : 4'h0;
    store_row_q <= store_row_bank_i;
    store_address_q <= store_address_i;
    store_data_row_q <= store_row_q;
    xnor_read_q <= xnor_valid_i;
    b_turn_q <= vector_valid_i == 2'b11 && !b_turn_q;
    b_fourth_q <= b_fourth;
    fourth_bank_q <= fourth_bank;
    third_bank_q <= third_bank;
  end
  assign int8_data_o = bank_data;
  assign store_data_o = bank_data[store_data_row_q*256 +: 256];
  assign xnor_data_o = bank_data[third_bank_q*64 +: 64];
  assign fourth_data = bank_data[fourth_bank_q*64 +: 64];
  assign vector_data_o = {b_fourth_q ? fourth_data : xnor_data_o, fourth_data};

  // Four ways to the banks. A word is 64 data bits, 8 strobes and its address.
  localparam int unsigned WORD_BITS = 64 + 8 + ADDRESS_BITS;
  localparam int unsigned LOAD1 = 3, INT8_FIRST = 4, INT8_SECOND = 5, XNOR = 6, VECTOR = 7;
  logic [WRITERS*WORD_BITS-1:0] words;
  logic first_xnor, second_vector, first_valid, second_valid, load1_free, first_free, second_free, xnor_free, vector_free;
  logic load1_valid_q;
  logic [3:0] int8_first_bank, int8_second_bank, xnor_bank, vector_bank, load1_bank_q, first_bank, second_bank;
  logic [WORD_BITS-1:0] load1_word_q, first_word, second_word;
  logic [15:0] load0_banks;
  logic [4*WORD_BITS-1:0] load0_words;  // by row bank
  logic [2:0] load0_valid_q;
  logic [11:0] load0_bank_q;
  logic [3*WORD_BITS-1:0] load0_words_q;

  always_ff @(posedge clk_i) begin
    load0_valid_q <= write_valid_i[2:0];
    load0_bank_q <= write_bank_i[11:0];
    load0_words_q <= words[3*WORD_BITS-1:0];
    if (write_ready_o[LOAD1]) begin
      load1_valid_q <= write_valid_i[LOAD1];
      load1_bank_q <= write_bank_i[LOAD1*4 +: 4];
      load1_word_q <= words[LOAD1*WORD_BITS +: WORD_BITS];
    end
  end

  generate
    for (genvar writer = 0; writer < WRITERS; writer++) begin : gen_word
      assign words[writer*WORD_BITS +: WORD_BITS] = {write_address_i[writer*13 +: ADDRESS_BITS],
                                                     write_strobe_i[writer*8 +: 8], write_data_i[writer*64 +: 64]};
      logic unused;
      assign unused = ^{1'b0, write_address_i[writer*13 + 12:writer*13 + ADDRESS_BITS]};
    end
    for (genvar row = 0; row < 4; row++) begin : gen_row
      assign load0_words[row*WORD_BITS +: WORD_BITS] =
          load0_valid_q[1] && load0_bank_q[7:6] == 2'(row) ? load0_words_q[WORD_BITS +: WORD_BITS] :
          load0_valid_q[2] && load0_bank_q[11:10] == 2'(row) ? load0_words_q[2*WORD_BITS +: WORD_BITS]
                                                             : load0_words_q[0 +: WORD_BITS];
    end
  endgenerate
  assign load0_banks = (load0_valid_q[0] ? 16'h0001 << load0_bank_q[3:0] : 16'h0000) |
                       (load0_valid_q[1] ? 16'h0001 << load0_bank_q[7:4] : 16'h0000) |
                       (load0_valid_q[2] ? 16'h0001 << load0_bank_q[11:8] : 16'h0000);
  assign first_xnor = !write_valid_i[INT8_FIRST];
  assign first_valid = write_valid_i[INT8_FIRST] || write_valid_i[XNOR];
  assign first_bank = first_xnor ? xnor_bank : int8_first_bank;
  assign first_word = first_xnor ? words[XNOR*WORD_BITS +: WORD_BITS] : words[INT8_FIRST*WORD_BITS +: WORD_BITS];
  assign second_vector = !write_valid_i[INT8_SECOND];
  assign second_valid = write_valid_i[INT8_SECOND] || write_valid_i[VECTOR];
  assign second_bank = second_vector ? vector_bank : int8_second_bank;
  assign second_word = second_vector ? words[VECTOR*WORD_BITS +: WORD_BITS] : words[INT8_SECOND*WORD_BITS +: WORD_BITS];

  // Whether a bank is free of loads; whether the first way goes there, without waiting for the choice of its word.
  function automatic logic free_of_loads(input logic [3:0] bank, input logic [15:0] load0, input logic load1, input logic [3:0] load1_bank);
    free_of_loads = !load0[bank] && !(load1 && load1_bank == bank);
  endfunction
  function automatic logic on_first_way(input logic [3:0] bank, input logic int8, input logic [3:0] int8_bank, input logic xnor_writes,
                                        input logic [3:0] xnor_to);
    on_first_way = int8 ? int8_bank == bank : xnor_writes && xnor_to == bank;
  endfunction
  assign int8_first_bank = write_bank_i[INT8_FIRST*4 +: 4];
  assign int8_second_bank = write_bank_i[INT8_SECOND*4 +: 4];
  assign xnor_bank = write_bank_i[XNOR*4 +: 4];
  assign vector_bank = write_bank_i[VECTOR*4 +: 4];
  assign load1_free = !load0_banks[load1_bank_q];
  assign first_free = free_of_loads(int8_first_bank, load0_banks, load1_valid_q, load1_bank_q);
  assign xnor_free = free_of_loads(xnor_bank, load0_banks, load1_valid_q, load1_bank_q);
  assign second_free = free_of_loads(int8_second_bank, load0_banks, load1_valid_q, load1_bank_q)
      && !on_first_way(int8_second_bank, write_valid_i[INT8_FIRST], int8_first_bank, write_valid_i[XNOR], xnor_bank);
  assign vector_free = free_of_loads(vector_bank, load0_banks, load1_valid_q, load1_bank_q)
      && !on_first_way(vector_bank, write_valid_i[INT8_FIRST], int8_first_bank, write_valid_i[XNOR], xnor_bank);
  assign write_ready_o = {vector_free && second_vector, xnor_free && first_xnor, second_free, first_free,
                          load1_free || !load1_valid_q, 3'b111};

  generate
    for (genvar bank = 0; bank < 16; bank++) begin : gen_bank
      logic read_enable, load1_here, first_here, second_here;
      logic [12:0] read_address;
      logic [WORD_BITS-1:0] word;
      logic [1:0] way;

      assign load1_here = load1_valid_q && load1_bank_q == bank;
      assign first_here = first_valid && first_bank == bank;
      assign second_here = second_valid && second_bank == bank;
      assign way = load0_banks[bank] ? 2'd0 : load1_here ? 2'd1 : first_here ? 2'd2 : 2'd3;
      always_comb begin
        unique case (way)
          2'd0: word = load0_words[(bank / 4)*WORD_BITS +: WORD_BITS];
          2'd1: word = load1_word_q;
          2'd2: word = first_word;
          default: word = second_word;
        endcase
      end

      always_comb begin
        read_enable = 1'b1;
        read_address = store_address_q;
        if (store_banks[bank]) read_address = store_address_q;
        else if (int8_valid_i && int8_enable_i[bank]) read_address = int8_address_i[bank*13 +: 13];
        else if (third_valid && third_bank == bank) read_address = third_address;
        else begin
          read_address = fourth_address;
          read_enable = fourth_valid && fourth_bank == bank;
        end
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
