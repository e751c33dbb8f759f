// SPDX-License-Identifier: Apache-2.0
// Shares one AXI3 read master between CLIENTS at burst granularity, the highest index first, with at most 8 bursts outstanding.
// Only rst_ni (the hard reset) clears it. While flush_i is high it takes no new burst, lets those under way end and drops
// their data; idle_o says that none is left.
`default_nettype none

module wh_read_port #(
    parameter int unsigned CLIENTS = 1
) (
    input  logic                  clk_i,
    input  logic                  rst_ni,
    input  logic                  flush_i,
    output logic                  idle_o,
    output logic                  beat_o,

    input  logic [CLIENTS-1:0]    client_arvalid_i,
    output logic [CLIENTS-1:0]    client_arready_o,
    input  logic [CLIENTS*64-1:0] client_araddr_i,
    input  logic [CLIENTS*4-1:0]  client_arlen_i,
    output logic [CLIENTS-1:0]    client_rvalid_o,
    input  logic [CLIENTS-1:0]    client_rready_i,
    output logic [63:0]           client_rdata_o,
    output logic                  client_rerror_o,

    output logic                  axi_arvalid_o,
    input  logic                  axi_arready_i,
    output logic [63:0]           axi_araddr_o,
    output logic [3:0]            axi_arlen_o,
    input  logic                  axi_rvalid_i,
    output logic                  axi_rready_o,
    input  logic [63:0]           axi_rdata_i,
    input  logic [1:0]            axi_rresp_i,
    input  logic                  axi_rlast_i
);
  localparam int unsigned OUTSTANDING = 8;

  logic arvalid_q;
  logic [63:0] araddr_q;
  logic [3:0] arlen_q;
  logic [3:0] outstanding_q;
  logic [OUTSTANDING-1:0] owners_q;  // which client each outstanding burst is for, oldest in bit 0
  logic can_take, take, take_client, owner, ended;
  logic [63:0] take_address;
  logic [3:0] take_length;

  assign can_take = !flush_i && (!arvalid_q || axi_arready_i) && outstanding_q != 4'(OUTSTANDING);
  generate
    if (CLIENTS == 2) begin : gen_two
      assign take_client = client_arvalid_i[1];
      assign client_arready_o = {can_take, can_take && !client_arvalid_i[1]};
      assign take_address = take_client ? client_araddr_i[127:64] : client_araddr_i[63:0];
      assign take_length = take_client ? client_arlen_i[7:4] : client_arlen_i[3:0];
      assign owner = owners_q[0];
      assign client_rvalid_o = flush_i ? 2'b00 : {axi_rvalid_i && owner, axi_rvalid_i && !owner};
      assign axi_rready_o = flush_i || (owner ? client_rready_i[1] : client_rready_i[0]);
    end else begin : gen_one
      assign take_client = 1'b0;
      assign client_arready_o = can_take;
      assign take_address = client_araddr_i;
      assign take_length = client_arlen_i;
      assign owner = owners_q[0];
      assign client_rvalid_o = axi_rvalid_i && !flush_i && !owner;
      assign axi_rready_o = flush_i || client_rready_i;
    end
  endgenerate
  assign take = can_take && |client_arvalid_i;
  assign ended = axi_rvalid_i && axi_rready_o && axi_rlast_i;

  assign client_rdata_o = axi_rdata_i;
  assign client_rerror_o = axi_rresp_i[1];
  assign axi_arvalid_o = arvalid_q;
  assign axi_araddr_o = araddr_q;
  assign axi_arlen_o = arlen_q;
  assign idle_o = !arvalid_q && outstanding_q == 4'd0;
  assign beat_o = axi_rvalid_i && axi_rready_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      arvalid_q <= 1'b0;
      outstanding_q <= '0;
      owners_q <= '0;
    end else begin
      if (axi_arready_i) arvalid_q <= 1'b0;
      if (take) arvalid_q <= 1'b1;
      outstanding_q <= outstanding_q + 4'(take) - 4'(ended);
      for (int unsigned i = 0; i < OUTSTANDING; i++) begin
        if (ended) owners_q[i] <= take && outstanding_q == 4'(i + 1) ? take_client : i + 1 < OUTSTANDING && owners_q[(i + 1) % OUTSTANDING];
        else if (take && outstanding_q == 4'(i)) owners_q[i] <= take_client;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) begin
      araddr_q <= take_address;
      arlen_q <= take_length;
    end
  end

  logic unused;
  assign unused = axi_rresp_i[0];
endmodule

`default_nettype wire
