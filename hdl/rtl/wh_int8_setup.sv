// SPDX-License-Identifier: Apache-2.0
// Checks an INT8_CONVOLUTION command and derives what its loops need: products of fields (one after another) and row steps modulo
// the ring (repeated subtraction).
// Timing: ready_o or illegal_o rises four to seven cycles after active_i and stays, later for rings of a few rows (repeated subtraction).
// counted_o: sets_o and positions_o are valid, seven cycles after active_i; what the writer needs, eleven cycles after.
// An illegal command raises illegal_o and never ready_o.
`default_nettype none


module wh_int8_setup #(
    parameter int unsigned INT8_REDUCTION = 16,
    parameter int unsigned INT8_PIXELS = 2
) (
    input  logic         clk_i,

    input  wh_contract_pkg::int8_convolution_t command_i,
    input  logic         active_i,  // low between commands
    output logic         ready_o,
    output logic         illegal_o,
    output logic         counted_o,

    output logic         pairs_o,  // two pixels a position
    output logic         flat_o,  // pairs run on across row ends
    output logic [23:0]  positions_o,  // of one group
    output logic [27:0]  sets_o,  // of one group
    output logic [13:0]  in_row_stride_o,  // words from four rows to the next four, at most 8192
    output logic [20:0]  in_block_offset_o,
    output logic [13:0]  out_row_stride_o,
    output logic [20:0]  out_block_offset_o,
    output logic [21:0]  out_row_offset_o,
    output logic [9:0]   first_row_o,  // input row -pad_top on chip
    output logic [9:0]   stride_rows_o,  // these four modulo the ring
    output logic [9:0]   dilation_rows_o,
    output logic [9:0]   dilation_rows_2_o,
    output logic [9:0]   window_rows_o
);
  localparam int unsigned BLOCKS = INT8_REDUCTION / 8;

  logic single, depthwise, flatten, paired;
  logic [11:0] out_rows, out_columns;
  logic [7:0] kernel_height, kernel_width;
  logic [3:0] dilation_y, dilation_x, stride_y, stride_x;
  logic [1:0] window_height, window_width;
  logic [9:0] in_ring_rows, out_ring_rows, out_row;

  assign single = command_i.single;
  assign paired = INT8_PIXELS == 2 && !single;
  assign depthwise = command_i.depthwise;
  assign flatten = command_i.flatten;
  assign out_rows = command_i.out_rows;
  assign out_columns = command_i.out_columns;
  assign kernel_height = command_i.kernel_height;
  assign kernel_width = command_i.kernel_width;
  assign dilation_y = command_i.dilation_y;
  assign dilation_x = command_i.dilation_x;
  assign stride_y = command_i.stride_y;
  assign stride_x = command_i.stride_x;
  assign window_height = command_i.window_height;
  assign window_width = command_i.window_width;
  assign in_ring_rows = {command_i.in_map.ring, 2'b00};
  assign out_ring_rows = {command_i.out_map.ring, 2'b00};
  assign out_row = command_i.out_map.row;
  always_ff @(posedge clk_i) begin
    pairs_o <= paired;
    flat_o <= paired && flatten;
  end

  logic unused_command;
  assign unused_command = ^command_i;

  // Windows whose rows (or columns), count of them `dilation` apart, are not all different modulo 4.
  function automatic logic collides(input logic [1:0] count, input logic [1:0] dilation_low);
    collides = (count == 2'd2 && dilation_low == 2'd0) || (count == 2'd3 && !dilation_low[0]);
  endfunction

  // ceil(size / window), window 1 to 3
  function automatic logic [7:0] windows(input logic [7:0] size, input logic [1:0] window);
    logic [16:0] rounded;
    rounded = 17'(size) + 17'd2;
    case (window)
      2'd3: windows = 8'(((rounded << 7) + (rounded << 5) + (rounded << 3) + (rounded << 1) + rounded) >> 9);  // times 171 / 512
      2'd2: windows = 8'((9'(size) + 9'd1) >> 1);
      default: windows = size;
    endcase
  endfunction

  logic broken_sizes, broken_maps, broken_window, broken_flatten, broken_q;
  assign broken_sizes = command_i.in_rows == '0 || command_i.in_columns == '0 || out_rows == '0 || out_columns == '0
      || kernel_height == '0 || kernel_width == '0 || dilation_y == '0 || dilation_x == '0 || stride_y == '0 || stride_x == '0
      || (!depthwise && command_i.channel_blocks == '0) || command_i.groups == '0 || command_i.tile == '0
      || command_i.tile > 6'(wh_contract_pkg::TILE_POSITIONS) || command_i.post > wh_contract_pkg::POST_RAW
      || (command_i.wide && command_i.post == wh_contract_pkg::POST_REQUANTISE && !single)
      || (command_i.one_set && (!depthwise || !single || command_i.pad_value != '0));
  assign broken_maps = in_ring_rows == '0 || command_i.in_map.row >= in_ring_rows 
      || (!command_i.keep && (out_ring_rows == '0 || out_row >= out_ring_rows));
  assign broken_window = depthwise
      ? window_height == 2'd0 || window_width == 2'd0 || collides(window_height, dilation_y[1:0])
          || collides(window_width, dilation_x[1:0]) || (paired && (stride_x != 4'd1 || dilation_x != 4'd1))
      : paired && stride_x[1:0] == 2'd0;
  assign broken_flatten = flatten && (kernel_height != 8'd1 || kernel_width != 8'd1 || stride_y != 4'd1 || stride_x != 4'd1
      || command_i.pad_top != '0 || command_i.pad_left != '0 || out_columns[1:0] == 2'd1);

  // The products: factors registered, then the two stages of wh_product; the product of step k is read in step k + 2.
  logic [3:0]  step_q;
  logic [15:0] left_q;
  logic [11:0] right_q;
  logic [30:0] product;
  logic        single_tile;
  logic        unused_bits;
  assign unused_bits = ^{product[30:28], thirds[12:0]};

  wh_product #(
      .LEFT_BITS(17),
      .LOW_DIGITS(4),
      .HIGH_DIGITS(3)
  ) u_product (
      .clk_i(clk_i),
      .enable_i(active_i && step_q != 4'd15),
      .left_i({1'b0, left_q}),
      .right_i({2'b00, right_q}),
      .product_o(product)
  );

  // ceil(channel_blocks / BLOCKS), a product with a reciprocal if that is 3: (blocks + 2) * 2731 / 2^13 is exact for all of them.
  logic [12:0] rounded;
  logic [15:0] five_q;
  logic [24:0] thirds;
  logic [11:0] chunks, chunks_q;
  assign rounded = {1'b0, command_i.channel_blocks} + 13'(BLOCKS - 1);
  assign thirds = (((25'(five_q) << 8) + (25'(five_q) << 4) + 25'(five_q)) << 1) + 25'(rounded);
  assign chunks = BLOCKS == 3 ? thirds[24:13] : BLOCKS == 4 ? {1'b0, rounded[12:2]} : rounded[12:1];
  always_ff @(posedge clk_i) begin
    five_q <= 16'(rounded) + (16'(rounded) << 2);
    chunks_q <= depthwise ? 12'd1 : chunks;
  end
  assign single_tile = command_i.groups == 12'd1 && positions_o <= 24'(command_i.tile);

  always_ff @(posedge clk_i) begin
    if (!active_i) begin
      step_q <= '0;
    end else if (step_q != 4'd15) begin
      step_q <= step_q + 4'd1;
      broken_q <= broken_sizes || broken_maps || broken_window || broken_flatten;
      case (step_q)
        4'd0: begin
          left_q <= 16'(command_i.in_map.blocks);
          right_q <= 12'(command_i.in_map.quads);
        end
        4'd1: begin
          left_q <= 16'(command_i.in_map.block);
          right_q <= 12'(command_i.in_map.quads);
        end
        4'd2: begin
          left_q <= depthwise ? 16'(windows(kernel_height, window_height)) : 16'(kernel_height);
          right_q <= depthwise ? 12'(windows(kernel_width, window_width)) : 12'(kernel_width);
          in_row_stride_o <= (|product[27:13]) ? 14'd8192 : product[13:0];
        end
        4'd3: begin
          left_q <= 16'(out_rows);
          right_q <= (pairs_o && !flat_o) ? 12'((13'(out_columns) + 13'd1) >> 1) : 12'(out_columns);
          in_block_offset_o <= product[20:0];
        end
        4'd4: begin
          left_q <= product[15:0];
          right_q <= 12'(chunks_q);
        end
        4'd5: begin
          left_q <= 16'(command_i.out_map.blocks);
          right_q <= 12'(command_i.out_map.quads);
          positions_o <= (flat_o ? product[24:1] : product[23:0]) + 24'(flat_o && product[0]);
        end
        4'd6: begin
          left_q <= 16'(command_i.out_map.block);
          right_q <= 12'(command_i.out_map.quads);
          sets_o <= product[27:0];
        end
        4'd7: out_row_stride_o <= (|product[27:13]) ? 14'd8192 : product[13:0];
        4'd8: begin
          left_q <= 16'(out_row_stride_o);
          right_q <= 12'(out_row[9:2]);
          out_block_offset_o <= product[20:0];
        end
        4'd10: out_row_offset_o <= product[21:0];
        default: ;
      endcase
    end
  end

  // Row steps modulo the ring. The first row starts at row - pad_top, possibly negative.
  logic signed [11:0] first_row_q, ring_rows;
  logic               reduced_q;

  assign ring_rows = $signed({2'b00, in_ring_rows});
  assign first_row_o = first_row_q[9:0];

  function automatic logic [9:0] reduced(input logic [9:0] value, input logic [9:0] modulus);
    reduced = value >= modulus ? value - modulus : value;
  endfunction

  always_ff @(posedge clk_i) begin
    if (active_i && step_q == 4'd0) begin
      first_row_q <= $signed({2'b00, command_i.in_map.row}) - 12'(signed'(command_i.pad_top));
      stride_rows_o <= 10'(stride_y);
      dilation_rows_o <= 10'(dilation_y);
      dilation_rows_2_o <= {5'd0, dilation_y, 1'b0};
      window_rows_o <= depthwise ? (window_height[0] ? 10'(dilation_y) : 10'd0) + (window_height[1] ? 10'({dilation_y, 1'b0}) : 10'd0) : 10'(dilation_y);
      reduced_q <= 1'b0;
    end else if (active_i && !reduced_q && !broken_q) begin
      if (first_row_q < 0) first_row_q <= first_row_q + ring_rows;
      else if (first_row_q >= ring_rows) first_row_q <= first_row_q - ring_rows;
      stride_rows_o <= reduced(stride_rows_o, in_ring_rows);
      dilation_rows_o <= reduced(dilation_rows_o, in_ring_rows);
      dilation_rows_2_o <= reduced(dilation_rows_2_o, in_ring_rows);
      window_rows_o <= reduced(window_rows_o, in_ring_rows);
      reduced_q <= first_row_q >= 0 && first_row_q < ring_rows && stride_rows_o < in_ring_rows
          && dilation_rows_o < in_ring_rows && dilation_rows_2_o < in_ring_rows && window_rows_o < in_ring_rows;
    end
  end

  logic broken, needs_single_tile, checked;
  assign needs_single_tile = command_i.accumulate || command_i.keep;
  assign broken = broken_q || (needs_single_tile && !single_tile);
  assign checked = active_i && step_q >= (needs_single_tile ? 4'd6 : 4'd4);
  assign illegal_o = checked && broken;
  assign ready_o = checked && !broken && reduced_q;
  always_ff @(posedge clk_i) counted_o <= active_i && step_q >= 4'd7;
endmodule


`default_nettype wire
