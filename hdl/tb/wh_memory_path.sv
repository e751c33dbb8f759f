// SPDX-License-Identifier: Apache-2.0
// For the bench: both load engines, the store engine, their bus ports and the on-chip memories, wired as in the accelerator.
`default_nettype none

module wh_memory_path #(
    parameter int unsigned ACTIVATION_BANK_WORDS = wh_contract_pkg::ZYNQ7020_ACTIVATION_BANK_WORDS,
    parameter int unsigned WEIGHT_WORDS = wh_contract_pkg::ZYNQ7020_WEIGHT_WORDS,
    parameter int unsigned LINE_BYTES = wh_contract_pkg::ZYNQ7020_LINE_BYTES
) (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         engine_rst_ni,
    input  logic         flush_i,
    output logic         idle_o,
    input  logic [63:0]  region_base_i,
    input  logic [31:0]  region_bytes_i,
    input  logic         region_writable_i,

    input  logic [511:0] load0_command_i,
    input  logic [511:0] load1_command_i,
    input  logic [511:0] store_command_i,
    input  logic [2:0]   command_valid_i,
    output logic [2:0]   done_o,
    output logic [2:0]   fault_valid_o,
    output logic [11:0]  fault_code_o,

    output logic [1:0]   arvalid_o,
    input  logic [1:0]   arready_i,
    output logic [63:0]  araddr0_o,
    output logic [63:0]  araddr1_o,
    output logic [7:0]   arlen_o,
    input  logic [1:0]   rvalid_i,
    output logic [1:0]   rready_o,
    input  logic [63:0]  rdata0_i,
    input  logic [63:0]  rdata1_i,
    input  logic [1:0]   rerror_i,
    input  logic [1:0]   rlast_i,
    output logic         awvalid_o,
    input  logic         awready_i,
    output logic [63:0]  awaddr_o,
    output logic [3:0]   awlen_o,
    output logic         wvalid_o,
    input  logic         wready_i,
    output logic [63:0]  wdata_o,
    output logic [7:0]   wstrb_o,
    output logic         wlast_o,
    input  logic         bvalid_i,
    input  logic         berror_i,

    input  logic [15:0]  int8_enable_i,
    input  logic         weight_valid_i,
    input  logic [19:0]  weight_address_i,
    output logic [255:0] weight_data_o,
    output logic [1:0]   table_valid_o,
    input  logic [1:0]   table_ready_i,
    output logic [7:0]   table_target_o,
    output logic [15:0]  table_index_o,
    output logic [63:0]  table_data0_o
);
  logic [1:0] engine_arvalid, engine_arready, engine_rvalid, engine_rready, engine_rerror, port_idle, read_beat;
  logic [127:0] engine_araddr, engine_rdata, table_data, weight_data;
  logic [7:0] engine_arlen;
  logic [1:0] weight_valid, weight_ready;
  logic [43:0] weight_address;
  logic [3:0] write_valid, write_ready;
  logic [15:0] write_bank;
  logic [51:0] write_address;
  logic [255:0] write_data;
  logic [31:0] write_strobe;
  logic [2:0] active;
  logic [95:0] fault_detail;

  wh_load #(
      .HAS_PATCH(1),
      .QUEUE(wh_contract_pkg::QUEUE_LOAD0),
      .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS),
      .WEIGHT_WORDS(WEIGHT_WORDS),
      .LINE_BYTES(LINE_BYTES)
  ) u_load0 (
      .clk_i,
      .rst_ni(engine_rst_ni),
      .command_i(load0_command_i),
      .command_valid_i(command_valid_i[0]),
      .done_o(done_o[0]),
      .active_o(active[0]),
      .fault_valid_o(fault_valid_o[0]),
      .fault_code_o(fault_code_o[3:0]),
      .fault_detail_o(fault_detail[31:0]),
      .region_base_i,
      .region_bytes_i,
      .arvalid_o(engine_arvalid[0]),
      .arready_i(engine_arready[0]),
      .araddr_o(engine_araddr[63:0]),
      .arlen_o(engine_arlen[3:0]),
      .rvalid_i(engine_rvalid[0]),
      .rready_o(engine_rready[0]),
      .rdata_i(engine_rdata[63:0]),
      .rerror_i(engine_rerror[0]),
      .write_valid_o(write_valid[2:0]),
      .write_bank_o(write_bank[11:0]),
      .write_address_o(write_address[38:0]),
      .write_data_o(write_data[191:0]),
      .write_strobe_o(write_strobe[23:0]),
      .write_ready_i(write_ready[2:0]),
      .weight_write_valid_o(weight_valid[0]),
      .weight_write_address_o(weight_address[21:0]),
      .weight_write_data_o(weight_data[63:0]),
      .weight_write_ready_i(weight_ready[0]),
      .table_valid_o(table_valid_o[0]),
      .table_target_o(table_target_o[3:0]),
      .table_index_o(table_index_o[7:0]),
      .table_data_o(table_data[63:0]),
      .table_ready_i(table_ready_i[0])
  );

  wh_load #(
      .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS),
      .WEIGHT_WORDS(WEIGHT_WORDS),
      .LINE_BYTES(LINE_BYTES)
  ) u_load1 (
      .clk_i,
      .rst_ni(engine_rst_ni),
      .command_i(load1_command_i),
      .command_valid_i(command_valid_i[1]),
      .done_o(done_o[1]),
      .active_o(active[1]),
      .fault_valid_o(fault_valid_o[1]),
      .fault_code_o(fault_code_o[7:4]),
      .fault_detail_o(fault_detail[63:32]),
      .region_base_i,
      .region_bytes_i,
      .arvalid_o(engine_arvalid[1]),
      .arready_i(engine_arready[1]),
      .araddr_o(engine_araddr[127:64]),
      .arlen_o(engine_arlen[7:4]),
      .rvalid_i(engine_rvalid[1]),
      .rready_o(engine_rready[1]),
      .rdata_i(engine_rdata[127:64]),
      .rerror_i(engine_rerror[1]),
      .write_valid_o(write_valid[3]),
      .write_bank_o(write_bank[15:12]),
      .write_address_o(write_address[51:39]),
      .write_data_o(write_data[255:192]),
      .write_strobe_o(write_strobe[31:24]),
      .write_ready_i(write_ready[3]),
      .weight_write_valid_o(weight_valid[1]),
      .weight_write_address_o(weight_address[43:22]),
      .weight_write_data_o(weight_data[127:64]),
      .weight_write_ready_i(weight_ready[1]),
      .table_valid_o(table_valid_o[1]),
      .table_target_o(table_target_o[7:4]),
      .table_index_o(table_index_o[15:8]),
      .table_data_o(table_data[127:64]),
      .table_ready_i(table_ready_i[1])
  );
  assign table_data0_o = table_data[63:0];

  logic [1:0] arvalid_unused;
  generate
    for (genvar port = 0; port < 2; port++) begin : gen_port
      logic [63:0] araddr;
      wh_read_port u_port (
          .clk_i,
          .rst_ni,
          .flush_i,
          .idle_o(port_idle[port]),
          .beat_o(read_beat[port]),
          .client_arvalid_i(engine_arvalid[port]),
          .client_arready_o(engine_arready[port]),
          .client_araddr_i(engine_araddr[port*64 +: 64]),
          .client_arlen_i(engine_arlen[port*4 +: 4]),
          .client_rvalid_o(engine_rvalid[port]),
          .client_rready_i(engine_rready[port]),
          .client_rdata_o(engine_rdata[port*64 +: 64]),
          .client_rerror_o(engine_rerror[port]),
          .axi_arvalid_o(arvalid_o[port]),
          .axi_arready_i(arready_i[port]),
          .axi_araddr_o(araddr),
          .axi_arlen_o(arlen_o[port*4 +: 4]),
          .axi_rvalid_i(rvalid_i[port]),
          .axi_rready_o(rready_o[port]),
          .axi_rdata_i(port == 0 ? rdata0_i : rdata1_i),
          .axi_rresp_i({rerror_i[port], 1'b0}),
          .axi_rlast_i(rlast_i[port])
      );
      if (port == 0) begin : gen_first
        assign araddr0_o = araddr;
      end else begin : gen_second
        assign araddr1_o = araddr;
      end
      assign arvalid_unused[port] = read_beat[port];
    end
  endgenerate

  logic store_read, engine_awvalid, engine_awready, engine_wvalid, engine_wready, berror, unanswered;
  logic [1:0] store_row_bank;
  logic [12:0] store_address;
  logic [255:0] store_data;
  logic [63:0] engine_awaddr, engine_wdata;
  logic [3:0] engine_awlen;
  wh_store #(
      .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS)
  ) u_store (
      .clk_i,
      .rst_ni(engine_rst_ni),
      .command_i(store_command_i),
      .command_valid_i(command_valid_i[2]),
      .done_o(done_o[2]),
      .active_o(active[2]),
      .fault_valid_o(fault_valid_o[2]),
      .fault_code_o(fault_code_o[11:8]),
      .fault_detail_o(fault_detail[95:64]),
      .read_valid_o(store_read),
      .read_row_bank_o(store_row_bank),
      .read_address_o(store_address),
      .read_data_i(store_data),
      .region_base_i,
      .region_bytes_i,
      .region_writable_i,
      .awvalid_o(engine_awvalid),
      .awready_i(engine_awready),
      .awaddr_o(engine_awaddr),
      .awlen_o(engine_awlen),
      .wvalid_o(engine_wvalid),
      .wready_i(engine_wready),
      .wdata_o(engine_wdata),
      .berror_i(berror),
      .unanswered_i(unanswered)
  );

  logic write_idle, write_beat, bready;
  wh_write_port u_write_port (
      .clk_i,
      .rst_ni,
      .flush_i,
      .idle_o(write_idle),
      .beat_o(write_beat),
      .client_awvalid_i(engine_awvalid),
      .client_awready_o(engine_awready),
      .client_awaddr_i(engine_awaddr),
      .client_awlen_i(engine_awlen),
      .client_wvalid_i(engine_wvalid),
      .client_wready_o(engine_wready),
      .client_wdata_i(engine_wdata),
      .client_berror_o(berror),
      .client_unanswered_o(unanswered),
      .axi_awvalid_o(awvalid_o),
      .axi_awready_i(awready_i),
      .axi_awaddr_o(awaddr_o),
      .axi_awlen_o(awlen_o),
      .axi_wvalid_o(wvalid_o),
      .axi_wready_i(wready_i),
      .axi_wdata_o(wdata_o),
      .axi_wstrb_o(wstrb_o),
      .axi_wlast_o(wlast_o),
      .axi_bvalid_i(bvalid_i),
      .axi_bready_o(bready),
      .axi_bresp_i({berror_i, 1'b0})
  );
  assign idle_o = &port_idle && write_idle;

  logic [3:0] no_write;
  logic int8_ready, xnor_ready, weight_ready_int8, weight_ready_xnor;
  logic [1:0] vector_ready;
  logic [1023:0] int8_data;
  logic [63:0] xnor_data;
  logic [127:0] vector_data;
  wh_activation_memory #(
      .ACTIVATION_BANK_WORDS(ACTIVATION_BANK_WORDS)
  ) u_activations (
      .clk_i,
      .store_valid_i(store_read),
      .store_row_bank_i(store_row_bank),
      .store_address_i(store_address),
      .store_data_o(store_data),
      .int8_valid_i(1'b1),
      .int8_enable_i,
      .int8_address_i('0),
      .int8_ready_o(int8_ready),
      .int8_data_o(int8_data),
      .xnor_valid_i(1'b0),
      .xnor_bank_i('0),
      .xnor_address_i('0),
      .xnor_ready_o(xnor_ready),
      .xnor_data_o(xnor_data),
      .vector_valid_i('0),
      .vector_bank_i('0),
      .vector_address_i('0),
      .vector_ready_o(vector_ready),
      .vector_data_o(vector_data),
      .write_valid_i({4'b0000, write_valid}),
      .write_bank_i({16'd0, write_bank}),
      .write_address_i({52'd0, write_address}),
      .write_data_i({256'd0, write_data}),
      .write_strobe_i({32'd0, write_strobe}),
      .write_ready_o({no_write, write_ready})
  );

  wh_weight_memory #(
      .WEIGHT_WORDS(WEIGHT_WORDS)
  ) u_weights (
      .clk_i,
      .int8_valid_i(weight_valid_i),
      .int8_address_i(weight_address_i),
      .int8_ready_o(weight_ready_int8),
      .xnor_valid_i(1'b0),
      .xnor_address_i('0),
      .xnor_ready_o(weight_ready_xnor),
      .read_data_o(weight_data_o),
      .write_valid_i(weight_valid),
      .write_address_i(weight_address),
      .write_data_i(weight_data),
      .write_ready_o(weight_ready)
  );

  logic unused;
  assign unused = ^{arvalid_unused, active, fault_detail, write_beat, bready, no_write, int8_ready, xnor_ready,
                    weight_ready_int8, weight_ready_xnor, vector_ready, int8_data, xnor_data, vector_data, table_data};
endmodule

`default_nettype wire
