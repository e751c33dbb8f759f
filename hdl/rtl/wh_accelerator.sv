// SPDX-License-Identifier: Apache-2.0
// The accelerator: six command queues around banked on-chip memories, two AXI read masters, one AXI write master,
// an AXI4-Lite register file and an interrupt. What commands and registers mean is in hdl/doc/accelerator.md.
// Defaults are configuration zynq7020. Illegal programs end the job with a fault; nothing on a bus is left half done.
`default_nettype none

module wh_accelerator #(
    parameter int unsigned CONFIGURATION_ID = wh_contract_pkg::ZYNQ7020_ID,
    parameter int unsigned INT8_REDUCTION = wh_contract_pkg::ZYNQ7020_INT8_REDUCTION,
    parameter int unsigned INT8_PIXELS = wh_contract_pkg::ZYNQ7020_INT8_PIXELS,
    parameter int unsigned XNOR_LANES = wh_contract_pkg::ZYNQ7020_XNOR_LANES,
    parameter int unsigned ACTIVATION_BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS,
    parameter int unsigned WEIGHT_WORDS = wh_contract_pkg::ZYNQ7020_WEIGHT_WORDS,
    parameter int unsigned LINE_BYTES = wh_contract_pkg::ZYNQ7020_LINE_BYTES,
    parameter int unsigned TRACE_ENTRIES = wh_contract_pkg::ZYNQ7020_TRACE_ENTRIES,
    parameter int unsigned CLOCK_HZ = wh_contract_pkg::ZYNQ7020_CLOCK_HZ
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    output logic        interrupt_o,

    // Registers: AXI4-Lite slave
    input  logic        control_awvalid_i,
    output logic        control_awready_o,
    input  logic [11:0] control_awaddr_i,
    input  logic        control_wvalid_i,
    output logic        control_wready_o,
    input  logic [31:0] control_wdata_i,
    input  logic [3:0]  control_wstrb_i,
    output logic        control_bvalid_o,
    input  logic        control_bready_i,
    output logic [1:0]  control_bresp_o,
    input  logic        control_arvalid_i,
    output logic        control_arready_o,
    input  logic [11:0] control_araddr_i,
    output logic        control_rvalid_o,
    input  logic        control_rready_i,
    output logic [31:0] control_rdata_o,
    output logic [1:0]  control_rresp_o,

    // LOAD0: AXI3 read master
    output logic        read0_arvalid_o,
    input  logic        read0_arready_i,
    output logic [63:0] read0_araddr_o,
    output logic [3:0]  read0_arlen_o,
    input  logic        read0_rvalid_i,
    output logic        read0_rready_o,
    input  logic [63:0] read0_rdata_i,
    input  logic [1:0]  read0_rresp_i,
    input  logic        read0_rlast_i,

    // LOAD1 and command fetch: AXI3 read master
    output logic        read1_arvalid_o,
    input  logic        read1_arready_i,
    output logic [63:0] read1_araddr_o,
    output logic [3:0]  read1_arlen_o,
    input  logic        read1_rvalid_i,
    output logic        read1_rready_o,
    input  logic [63:0] read1_rdata_i,
    input  logic [1:0]  read1_rresp_i,
    input  logic        read1_rlast_i,

    // STORE: AXI3 write master
    output logic        write_awvalid_o,
    input  logic        write_awready_i,
    output logic [63:0] write_awaddr_o,
    output logic [3:0]  write_awlen_o,
    output logic        write_wvalid_o,
    input  logic        write_wready_i,
    output logic [63:0] write_wdata_o,
    output logic [7:0]  write_wstrb_o,
    output logic        write_wlast_o,
    input  logic        write_bvalid_i,
    output logic        write_bready_o,
    input  logic [1:0]  write_bresp_i
);
  localparam int unsigned COMMAND_BITS = wh_contract_pkg::COMMAND_BITS;
  localparam int unsigned QUEUES = wh_contract_pkg::QUEUES;
  localparam int unsigned LOAD0 = wh_contract_pkg::QUEUE_LOAD0;
  localparam int unsigned LOAD1 = wh_contract_pkg::QUEUE_LOAD1;
  localparam int unsigned INT8 = wh_contract_pkg::QUEUE_INT8;
  localparam int unsigned XNOR = wh_contract_pkg::QUEUE_XNOR;
  localparam int unsigned VECTOR = wh_contract_pkg::QUEUE_VECTOR;
  localparam int unsigned STORE = wh_contract_pkg::QUEUE_STORE;

  // Job control
  logic doorbell, soft_reset, start, running, work_rst_n, flush, interrupt, done, fault, draining, dead;
  logic [2:0] program_region;
  logic [31:0] program_offset, watchdog_cycles;
  logic [19:0] program_commands;
  localparam int unsigned REGION_READERS = 4;
  localparam int unsigned LOAD0_REGION = 0, LOAD1_REGION = 1, STORE_REGION = 2, PROGRAM_REGION = 3;
  logic [REGION_READERS*64-1:0] region_base;
  logic [REGION_READERS*32-1:0] region_bytes;
  logic [7:0] region_writable;
  logic [3:0] fault_code;
  logic [19:0] fault_command;
  logic [31:0] fault_detail;

  // Counters
  logic [63:0] cycles, read_beats;
  logic [31:0] commands_done, write_beats, trace_count, trace_index;
  logic [191:0] busy, stall, waiting;
  logic [159:0] trace_entry;

  // Fetch and queues
  logic fetched_valid, fetched_ready, fetch_finished, fetch_fault_valid;
  logic [COMMAND_BITS-1:0] fetched_command;
  logic [19:0] fetched_index;
  logic [3:0] fetch_fault_code;
  logic [31:0] fetch_fault_detail;
  logic [QUEUES*COMMAND_BITS-1:0] command;
  logic [5:0] command_valid, engine_done, engine_active, engine_fault, queue_running, queue_waiting, queue_start, finish, trace;
  logic [59:0] layer;
  logic [23:0] engine_fault_code;
  logic [191:0] engine_fault_detail;
  logic [5:0] head_valid;
  logic [119:0] head_index;
  logic queues_idle, tokens_empty, dispatch_fault_valid;
  logic [3:0] dispatch_fault_code;
  logic [19:0] dispatch_fault_command;
  logic [31:0] dispatch_fault_detail;

  wh_contract_pkg::load_map_t load0_command, load1_command;  // their region, where every load has it
  wh_contract_pkg::store_map_t store_command;
  assign load0_command = command[COMMAND_BITS*LOAD0 +: COMMAND_BITS];
  assign load1_command = command[COMMAND_BITS*LOAD1 +: COMMAND_BITS];
  assign store_command = command[COMMAND_BITS*STORE +: COMMAND_BITS];

  // Ports
  logic read0_idle, read1_idle, write_idle, write_beat;
  logic [1:0] read_beat;
  logic load0_arvalid, load0_arready, load0_rvalid, load0_rready, load0_rerror;
  logic [63:0] load0_araddr, load0_rdata;
  logic [3:0] load0_arlen;
  logic [1:0] client1_arvalid, client1_arready, client1_rvalid, client1_rready;
  logic [127:0] client1_araddr;
  logic [7:0] client1_arlen;
  logic [63:0] client1_rdata;
  logic client1_rerror;
  logic store_awvalid, store_awready, store_wvalid, store_wready, store_berror, store_unanswered;
  logic [63:0] store_awaddr, store_wdata;
  logic [3:0] store_awlen;

  // Memories; the number of a writer's first write port
  localparam int unsigned LOAD0_WRITE = 0;
  localparam int unsigned LOAD1_WRITE = 3;
  localparam int unsigned INT8_WRITE = 4;
  localparam int unsigned XNOR_WRITE = 6;
  localparam int unsigned VECTOR_WRITE = 7;
  localparam int unsigned WRITES = 8;
  localparam int unsigned BANK_BITS = $clog2(wh_contract_pkg::ACTIVATION_BANKS);
  localparam int unsigned ADDRESS_BITS = wh_contract_pkg::MAP_BASE_WIDTH;
  localparam int unsigned WORD_BITS = wh_contract_pkg::WORD_BITS;
  localparam int unsigned STROBE_BITS = wh_contract_pkg::ACTIVATION_WORD_BYTES;
  logic [WRITES-1:0] write_valid, write_ready;
  logic [WRITES*BANK_BITS-1:0] write_bank;
  logic [WRITES*ADDRESS_BITS-1:0] write_address;
  logic [WRITES*WORD_BITS-1:0] write_data;
  logic [WRITES*STROBE_BITS-1:0] write_strobe;
  logic store_read_valid, int8_read_ready, xnor_read_valid, xnor_read_ready;
  logic [1:0] store_row_bank, vector_read_valid, vector_read_ready;
  logic [12:0] store_read_address, xnor_read_address;
  logic [255:0] store_read_data;
  logic int8_read_valid;
  logic [15:0] int8_read_enable;

  // Requantisers
  logic int8_requantise_soon, int8_requantise_valid, int8_requantise_wide, int8_requantise_high, xnor_requantise_claim;
  logic xnor_requantise_valid, vector_requantise_valid, vector_requantise_wide, vector_requantise_high;
  logic vector_requantise_truncate;
  logic [8*INT8_PIXELS*32-1:0] int8_requantise_sums;
  logic [8*INT8_PIXELS*8-1:0] codes;  // [lane][pixel]
  logic [255:0] int8_requantise_multipliers, vector_requantise_sums;
  logic [127:0] xnor_requantise_multipliers;
  logic [99:0] xnor_requantise_sums;
  logic [63:0] int8_requantise_shifts, first_codes;
  logic [31:0] xnor_requantise_shifts;
  logic [30:0] vector_requantise_multiplier;
  logic [7:0] vector_requantise_shift;
  logic [23:0] int8_requantise_range, xnor_requantise_range, vector_requantise_range;
  always_comb begin
    for (int unsigned l = 0; l < 8; l++) first_codes[l*8 +: 8] = codes[l*INT8_PIXELS*8 +: 8];
  end

  logic [207:0] int8_read_address;
  logic [1023:0] int8_read_data;
  logic [3:0] xnor_read_bank;
  logic [63:0] xnor_read_data;
  logic [7:0] vector_read_bank;
  logic [25:0] vector_read_address;
  logic [127:0] vector_read_data;
  logic int8_weight_valid, int8_weight_ready, xnor_weight_valid, xnor_weight_ready;
  logic [19:0] int8_weight_address, xnor_weight_address;
  logic [255:0] weight_read_data;
  logic [1:0] weight_write_valid, weight_write_ready;
  logic [43:0] weight_write_address;
  logic [127:0] weight_write_data;

  // Tables: LOAD0 before LOAD1
  logic [1:0] table_valid;
  logic [7:0] table_target;
  logic [15:0] table_index;
  logic [127:0] table_data;
  logic table_ready;
  logic [3:0] chosen_target;
  logic [7:0] chosen_index;
  logic [63:0] chosen_data;
  assign chosen_target = table_valid[0] ? table_target[3:0] : table_target[7:4];
  assign chosen_index = table_valid[0] ? table_index[7:0] : table_index[15:8];
  assign chosen_data = table_valid[0] ? table_data[63:0] : table_data[127:64];

  assign control_bresp_o = 2'b00;
  assign control_rresp_o = 2'b00;

  wh_registers #(
      .CONFIGURATION_ID(CONFIGURATION_ID),
      .INT8_REDUCTION(INT8_REDUCTION),
      .INT8_PIXELS(INT8_PIXELS),
      .XNOR_LANES(XNOR_LANES),
      .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS),
      .WEIGHT_WORDS(WEIGHT_WORDS),
      .LINE_BYTES(LINE_BYTES),
      .TRACE_ENTRIES(TRACE_ENTRIES),
      .CLOCK_HZ(CLOCK_HZ),
      .REGION_READERS(REGION_READERS)
  ) u_registers (
      .clk_i,
      .rst_ni,
      .awvalid_i(control_awvalid_i),
      .awready_o(control_awready_o),
      .awaddr_i(control_awaddr_i),
      .wvalid_i(control_wvalid_i),
      .wready_o(control_wready_o),
      .wdata_i(control_wdata_i),
      .wstrb_i(control_wstrb_i),
      .bvalid_o(control_bvalid_o),
      .bready_i(control_bready_i),
      .arvalid_i(control_arvalid_i),
      .arready_o(control_arready_o),
      .araddr_i(control_araddr_i),
      .rvalid_o(control_rvalid_o),
      .rready_i(control_rready_i),
      .rdata_o(control_rdata_o),
      .doorbell_o(doorbell),
      .soft_reset_o(soft_reset),
      .program_region_o(program_region),
      .program_offset_o(program_offset),
      .program_commands_o(program_commands),
      .watchdog_cycles_o(watchdog_cycles),
      .region_i({program_region, store_command.region[2:0], load1_command.region[2:0], load0_command.region[2:0]}),
      .region_base_o(region_base),
      .region_bytes_o(region_bytes),
      .region_writable_o(region_writable),
      .running_i(running),
      .done_i(done),
      .fault_i(fault),
      .draining_i(draining),
      .dead_i(dead),
      .interrupt_i(interrupt),
      .fault_code_i(fault_code),
      .fault_command_i(fault_command),
      .fault_detail_i(fault_detail),
      .interrupt_o,
      .cycles_i(cycles),
      .commands_i(commands_done),
      .read_beats_i(read_beats),
      .write_beats_i(write_beats),
      .busy_i(busy),
      .stall_i(stall),
      .waiting_i(waiting),
      .trace_count_i(trace_count),
      .trace_index_o(trace_index),
      .trace_entry_i(trace_entry)
  );

  wh_job u_job (
      .clk_i,
      .rst_ni,
      .doorbell_i(doorbell),
      .soft_reset_i(soft_reset),
      .watchdog_cycles_i(watchdog_cycles),
      .commands_i(program_commands),
      .work_rst_no(work_rst_n),
      .start_o(start),
      .running_o(running),
      .flush_o(flush),
      .ports_idle_i(read0_idle && read1_idle && write_idle),
      .finished_i(fetch_finished && queues_idle && !start),
      .tokens_empty_i(tokens_empty),
      .progress_i(|finish),
      .head_valid_i(head_valid),
      .head_index_i(head_index),
      .fetch_index_i(fetched_index),
      .dispatch_fault_valid_i(dispatch_fault_valid),
      .dispatch_fault_code_i(dispatch_fault_code),
      .dispatch_fault_command_i(dispatch_fault_command),
      .dispatch_fault_detail_i(dispatch_fault_detail),
      .fetch_fault_valid_i(fetch_fault_valid),
      .fetch_fault_code_i(fetch_fault_code),
      .fetch_fault_detail_i(fetch_fault_detail),
      .interrupt_o(interrupt),
      .done_o(done),
      .fault_o(fault),
      .draining_o(draining),
      .dead_o(dead),
      .fault_code_o(fault_code),
      .fault_command_o(fault_command),
      .fault_detail_o(fault_detail)
  );

  wh_counters #(
      .TRACE_ENTRIES(TRACE_ENTRIES)
  ) u_counters (
      .clk_i,
      .rst_ni,
      .start_i(start),
      .running_i(running),
      .queue_running_i(queue_running),
      .queue_waiting_i(queue_waiting),
      .queue_active_i(engine_active),
      .queue_start_i(queue_start),
      .finish_i(finish),
      .trace_i(trace),
      .layer_i(layer),
      .read_beat_i(read_beat),
      .write_beat_i(write_beat),
      .cycles_o(cycles),
      .commands_o(commands_done),
      .read_beats_o(read_beats),
      .write_beats_o(write_beats),
      .busy_o(busy),
      .stall_o(stall),
      .waiting_o(waiting),
      .trace_count_o(trace_count),
      .trace_index_i(trace_index),
      .trace_entry_o(trace_entry)
  );

  wh_fetch u_fetch (
      .clk_i,
      .rst_ni(work_rst_n),
      .start_i(start),
      .region_base_i(region_base[64*PROGRAM_REGION +: 64]),
      .region_bytes_i(region_bytes[32*PROGRAM_REGION +: 32]),
      .offset_i(program_offset),
      .commands_i(program_commands),
      .finished_o(fetch_finished),
      .command_valid_o(fetched_valid),
      .command_ready_i(fetched_ready),
      .command_o(fetched_command),
      .index_o(fetched_index),
      .fault_valid_o(fetch_fault_valid),
      .fault_code_o(fetch_fault_code),
      .fault_detail_o(fetch_fault_detail),
      .arvalid_o(client1_arvalid[1]),
      .arready_i(client1_arready[1]),
      .araddr_o(client1_araddr[127:64]),
      .arlen_o(client1_arlen[7:4]),
      .rvalid_i(client1_rvalid[1]),
      .rready_o(client1_rready[1]),
      .rdata_i(client1_rdata),
      .rerror_i(client1_rerror)
  );

  wh_dispatch u_dispatch (
      .clk_i,
      .rst_ni(work_rst_n),
      .fetched_valid_i(fetched_valid),
      .fetched_ready_o(fetched_ready),
      .fetched_command_i(fetched_command),
      .fetched_index_i(fetched_index),
      .command_o(command),
      .command_valid_o(command_valid),
      .done_i(engine_done),
      .fault_valid_i(engine_fault),
      .fault_code_i(engine_fault_code),
      .fault_detail_i(engine_fault_detail),
      .running_o(queue_running),
      .waiting_o(queue_waiting),
      .start_o(queue_start),
      .finish_o(finish),
      .idle_o(queues_idle),
      .tokens_empty_o(tokens_empty),
      .head_valid_o(head_valid),
      .head_index_o(head_index),
      .fault_valid_o(dispatch_fault_valid),
      .fault_code_o(dispatch_fault_code),
      .fault_command_o(dispatch_fault_command),
      .fault_detail_o(dispatch_fault_detail)
  );
  generate
    for (genvar q = 0; q < QUEUES; q++) begin : gen_trace
      assign trace[q] = wh_contract_pkg::header_trace(command[COMMAND_BITS*q +: 64]);
      assign layer[10*q +: 10] = wh_contract_pkg::header_layer(command[COMMAND_BITS*q +: 64]);
    end
  endgenerate

  wh_load #(
      .HAS_PATCH(1),
      .QUEUE(LOAD0),
      .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS),
      .WEIGHT_WORDS(WEIGHT_WORDS),
      .LINE_BYTES(LINE_BYTES)
  ) u_load0 (
      .clk_i,
      .rst_ni(work_rst_n),
      .command_i(load0_command),
      .command_valid_i(command_valid[LOAD0]),
      .done_o(engine_done[LOAD0]),
      .active_o(engine_active[LOAD0]),
      .fault_valid_o(engine_fault[LOAD0]),
      .fault_code_o(engine_fault_code[4*LOAD0 +: 4]),
      .fault_detail_o(engine_fault_detail[32*LOAD0 +: 32]),
      .region_base_i(region_base[64*LOAD0_REGION +: 64]),
      .region_bytes_i(load0_command.region[3] ? 32'd0 : region_bytes[32*LOAD0_REGION +: 32]),
      .arvalid_o(load0_arvalid),
      .arready_i(load0_arready),
      .araddr_o(load0_araddr),
      .arlen_o(load0_arlen),
      .rvalid_i(load0_rvalid),
      .rready_o(load0_rready),
      .rdata_i(load0_rdata),
      .rerror_i(load0_rerror),
      .write_valid_o(write_valid[LOAD0_WRITE +: 3]),
      .write_bank_o(write_bank[BANK_BITS*LOAD0_WRITE +: 3*BANK_BITS]),
      .write_address_o(write_address[ADDRESS_BITS*LOAD0_WRITE +: 3*ADDRESS_BITS]),
      .write_data_o(write_data[WORD_BITS*LOAD0_WRITE +: 3*WORD_BITS]),
      .write_strobe_o(write_strobe[STROBE_BITS*LOAD0_WRITE +: 3*STROBE_BITS]),
      .write_ready_i(write_ready[LOAD0_WRITE +: 3]),
      .weight_write_valid_o(weight_write_valid[0]),
      .weight_write_address_o(weight_write_address[0 +: 22]),
      .weight_write_data_o(weight_write_data[0 +: 64]),
      .weight_write_ready_i(weight_write_ready[0]),
      .table_valid_o(table_valid[0]),
      .table_target_o(table_target[0 +: 4]),
      .table_index_o(table_index[0 +: 8]),
      .table_data_o(table_data[0 +: 64]),
      .table_ready_i(table_ready)
  );

  wh_load #(
      .HAS_PATCH(0),
      .QUEUE(LOAD1),
      .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS),
      .WEIGHT_WORDS(WEIGHT_WORDS),
      .LINE_BYTES(LINE_BYTES)
  ) u_load1 (
      .clk_i,
      .rst_ni(work_rst_n),
      .command_i(load1_command),
      .command_valid_i(command_valid[LOAD1]),
      .done_o(engine_done[LOAD1]),
      .active_o(engine_active[LOAD1]),
      .fault_valid_o(engine_fault[LOAD1]),
      .fault_code_o(engine_fault_code[4*LOAD1 +: 4]),
      .fault_detail_o(engine_fault_detail[32*LOAD1 +: 32]),
      .region_base_i(region_base[64*LOAD1_REGION +: 64]),
      .region_bytes_i(load1_command.region[3] ? 32'd0 : region_bytes[32*LOAD1_REGION +: 32]),
      .arvalid_o(client1_arvalid[0]),
      .arready_i(client1_arready[0]),
      .araddr_o(client1_araddr[63:0]),
      .arlen_o(client1_arlen[3:0]),
      .rvalid_i(client1_rvalid[0]),
      .rready_o(client1_rready[0]),
      .rdata_i(client1_rdata),
      .rerror_i(client1_rerror),
      .write_valid_o(write_valid[LOAD1_WRITE]),
      .write_bank_o(write_bank[BANK_BITS*LOAD1_WRITE +: BANK_BITS]),
      .write_address_o(write_address[ADDRESS_BITS*LOAD1_WRITE +: ADDRESS_BITS]),
      .write_data_o(write_data[WORD_BITS*LOAD1_WRITE +: WORD_BITS]),
      .write_strobe_o(write_strobe[STROBE_BITS*LOAD1_WRITE +: STROBE_BITS]),
      .write_ready_i(write_ready[LOAD1_WRITE]),
      .weight_write_valid_o(weight_write_valid[1]),
      .weight_write_address_o(weight_write_address[22 +: 22]),
      .weight_write_data_o(weight_write_data[64 +: 64]),
      .weight_write_ready_i(weight_write_ready[1]),
      .table_valid_o(table_valid[1]),
      .table_target_o(table_target[4 +: 4]),
      .table_index_o(table_index[8 +: 8]),
      .table_data_o(table_data[64 +: 64]),
      .table_ready_i(table_ready && !table_valid[0])
  );

  wh_int8_engine #(
      .INT8_REDUCTION(INT8_REDUCTION),
      .INT8_PIXELS(INT8_PIXELS),
      .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS),
      .WEIGHT_WORDS(WEIGHT_WORDS)
  ) u_int8 (
      .clk_i,
      .rst_ni(work_rst_n),
      .command_i(command[COMMAND_BITS*INT8 +: COMMAND_BITS]),
      .command_valid_i(command_valid[INT8]),
      .done_o(engine_done[INT8]),
      .active_o(engine_active[INT8]),
      .fault_valid_o(engine_fault[INT8]),
      .fault_code_o(engine_fault_code[4*INT8 +: 4]),
      .fault_detail_o(engine_fault_detail[32*INT8 +: 32]),
      .read_valid_o(int8_read_valid),
      .read_enable_o(int8_read_enable),
      .read_address_o(int8_read_address),
      .read_ready_i(int8_read_ready),
      .read_data_i(int8_read_data),
      .write_valid_o(write_valid[INT8_WRITE +: 2]),
      .write_bank_o(write_bank[BANK_BITS*INT8_WRITE +: 2*BANK_BITS]),
      .write_address_o(write_address[ADDRESS_BITS*INT8_WRITE +: 2*ADDRESS_BITS]),
      .write_data_o(write_data[WORD_BITS*INT8_WRITE +: 2*WORD_BITS]),
      .write_strobe_o(write_strobe[STROBE_BITS*INT8_WRITE +: 2*STROBE_BITS]),
      .write_ready_i(write_ready[INT8_WRITE +: 2]),
      .weight_valid_o(int8_weight_valid),
      .weight_address_o(int8_weight_address),
      .weight_ready_i(int8_weight_ready),
      .weight_data_i(weight_read_data),
      .requantise_soon_o(int8_requantise_soon),
      .requantise_valid_o(int8_requantise_valid),
      .requantise_wide_o(int8_requantise_wide),
      .requantise_high_o(int8_requantise_high),
      .requantise_sums_o(int8_requantise_sums),
      .requantise_multipliers_o(int8_requantise_multipliers),
      .requantise_shifts_o(int8_requantise_shifts),
      .requantise_range_o(int8_requantise_range),
      .requantise_claimed_i(xnor_requantise_claim),
      .codes_i(codes),
      .table_valid_i(|table_valid),
      .table_target_i(chosen_target),
      .table_index_i(chosen_index),
      .table_data_i(chosen_data),
      .table_ready_o(table_ready)
  );

  wh_xnor_engine #(
      .XNOR_LANES(XNOR_LANES),
      .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS),
      .WEIGHT_WORDS(WEIGHT_WORDS)
  ) u_xnor (
      .clk_i,
      .rst_ni(work_rst_n),
      .command_i(command[COMMAND_BITS*XNOR +: COMMAND_BITS]),
      .command_valid_i(command_valid[XNOR]),
      .done_o(engine_done[XNOR]),
      .active_o(engine_active[XNOR]),
      .fault_valid_o(engine_fault[XNOR]),
      .fault_code_o(engine_fault_code[4*XNOR +: 4]),
      .fault_detail_o(engine_fault_detail[32*XNOR +: 32]),
      .read_valid_o(xnor_read_valid),
      .read_bank_o(xnor_read_bank),
      .read_address_o(xnor_read_address),
      .read_ready_i(xnor_read_ready),
      .read_data_i(xnor_read_data),
      .weight_valid_o(xnor_weight_valid),
      .weight_address_o(xnor_weight_address),
      .weight_ready_i(xnor_weight_ready),
      .weight_data_i(weight_read_data),
      .write_valid_o(write_valid[XNOR_WRITE]),
      .write_bank_o(write_bank[BANK_BITS*XNOR_WRITE +: BANK_BITS]),
      .write_address_o(write_address[ADDRESS_BITS*XNOR_WRITE +: ADDRESS_BITS]),
      .write_data_o(write_data[WORD_BITS*XNOR_WRITE +: WORD_BITS]),
      .write_strobe_o(write_strobe[STROBE_BITS*XNOR_WRITE +: STROBE_BITS]),
      .write_ready_i(write_ready[XNOR_WRITE]),
      .requantise_claim_o(xnor_requantise_claim),
      .requantise_valid_o(xnor_requantise_valid),
      .requantise_sums_o(xnor_requantise_sums),
      .requantise_multipliers_o(xnor_requantise_multipliers),
      .requantise_shifts_o(xnor_requantise_shifts),
      .requantise_range_o(xnor_requantise_range),
      .codes_i(first_codes[31:0])
  );

  wh_vector_engine #(
      .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS)
  ) u_vector (
      .clk_i,
      .rst_ni(work_rst_n),
      .command_i(command[COMMAND_BITS*VECTOR +: COMMAND_BITS]),
      .command_valid_i(command_valid[VECTOR]),
      .done_o(engine_done[VECTOR]),
      .active_o(engine_active[VECTOR]),
      .fault_valid_o(engine_fault[VECTOR]),
      .fault_code_o(engine_fault_code[4*VECTOR +: 4]),
      .fault_detail_o(engine_fault_detail[32*VECTOR +: 32]),
      .read_valid_o(vector_read_valid),
      .read_bank_o(vector_read_bank),
      .read_address_o(vector_read_address),
      .read_ready_i(vector_read_ready),
      .read_data_i(vector_read_data),
      .requantise_valid_o(vector_requantise_valid),
      .requantise_wide_o(vector_requantise_wide),
      .requantise_high_o(vector_requantise_high),
      .requantise_truncate_o(vector_requantise_truncate),
      .requantise_sums_o(vector_requantise_sums),
      .requantise_multiplier_o(vector_requantise_multiplier),
      .requantise_shift_o(vector_requantise_shift),
      .requantise_range_o(vector_requantise_range),
      .requantise_free_i(!int8_requantise_soon && !xnor_requantise_claim),
      .codes_i(first_codes),
      .write_valid_o(write_valid[VECTOR_WRITE]),
      .write_bank_o(write_bank[BANK_BITS*VECTOR_WRITE +: BANK_BITS]),
      .write_address_o(write_address[ADDRESS_BITS*VECTOR_WRITE +: ADDRESS_BITS]),
      .write_data_o(write_data[WORD_BITS*VECTOR_WRITE +: WORD_BITS]),
      .write_strobe_o(write_strobe[STROBE_BITS*VECTOR_WRITE +: STROBE_BITS]),
      .write_ready_i(write_ready[VECTOR_WRITE]),
      .table_valid_i(|table_valid),
      .table_target_i(chosen_target),
      .table_index_i(chosen_index),
      .table_data_i(chosen_data)
  );

  wh_requantisers #(
      .INT8_PIXELS(INT8_PIXELS)
  ) u_requantisers (
      .clk_i,
      .rst_ni(work_rst_n),
      .int8_valid_i(int8_requantise_valid),
      .int8_wide_i(int8_requantise_wide),
      .int8_high_i(int8_requantise_high),
      .int8_sums_i(int8_requantise_sums),
      .int8_multipliers_i(int8_requantise_multipliers),
      .int8_shifts_i(int8_requantise_shifts),
      .int8_range_i(int8_requantise_range),
      .xnor_valid_i(xnor_requantise_valid),
      .xnor_sums_i(xnor_requantise_sums),
      .xnor_multipliers_i(xnor_requantise_multipliers),
      .xnor_shifts_i(xnor_requantise_shifts),
      .xnor_range_i(xnor_requantise_range),
      .vector_valid_i(vector_requantise_valid),
      .vector_wide_i(vector_requantise_wide),
      .vector_high_i(vector_requantise_high),
      .vector_truncate_i(vector_requantise_truncate),
      .vector_sums_i(vector_requantise_sums),
      .vector_multiplier_i(vector_requantise_multiplier),
      .vector_shift_i(vector_requantise_shift),
      .vector_range_i(vector_requantise_range),
      .codes_o(codes)
  );

  wh_store #(
      .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS)
  ) u_store (
      .clk_i,
      .rst_ni(work_rst_n),
      .command_i(store_command),
      .command_valid_i(command_valid[STORE]),
      .done_o(engine_done[STORE]),
      .active_o(engine_active[STORE]),
      .fault_valid_o(engine_fault[STORE]),
      .fault_code_o(engine_fault_code[4*STORE +: 4]),
      .fault_detail_o(engine_fault_detail[32*STORE +: 32]),
      .read_valid_o(store_read_valid),
      .read_row_bank_o(store_row_bank),
      .read_address_o(store_read_address),
      .read_data_i(store_read_data),
      .region_base_i(region_base[64*STORE_REGION +: 64]),
      .region_bytes_i(store_command.region[3] ? 32'd0 : region_bytes[32*STORE_REGION +: 32]),
      .region_writable_i(region_writable[store_command.region[2:0]]),
      .awvalid_o(store_awvalid),
      .awready_i(store_awready),
      .awaddr_o(store_awaddr),
      .awlen_o(store_awlen),
      .wvalid_o(store_wvalid),
      .wready_i(store_wready),
      .wdata_o(store_wdata),
      .berror_i(store_berror),
      .unanswered_i(store_unanswered)
  );

  wh_activation_memory #(
      .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS)
  ) u_activations (
      .clk_i,
      .store_valid_i(store_read_valid),
      .store_row_bank_i(store_row_bank),
      .store_address_i(store_read_address),
      .store_data_o(store_read_data),
      .int8_valid_i(int8_read_valid),
      .int8_enable_i(int8_read_enable),
      .int8_address_i(int8_read_address),
      .int8_ready_o(int8_read_ready),
      .int8_data_o(int8_read_data),
      .xnor_valid_i(xnor_read_valid),
      .xnor_bank_i(xnor_read_bank),
      .xnor_address_i(xnor_read_address),
      .xnor_ready_o(xnor_read_ready),
      .xnor_data_o(xnor_read_data),
      .vector_valid_i(vector_read_valid),
      .vector_bank_i(vector_read_bank),
      .vector_address_i(vector_read_address),
      .vector_ready_o(vector_read_ready),
      .vector_data_o(vector_read_data),
      .write_valid_i(write_valid),
      .write_bank_i(write_bank),
      .write_address_i(write_address),
      .write_data_i(write_data),
      .write_strobe_i(write_strobe),
      .write_ready_o(write_ready)
  );

  wh_weight_memory #(
      .WEIGHT_WORDS(WEIGHT_WORDS)
  ) u_weights (
      .clk_i,
      .int8_valid_i(int8_weight_valid),
      .int8_address_i(int8_weight_address),
      .int8_ready_o(int8_weight_ready),
      .xnor_valid_i(xnor_weight_valid),
      .xnor_address_i(xnor_weight_address),
      .xnor_ready_o(xnor_weight_ready),
      .read_data_o(weight_read_data),
      .write_valid_i(weight_write_valid),
      .write_address_i(weight_write_address),
      .write_data_i(weight_write_data),
      .write_ready_o(weight_write_ready)
  );

  wh_read_port #(
      .CLIENTS(1)
  ) u_read0 (
      .clk_i,
      .rst_ni,
      .flush_i(flush),
      .idle_o(read0_idle),
      .beat_o(read_beat[0]),
      .client_arvalid_i(load0_arvalid),
      .client_arready_o(load0_arready),
      .client_araddr_i(load0_araddr),
      .client_arlen_i(load0_arlen),
      .client_rvalid_o(load0_rvalid),
      .client_rready_i(load0_rready),
      .client_rdata_o(load0_rdata),
      .client_rerror_o(load0_rerror),
      .axi_arvalid_o(read0_arvalid_o),
      .axi_arready_i(read0_arready_i),
      .axi_araddr_o(read0_araddr_o),
      .axi_arlen_o(read0_arlen_o),
      .axi_rvalid_i(read0_rvalid_i),
      .axi_rready_o(read0_rready_o),
      .axi_rdata_i(read0_rdata_i),
      .axi_rresp_i(read0_rresp_i),
      .axi_rlast_i(read0_rlast_i)
  );

  wh_read_port #(
      .CLIENTS(2)
  ) u_read1 (
      .clk_i,
      .rst_ni,
      .flush_i(flush),
      .idle_o(read1_idle),
      .beat_o(read_beat[1]),
      .client_arvalid_i(client1_arvalid),
      .client_arready_o(client1_arready),
      .client_araddr_i(client1_araddr),
      .client_arlen_i(client1_arlen),
      .client_rvalid_o(client1_rvalid),
      .client_rready_i(client1_rready),
      .client_rdata_o(client1_rdata),
      .client_rerror_o(client1_rerror),
      .axi_arvalid_o(read1_arvalid_o),
      .axi_arready_i(read1_arready_i),
      .axi_araddr_o(read1_araddr_o),
      .axi_arlen_o(read1_arlen_o),
      .axi_rvalid_i(read1_rvalid_i),
      .axi_rready_o(read1_rready_o),
      .axi_rdata_i(read1_rdata_i),
      .axi_rresp_i(read1_rresp_i),
      .axi_rlast_i(read1_rlast_i)
  );

  wh_write_port u_write (
      .clk_i,
      .rst_ni,
      .flush_i(flush),
      .idle_o(write_idle),
      .beat_o(write_beat),
      .client_awvalid_i(store_awvalid),
      .client_awready_o(store_awready),
      .client_awaddr_i(store_awaddr),
      .client_awlen_i(store_awlen),
      .client_wvalid_i(store_wvalid),
      .client_wready_o(store_wready),
      .client_wdata_i(store_wdata),
      .client_berror_o(store_berror),
      .client_unanswered_o(store_unanswered),
      .axi_awvalid_o(write_awvalid_o),
      .axi_awready_i(write_awready_i),
      .axi_awaddr_o(write_awaddr_o),
      .axi_awlen_o(write_awlen_o),
      .axi_wvalid_o(write_wvalid_o),
      .axi_wready_i(write_wready_i),
      .axi_wdata_o(write_wdata_o),
      .axi_wstrb_o(write_wstrb_o),
      .axi_wlast_o(write_wlast_o),
      .axi_bvalid_i(write_bvalid_i),
      .axi_bready_o(write_bready_o),
      .axi_bresp_i(write_bresp_i)
  );
endmodule

`default_nettype wire
