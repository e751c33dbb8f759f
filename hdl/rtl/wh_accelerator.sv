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

endmodule

`default_nettype wire
