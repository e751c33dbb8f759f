// Sixteen activation banks (index rowBank * 4 + columnBank) and their arbitration. Reads, per bank: STORE, INT8 (all or
// nothing), XNOR, VECTOR A, VECTOR B; data one cycle after the grant, for that cycle only. Writes, per bank and each word on
// its own, in the order of the eight write ports. Addresses are below BANK_WORDS: their requesters check.
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

  // A writer is granted when no earlier writer names its bank; at most WRITERS - 1 comparisons of four bits each.
  logic [WRITERS*85-1:0] writer_words;
  generate
    for (genvar writer = 0; writer < WRITERS; writer++) begin : gen_writer
      assign writer_words[writer*85 +: 85] =
          {write_strobe_i[writer*8 +: 8], write_address_i[writer*13 +: 13], write_data_i[writer*64 +: 64]};
      always_comb begin
        write_ready_o[writer] = 1'b1;
        for (int earlier = 0; earlier < writer; earlier++) begin
          if (write_valid_i[earlier] && write_bank_i[earlier*4 +: 4] == write_bank_i[writer*4 +: 4])
            write_ready_o[writer] = 1'b0;
        end
      end
    end

    for (genvar bank = 0; bank < 16; bank++) begin : gen_bank
      logic write_enable, read_enable;
      logic [2:0] writer_index;
      logic [12:0] write_address, read_address;
      logic [84:0] write_word;
      logic [63:0] write_data;
      logic [7:0] write_strobe;
      assign {write_strobe, write_address, write_data} = write_word;

      always_comb begin
        write_enable = 1'b0;
        writer_index = 3'd0;
        for (int unsigned index = 0; index < WRITERS; index++) begin
          if (write_valid_i[WRITERS-1-index] && write_bank_i[(WRITERS-1-index)*4 +: 4] == bank) begin
            write_enable = 1'b1;
            writer_index = 3'(WRITERS - 1 - index);
          end
        end
      end
      assign write_word = writer_words[writer_index*85 +: 85];
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
          .write_enable_i(write_enable),
          .write_address_i(write_address[ADDRESS_BITS-1:0]),
          .write_data_i(write_data),
          .write_strobe_i(write_strobe),
          .read_enable_i(read_enable),
          .read_address_i(read_address[ADDRESS_BITS-1:0]),
          .read_data_o(bank_data[bank*64 +: 64])
      );

      logic unused;
      assign unused = ^{1'b0, write_address[12:ADDRESS_BITS], read_address[12:ADDRESS_BITS]};
    end
  endgenerate
endmodule

`default_nettype wire
