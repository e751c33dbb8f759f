// SPDX-License-Identifier: Apache-2.0
// The AXI4-Lite register file of hdl/doc/contract.md: identity, job set-up, region table; counters and faults are read through.
// One read and one write at a time; an answer follows its request after two cycles. Unknown offsets read 0 and ignore writes; so
// do bits outside a register's mask. A write counts only with all four byte strobes set; address bits 1:0 are ignored.
`default_nettype none

module wh_registers #(
    parameter int unsigned CONFIGURATION_ID = wh_contract_pkg::ZYNQ7020_ID,
    parameter int unsigned INT8_REDUCTION = wh_contract_pkg::ZYNQ7020_INT8_REDUCTION,
    parameter int unsigned INT8_PIXELS = wh_contract_pkg::ZYNQ7020_INT8_PIXELS,
    parameter int unsigned XNOR_LANES = wh_contract_pkg::ZYNQ7020_XNOR_LANES,
    parameter int unsigned ACTIVATION_BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS,
    parameter int unsigned WEIGHT_WORDS = wh_contract_pkg::ZYNQ7020_WEIGHT_WORDS,
    parameter int unsigned LINE_BYTES = wh_contract_pkg::ZYNQ7020_LINE_BYTES,
    parameter int unsigned TRACE_ENTRIES = wh_contract_pkg::ZYNQ7020_TRACE_ENTRIES,
    parameter int unsigned CLOCK_HZ = wh_contract_pkg::ZYNQ7020_CLOCK_HZ,
    parameter int unsigned REGION_READERS = 1
) (
    input  logic         clk_i,
    input  logic         rst_ni,

    // AXI4-Lite
    input  logic         awvalid_i,
    output logic         awready_o,
    input  logic [11:0]  awaddr_i,
    input  logic         wvalid_i,
    output logic         wready_o,
    input  logic [31:0]  wdata_i,
    input  logic [3:0]   wstrb_i,
    output logic         bvalid_o,
    input  logic         bready_i,
    input  logic         arvalid_i,
    output logic         arready_o,
    input  logic [11:0]  araddr_i,
    output logic         rvalid_o,
    input  logic         rready_i,
    output logic [31:0]  rdata_o,

    // Job
    output logic         doorbell_o,
    output logic         soft_reset_o,
    output logic [2:0]   program_region_o,
    output logic [31:0]  program_offset_o,
    output logic [19:0]  program_commands_o,
    output logic [31:0]  watchdog_cycles_o,
    input  logic [REGION_READERS*3-1:0]  region_i,      // looked up in this cycle
    output logic [REGION_READERS*64-1:0] region_base_o,
    output logic [REGION_READERS*32-1:0] region_bytes_o,
    output logic [7:0]   region_writable_o,
    input  logic         running_i,
    input  logic         done_i,
    input  logic         fault_i,
    input  logic         draining_i,
    input  logic         dead_i,
    input  logic         interrupt_i,      // one cycle
    input  logic [3:0]   fault_code_i,
    input  logic [19:0]  fault_command_i,
    input  logic [31:0]  fault_detail_i,
    output logic         interrupt_o,

    // Counters
    input  logic [63:0]  cycles_i,
    input  logic [31:0]  commands_i,
    input  logic [63:0]  read_beats_i,
    input  logic [31:0]  write_beats_i,
    input  logic [191:0] busy_i,
    input  logic [191:0] stall_i,
    input  logic [191:0] waiting_i,
    input  logic [31:0]  trace_count_i,
    output logic [31:0]  trace_index_o,
    input  logic [159:0] trace_entry_i
);
  localparam logic [63:0] Digest = wh_contract_pkg::CONTRACT_DIGEST;

  logic interrupt_enable_q, interrupt_q, write_fire, write, bvalid_q, rvalid_q, reading_q;
  logic [11:0] write_address, read_address_q;
  logic [31:0] read_value, rdata_q, region_value, queue_value, identity_value;
  logic [2:0] read_index;
  wh_contract_pkg::status_register_t status;
  wh_contract_pkg::control_register_t control;
  wh_contract_pkg::interrupt_register_t interrupt;
  wh_contract_pkg::doorbell_register_t doorbell;
  logic [31:0] program_region_q, program_offset_q, program_commands_q, watchdog_q, trace_index_q;
  logic [7:0] region_writable_q;
  logic [63:0] read_base;
  logic [31:0] read_bytes;
  logic [6:0] write_table;

  assign awready_o = write_fire;
  assign wready_o = write_fire;
  assign write_fire = awvalid_i && wvalid_i && !bvalid_q;
  assign write = write_fire && (&wstrb_i);
  assign write_address = {awaddr_i[11:2], 2'b00};
  assign bvalid_o = bvalid_q;
  assign arready_o = !reading_q && !rvalid_q;
  assign rvalid_o = rvalid_q;
  assign rdata_o = rdata_q;
  assign control = wdata_i;
  assign interrupt = wdata_i;
  assign doorbell = wdata_i;
  assign doorbell_o = write && 32'(write_address) == wh_contract_pkg::REGISTER_DOORBELL && doorbell.start;
  assign soft_reset_o = write && 32'(write_address) == wh_contract_pkg::REGISTER_CONTROL && control.soft_reset;
  assign interrupt_o = interrupt_q && interrupt_enable_q;
  assign program_region_o = program_region_q[2:0];
  assign program_offset_o = program_offset_q;
  assign program_commands_o = program_commands_q[19:0];
  assign watchdog_cycles_o = watchdog_q;
  assign trace_index_o = trace_index_q;
  assign region_writable_o = region_writable_q;

  // The register file itself reads the table last.
  assign write_table = write ? awaddr_i[11:5] : 7'd0;
  wh_regions #(
      .READERS(REGION_READERS + 1)
  ) u_regions (
      .clk_i,
      .rst_ni,
      .write_base_low_i(write_table == 7'(wh_contract_pkg::REGISTER_REGION_BASE_LOW / 32)),
      .write_base_high_i(write_table == 7'(wh_contract_pkg::REGISTER_REGION_BASE_HIGH / 32)),
      .write_bytes_i(write_table == 7'(wh_contract_pkg::REGISTER_REGION_BYTES / 32)),
      .write_region_i(awaddr_i[4:2]),
      .write_data_i(awaddr_i[11:5] == 7'(wh_contract_pkg::REGISTER_REGION_BASE_LOW / 32)
                    ? wdata_i & wh_contract_pkg::MASK_REGION_BASE_LOW : wdata_i),
      .region_i({read_index, region_i}),
      .base_o({read_base, region_base_o}),
      .bytes_o({read_bytes, region_bytes_o})
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      interrupt_enable_q <= 1'b0;
      interrupt_q <= 1'b0;
      bvalid_q <= 1'b0;
      rvalid_q <= 1'b0;
      reading_q <= 1'b0;
    end else begin
      if (write_fire) bvalid_q <= 1'b1;
      else if (bready_i) bvalid_q <= 1'b0;
      reading_q <= arvalid_i && arready_o;
      if (reading_q) rvalid_q <= 1'b1;
      else if (rready_i) rvalid_q <= 1'b0;
      if (write && 32'(write_address) == wh_contract_pkg::REGISTER_CONTROL) interrupt_enable_q <= control.interrupt_enable;
      if (interrupt_i) interrupt_q <= 1'b1;
      else if (write && 32'(write_address) == wh_contract_pkg::REGISTER_INTERRUPT && interrupt.ended) interrupt_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      program_region_q <= '0;
      program_offset_q <= '0;
      program_commands_q <= '0;
      watchdog_q <= '0;
      trace_index_q <= '0;
      region_writable_q <= '0;
    end else if (write) begin
      unique case (32'(write_address))
        wh_contract_pkg::REGISTER_PROGRAM_REGION: program_region_q <= wdata_i & wh_contract_pkg::MASK_PROGRAM_REGION;
        wh_contract_pkg::REGISTER_PROGRAM_OFFSET: program_offset_q <= wdata_i & wh_contract_pkg::MASK_PROGRAM_OFFSET;
        wh_contract_pkg::REGISTER_PROGRAM_COMMANDS: program_commands_q <= wdata_i & wh_contract_pkg::MASK_PROGRAM_COMMANDS;
        wh_contract_pkg::REGISTER_WATCHDOG_CYCLES: watchdog_q <= wdata_i;
        wh_contract_pkg::REGISTER_TRACE_INDEX: trace_index_q <= wdata_i;
        wh_contract_pkg::REGISTER_REGION_WRITABLE: region_writable_q <= 8'(wdata_i & wh_contract_pkg::MASK_REGION_WRITABLE);
        default: ;
      endcase
    end
  end

  assign read_index = read_address_q[4:2];
  always_comb begin
    unique case (read_address_q[6:5])
      2'd2: region_value = read_base[31:0];
      2'd3: region_value = read_base[63:32];
      default: region_value = read_bytes;
    endcase
  end

  always_comb begin
    queue_value = 32'd0;
    for (int unsigned q = 0; q < wh_contract_pkg::QUEUES; q++) begin
      if (read_address_q == 12'(wh_contract_pkg::REGISTER_BUSY + 4 * q)) queue_value = busy_i[32*q +: 32];
      if (read_address_q == 12'(wh_contract_pkg::REGISTER_STALL + 4 * q)) queue_value = stall_i[32*q +: 32];
      if (read_address_q == 12'(wh_contract_pkg::REGISTER_WAITING + 4 * q)) queue_value = waiting_i[32*q +: 32];
    end
  end

  always_comb begin
    unique case (32'(read_address_q))
      wh_contract_pkg::REGISTER_IDENTITY: identity_value = wh_contract_pkg::IDENTITY_VALUE;
      wh_contract_pkg::REGISTER_CONFIGURATION: identity_value = CONFIGURATION_ID;
      wh_contract_pkg::REGISTER_DIGEST_LOW: identity_value = Digest[31:0];
      wh_contract_pkg::REGISTER_DIGEST_HIGH: identity_value = Digest[63:32];
      wh_contract_pkg::REGISTER_INT8_REDUCTION: identity_value = INT8_REDUCTION;
      wh_contract_pkg::REGISTER_INT8_PIXELS: identity_value = INT8_PIXELS;
      wh_contract_pkg::REGISTER_XNOR_LANES: identity_value = XNOR_LANES;
      wh_contract_pkg::REGISTER_ACTIVATION_BANK_WORDS: identity_value = ACTIVATION_BANK_WORDS;
      wh_contract_pkg::REGISTER_WEIGHT_WORDS: identity_value = WEIGHT_WORDS;
      wh_contract_pkg::REGISTER_LINE_BYTES: identity_value = LINE_BYTES;
      wh_contract_pkg::REGISTER_TRACE_ENTRIES: identity_value = TRACE_ENTRIES;
      wh_contract_pkg::REGISTER_CLOCK_HZ: identity_value = CLOCK_HZ;
      default: identity_value = 32'd0;
    endcase
  end

  always_comb begin
    status = '0;
    status.busy = running_i;
    status.done = done_i;
    status.fault = fault_i;
    status.draining = draining_i;
    status.dead = dead_i;
  end

  always_comb begin
    unique case (32'(read_address_q))
      wh_contract_pkg::REGISTER_CONTROL: read_value = 32'(interrupt_enable_q);
      wh_contract_pkg::REGISTER_STATUS: read_value = status;
      wh_contract_pkg::REGISTER_INTERRUPT: read_value = 32'(interrupt_q);
      wh_contract_pkg::REGISTER_PROGRAM_REGION: read_value = program_region_q;
      wh_contract_pkg::REGISTER_PROGRAM_OFFSET: read_value = program_offset_q;
      wh_contract_pkg::REGISTER_PROGRAM_COMMANDS: read_value = program_commands_q;
      wh_contract_pkg::REGISTER_WATCHDOG_CYCLES: read_value = watchdog_q;
      wh_contract_pkg::REGISTER_FAULT_CODE: read_value = 32'(fault_code_i);
      wh_contract_pkg::REGISTER_FAULT_COMMAND: read_value = 32'(fault_command_i);
      wh_contract_pkg::REGISTER_FAULT_DETAIL: read_value = fault_detail_i;
      wh_contract_pkg::REGISTER_COMMANDS_DONE: read_value = commands_i;
      wh_contract_pkg::REGISTER_CYCLES_LOW: read_value = cycles_i[31:0];
      wh_contract_pkg::REGISTER_CYCLES_HIGH: read_value = cycles_i[63:32];
      wh_contract_pkg::REGISTER_READ_BEATS_0: read_value = read_beats_i[31:0];
      wh_contract_pkg::REGISTER_READ_BEATS_1: read_value = read_beats_i[63:32];
      wh_contract_pkg::REGISTER_WRITE_BEATS: read_value = write_beats_i;
      wh_contract_pkg::REGISTER_TRACE_COUNT: read_value = trace_count_i;
      wh_contract_pkg::REGISTER_TRACE_INDEX: read_value = trace_index_q;
      wh_contract_pkg::REGISTER_TRACE_CYCLE: read_value = trace_entry_i[31:0];
      wh_contract_pkg::REGISTER_TRACE_LAYER: read_value = trace_entry_i[63:32];
      wh_contract_pkg::REGISTER_TRACE_BUSY: read_value = trace_entry_i[95:64];
      wh_contract_pkg::REGISTER_TRACE_STALL: read_value = trace_entry_i[127:96];
      wh_contract_pkg::REGISTER_TRACE_START: read_value = trace_entry_i[159:128];
      wh_contract_pkg::REGISTER_REGION_WRITABLE: read_value = 32'(region_writable_q);
      default: begin
        if (read_address_q < 12'h040) read_value = identity_value;
        else if (read_address_q >= 12'h140 && read_address_q < 12'h1A0) read_value = region_value;
        else read_value = queue_value;
      end
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (arvalid_i && arready_o) read_address_q <= {araddr_i[11:2], 2'b00};
    if (reading_q) rdata_q <= read_value;
  end

  logic unused;
  assign unused = ^{awaddr_i[1:0], araddr_i[1:0], control, interrupt, doorbell};
endmodule

`default_nettype wire
