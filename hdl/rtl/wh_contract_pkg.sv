// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

package wh_contract_pkg;
  localparam logic [63:0] CONTRACT_DIGEST = 64'hBB8C202C4BB9D9E7;
  localparam int unsigned IDENTITY_VALUE = 1464356694;
  localparam int unsigned COMMAND_WORDS = 8;
  localparam int unsigned QUEUES = 6;
  localparam int unsigned REGIONS = 8;
  localparam int unsigned PORT_BYTES = 8;
  localparam int unsigned BLOCK_CHANNELS = 8;
  localparam int unsigned ROW_BANKS = 4;
  localparam int unsigned COLUMN_BANKS = 4;
  localparam int unsigned ACTIVATION_BANKS = 16;
  localparam int unsigned ACTIVATION_WORD_BYTES = 8;
  localparam int unsigned WEIGHT_WORD_BYTES = 32;
  localparam int unsigned INT8_LANES = 8;
  localparam int unsigned INT8_PARAMETER_WORDS = 3;
  localparam int unsigned TILE_POSITIONS = 32;
  localparam int unsigned BURST_BEATS = 16;
  localparam int unsigned AVERAGE_POSITIONS = 256;
  localparam int unsigned TOKEN_LIMIT = 255;
  localparam int unsigned PATCH_SEGMENT_BYTES = 255;
  localparam int unsigned RESCALE_TABLE_BYTES = 2048;
  localparam int unsigned PROGRAM_COMMANDS_LIMIT = 1048575;
  localparam int unsigned PROGRAM_ALIGNMENT_BYTES = 64;
  localparam int unsigned XNOR_FRACTION_LIMIT = 10;
  localparam int unsigned DRAIN_CYCLES = 65536;
  localparam int unsigned ACTIVATION_TABLE_BYTES = 256;
  localparam int unsigned QUEUE_LOAD0 = 0;
  localparam int unsigned QUEUE_LOAD1 = 1;
  localparam int unsigned QUEUE_INT8 = 2;
  localparam int unsigned QUEUE_XNOR = 3;
  localparam int unsigned QUEUE_VECTOR = 4;
  localparam int unsigned QUEUE_STORE = 5;
  localparam int unsigned ZYNQ7020_ID = 1;
  localparam int unsigned ZYNQ7020_INT8_REDUCTION = 24;
  localparam int unsigned ZYNQ7020_INT8_PIXELS = 2;
  localparam int unsigned ZYNQ7020_XNOR_LANES = 64;
  localparam int unsigned ZYNQ7020_ACTIVATION_BANK_WORDS = 2048;
  localparam int unsigned ZYNQ7020_WEIGHT_WORDS = 6144;
  localparam int unsigned ZYNQ7020_LINE_BYTES = 4096;
  localparam int unsigned ZYNQ7020_TRACE_ENTRIES = 256;
  localparam int unsigned ZYNQ7020_CLOCK_HZ = 100000000;
  localparam int unsigned ZYNQ7020_BUDGET_LUT = 53200;
  localparam int unsigned ZYNQ7020_BUDGET_FF = 106400;
  localparam int unsigned ZYNQ7020_BUDGET_BRAM36 = 140;
  localparam int unsigned ZYNQ7020_BUDGET_DSP = 220;
  localparam int unsigned TINY_ID = 2;
  localparam int unsigned TINY_INT8_REDUCTION = 16;
  localparam int unsigned TINY_INT8_PIXELS = 1;
  localparam int unsigned TINY_XNOR_LANES = 16;
  localparam int unsigned TINY_ACTIVATION_BANK_WORDS = 512;
  localparam int unsigned TINY_WEIGHT_WORDS = 1024;
  localparam int unsigned TINY_LINE_BYTES = 1024;
  localparam int unsigned TINY_TRACE_ENTRIES = 256;
  localparam int unsigned TINY_CLOCK_HZ = 24000000;
  localparam int unsigned TINY_BUDGET_LUT = 5280;
  localparam int unsigned TINY_BUDGET_FF = 5280;
  localparam int unsigned TINY_BUDGET_BRAM36 = 30;
  localparam int unsigned TINY_BUDGET_DSP = 8;
  localparam int unsigned ZU3EG_ID = 3;
  localparam int unsigned ZU3EG_INT8_REDUCTION = 32;
  localparam int unsigned ZU3EG_INT8_PIXELS = 2;
  localparam int unsigned ZU3EG_XNOR_LANES = 64;
  localparam int unsigned ZU3EG_ACTIVATION_BANK_WORDS = 3072;
  localparam int unsigned ZU3EG_WEIGHT_WORDS = 8192;
  localparam int unsigned ZU3EG_LINE_BYTES = 4096;
  localparam int unsigned ZU3EG_TRACE_ENTRIES = 1024;
  localparam int unsigned ZU3EG_CLOCK_HZ = 200000000;
  localparam int unsigned ZU3EG_BUDGET_LUT = 70560;
  localparam int unsigned ZU3EG_BUDGET_FF = 141120;
  localparam int unsigned ZU3EG_BUDGET_BRAM36 = 216;
  localparam int unsigned ZU3EG_BUDGET_DSP = 360;
  localparam int unsigned FAULT_WIDTH = 4;
  typedef enum logic [3:0] {
    FAULT_NONE = 4'd0,
    FAULT_ILLEGAL_COMMAND = 4'd1,
    FAULT_READ_ERROR = 4'd2,
    FAULT_WRITE_ERROR = 4'd3,
    FAULT_OUT_OF_REGION = 4'd4,
    FAULT_OUT_OF_MEMORY = 4'd5,
    FAULT_WATCHDOG = 4'd6,
    FAULT_TOKEN_OVERFLOW = 4'd7,
    FAULT_TOKENS_LEFT = 4'd8,
    FAULT_READ_ONLY_REGION = 4'd9
  } fault_e;
  localparam int unsigned POST_WIDTH = 2;
  typedef enum logic [1:0] {
    POST_REQUANTISE = 2'd0,
    POST_BITS = 2'd1,
    POST_RAW = 2'd2
  } post_e;
  localparam int unsigned BINARY_PADDING_WIDTH = 2;
  typedef enum logic [1:0] {
    BINARY_PADDING_ZERO = 2'd0,
    BINARY_PADDING_MINUS_ONE = 2'd1,
    BINARY_PADDING_PLUS_ONE = 2'd2
  } binary_padding_e;
  localparam int unsigned VECTOR_OPERATION_WIDTH = 4;
  typedef enum logic [3:0] {
    VECTOR_OPERATION_MAXIMUM_POOL = 4'd0,
    VECTOR_OPERATION_OR_POOL = 4'd1,
    VECTOR_OPERATION_AVERAGE_POOL = 4'd2,
    VECTOR_OPERATION_ADD = 4'd3,
    VECTOR_OPERATION_MULTIPLY = 4'd4,
    VECTOR_OPERATION_TABLE = 4'd5
  } vector_operation_e;
  localparam int unsigned TABLE_TARGET_WIDTH = 4;
  typedef enum logic [3:0] {
    TABLE_TARGET_RESCALE = 4'd0,
    TABLE_TARGET_ACTIVATION = 4'd1
  } table_target_e;
  localparam int unsigned CODEC_WIDTH = 4;
  typedef enum logic [3:0] {
    CODEC_RAW = 4'd0
  } codec_e;
  localparam int unsigned OPCODE_WIDTH = 4;
  typedef enum logic [3:0] {
    OPCODE_LOAD_MAP = 4'd1,
    OPCODE_LOAD_PATCH = 4'd2,
    OPCODE_LOAD_WEIGHTS = 4'd3,
    OPCODE_LOAD_TABLE = 4'd4,
    OPCODE_STORE_MAP = 4'd5,
    OPCODE_INT8_CONVOLUTION = 4'd6,
    OPCODE_XNOR_CONVOLUTION = 4'd7,
    OPCODE_VECTOR = 4'd8
  } opcode_e;

  localparam int unsigned WORD_BITS = 64;
  localparam int unsigned COMMAND_BITS = 512;

  // word 0 of every command
  typedef struct packed {
    logic [23:0] signals;
    logic [23:0] waits;
    logic [9:0] layer;
    logic preemptible;
    logic trace;
    logic [3:0] opcode;
  } header_t;
  localparam int unsigned HEADER_OPCODE_WIDTH = 4;
  function automatic logic [3:0] header_opcode(input logic [63:0] word);
    header_opcode = word[0 +: 4];
  endfunction
  localparam int unsigned HEADER_TRACE_WIDTH = 1;
  function automatic logic header_trace(input logic [63:0] word);
    header_trace = word[4 +: 1];
  endfunction
  localparam int unsigned HEADER_PREEMPTIBLE_WIDTH = 1;
  function automatic logic header_preemptible(input logic [63:0] word);
    header_preemptible = word[5 +: 1];
  endfunction
  localparam int unsigned HEADER_LAYER_WIDTH = 10;
  function automatic logic [9:0] header_layer(input logic [63:0] word);
    header_layer = word[6 +: 10];
  endfunction
  localparam int unsigned HEADER_WAITS_WIDTH = 4;
  function automatic logic [23:0] header_waits(input logic [63:0] word);
    header_waits = word[16 +: 24];
  endfunction
  localparam int unsigned HEADER_SIGNALS_WIDTH = 4;
  function automatic logic [23:0] header_signals(input logic [63:0] word);
    header_signals = word[40 +: 24];
  endfunction

  // a map on chip: where a command finds its activations, or puts them
  typedef struct packed {
    logic [11:0] block;
    logic [9:0] row;
    logic [7:0] ring;
    logic [8:0] quads;
    logic [11:0] blocks;
    logic [12:0] base;
  } map_t;
  localparam int unsigned MAP_BASE_WIDTH = 13;
  function automatic logic [12:0] map_base(input logic [63:0] word);
    map_base = word[0 +: 13];
  endfunction
  localparam int unsigned MAP_BLOCKS_WIDTH = 12;
  function automatic logic [11:0] map_blocks(input logic [63:0] word);
    map_blocks = word[13 +: 12];
  endfunction
  localparam int unsigned MAP_QUADS_WIDTH = 9;
  function automatic logic [8:0] map_quads(input logic [63:0] word);
    map_quads = word[25 +: 9];
  endfunction
  localparam int unsigned MAP_RING_WIDTH = 8;
  function automatic logic [7:0] map_ring(input logic [63:0] word);
    map_ring = word[34 +: 8];
  endfunction
  localparam int unsigned MAP_ROW_WIDTH = 10;
  function automatic logic [9:0] map_row(input logic [63:0] word);
    map_row = word[42 +: 10];
  endfunction
  localparam int unsigned MAP_BLOCK_WIDTH = 12;
  function automatic logic [11:0] map_block(input logic [63:0] word);
    map_block = word[52 +: 12];
  endfunction

  // memory to activation memory, layout [row][block][column][8] on both sides
  typedef struct packed {
    logic [159:0] unassigned_352;
    logic [11:0] runs;
    logic [19:0] run_words;
    logic [31:0] run_pitch;
    logic [31:0] row_pitch;
    logic [15:0] unassigned_240;
    logic [11:0] column;
    logic [11:0] columns;
    logic [11:0] move_blocks;
    logic [11:0] rows;
    logic [26:0] unassigned_165;
    logic port;
    logic [3:0] region;
    logic [31:0] offset;
    map_t chip_map;
    header_t header;
  } load_map_t;

  // packed NHWC rows to patches, so that a first layer becomes a 1x1 convolution over kernel_height x kernel_width x channels
  typedef struct packed {
    logic [158:0] unassigned_353;
    logic flip_sign;
    logic [7:0] stride_x;
    logic [7:0] stride_y;
    logic [7:0] kernel_width;
    logic [7:0] kernel_height;
    logic signed [7:0] pad_left;
    logic signed [7:0] pad_top;
    logic signed [7:0] pad_value;
    logic [7:0] channels;
    logic [31:0] row_pitch;
    logic [15:0] unassigned_240;
    logic [11:0] source_columns;
    logic [11:0] source_rows;
    logic [11:0] columns;
    logic [11:0] rows;
    logic [26:0] unassigned_165;
    logic port;
    logic [3:0] region;
    logic [31:0] offset;
    map_t chip_map;
    header_t header;
  } load_patch_t;

  // memory to weight memory
  typedef struct packed {
    logic [255:0] unassigned_256;
    logic [31:0] encoded_bytes;
    logic [31:0] decoded_bytes;
    logic [26:0] unassigned_165;
    logic port;
    logic [3:0] region;
    logic [31:0] offset;
    logic [39:0] unassigned_88;
    logic [3:0] codec;
    logic [19:0] address;
    header_t header;
  } load_weights_t;

  // memory to a lookup table
  typedef struct packed {
    logic [346:0] unassigned_165;
    logic port;
    logic [3:0] region;
    logic [31:0] offset;
    logic [59:0] unassigned_68;
    logic [3:0] target;
    header_t header;
  } load_table_t;

  // activation memory to memory, layout [row][block][column][8] on both sides
  typedef struct packed {
    logic [159:0] unassigned_352;
    logic [11:0] runs;
    logic [19:0] run_words;
    logic [31:0] run_pitch;
    logic [31:0] row_pitch;
    logic [15:0] unassigned_240;
    logic [11:0] column;
    logic [11:0] columns;
    logic [11:0] move_blocks;
    logic [11:0] rows;
    logic [26:0] unassigned_165;
    logic port;
    logic [3:0] region;
    logic [31:0] offset;
    map_t chip_map;
    header_t header;
  } store_map_t;

  // dense or depthwise convolution of an on-chip int8 map by the int8 array
  typedef struct packed {
    logic [123:0] unassigned_388;
    logic [1:0] window_width;
    logic [1:0] window_height;
    logic signed [7:0] clamp_max;
    logic signed [7:0] clamp_min;
    logic signed [7:0] zero_point;
    logic signed [7:0] pad_value;
    logic [1:0] unassigned_350;
    logic one_set;
    logic wide;
    logic activation;
    logic [1:0] post;
    logic keep;
    logic accumulate;
    logic single;
    logic flatten;
    logic depthwise;
    logic [19:0] weight_address;
    logic [1:0] unassigned_318;
    logic [5:0] tile;
    logic [11:0] groups;
    logic [11:0] channel_blocks;
    logic [3:0] dilation_x;
    logic [3:0] dilation_y;
    logic [3:0] stride_x;
    logic [3:0] stride_y;
    logic [7:0] kernel_width;
    logic [7:0] kernel_height;
    logic signed [7:0] pad_left;
    logic signed [7:0] pad_top;
    logic [11:0] out_columns;
    logic [11:0] out_rows;
    logic [11:0] in_columns;
    logic [11:0] in_rows;
    map_t out_map;
    map_t in_map;
    header_t header;
  } int8_convolution_t;

  // binary convolution of an on-chip map of packed bits by the XNOR-popcount array
  typedef struct packed {
    logic [111:0] unassigned_400;
    logic [3:0] fraction;
    logic [11:0] write_blocks;
    logic signed [7:0] clamp_max;
    logic signed [7:0] clamp_min;
    logic signed [7:0] zero_point;
    logic [0:0] unassigned_359;
    logic [6:0] last_bits;
    logic [4:0] unassigned_347;
    logic [1:0] post;
    logic [2:0] unassigned_342;
    logic [1:0] padding;
    logic [19:0] weight_address;
    logic [1:0] unassigned_318;
    logic [5:0] tile;
    logic [11:0] groups;
    logic [11:0] channel_blocks;
    logic [3:0] dilation_x;
    logic [3:0] dilation_y;
    logic [3:0] stride_x;
    logic [3:0] stride_y;
    logic [7:0] kernel_width;
    logic [7:0] kernel_height;
    logic signed [7:0] pad_left;
    logic signed [7:0] pad_top;
    logic [11:0] out_columns;
    logic [11:0] out_rows;
    logic [11:0] in_columns;
    logic [11:0] in_rows;
    map_t out_map;
    map_t in_map;
    header_t header;
  } xnor_convolution_t;

  // pooling and element-wise operators on on-chip maps
  typedef struct packed {
    logic [46:0] unassigned_465;
    logic b_broadcast;
    logic signed [7:0] b_zero;
    logic signed [7:0] a_zero;
    map_t b_map;
    logic signed [7:0] clamp_max;
    logic signed [7:0] clamp_min;
    logic signed [7:0] zero_point;
    logic signed [7:0] shift;
    logic signed [31:0] multiplier;
    logic [3:0] unassigned_316;
    logic [3:0] operation;
    logic [11:0] unassigned_300;
    logic [11:0] channel_blocks;
    logic [3:0] dilation_x;
    logic [3:0] dilation_y;
    logic [3:0] stride_x;
    logic [3:0] stride_y;
    logic [7:0] kernel_width;
    logic [7:0] kernel_height;
    logic signed [7:0] pad_left;
    logic signed [7:0] pad_top;
    logic [11:0] out_columns;
    logic [11:0] out_rows;
    logic [11:0] in_columns;
    logic [11:0] in_rows;
    map_t out_map;
    map_t in_map;
    header_t header;
  } vector_t;

  localparam int unsigned REGISTER_IDENTITY = 0;
  localparam int unsigned REGISTER_CONFIGURATION = 4;
  localparam int unsigned REGISTER_DIGEST_LOW = 8;
  localparam int unsigned REGISTER_DIGEST_HIGH = 12;
  localparam int unsigned REGISTER_INT8_REDUCTION = 16;
  localparam int unsigned REGISTER_INT8_PIXELS = 20;
  localparam int unsigned REGISTER_XNOR_LANES = 24;
  localparam int unsigned REGISTER_ACTIVATION_BANK_WORDS = 28;
  localparam int unsigned REGISTER_WEIGHT_WORDS = 32;
  localparam int unsigned REGISTER_LINE_BYTES = 36;
  localparam int unsigned REGISTER_TRACE_ENTRIES = 40;
  localparam int unsigned REGISTER_CLOCK_HZ = 44;
  localparam int unsigned REGISTER_CONTROL = 64;
  localparam int unsigned REGISTER_STATUS = 68;
  localparam int unsigned REGISTER_INTERRUPT = 72;
  localparam int unsigned REGISTER_DOORBELL = 76;
  localparam int unsigned REGISTER_PROGRAM_REGION = 80;
  localparam int unsigned REGISTER_PROGRAM_OFFSET = 84;
  localparam int unsigned REGISTER_PROGRAM_COMMANDS = 88;
  localparam int unsigned REGISTER_WATCHDOG_CYCLES = 92;
  localparam int unsigned REGISTER_FAULT_CODE = 96;
  localparam int unsigned REGISTER_FAULT_COMMAND = 100;
  localparam int unsigned REGISTER_FAULT_DETAIL = 104;
  localparam int unsigned REGISTER_COMMANDS_DONE = 108;
  localparam int unsigned REGISTER_CYCLES_LOW = 128;
  localparam int unsigned REGISTER_CYCLES_HIGH = 132;
  localparam int unsigned REGISTER_READ_BEATS_0 = 136;
  localparam int unsigned REGISTER_READ_BEATS_1 = 140;
  localparam int unsigned REGISTER_WRITE_BEATS = 144;
  localparam int unsigned REGISTER_TRACE_COUNT = 148;
  localparam int unsigned REGISTER_TRACE_INDEX = 152;
  localparam int unsigned REGISTER_TRACE_CYCLE = 156;
  localparam int unsigned REGISTER_TRACE_LAYER = 160;
  localparam int unsigned REGISTER_TRACE_BUSY = 164;
  localparam int unsigned REGISTER_TRACE_STALL = 168;
  localparam int unsigned REGISTER_TRACE_START = 172;
  localparam int unsigned REGISTER_BUSY = 192;
  localparam int unsigned REGISTER_STALL = 224;
  localparam int unsigned REGISTER_WAITING = 256;
  localparam int unsigned REGISTER_REGION_BASE_LOW = 320;
  localparam int unsigned REGISTER_REGION_BASE_HIGH = 352;
  localparam int unsigned REGISTER_REGION_BYTES = 384;
  localparam int unsigned REGISTER_REGION_WRITABLE = 416;
  localparam logic [31:0] MASK_CONTROL = 32'h00000001;
  localparam logic [31:0] MASK_PROGRAM_REGION = 32'h00000007;
  localparam logic [31:0] MASK_PROGRAM_OFFSET = 32'hFFFFFFC0;
  localparam logic [31:0] MASK_PROGRAM_COMMANDS = 32'h000FFFFF;
  localparam logic [31:0] MASK_WATCHDOG_CYCLES = 32'hFFFFFFFF;
  localparam logic [31:0] MASK_TRACE_INDEX = 32'hFFFFFFFF;
  localparam logic [31:0] MASK_REGION_BASE_LOW = 32'hFFFFFFF8;
  localparam logic [31:0] MASK_REGION_BASE_HIGH = 32'hFFFFFFFF;
  localparam logic [31:0] MASK_REGION_BYTES = 32'hFFFFFFFF;
  localparam logic [31:0] MASK_REGION_WRITABLE = 32'h000000FF;

  // Register CONTROL: interrupt enable and soft reset
  typedef struct packed {
    logic [29:0] unassigned_2;
    logic soft_reset;
    logic interrupt_enable;
  } control_register_t;

  // Register STATUS: what the accelerator is doing, and how the last job ended
  typedef struct packed {
    logic [26:0] unassigned_5;
    logic dead;
    logic draining;
    logic fault;
    logic done;
    logic busy;
  } status_register_t;

  // Register INTERRUPT: write 1 to clear
  typedef struct packed {
    logic [30:0] unassigned_1;
    logic ended;
  } interrupt_register_t;

  // Register DOORBELL: starts jobs
  typedef struct packed {
    logic [30:0] unassigned_1;
    logic start;
  } doorbell_register_t;
endpackage

`default_nettype wire
