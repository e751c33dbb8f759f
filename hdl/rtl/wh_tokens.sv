// SPDX-License-Identifier: Apache-2.0
// A counter for every ordered pair of queues (giver, taker): taken from when a command starts, added to when one finishes.
// ready_o[q]: queue q's head may start. Combinational from the counters; counters change in the cycle after. empty_o is a cycle late.
// A sum above TOKEN_LIMIT raises overflow_o in the cycle after and keeps the old count.
`default_nettype none

module wh_tokens (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic [5:0]   start_i,
    input  logic [143:0] waits_i,     // queue q's needs in bits 24q.., 4 bits a giver
    input  logic [5:0]   finish_i,
    input  logic [143:0] signals_i,   // queue q's gifts in bits 24q.., 4 bits a taker
    output logic [5:0]   ready_o,
    output logic         empty_o,
    output logic         overflow_o,
    output logic [2:0]   overflow_giver_o
);
  localparam int unsigned QUEUES = wh_contract_pkg::QUEUES;

  logic [35:0] enough, overflow;
  logic [5:0] overflow_q;
  logic [36*8-1:0] count_q;  // pair giver * 6 + taker

  generate
    for (genvar giver = 0; giver < 6; giver++) begin : gen_giver
      for (genvar taker = 0; taker < 6; taker++) begin : gen_taker
        localparam int unsigned PAIR = giver * QUEUES + taker;
        logic [3:0] need, gift;
        logic [7:0] count;
        logic [8:0] sum;
        assign count = count_q[PAIR*8 +: 8];
        assign need = waits_i[24*taker + 4*giver +: 4];
        assign gift = finish_i[giver] ? signals_i[24*giver + 4*taker +: 4] : 4'd0;
        assign enough[PAIR] = count >= 8'(need);
        assign sum = 9'(count) - (start_i[taker] ? 9'(need) : 9'd0) + 9'(gift);
        assign overflow[PAIR] = sum > 9'(wh_contract_pkg::TOKEN_LIMIT);
        always_ff @(posedge clk_i) begin
          if (!rst_ni) count_q[PAIR*8 +: 8] <= 8'd0;
          else if ((start_i[taker] || finish_i[giver]) && !overflow[PAIR]) count_q[PAIR*8 +: 8] <= sum[7:0];
        end
      end
      assign ready_o[giver] = enough[giver] && enough[6+giver] && enough[12+giver] && enough[18+giver] &&
          enough[24+giver] && enough[30+giver];
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    empty_o <= count_q == '0;
    for (int unsigned giver = 0; giver < QUEUES; giver++) overflow_q[giver] <= rst_ni && overflow[giver*6 +: 6] != '0;
  end
  assign overflow_o = overflow_q != '0;
  always_comb begin
    overflow_giver_o = 3'd0;
    for (int unsigned giver = 0; giver < QUEUES; giver++) begin
      if (overflow_q[giver]) overflow_giver_o = 3'(giver);
    end
  end
endmodule

`default_nettype wire
