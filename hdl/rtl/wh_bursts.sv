// SPDX-License-Identifier: Apache-2.0
// Cuts runs of contiguous 64-bit words into bursts of at most 16 beats that stay within a 4 KiB page and within the region.
// A run is taken in one cycle, and each of its bursts is sized in the next and offered in the one after; so a burst of two beats or
// more keeps a port busy. A burst that would leave the region is not issued: fault_o rises and stays, with the offset at fault.
// run_offset_i counts bytes from the region's base; any set bit above bit 31 is out of every region. Base and size do not change
// from the cycle before a run is taken until it is cut.
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
  localparam logic [4:0] MOST_BEATS = 5'd16;
  localparam logic [9:0] PAGE_WORDS = 10'd512;

  typedef enum logic [1:0] {IDLE, SIZE, ISSUE, HALT} state_e;
  state_e state_q, state_d;

  // Where the next burst begins, and how many words there are to the end of its page and of its run.
  logic [34:0] offset_q, end_q;
  logic [9:0] page_left_q;
  logic [WORDS_BITS-1:0] run_left_q;

  logic valid_q, final_q;
  logic [63:0] burst_address_q;
  logic [3:0] burst_length_q;
  logic [4:0] beats_d, beats_q, page_beats, run_beats;
  logic [11:0] within_page;
  logic take, outside;

  logic [63:0] base_q;
  logic [31:0] bytes_q;
  always_ff @(posedge clk_i) begin
    base_q <= region_base_i;
    bytes_q <= region_bytes_i;
  end

  assign within_page = base_q[11:0] + run_offset_i[11:0];

  assign page_beats = page_left_q < 10'(MOST_BEATS) ? page_left_q[4:0] : MOST_BEATS;
  assign run_beats = run_left_q < WORDS_BITS'(MOST_BEATS) ? 5'(run_left_q) : MOST_BEATS;
  assign beats_d = run_beats < page_beats ? run_beats : page_beats;
  assign outside = end_q > 35'(bytes_q);
  assign take = state_q == ISSUE && (!valid_q || burst_ready_i) && !outside;

  assign run_ready_o = state_q == IDLE;
  assign burst_valid_o = valid_q;
  assign burst_address_o = burst_address_q;
  assign burst_length_o = burst_length_q;
  assign fault_o = state_q == HALT;
  assign fault_offset_o = offset_q[31:0];

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      IDLE: if (run_valid_i) state_d = SIZE;
      SIZE: state_d = ISSUE;
      ISSUE:
      if (outside) state_d = HALT;
      else if (take) state_d = final_q ? IDLE : SIZE;
      default: state_d = HALT;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= IDLE;
      valid_q <= 1'b0;
    end else begin
      state_q <= state_d;
      if (take) valid_q <= 1'b1;
      else if (burst_ready_i) valid_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == IDLE) begin
      offset_q <= 35'(run_offset_i);
      page_left_q <= PAGE_WORDS - 10'(within_page[11:3]);
      run_left_q <= run_words_i;
    end
    if (state_q == SIZE) begin
      beats_q <= beats_d;
      final_q <= run_left_q == WORDS_BITS'(beats_d);
      end_q <= offset_q + 35'({beats_d, 3'b000});
    end
    if (take) begin
      burst_address_q <= base_q + 64'(offset_q);
      burst_length_q <= 4'(beats_q - 5'd1);
      offset_q <= end_q;
      page_left_q <= page_left_q == 10'(beats_q) ? PAGE_WORDS : page_left_q - 10'(beats_q);
      run_left_q <= run_left_q - WORDS_BITS'(beats_q);
    end
  end

  logic unused;
  assign unused = ^within_page[2:0];
endmodule

`default_nettype wire
