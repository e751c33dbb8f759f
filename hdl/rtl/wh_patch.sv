// SPDX-License-Identifier: Apache-2.0
// The patch unit of LOAD_PATCH: source rows through a two-line buffer into patches on chip, as hdl/doc/accelerator.md says.
// Emits up to 24 bytes a cycle while the next source row is filled. finished_o rises when every word has been granted.
`default_nettype none

module wh_patch #(
    parameter int unsigned ACTIVATION_BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS,
    parameter int unsigned LINE_BYTES = wh_contract_pkg::ZYNQ7020_LINE_BYTES
) (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  wh_contract_pkg::load_patch_t command_i,
    input  logic         setup_i,
    output logic         ready_o,
    output logic         illegal_o,
    input  logic         start_i,
    input  logic [13:0]  group_words_i,
    input  logic [13:0]  group_address_i,
    input  logic [13:0]  block_offset_i,
    output logic         run_valid_o,
    input  logic         run_ready_i,
    output logic [33:0]  run_offset_o,
    output logic [9:0]   run_words_o,
    input  logic         word_valid_i,
    output logic         word_ready_o,
    input  logic [63:0]  word_data_i,
    output logic [2:0]   write_valid_o,
    output logic [11:0]  write_bank_o,
    output logic [38:0]  write_address_o,
    output logic [191:0] write_data_o,
    output logic [23:0]  write_strobe_o,
    input  logic [2:0]   write_ready_i,
    output logic         active_o,
    output logic         finished_o,
    output logic         outside_o,
    output logic [31:0]  outside_address_o
);
  localparam int unsigned ROW_BITS = $clog2(LINE_BYTES / 32 + 1);

  logic [12:0] row_bytes;
  logic [7:0] segment_bytes;
  logic [15:0] step_bytes, left_bytes;
  logic [45:0] stride_pitch, top_pitch;
  logic [13:0] segment_words;
  wh_patch_setup #(
      .LINE_BYTES(LINE_BYTES)
  ) u_setup (
      .clk_i,
      .rst_ni,
      .start_i(setup_i),
      .command_i,
      .ready_o,
      .illegal_o,
      .row_bytes_o(row_bytes),
      .segment_bytes_o(segment_bytes),
      .step_bytes_o(step_bytes),
      .left_bytes_o(left_bytes),
      .stride_pitch_o(stride_pitch),
      .top_pitch_o(top_pitch),
      .segment_words_o(segment_words)
  );

  logic fill_enable, line_valid, line_exists, line_half, line_done;
  logic [1:0] fill_bank;
  logic [ROW_BITS:0] fill_address;
  logic [2:0] line_align;
  wh_patch_fetch #(
      .LINE_BYTES(LINE_BYTES)
  ) u_fetch (
      .clk_i,
      .rst_ni,
      .start_i,
      .command_i,
      .row_bytes_i(row_bytes),
      .stride_pitch_i(stride_pitch),
      .top_pitch_i(top_pitch),
      .run_valid_o,
      .run_ready_i,
      .run_offset_o,
      .run_words_o,
      .word_valid_i,
      .word_ready_o,
      .fill_enable_o(fill_enable),
      .fill_bank_o(fill_bank),
      .fill_address_o(fill_address),
      .line_valid_o(line_valid),
      .line_exists_o(line_exists),
      .line_align_o(line_align),
      .line_half_o(line_half),
      .line_release_i(line_done)
  );

  logic [1:0] row_bank;
  logic [13:0] address;
  logic [2:0] first_byte;
  logic final_line;
  wh_patch_place u_place (
      .clk_i,
      .start_i,
      .next_i(line_done),
      .map_i(command_i.chip_map),
      .group_words_i,
      .group_address_i,
      .block_offset_i,
      .rows_i(command_i.rows),
      .kernel_height_i(command_i.kernel_height),
      .segment_bytes_i(segment_bytes),
      .segment_words_i(segment_words),
      .row_bank_o(row_bank),
      .address_o(address),
      .first_byte_o(first_byte),
      .final_o(final_line)
  );

  logic buffer_enable, empty, emitted_q;
  logic [4*(ROW_BITS+1)-1:0] buffer_address;
  logic [255:0] buffer_data;
  generate
    for (genvar bank = 0; bank < 4; bank++) begin : gen_bank
      wh_block_memory #(
          .WORDS(2 ** (ROW_BITS + 1))
      ) u_memory (
          .clk_i,
          .write_enable_i(fill_enable && fill_bank == 2'(bank)),
          .write_address_i(fill_address),
          .write_data_i(word_data_i),
          .write_strobe_i(8'hFF),
          .read_enable_i(buffer_enable),
          .read_address_i(buffer_address[bank*(ROW_BITS+1) +: ROW_BITS+1]),
          .read_data_o(buffer_data[bank*64 +: 64])
      );
    end
  endgenerate

  wh_patch_emit #(
      .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS),
      .LINE_BYTES(LINE_BYTES)
  ) u_emit (
      .clk_i,
      .rst_ni,
      .start_i,
      .columns_i(command_i.columns),
      .quads_i(command_i.chip_map.quads),
      .row_bytes_i(row_bytes),
      .segment_bytes_i(segment_bytes),
      .step_bytes_i(step_bytes),
      .left_bytes_i(left_bytes),
      .pad_value_i(command_i.pad_value),
      .flip_sign_i(command_i.flip_sign),
      .line_valid_i(line_valid),
      .line_exists_i(line_exists),
      .line_align_i(line_align),
      .line_half_i(line_half),
      .row_bank_i(row_bank),
      .address_i(address),
      .first_byte_i(first_byte),
      .line_done_o(line_done),
      .empty_o(empty),
      .buffer_enable_o(buffer_enable),
      .buffer_address_o(buffer_address),
      .buffer_data_i(buffer_data),
      .write_valid_o,
      .write_bank_o,
      .write_address_o,
      .write_data_o,
      .write_strobe_o,
      .write_ready_i,
      .outside_o,
      .outside_address_o
  );

  assign active_o = buffer_enable;
  assign finished_o = emitted_q && empty && !outside_o;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || start_i || finished_o) emitted_q <= 1'b0;
    else if (line_done && final_line) emitted_q <= 1'b1;
  end
endmodule

`default_nettype wire
