// SPDX-License-Identifier: Apache-2.0
// Writes one line's segments, column after column, through a window of three blocks: up to 24 bytes a cycle. Stage 1 asks the
// line buffer for four consecutive words, stage 2 aligns and pads them, stage 3 holds three words until each is granted.
// A word beyond the memory is not written: outside_o rises with its address.
`default_nettype none

module wh_patch_emit #(
    parameter int unsigned ACTIVATION_BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS,
    parameter int unsigned LINE_BYTES = wh_contract_pkg::ZYNQ7020_LINE_BYTES,
    localparam int unsigned ROW_BITS = $clog2(LINE_BYTES / 32 + 1)
) (
    input  logic                    clk_i,
    input  logic                    rst_ni,
    input  logic                    start_i,
    input  logic [11:0]             columns_i,
    input  logic [8:0]              quads_i,
    input  logic [12:0]             row_bytes_i,
    input  logic [7:0]              segment_bytes_i,
    input  logic [15:0]             step_bytes_i,
    input  logic [15:0]             left_bytes_i,
    input  logic [7:0]              pad_value_i,
    input  logic                    flip_sign_i,

    input  logic                    line_valid_i,
    input  logic                    line_exists_i,
    input  logic [2:0]              line_align_i,
    input  logic                    line_half_i,
    input  logic [1:0]              row_bank_i,
    input  logic [13:0]             address_i,
    input  logic [2:0]              first_byte_i,
    output logic                    line_done_o,
    output logic                    empty_o,

    output logic                    buffer_enable_o,
    output logic [4*(ROW_BITS+1)-1:0] buffer_address_o,
    input  logic [255:0]            buffer_data_i,

    output logic [2:0]              write_valid_o,
    output logic [11:0]             write_bank_o,
    output logic [38:0]             write_address_o,
    output logic [191:0]            write_data_o,
    output logic [23:0]             write_strobe_o,
    input  logic [2:0]              write_ready_i,
    output logic                    outside_o,
    output logic [31:0]             outside_address_o
);
  localparam int unsigned WINDOW_BYTES = 24;

  function automatic logic [13:0] add(input logic [13:0] a, input logic [13:0] b);
    logic [13:0] sum;
    sum = {1'b0, a[12:0]} + {1'b0, b[12:0]};
    add = {sum[13] | a[13] | b[13], sum[12:0]};
  endfunction

  // Stage 1: the window's place in the source line and on chip
  logic [11:0] column_q;
  logic later_q;                            // not the segment's first window
  // From the line's start: source byte of the segment's start and of the next window's; from there to the line's end.
  logic signed [30:0] segment_q, window_q, segment_rest_q, rest_q;
  logic [8:0] left_q, left;                 // bytes of this window and later ones, from the window's start
  logic [13:0] window_offset_q, window_address;
  logic [1:0] window_bank_q;
  logic advance, last_window, last_column;
  logic signed [30:0] window, rest;
  logic [ROW_BITS+4:0] place;
  logic [4:0] from, to, exists_from, exists_to;

  assign window = later_q ? window_q : segment_q - 31'(first_byte_i);
  assign rest = later_q ? rest_q : segment_rest_q + 31'(first_byte_i);
  assign left = later_q ? left_q : 9'(segment_bytes_i) + 9'(first_byte_i);
  assign last_window = left <= 9'(WINDOW_BYTES);
  assign last_column = column_q == columns_i - 12'd1;
  assign from = later_q ? 5'd0 : 5'(first_byte_i);
  assign to = last_window ? left[4:0] : 5'(WINDOW_BYTES);
  assign window_address = add(add(address_i, {4'd0, column_q[11:2]}), later_q ? window_offset_q : 14'd0);

  function automatic logic [4:0] clamped(input logic signed [30:0] value);
    clamped = value < 31'sd0 ? 5'd0 : value > 31'sd24 ? 5'(WINDOW_BYTES) : value[4:0];
  endfunction
  assign exists_from = !window[30] ? 5'd0 : window[29:5] != '1 || window[4:3] == 2'b00 ? 5'(WINDOW_BYTES) : -window[4:0];
  assign exists_to = line_exists_i ? clamped(rest) : 5'd0;

  assign place = later_q ? window_q[ROW_BITS+4:0] + (ROW_BITS + 5)'(line_align_i)
                         : segment_q[ROW_BITS+4:0] + (ROW_BITS + 5)'(signed'(4'(line_align_i) - 4'(first_byte_i)));
  logic [ROW_BITS+1:0] word;
  assign word = place[ROW_BITS+4:3];
  generate
    for (genvar bank = 0; bank < 4; bank++) begin : gen_bank
      logic [ROW_BITS+1:0] at_or_after;  // the first word of the four that this bank holds, or up to three beyond it
      assign at_or_after = word + (ROW_BITS + 2)'(3 - bank);
      assign buffer_address_o[bank*(ROW_BITS+1) +: ROW_BITS+1] = {line_half_i, at_or_after[ROW_BITS+1:2]};
      logic unused_low;
      assign unused_low = ^at_or_after[1:0];
    end
  endgenerate
  assign buffer_enable_o = advance && line_valid_i;
  assign line_done_o = advance && line_valid_i && last_window && last_column;

  always_ff @(posedge clk_i) begin
    if (start_i || line_done_o) begin
      column_q <= '0;
      later_q <= 1'b0;
    end else if (advance && line_valid_i) begin
      later_q <= !last_window;
      if (last_window) column_q <= column_q + 12'd1;
    end
    if (start_i || line_done_o) begin
      segment_q <= 31'sd0 - 31'($signed(left_bytes_i));
      segment_rest_q <= 31'(row_bytes_i) + 31'($signed(left_bytes_i));
    end else if (advance && line_valid_i && last_window) begin
      segment_q <= segment_q + 31'(step_bytes_i);
      segment_rest_q <= segment_rest_q - 31'(step_bytes_i);
    end
    if (advance && line_valid_i) begin
      window_q <= window + 31'(WINDOW_BYTES);
      rest_q <= rest - 31'(WINDOW_BYTES);
      left_q <= left - 9'(WINDOW_BYTES);
      window_offset_q <= add(later_q ? window_offset_q : 14'd0, 14'(quads_i) + {4'd0, quads_i, 1'b0});
      window_bank_q <= (later_q ? window_bank_q : 2'd0) + 2'd3;
    end
  end

  // Stage 2: the four words have come
  logic valid2_q, out_free;
  logic [4:0] from_q, to_q, exists_from_q, exists_to_q;
  logic [4:0] place_q;  // word of the window in four, byte of the window in that word
  logic [3:0] bank_q;
  logic [13:0] address2_q;
  assign advance = !valid2_q || out_free;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid2_q <= 1'b0;
    else if (advance) valid2_q <= line_valid_i;
    if (advance && line_valid_i) begin
      from_q <= from;
      to_q <= to;
      exists_from_q <= exists_from;
      exists_to_q <= exists_to;
      place_q <= place[4:0];
      bank_q <= {row_bank_i + (later_q ? window_bank_q : 2'd0), column_q[1:0]};
      address2_q <= window_address;
    end
  end

  // Functions, called where stage 3 takes the window: Verilator would evaluate what is assigned in every cycle.
  function automatic logic [191:0] aligned(input logic [255:0] words, input logic [4:0] from_place);
    logic [247:0] rotated;
    unique case (from_place[4:3])
      2'd0: rotated = words[247:0];
      2'd1: rotated = {words[55:0], words[255:64]};
      2'd2: rotated = {words[119:0], words[255:128]};
      default: rotated = {words[183:0], words[255:192]};
    endcase
    unique case (from_place[2:0])
      3'd0: aligned = rotated[191:0];
      3'd1: aligned = rotated[199:8];
      3'd2: aligned = rotated[207:16];
      3'd3: aligned = rotated[215:24];
      3'd4: aligned = rotated[223:32];
      3'd5: aligned = rotated[231:40];
      3'd6: aligned = rotated[239:48];
      default: aligned = rotated[247:56];
    endcase
  endfunction

  function automatic logic [23:0] between(input logic [4:0] first, input logic [4:0] past);
    for (int unsigned index = 0; index < WINDOW_BYTES; index++) between[index] = 5'(index) >= first && 5'(index) < past;
  endfunction

  function automatic logic [191:0] padded(input logic [191:0] bytes, input logic [23:0] exists);
    for (int unsigned index = 0; index < WINDOW_BYTES; index++) begin
      padded[index*8 +: 8] = exists[index] ? bytes[index*8 +: 8] ^ {flip_sign_i, 7'd0} : pad_value_i;
    end
  endfunction

  // Stage 3: up to three words wait for their banks
  logic [2:0] valid_q, beyond;
  logic [191:0] data_q;
  logic [23:0] strobe_q;
  logic [11:0] banks_q;
  logic [38:0] addresses_q;
  logic [41:0] addresses;
  logic outside_q;
  logic [13:0] outside_address_q;
  assign addresses = {add(add(address2_q, 14'(quads_i)), 14'(quads_i)), add(address2_q, 14'(quads_i)), address2_q};
  assign beyond = {32'(addresses[41:28]) >= ACTIVATION_BANK_WORDS, 32'(addresses[27:14]) >= ACTIVATION_BANK_WORDS,
                   32'(addresses[13:0]) >= ACTIVATION_BANK_WORDS};
  assign out_free = (valid_q & ~write_ready_i) == 3'b000 && !outside_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= 3'b000;
      outside_q <= 1'b0;
    end else begin
      valid_q <= valid_q & ~write_ready_i;
      if (out_free && valid2_q) begin
        logic [23:0] strobe;
        logic [2:0] some;
        strobe = between(from_q, to_q);
        some = {|strobe[23:16], |strobe[15:8], |strobe[7:0]};
        valid_q <= some & ~beyond;
        outside_q <= |(some & beyond);
      end
    end
    if (out_free && valid2_q) begin
      data_q <= padded(aligned(buffer_data_i, place_q), between(exists_from_q, exists_to_q));
      strobe_q <= between(from_q, to_q);
      banks_q <= {bank_q[3:2] + 2'd2, bank_q[1:0], bank_q[3:2] + 2'd1, bank_q[1:0], bank_q};
      addresses_q <= {addresses[40:28], addresses[26:14], addresses[12:0]};
      outside_address_q <= addresses[13:0];
    end
  end

  assign write_valid_o = valid_q;
  assign write_bank_o = banks_q;
  assign write_address_o = addresses_q;
  assign write_data_o = data_q;
  assign write_strobe_o = strobe_q;
  assign outside_o = outside_q;
  assign outside_address_o = 32'(outside_address_q);
  assign empty_o = !valid2_q && valid_q == 3'b000;

  logic unused;
  assign unused = ^{addresses[41], addresses[27]};
endmodule

`default_nettype wire
