// SPDX-License-Identifier: Apache-2.0
// One AXI3 write master for one client, at most 8 bursts outstanding; last is generated here. A burst's data are let through
// from the cycle in which its address is offered, whether that is taken or not; they keep the order of the addresses.
// Only rst_ni (the hard reset) clears it. While flush_i is high it takes no new burst and completes those under way with
// beats that write nothing; idle_o says that none is left and every answer has come.
`default_nettype none

module wh_write_port (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        flush_i,
    output logic        idle_o,
    output logic        beat_o,

    input  logic        client_awvalid_i,
    output logic        client_awready_o,
    input  logic [63:0] client_awaddr_i,
    input  logic [3:0]  client_awlen_i,
    input  logic        client_wvalid_i,
    output logic        client_wready_o,
    input  logic [63:0] client_wdata_i,
    output logic        client_berror_o,
    output logic        client_unanswered_o,

    output logic        axi_awvalid_o,
    input  logic        axi_awready_i,
    output logic [63:0] axi_awaddr_o,
    output logic [3:0]  axi_awlen_o,
    output logic        axi_wvalid_o,
    input  logic        axi_wready_i,
    output logic [63:0] axi_wdata_o,
    output logic [7:0]  axi_wstrb_o,
    output logic        axi_wlast_o,
    input  logic        axi_bvalid_i,
    output logic        axi_bready_o,
    input  logic [1:0]  axi_bresp_i
);
  localparam int unsigned OUTSTANDING = 8;

  logic taken_q, awvalid_q, wvalid_q, wlast_q;
  logic [63:0] awaddr_q, wdata_q;
  logic [7:0] wstrb_q;
  logic [3:0] awlen_q, outstanding_q, beat_q;
  logic take, length_valid, length_taken, word, word_last;
  logic [3:0] length;

  assign client_awready_o = !flush_i && (!awvalid_q || axi_awready_i) && outstanding_q != 4'(OUTSTANDING);
  assign take = client_awvalid_i && client_awready_o;

  logic lengths_ready;
  wh_fifo #(
      .WIDTH(4),
      .DEPTH(OUTSTANDING)
  ) u_lengths (
      .clk_i,
      .rst_ni,
      .in_valid_i(taken_q),
      .in_ready_o(lengths_ready),
      .in_data_i(awlen_q),
      .out_valid_o(length_valid),
      .out_ready_i(length_taken),
      .out_data_o(length)
  );

  assign client_wready_o = !flush_i && length_valid && (!wvalid_q || axi_wready_i);
  assign word = length_valid && (!wvalid_q || axi_wready_i) && (flush_i || client_wvalid_i);
  assign word_last = beat_q == length;
  assign length_taken = word && word_last;

  assign axi_awvalid_o = awvalid_q;
  assign axi_awaddr_o = awaddr_q;
  assign axi_awlen_o = awlen_q;
  assign axi_wvalid_o = wvalid_q;
  assign axi_wdata_o = wdata_q;
  assign axi_wstrb_o = wstrb_q;
  assign axi_wlast_o = wlast_q;
  assign axi_bready_o = 1'b1;
  assign client_berror_o = axi_bvalid_i && axi_bresp_i[1];
  assign client_unanswered_o = awvalid_q || outstanding_q != 4'd0;
  assign idle_o = !client_unanswered_o;
  assign beat_o = wvalid_q && axi_wready_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      taken_q <= 1'b0;
      awvalid_q <= 1'b0;
      wvalid_q <= 1'b0;
      outstanding_q <= '0;
      beat_q <= '0;
    end else begin
      taken_q <= take;
      if (axi_awready_i) awvalid_q <= 1'b0;
      if (take) awvalid_q <= 1'b1;
      if (axi_wready_i) wvalid_q <= 1'b0;
      if (word) begin
        wvalid_q <= 1'b1;
        beat_q <= word_last ? 4'd0 : beat_q + 4'd1;
      end
      outstanding_q <= outstanding_q + 4'(take) - 4'(axi_bvalid_i);
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) begin
      awaddr_q <= client_awaddr_i;
      awlen_q <= client_awlen_i;
    end
    if (word) begin
      wdata_q <= client_wdata_i;
      wstrb_q <= flush_i ? 8'h00 : 8'hFF;
      wlast_q <= word_last;
    end
  end

  logic unused;
  assign unused = axi_bresp_i[0] ^ lengths_ready;
endmodule

`default_nettype wire
