// SPDX-License-Identifier: Apache-2.0
// Cuts runs of contiguous 64-bit words into bursts of at most 16 beats that stay within a 4 KiB page and within the region.
// One burst a cycle. A burst that would leave the region is not issued: fault_o rises and stays, with the offset at fault.
// run_offset_i counts bytes from the region's base; any set bit above bit 31 is out of every region.
`default_nettype none

module wh_bursts #(
    parameter int unsigned WORDS_BITS = 20
) (
    input  logic                  clk_i,
    input  logic                  rst_ni,
    input  logic [63:0]           region_base_i,
    input  logic [31:0]           region_bytes_i,
    input  logic                  run_valid_i,
    output logic                  run_ready_o,
    input  logic [33:0]           run_offset_i,
    input  logic [WORDS_BITS-1:0] run_words_i,
    output logic                  burst_valid_o,
    input  logic                  burst_ready_i,
    output logic [63:0]           burst_address_o,
    output logic [3:0]            burst_length_o,
    output logic                  fault_o,
    output logic [31:0]           fault_offset_o
);
  logic active_q, valid_q, fault_q;
  logic [33:0] offset_q;
  logic [WORDS_BITS-1:0] remaining_q;
  logic [63:0] address_q;
  logic [3:0] length_q;

  logic [8:0] page_word;
  logic [9:0] page_words;
  logic [4:0] beats;
  logic [34:0] end_offset;
  logic take, final_burst, outside;

  always_comb begin
    page_word = 9'((12'(region_base_i[11:0]) + offset_q[11:0]) >> 3);
    page_words = 10'd512 - 10'(page_word);
    beats = page_words < 10'd16 ? page_words[4:0] : 5'd16;
    if (remaining_q < WORDS_BITS'(beats)) beats = remaining_q[4:0];
  end
  assign end_offset = 35'(offset_q) + 35'({beats, 3'b000});
  assign outside = end_offset > 35'(region_bytes_i);
  assign take = active_q && !fault_q && (!valid_q || burst_ready_i);
  assign final_burst = remaining_q == WORDS_BITS'(beats);
  assign run_ready_o = !fault_q && (!active_q || (take && final_burst && !outside));

  assign burst_valid_o = valid_q;
  assign burst_address_o = address_q;
  assign burst_length_o = length_q;
  assign fault_o = fault_q;
  assign fault_offset_o = offset_q[31:0];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      active_q <= 1'b0;
      valid_q <= 1'b0;
      fault_q <= 1'b0;
    end else begin
      if (burst_ready_i) valid_q <= 1'b0;
      if (take && outside) fault_q <= 1'b1;
      if (take && !outside) begin
        valid_q <= 1'b1;
        active_q <= !final_burst;
      end
      if (run_valid_i && run_ready_o) active_q <= 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (take && !outside) begin
      address_q <= region_base_i + 64'(offset_q);
      length_q <= 4'(beats - 5'd1);
      offset_q <= end_offset[33:0];
      remaining_q <= remaining_q - WORDS_BITS'(beats);
    end
    if (run_valid_i && run_ready_o) begin
      offset_q <= run_offset_i;
      remaining_q <= run_words_i;
    end
  end
endmodule

`default_nettype wire
