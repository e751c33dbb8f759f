// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Bank and address of positions of one on-chip activation map.
// After start_i it takes four cycles to learn the map; then one position enters a cycle and its address leaves two cycles
// later, in order, with the side bits that entered beside it. An address beyond the memory leaves with outside_o set. The pitch of
// rows saturates beyond any memory, so that the product of a row is short.
module wh_map_address #(
    parameter int unsigned BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS,
    parameter int unsigned SIDE_BITS = 1
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire wh_contract_pkg::map_t map_i,
    input  wire logic        start_i,
    output logic             configured_o,
    output logic [21:0]      first_block_offset_o,  // words of a bank before the command's block 0, in one row

    input  wire logic                 valid_i,
    output logic                      ready_o,
    input  wire logic [9:0]           row_i,           // physical row
    input  wire logic [1:0]           block_i,         // physical block, modulo 4
    input  wire logic [21:0]          block_offset_i,  // physical block x quads
    input  wire logic [11:0]          column_i,
    input  wire logic [SIDE_BITS-1:0] side_i,

    output logic                 valid_o,
    input  wire logic            ready_i,
    output logic [3:0]           bank_o,
    output logic [23:0]          address_o,
    output logic                 outside_o,
    output logic [SIDE_BITS-1:0] side_o
);
  typedef enum logic [1:0] {LEARN_PITCH, LEARN_BLOCK, STORE_BLOCK, RUN} state_e;

  logic [12:0] map_base;
  logic [11:0] map_blocks;
  logic [8:0] map_quads;
  logic [11:0] map_block;
  assign map_base = map_i.base;
  assign map_blocks = map_i.blocks;
  assign map_quads = map_i.quads;
  assign map_block = map_i.block;

  state_e state_q;
  logic [13:0] row_pitch_q;  // words of a bank from one group of four rows to the next, at most 8192
  logic [13:0] factor_a;
  logic [8:0] factor_b;
  logic product_enable;
  logic [24:0] product;

  logic product_valid_q;
  logic [22:0] offset_q;
  logic [3:0] product_bank_q;
  logic [SIDE_BITS-1:0] product_side_q;
  logic [23:0] sum;
  logic address_ready;

  assign configured_o = state_q == RUN;
  assign address_ready = !valid_o || ready_i;
  assign ready_o = configured_o && (!product_valid_q || address_ready);

  always_comb begin
    factor_a = row_pitch_q;
    factor_b = {1'b0, row_i[9:2]};
    if (state_q == LEARN_PITCH) begin
      factor_a = {2'b0, map_blocks};
      factor_b = map_quads;
    end else if (state_q == LEARN_BLOCK) begin
      factor_a = {2'b0, map_block};
      factor_b = map_quads;
    end
  end
  wh_product #(
      .LEFT_BITS(15),
      .LOW_DIGITS(2),
      .HIGH_DIGITS(3)
  ) u_product (
      .clk_i(clk_i),
      .enable_i(product_enable),
      .left_i({1'b0, factor_a}),
      .right_i({1'b0, factor_b}),
      .product_o(product)
  );
  assign outside_o = address_o >= 24'(BANK_WORDS);
  assign sum = 24'(product[22:0]) + 24'(offset_q);
  assign product_enable = configured_o ? valid_i && ready_o : 1'b1;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= RUN;
      row_pitch_q <= '0;
      first_block_offset_o <= '0;
    end else if (start_i) begin
      state_q <= LEARN_PITCH;
    end else begin
      unique case (state_q)
        LEARN_PITCH: state_q <= LEARN_BLOCK;
        LEARN_BLOCK: begin
          row_pitch_q <= (|product[20:13]) ? 14'd8192 : product[13:0];
          state_q <= STORE_BLOCK;
        end
        STORE_BLOCK: begin
          first_block_offset_o <= product[21:0];
          state_q <= RUN;
        end
        default: ;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start_i) begin
      product_valid_q <= 1'b0;
      valid_o <= 1'b0;
    end else begin
      if (ready_o) product_valid_q <= valid_i;
      if (address_ready) valid_o <= product_valid_q;
    end
    if (valid_i && ready_o) begin
      offset_q <= 23'(map_base) + 23'(block_offset_i) + 23'(column_i[11:2]);
      product_bank_q <= {row_i[1:0] + block_i, column_i[1:0]};
      product_side_q <= side_i;
    end
    if (product_valid_q && address_ready) begin
      address_o <= sum;
      bank_o <= product_bank_q;
      side_o <= product_side_q;
    end
  end

`ifndef SYNTHESIS
  logic unused;
  assign unused = &{1'b0, map_i.row, map_i.ring, product[24:23]};
`endif
endmodule

`default_nettype wire
