// SPDX-License-Identifier: Apache-2.0
// Reads a job's commands through a client of a read port and hands them over in order, eight beats to a command.
// Reads up to 64 beats ahead, a command a run. A read error or a program outside its region gives fault_valid_o (and stays)
// once the commands before it were handed over. offset_i is a multiple of 64.
`default_nettype none

module wh_fetch (
    input  logic         clk_i,
    input  logic         rst_ni,

    input  logic         start_i,
    input  logic [63:0]  region_base_i,
    input  logic [31:0]  region_bytes_i,
    input  logic [31:0]  offset_i,
    input  logic [19:0]  commands_i,
    output logic         finished_o,

    output logic         command_valid_o,
    input  logic         command_ready_i,
    output logic [wh_contract_pkg::COMMAND_BITS-1:0] command_o,
    output logic [19:0]  index_o,
    output logic         fault_valid_o,
    output logic [3:0]   fault_code_o,
    output logic [31:0]  fault_detail_o,

    output logic         arvalid_o,
    input  logic         arready_i,
    output logic [63:0]  araddr_o,
    output logic [3:0]   arlen_o,
    input  logic         rvalid_i,
    output logic         rready_o,
    input  logic [63:0]  rdata_i,
    input  logic         rerror_i
);
  localparam int unsigned AHEAD = 64;

  logic run_ready, burst_valid, bursts_fault, room, error_q;
  logic [31:0] bursts_fault_offset;
  logic [6:0] reserved_q;
  logic beat_valid, beat_ready, beat_in_ready;
  logic [63:0] beat_data;
  logic [2:0] beat_q;
  logic full_q;
  logic [wh_contract_pkg::COMMAND_BITS-1:0] command_q;
  logic [19:0] index_q;
  logic [19:0] left_q, requests_left_q;
  logic [33:0] request_offset_q;

  wh_bursts #(
      .WORDS_BITS(5)
  ) u_bursts (
      .clk_i,
      .rst_ni,
      .region_base_i,
      .region_bytes_i,
      .run_valid_i(requests_left_q != 20'd0),
      .run_ready_o(run_ready),
      .run_offset_i(request_offset_q),
      .run_words_i(5'd8),
      .burst_valid_o(burst_valid),
      .burst_ready_i(room && arready_i),
      .burst_address_o(araddr_o),
      .burst_length_o(arlen_o),
      .fault_o(bursts_fault),
      .fault_offset_o(bursts_fault_offset)
  );
  assign room = reserved_q <= 7'(AHEAD - 16);
  assign arvalid_o = burst_valid && room;

  wh_fifo #(
      .WIDTH(64),
      .DEPTH(AHEAD)
  ) u_beats (
      .clk_i,
      .rst_ni,
      .in_valid_i(rvalid_i && !rerror_i && !error_q),
      .in_ready_o(beat_in_ready),
      .in_data_i(rdata_i),
      .out_valid_o(beat_valid),
      .out_ready_i(beat_ready),
      .out_data_o(beat_data)
  );
  assign rready_o = beat_in_ready;
  assign beat_ready = !full_q;

  assign command_valid_o = full_q;
  assign command_o = command_q;
  assign index_o = index_q;
  assign finished_o = left_q == 20'd0;
  assign fault_valid_o = !full_q && !beat_valid && left_q != 20'd0 &&
      (error_q || (bursts_fault && reserved_q == 7'd0));
  assign fault_code_o = 4'(error_q ? wh_contract_pkg::FAULT_READ_ERROR : wh_contract_pkg::FAULT_OUT_OF_REGION);
  assign fault_detail_o = bursts_fault_offset;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      requests_left_q <= '0;
      reserved_q <= '0;
      beat_q <= '0;
      full_q <= 1'b0;
      index_q <= '0;
      left_q <= '0;
      error_q <= 1'b0;
    end else begin
      if (start_i) begin
        requests_left_q <= commands_i;
        left_q <= commands_i;
      end else if (run_ready && requests_left_q != 20'd0) begin
        requests_left_q <= requests_left_q - 20'd1;
      end
      reserved_q <= reserved_q + (arvalid_o && arready_i ? 7'(arlen_o) + 7'd1 : 7'd0) -
          7'(beat_valid && beat_ready);
      if (rvalid_i && rerror_i) error_q <= 1'b1;
      if (full_q && command_ready_i) begin
        full_q <= 1'b0;
        index_q <= index_q + 20'd1;
        left_q <= left_q - 20'd1;
      end
      if (beat_valid && beat_ready) begin
        beat_q <= beat_q + 3'd1;
        if (beat_q == 3'd7) full_q <= 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) request_offset_q <= 34'(offset_i);
    else if (run_ready && requests_left_q != 20'd0) request_offset_q <= request_offset_q + 34'd64;
    if (beat_valid && beat_ready) command_q <= {beat_data, command_q[wh_contract_pkg::COMMAND_BITS-1:64]};
  end
endmodule

`default_nettype wire
