// Whether the transfer fields of LOAD_MAP and STORE_MAP are legal: nothing zero, offsets and pitches multiples of 8, a region
// that exists, and run_words * runs = move_blocks * columns. The answer is ready three cycles after start_i.
`default_nettype none

module wh_transfer_check (
    input  logic         clk_i,
    input  logic         start_i,
    input  logic [511:0] command_i,
    output logic         legal_o
);
  logic [11:0] rows, blocks, columns, runs;
  logic [19:0] run_words;
  logic second_q, done_q, equal_q;
  logic [31:0] product_q, words_q;
  logic zero, aligned;

  assign rows = command_i[wh_contract_pkg::LOAD_MAP_ROWS_LSB +: 12];
  assign blocks = command_i[wh_contract_pkg::LOAD_MAP_MOVE_BLOCKS_LSB +: 12];
  assign columns = command_i[wh_contract_pkg::LOAD_MAP_COLUMNS_LSB +: 12];
  assign runs = command_i[wh_contract_pkg::LOAD_MAP_RUNS_LSB +: 12];
  assign run_words = command_i[wh_contract_pkg::LOAD_MAP_RUN_WORDS_LSB +: 20];
  assign zero = rows == 12'd0 || blocks == 12'd0 || columns == 12'd0 || runs == 12'd0 || run_words == 20'd0;
  assign aligned = command_i[wh_contract_pkg::LOAD_MAP_OFFSET_LSB +: 3] == 3'd0 &&
                   command_i[wh_contract_pkg::LOAD_MAP_ROW_PITCH_LSB +: 3] == 3'd0 &&
                   command_i[wh_contract_pkg::LOAD_MAP_RUN_PITCH_LSB +: 3] == 3'd0;
  assign legal_o = equal_q && !zero && aligned && !command_i[wh_contract_pkg::LOAD_MAP_REGION_LSB + 3];

  always_ff @(posedge clk_i) begin
    second_q <= start_i;
    done_q <= second_q;
    product_q <= start_i ? 32'(run_words) * 32'(runs) : 32'({8'd0, blocks}) * 32'(columns);
    words_q <= product_q;
    if (done_q) equal_q <= product_q == words_q;
  end

  logic unused;
  assign unused = ^command_i;
endmodule

`default_nettype wire
