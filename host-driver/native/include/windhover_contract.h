/* Generated from hdl/contract/contract.yaml by `./windhover contract`. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WINDHOVER_CONTRACT_H
#define WINDHOVER_CONTRACT_H

#include <stdint.h>

#define WH_CONTRACT_DIGEST UINT64_C(0x0FC1F452BA0334C4)
#define WH_COMMAND_WORDS 8
#define WH_QUEUES 6
#define WH_REGIONS 8
#define WH_BLOCK_CHANNELS 8
#define WH_ROW_BANKS 4
#define WH_COLUMN_BANKS 4
#define WH_WEIGHT_WORD_BYTES 32
#define WH_INT8_LANES 8
#define WH_INT8_PARAMETER_WORDS 3
#define WH_TILE_POSITIONS 32
#define WH_BURST_BEATS 16
#define WH_AVERAGE_POSITIONS 256
#define WH_TOKEN_LIMIT 255
#define WH_PATCH_SEGMENT_BYTES 255
#define WH_RESCALE_TABLE_BYTES 2048
#define WH_PROGRAM_COMMANDS_LIMIT 1048575
#define WH_XNOR_FRACTION_LIMIT 10
#define WH_DRAIN_CYCLES 65536
#define WH_ACTIVATION_TABLE_BYTES 256
#define WH_QUEUE_LOAD0 0
#define WH_QUEUE_LOAD1 1
#define WH_QUEUE_INT8 2
#define WH_QUEUE_XNOR 3
#define WH_QUEUE_VECTOR 4
#define WH_QUEUE_STORE 5
#define WH_FAULT_NONE 0
#define WH_FAULT_ILLEGAL_COMMAND 1
#define WH_FAULT_READ_ERROR 2
#define WH_FAULT_WRITE_ERROR 3
#define WH_FAULT_OUT_OF_REGION 4
#define WH_FAULT_OUT_OF_MEMORY 5
#define WH_FAULT_WATCHDOG 6
#define WH_FAULT_TOKEN_OVERFLOW 7
#define WH_FAULT_TOKENS_LEFT 8
#define WH_FAULT_READ_ONLY_REGION 9
#define WH_STATUS_BUSY 0
#define WH_STATUS_DONE 1
#define WH_STATUS_FAULT 2
#define WH_STATUS_DRAINING 3
#define WH_STATUS_DEAD 4
#define WH_POST_REQUANTISE 0
#define WH_POST_BITS 1
#define WH_POST_RAW 2
#define WH_BINARY_PADDING_ZERO 0
#define WH_BINARY_PADDING_MINUS_ONE 1
#define WH_BINARY_PADDING_PLUS_ONE 2
#define WH_VECTOR_OPERATION_MAXIMUM_POOL 0
#define WH_VECTOR_OPERATION_OR_POOL 1
#define WH_VECTOR_OPERATION_AVERAGE_POOL 2
#define WH_VECTOR_OPERATION_ADD 3
#define WH_VECTOR_OPERATION_MULTIPLY 4
#define WH_VECTOR_OPERATION_TABLE 5
#define WH_TABLE_TARGET_RESCALE 0
#define WH_TABLE_TARGET_ACTIVATION 1
#define WH_CODEC_RAW 0
#define WH_ZYNQ7020_ID 1
#define WH_ZYNQ7020_INT8_REDUCTION 16
#define WH_ZYNQ7020_INT8_PIXELS 2
#define WH_ZYNQ7020_XNOR_LANES 64
#define WH_ZYNQ7020_ACTIVATION_BANK_WORDS 2048
#define WH_ZYNQ7020_WEIGHT_WORDS 6144
#define WH_ZYNQ7020_LINE_BYTES 4096
#define WH_ZYNQ7020_TRACE_ENTRIES 1024
#define WH_ZYNQ7020_CLOCK_HZ 100000000
#define WH_ZYNQ7020_BUDGET_LUT 53200
#define WH_ZYNQ7020_BUDGET_FF 106400
#define WH_ZYNQ7020_BUDGET_BRAM36 140
#define WH_ZYNQ7020_BUDGET_DSP 220
#define WH_TINY_ID 2
#define WH_TINY_INT8_REDUCTION 16
#define WH_TINY_INT8_PIXELS 1
#define WH_TINY_XNOR_LANES 16
#define WH_TINY_ACTIVATION_BANK_WORDS 512
#define WH_TINY_WEIGHT_WORDS 1024
#define WH_TINY_LINE_BYTES 1024
#define WH_TINY_TRACE_ENTRIES 256
#define WH_TINY_CLOCK_HZ 24000000
#define WH_TINY_BUDGET_LUT 5280
#define WH_TINY_BUDGET_FF 5280
#define WH_TINY_BUDGET_BRAM36 30
#define WH_TINY_BUDGET_DSP 8
#define WH_ZU3EG_ID 3
#define WH_ZU3EG_INT8_REDUCTION 32
#define WH_ZU3EG_INT8_PIXELS 2
#define WH_ZU3EG_XNOR_LANES 64
#define WH_ZU3EG_ACTIVATION_BANK_WORDS 3072
#define WH_ZU3EG_WEIGHT_WORDS 8192
#define WH_ZU3EG_LINE_BYTES 4096
#define WH_ZU3EG_TRACE_ENTRIES 1024
#define WH_ZU3EG_CLOCK_HZ 200000000
#define WH_ZU3EG_BUDGET_LUT 70560
#define WH_ZU3EG_BUDGET_FF 141120
#define WH_ZU3EG_BUDGET_BRAM36 216
#define WH_ZU3EG_BUDGET_DSP 360
#define WH_REGISTER_IDENTITY 0
#define WH_REGISTER_CONFIGURATION 4
#define WH_REGISTER_DIGEST_LOW 8
#define WH_REGISTER_DIGEST_HIGH 12
#define WH_REGISTER_INT8_REDUCTION 16
#define WH_REGISTER_INT8_PIXELS 20
#define WH_REGISTER_XNOR_LANES 24
#define WH_REGISTER_ACTIVATION_BANK_WORDS 28
#define WH_REGISTER_WEIGHT_WORDS 32
#define WH_REGISTER_LINE_BYTES 36
#define WH_REGISTER_TRACE_ENTRIES 40
#define WH_REGISTER_CLOCK_HZ 44
#define WH_REGISTER_CONTROL 64
#define WH_REGISTER_STATUS 68
#define WH_REGISTER_INTERRUPT 72
#define WH_REGISTER_DOORBELL 76
#define WH_REGISTER_PROGRAM_REGION 80
#define WH_REGISTER_PROGRAM_OFFSET 84
#define WH_REGISTER_PROGRAM_COMMANDS 88
#define WH_REGISTER_WATCHDOG_CYCLES 92
#define WH_REGISTER_FAULT_CODE 96
#define WH_REGISTER_FAULT_COMMAND 100
#define WH_REGISTER_FAULT_DETAIL 104
#define WH_REGISTER_COMMANDS_DONE 108
#define WH_REGISTER_CYCLES_LOW 128
#define WH_REGISTER_CYCLES_HIGH 132
#define WH_REGISTER_READ_BEATS_0 136
#define WH_REGISTER_READ_BEATS_1 140
#define WH_REGISTER_WRITE_BEATS 144
#define WH_REGISTER_TRACE_COUNT 148
#define WH_REGISTER_TRACE_INDEX 152
#define WH_REGISTER_TRACE_CYCLE 156
#define WH_REGISTER_TRACE_LAYER 160
#define WH_REGISTER_TRACE_BUSY 164
#define WH_REGISTER_TRACE_STALL 168
#define WH_REGISTER_TRACE_START 172
#define WH_REGISTER_BUSY 192
#define WH_REGISTER_STALL 224
#define WH_REGISTER_WAITING 256
#define WH_REGISTER_REGION_BASE_LOW 320
#define WH_REGISTER_REGION_BASE_HIGH 352
#define WH_REGISTER_REGION_BYTES 384
#define WH_REGISTER_REGION_WRITABLE 416
#define WH_MASK_CONTROL UINT32_C(0x00000001)
#define WH_MASK_PROGRAM_REGION UINT32_C(0x00000007)
#define WH_MASK_PROGRAM_OFFSET UINT32_C(0xFFFFFFC0)
#define WH_MASK_PROGRAM_COMMANDS UINT32_C(0x000FFFFF)
#define WH_MASK_WATCHDOG_CYCLES UINT32_C(0xFFFFFFFF)
#define WH_MASK_TRACE_INDEX UINT32_C(0xFFFFFFFF)
#define WH_MASK_REGION_BASE_LOW UINT32_C(0xFFFFFFF8)
#define WH_MASK_REGION_BASE_HIGH UINT32_C(0xFFFFFFFF)
#define WH_MASK_REGION_BYTES UINT32_C(0xFFFFFFFF)
#define WH_MASK_REGION_WRITABLE UINT32_C(0x000000FF)
#define WH_OPCODE_LOAD_MAP 1
#define WH_OPCODE_LOAD_PATCH 2
#define WH_OPCODE_LOAD_WEIGHTS 3
#define WH_OPCODE_LOAD_TABLE 4
#define WH_OPCODE_STORE_MAP 5
#define WH_OPCODE_INT8_CONVOLUTION 6
#define WH_OPCODE_XNOR_CONVOLUTION 7
#define WH_OPCODE_VECTOR 8

/* Readers take the command's eight 64-bit words. */
static inline int64_t wh_load_map_opcode(const uint64_t *command) { return (int64_t)((command[0] << 60) >> 60); }
static inline int64_t wh_load_map_trace(const uint64_t *command) { return (int64_t)((command[0] << 59) >> 63); }
static inline int64_t wh_load_map_preemptible(const uint64_t *command) { return (int64_t)((command[0] << 58) >> 63); }
static inline int64_t wh_load_map_layer(const uint64_t *command) { return (int64_t)((command[0] << 48) >> 54); }
static inline int64_t wh_load_map_wait_load0(const uint64_t *command) { return (int64_t)((command[0] << 44) >> 60); }
static inline int64_t wh_load_map_wait_load1(const uint64_t *command) { return (int64_t)((command[0] << 40) >> 60); }
static inline int64_t wh_load_map_wait_int8(const uint64_t *command) { return (int64_t)((command[0] << 36) >> 60); }
static inline int64_t wh_load_map_wait_xnor(const uint64_t *command) { return (int64_t)((command[0] << 32) >> 60); }
static inline int64_t wh_load_map_wait_vector(const uint64_t *command) { return (int64_t)((command[0] << 28) >> 60); }
static inline int64_t wh_load_map_wait_store(const uint64_t *command) { return (int64_t)((command[0] << 24) >> 60); }
static inline int64_t wh_load_map_signal_load0(const uint64_t *command) { return (int64_t)((command[0] << 20) >> 60); }
static inline int64_t wh_load_map_signal_load1(const uint64_t *command) { return (int64_t)((command[0] << 16) >> 60); }
static inline int64_t wh_load_map_signal_int8(const uint64_t *command) { return (int64_t)((command[0] << 12) >> 60); }
static inline int64_t wh_load_map_signal_xnor(const uint64_t *command) { return (int64_t)((command[0] << 8) >> 60); }
static inline int64_t wh_load_map_signal_vector(const uint64_t *command) { return (int64_t)((command[0] << 4) >> 60); }
static inline int64_t wh_load_map_signal_store(const uint64_t *command) { return (int64_t)((command[0] << 0) >> 60); }
static inline int64_t wh_load_map_map_base(const uint64_t *command) { return (int64_t)((command[1] << 51) >> 51); }
static inline int64_t wh_load_map_map_blocks(const uint64_t *command) { return (int64_t)((command[1] << 39) >> 52); }
static inline int64_t wh_load_map_map_quads(const uint64_t *command) { return (int64_t)((command[1] << 30) >> 55); }
static inline int64_t wh_load_map_map_ring(const uint64_t *command) { return (int64_t)((command[1] << 22) >> 56); }
static inline int64_t wh_load_map_map_row(const uint64_t *command) { return (int64_t)((command[1] << 12) >> 54); }
static inline int64_t wh_load_map_map_block(const uint64_t *command) { return (int64_t)((command[1] << 0) >> 52); }
static inline int64_t wh_load_map_offset(const uint64_t *command) { return (int64_t)((command[2] << 32) >> 32); }
static inline int64_t wh_load_map_region(const uint64_t *command) { return (int64_t)((command[2] << 28) >> 60); }
static inline int64_t wh_load_map_port(const uint64_t *command) { return (int64_t)((command[2] << 27) >> 63); }
static inline int64_t wh_load_map_rows(const uint64_t *command) { return (int64_t)((command[3] << 52) >> 52); }
static inline int64_t wh_load_map_move_blocks(const uint64_t *command) { return (int64_t)((command[3] << 40) >> 52); }
static inline int64_t wh_load_map_columns(const uint64_t *command) { return (int64_t)((command[3] << 28) >> 52); }
static inline int64_t wh_load_map_column(const uint64_t *command) { return (int64_t)((command[3] << 16) >> 52); }
static inline int64_t wh_load_map_row_pitch(const uint64_t *command) { return (int64_t)((command[4] << 32) >> 32); }
static inline int64_t wh_load_map_run_pitch(const uint64_t *command) { return (int64_t)((command[4] << 0) >> 32); }
static inline int64_t wh_load_map_run_words(const uint64_t *command) { return (int64_t)((command[5] << 44) >> 44); }
static inline int64_t wh_load_map_runs(const uint64_t *command) { return (int64_t)((command[5] << 32) >> 52); }
static inline int64_t wh_load_patch_opcode(const uint64_t *command) { return (int64_t)((command[0] << 60) >> 60); }
static inline int64_t wh_load_patch_trace(const uint64_t *command) { return (int64_t)((command[0] << 59) >> 63); }
static inline int64_t wh_load_patch_preemptible(const uint64_t *command) { return (int64_t)((command[0] << 58) >> 63); }
static inline int64_t wh_load_patch_layer(const uint64_t *command) { return (int64_t)((command[0] << 48) >> 54); }
static inline int64_t wh_load_patch_wait_load0(const uint64_t *command) { return (int64_t)((command[0] << 44) >> 60); }
static inline int64_t wh_load_patch_wait_load1(const uint64_t *command) { return (int64_t)((command[0] << 40) >> 60); }
static inline int64_t wh_load_patch_wait_int8(const uint64_t *command) { return (int64_t)((command[0] << 36) >> 60); }
static inline int64_t wh_load_patch_wait_xnor(const uint64_t *command) { return (int64_t)((command[0] << 32) >> 60); }
static inline int64_t wh_load_patch_wait_vector(const uint64_t *command) { return (int64_t)((command[0] << 28) >> 60); }
static inline int64_t wh_load_patch_wait_store(const uint64_t *command) { return (int64_t)((command[0] << 24) >> 60); }
static inline int64_t wh_load_patch_signal_load0(const uint64_t *command) { return (int64_t)((command[0] << 20) >> 60); }
static inline int64_t wh_load_patch_signal_load1(const uint64_t *command) { return (int64_t)((command[0] << 16) >> 60); }
static inline int64_t wh_load_patch_signal_int8(const uint64_t *command) { return (int64_t)((command[0] << 12) >> 60); }
static inline int64_t wh_load_patch_signal_xnor(const uint64_t *command) { return (int64_t)((command[0] << 8) >> 60); }
static inline int64_t wh_load_patch_signal_vector(const uint64_t *command) { return (int64_t)((command[0] << 4) >> 60); }
static inline int64_t wh_load_patch_signal_store(const uint64_t *command) { return (int64_t)((command[0] << 0) >> 60); }
static inline int64_t wh_load_patch_map_base(const uint64_t *command) { return (int64_t)((command[1] << 51) >> 51); }
static inline int64_t wh_load_patch_map_blocks(const uint64_t *command) { return (int64_t)((command[1] << 39) >> 52); }
static inline int64_t wh_load_patch_map_quads(const uint64_t *command) { return (int64_t)((command[1] << 30) >> 55); }
static inline int64_t wh_load_patch_map_ring(const uint64_t *command) { return (int64_t)((command[1] << 22) >> 56); }
static inline int64_t wh_load_patch_map_row(const uint64_t *command) { return (int64_t)((command[1] << 12) >> 54); }
static inline int64_t wh_load_patch_map_block(const uint64_t *command) { return (int64_t)((command[1] << 0) >> 52); }
static inline int64_t wh_load_patch_offset(const uint64_t *command) { return (int64_t)((command[2] << 32) >> 32); }
static inline int64_t wh_load_patch_region(const uint64_t *command) { return (int64_t)((command[2] << 28) >> 60); }
static inline int64_t wh_load_patch_port(const uint64_t *command) { return (int64_t)((command[2] << 27) >> 63); }
static inline int64_t wh_load_patch_rows(const uint64_t *command) { return (int64_t)((command[3] << 52) >> 52); }
static inline int64_t wh_load_patch_columns(const uint64_t *command) { return (int64_t)((command[3] << 40) >> 52); }
static inline int64_t wh_load_patch_source_rows(const uint64_t *command) { return (int64_t)((command[3] << 28) >> 52); }
static inline int64_t wh_load_patch_source_columns(const uint64_t *command) { return (int64_t)((command[3] << 16) >> 52); }
static inline int64_t wh_load_patch_row_pitch(const uint64_t *command) { return (int64_t)((command[4] << 32) >> 32); }
static inline int64_t wh_load_patch_channels(const uint64_t *command) { return (int64_t)((command[4] << 24) >> 56); }
static inline int64_t wh_load_patch_pad_value(const uint64_t *command) { return (int64_t)(command[4] << 16) >> 56; }
static inline int64_t wh_load_patch_pad_top(const uint64_t *command) { return (int64_t)(command[4] << 8) >> 56; }
static inline int64_t wh_load_patch_pad_left(const uint64_t *command) { return (int64_t)(command[4] << 0) >> 56; }
static inline int64_t wh_load_patch_kernel_height(const uint64_t *command) { return (int64_t)((command[5] << 56) >> 56); }
static inline int64_t wh_load_patch_kernel_width(const uint64_t *command) { return (int64_t)((command[5] << 48) >> 56); }
static inline int64_t wh_load_patch_stride_y(const uint64_t *command) { return (int64_t)((command[5] << 40) >> 56); }
static inline int64_t wh_load_patch_stride_x(const uint64_t *command) { return (int64_t)((command[5] << 32) >> 56); }
static inline int64_t wh_load_patch_flip_sign(const uint64_t *command) { return (int64_t)((command[5] << 31) >> 63); }
static inline int64_t wh_load_weights_opcode(const uint64_t *command) { return (int64_t)((command[0] << 60) >> 60); }
static inline int64_t wh_load_weights_trace(const uint64_t *command) { return (int64_t)((command[0] << 59) >> 63); }
static inline int64_t wh_load_weights_preemptible(const uint64_t *command) { return (int64_t)((command[0] << 58) >> 63); }
static inline int64_t wh_load_weights_layer(const uint64_t *command) { return (int64_t)((command[0] << 48) >> 54); }
static inline int64_t wh_load_weights_wait_load0(const uint64_t *command) { return (int64_t)((command[0] << 44) >> 60); }
static inline int64_t wh_load_weights_wait_load1(const uint64_t *command) { return (int64_t)((command[0] << 40) >> 60); }
static inline int64_t wh_load_weights_wait_int8(const uint64_t *command) { return (int64_t)((command[0] << 36) >> 60); }
static inline int64_t wh_load_weights_wait_xnor(const uint64_t *command) { return (int64_t)((command[0] << 32) >> 60); }
static inline int64_t wh_load_weights_wait_vector(const uint64_t *command) { return (int64_t)((command[0] << 28) >> 60); }
static inline int64_t wh_load_weights_wait_store(const uint64_t *command) { return (int64_t)((command[0] << 24) >> 60); }
static inline int64_t wh_load_weights_signal_load0(const uint64_t *command) { return (int64_t)((command[0] << 20) >> 60); }
static inline int64_t wh_load_weights_signal_load1(const uint64_t *command) { return (int64_t)((command[0] << 16) >> 60); }
static inline int64_t wh_load_weights_signal_int8(const uint64_t *command) { return (int64_t)((command[0] << 12) >> 60); }
static inline int64_t wh_load_weights_signal_xnor(const uint64_t *command) { return (int64_t)((command[0] << 8) >> 60); }
static inline int64_t wh_load_weights_signal_vector(const uint64_t *command) { return (int64_t)((command[0] << 4) >> 60); }
static inline int64_t wh_load_weights_signal_store(const uint64_t *command) { return (int64_t)((command[0] << 0) >> 60); }
static inline int64_t wh_load_weights_offset(const uint64_t *command) { return (int64_t)((command[2] << 32) >> 32); }
static inline int64_t wh_load_weights_region(const uint64_t *command) { return (int64_t)((command[2] << 28) >> 60); }
static inline int64_t wh_load_weights_port(const uint64_t *command) { return (int64_t)((command[2] << 27) >> 63); }
static inline int64_t wh_load_weights_address(const uint64_t *command) { return (int64_t)((command[1] << 44) >> 44); }
static inline int64_t wh_load_weights_codec(const uint64_t *command) { return (int64_t)((command[1] << 40) >> 60); }
static inline int64_t wh_load_weights_decoded_bytes(const uint64_t *command) { return (int64_t)((command[3] << 32) >> 32); }
static inline int64_t wh_load_weights_encoded_bytes(const uint64_t *command) { return (int64_t)((command[3] << 0) >> 32); }
static inline int64_t wh_load_table_opcode(const uint64_t *command) { return (int64_t)((command[0] << 60) >> 60); }
static inline int64_t wh_load_table_trace(const uint64_t *command) { return (int64_t)((command[0] << 59) >> 63); }
static inline int64_t wh_load_table_preemptible(const uint64_t *command) { return (int64_t)((command[0] << 58) >> 63); }
static inline int64_t wh_load_table_layer(const uint64_t *command) { return (int64_t)((command[0] << 48) >> 54); }
static inline int64_t wh_load_table_wait_load0(const uint64_t *command) { return (int64_t)((command[0] << 44) >> 60); }
static inline int64_t wh_load_table_wait_load1(const uint64_t *command) { return (int64_t)((command[0] << 40) >> 60); }
static inline int64_t wh_load_table_wait_int8(const uint64_t *command) { return (int64_t)((command[0] << 36) >> 60); }
static inline int64_t wh_load_table_wait_xnor(const uint64_t *command) { return (int64_t)((command[0] << 32) >> 60); }
static inline int64_t wh_load_table_wait_vector(const uint64_t *command) { return (int64_t)((command[0] << 28) >> 60); }
static inline int64_t wh_load_table_wait_store(const uint64_t *command) { return (int64_t)((command[0] << 24) >> 60); }
static inline int64_t wh_load_table_signal_load0(const uint64_t *command) { return (int64_t)((command[0] << 20) >> 60); }
static inline int64_t wh_load_table_signal_load1(const uint64_t *command) { return (int64_t)((command[0] << 16) >> 60); }
static inline int64_t wh_load_table_signal_int8(const uint64_t *command) { return (int64_t)((command[0] << 12) >> 60); }
static inline int64_t wh_load_table_signal_xnor(const uint64_t *command) { return (int64_t)((command[0] << 8) >> 60); }
static inline int64_t wh_load_table_signal_vector(const uint64_t *command) { return (int64_t)((command[0] << 4) >> 60); }
static inline int64_t wh_load_table_signal_store(const uint64_t *command) { return (int64_t)((command[0] << 0) >> 60); }
static inline int64_t wh_load_table_offset(const uint64_t *command) { return (int64_t)((command[2] << 32) >> 32); }
static inline int64_t wh_load_table_region(const uint64_t *command) { return (int64_t)((command[2] << 28) >> 60); }
static inline int64_t wh_load_table_port(const uint64_t *command) { return (int64_t)((command[2] << 27) >> 63); }
static inline int64_t wh_load_table_target(const uint64_t *command) { return (int64_t)((command[1] << 60) >> 60); }
static inline int64_t wh_store_map_opcode(const uint64_t *command) { return (int64_t)((command[0] << 60) >> 60); }
static inline int64_t wh_store_map_trace(const uint64_t *command) { return (int64_t)((command[0] << 59) >> 63); }
static inline int64_t wh_store_map_preemptible(const uint64_t *command) { return (int64_t)((command[0] << 58) >> 63); }
static inline int64_t wh_store_map_layer(const uint64_t *command) { return (int64_t)((command[0] << 48) >> 54); }
static inline int64_t wh_store_map_wait_load0(const uint64_t *command) { return (int64_t)((command[0] << 44) >> 60); }
static inline int64_t wh_store_map_wait_load1(const uint64_t *command) { return (int64_t)((command[0] << 40) >> 60); }
static inline int64_t wh_store_map_wait_int8(const uint64_t *command) { return (int64_t)((command[0] << 36) >> 60); }
static inline int64_t wh_store_map_wait_xnor(const uint64_t *command) { return (int64_t)((command[0] << 32) >> 60); }
static inline int64_t wh_store_map_wait_vector(const uint64_t *command) { return (int64_t)((command[0] << 28) >> 60); }
static inline int64_t wh_store_map_wait_store(const uint64_t *command) { return (int64_t)((command[0] << 24) >> 60); }
static inline int64_t wh_store_map_signal_load0(const uint64_t *command) { return (int64_t)((command[0] << 20) >> 60); }
static inline int64_t wh_store_map_signal_load1(const uint64_t *command) { return (int64_t)((command[0] << 16) >> 60); }
static inline int64_t wh_store_map_signal_int8(const uint64_t *command) { return (int64_t)((command[0] << 12) >> 60); }
static inline int64_t wh_store_map_signal_xnor(const uint64_t *command) { return (int64_t)((command[0] << 8) >> 60); }
static inline int64_t wh_store_map_signal_vector(const uint64_t *command) { return (int64_t)((command[0] << 4) >> 60); }
static inline int64_t wh_store_map_signal_store(const uint64_t *command) { return (int64_t)((command[0] << 0) >> 60); }
static inline int64_t wh_store_map_map_base(const uint64_t *command) { return (int64_t)((command[1] << 51) >> 51); }
static inline int64_t wh_store_map_map_blocks(const uint64_t *command) { return (int64_t)((command[1] << 39) >> 52); }
static inline int64_t wh_store_map_map_quads(const uint64_t *command) { return (int64_t)((command[1] << 30) >> 55); }
static inline int64_t wh_store_map_map_ring(const uint64_t *command) { return (int64_t)((command[1] << 22) >> 56); }
static inline int64_t wh_store_map_map_row(const uint64_t *command) { return (int64_t)((command[1] << 12) >> 54); }
static inline int64_t wh_store_map_map_block(const uint64_t *command) { return (int64_t)((command[1] << 0) >> 52); }
static inline int64_t wh_store_map_offset(const uint64_t *command) { return (int64_t)((command[2] << 32) >> 32); }
static inline int64_t wh_store_map_region(const uint64_t *command) { return (int64_t)((command[2] << 28) >> 60); }
static inline int64_t wh_store_map_port(const uint64_t *command) { return (int64_t)((command[2] << 27) >> 63); }
static inline int64_t wh_store_map_rows(const uint64_t *command) { return (int64_t)((command[3] << 52) >> 52); }
static inline int64_t wh_store_map_move_blocks(const uint64_t *command) { return (int64_t)((command[3] << 40) >> 52); }
static inline int64_t wh_store_map_columns(const uint64_t *command) { return (int64_t)((command[3] << 28) >> 52); }
static inline int64_t wh_store_map_column(const uint64_t *command) { return (int64_t)((command[3] << 16) >> 52); }
static inline int64_t wh_store_map_row_pitch(const uint64_t *command) { return (int64_t)((command[4] << 32) >> 32); }
static inline int64_t wh_store_map_run_pitch(const uint64_t *command) { return (int64_t)((command[4] << 0) >> 32); }
static inline int64_t wh_store_map_run_words(const uint64_t *command) { return (int64_t)((command[5] << 44) >> 44); }
static inline int64_t wh_store_map_runs(const uint64_t *command) { return (int64_t)((command[5] << 32) >> 52); }
static inline int64_t wh_int8_convolution_opcode(const uint64_t *command) { return (int64_t)((command[0] << 60) >> 60); }
static inline int64_t wh_int8_convolution_trace(const uint64_t *command) { return (int64_t)((command[0] << 59) >> 63); }
static inline int64_t wh_int8_convolution_preemptible(const uint64_t *command) { return (int64_t)((command[0] << 58) >> 63); }
static inline int64_t wh_int8_convolution_layer(const uint64_t *command) { return (int64_t)((command[0] << 48) >> 54); }
static inline int64_t wh_int8_convolution_wait_load0(const uint64_t *command) { return (int64_t)((command[0] << 44) >> 60); }
static inline int64_t wh_int8_convolution_wait_load1(const uint64_t *command) { return (int64_t)((command[0] << 40) >> 60); }
static inline int64_t wh_int8_convolution_wait_int8(const uint64_t *command) { return (int64_t)((command[0] << 36) >> 60); }
static inline int64_t wh_int8_convolution_wait_xnor(const uint64_t *command) { return (int64_t)((command[0] << 32) >> 60); }
static inline int64_t wh_int8_convolution_wait_vector(const uint64_t *command) { return (int64_t)((command[0] << 28) >> 60); }
static inline int64_t wh_int8_convolution_wait_store(const uint64_t *command) { return (int64_t)((command[0] << 24) >> 60); }
static inline int64_t wh_int8_convolution_signal_load0(const uint64_t *command) { return (int64_t)((command[0] << 20) >> 60); }
static inline int64_t wh_int8_convolution_signal_load1(const uint64_t *command) { return (int64_t)((command[0] << 16) >> 60); }
static inline int64_t wh_int8_convolution_signal_int8(const uint64_t *command) { return (int64_t)((command[0] << 12) >> 60); }
static inline int64_t wh_int8_convolution_signal_xnor(const uint64_t *command) { return (int64_t)((command[0] << 8) >> 60); }
static inline int64_t wh_int8_convolution_signal_vector(const uint64_t *command) { return (int64_t)((command[0] << 4) >> 60); }
static inline int64_t wh_int8_convolution_signal_store(const uint64_t *command) { return (int64_t)((command[0] << 0) >> 60); }
static inline int64_t wh_int8_convolution_in_base(const uint64_t *command) { return (int64_t)((command[1] << 51) >> 51); }
static inline int64_t wh_int8_convolution_in_blocks(const uint64_t *command) { return (int64_t)((command[1] << 39) >> 52); }
static inline int64_t wh_int8_convolution_in_quads(const uint64_t *command) { return (int64_t)((command[1] << 30) >> 55); }
static inline int64_t wh_int8_convolution_in_ring(const uint64_t *command) { return (int64_t)((command[1] << 22) >> 56); }
static inline int64_t wh_int8_convolution_in_row(const uint64_t *command) { return (int64_t)((command[1] << 12) >> 54); }
static inline int64_t wh_int8_convolution_in_block(const uint64_t *command) { return (int64_t)((command[1] << 0) >> 52); }
static inline int64_t wh_int8_convolution_out_base(const uint64_t *command) { return (int64_t)((command[2] << 51) >> 51); }
static inline int64_t wh_int8_convolution_out_blocks(const uint64_t *command) { return (int64_t)((command[2] << 39) >> 52); }
static inline int64_t wh_int8_convolution_out_quads(const uint64_t *command) { return (int64_t)((command[2] << 30) >> 55); }
static inline int64_t wh_int8_convolution_out_ring(const uint64_t *command) { return (int64_t)((command[2] << 22) >> 56); }
static inline int64_t wh_int8_convolution_out_row(const uint64_t *command) { return (int64_t)((command[2] << 12) >> 54); }
static inline int64_t wh_int8_convolution_out_block(const uint64_t *command) { return (int64_t)((command[2] << 0) >> 52); }
static inline int64_t wh_int8_convolution_in_rows(const uint64_t *command) { return (int64_t)((command[3] << 52) >> 52); }
static inline int64_t wh_int8_convolution_in_columns(const uint64_t *command) { return (int64_t)((command[3] << 40) >> 52); }
static inline int64_t wh_int8_convolution_out_rows(const uint64_t *command) { return (int64_t)((command[3] << 28) >> 52); }
static inline int64_t wh_int8_convolution_out_columns(const uint64_t *command) { return (int64_t)((command[3] << 16) >> 52); }
static inline int64_t wh_int8_convolution_pad_top(const uint64_t *command) { return (int64_t)(command[3] << 8) >> 56; }
static inline int64_t wh_int8_convolution_pad_left(const uint64_t *command) { return (int64_t)(command[3] << 0) >> 56; }
static inline int64_t wh_int8_convolution_kernel_height(const uint64_t *command) { return (int64_t)((command[4] << 56) >> 56); }
static inline int64_t wh_int8_convolution_kernel_width(const uint64_t *command) { return (int64_t)((command[4] << 48) >> 56); }
static inline int64_t wh_int8_convolution_stride_y(const uint64_t *command) { return (int64_t)((command[4] << 44) >> 60); }
static inline int64_t wh_int8_convolution_stride_x(const uint64_t *command) { return (int64_t)((command[4] << 40) >> 60); }
static inline int64_t wh_int8_convolution_dilation_y(const uint64_t *command) { return (int64_t)((command[4] << 36) >> 60); }
static inline int64_t wh_int8_convolution_dilation_x(const uint64_t *command) { return (int64_t)((command[4] << 32) >> 60); }
static inline int64_t wh_int8_convolution_channel_blocks(const uint64_t *command) { return (int64_t)((command[4] << 20) >> 52); }
static inline int64_t wh_int8_convolution_zero_point(const uint64_t *command) { return (int64_t)(command[5] << 16) >> 56; }
static inline int64_t wh_int8_convolution_clamp_min(const uint64_t *command) { return (int64_t)(command[5] << 8) >> 56; }
static inline int64_t wh_int8_convolution_clamp_max(const uint64_t *command) { return (int64_t)(command[5] << 0) >> 56; }
static inline int64_t wh_int8_convolution_groups(const uint64_t *command) { return (int64_t)((command[4] << 8) >> 52); }
static inline int64_t wh_int8_convolution_tile(const uint64_t *command) { return (int64_t)((command[4] << 2) >> 58); }
static inline int64_t wh_int8_convolution_weight_address(const uint64_t *command) { return (int64_t)((command[5] << 44) >> 44); }
static inline int64_t wh_int8_convolution_depthwise(const uint64_t *command) { return (int64_t)((command[5] << 43) >> 63); }
static inline int64_t wh_int8_convolution_flatten(const uint64_t *command) { return (int64_t)((command[5] << 42) >> 63); }
static inline int64_t wh_int8_convolution_single(const uint64_t *command) { return (int64_t)((command[5] << 41) >> 63); }
static inline int64_t wh_int8_convolution_accumulate(const uint64_t *command) { return (int64_t)((command[5] << 40) >> 63); }
static inline int64_t wh_int8_convolution_keep(const uint64_t *command) { return (int64_t)((command[5] << 39) >> 63); }
static inline int64_t wh_int8_convolution_post(const uint64_t *command) { return (int64_t)((command[5] << 37) >> 62); }
static inline int64_t wh_int8_convolution_table(const uint64_t *command) { return (int64_t)((command[5] << 36) >> 63); }
static inline int64_t wh_int8_convolution_wide(const uint64_t *command) { return (int64_t)((command[5] << 35) >> 63); }
static inline int64_t wh_int8_convolution_pad_value(const uint64_t *command) { return (int64_t)(command[5] << 24) >> 56; }
static inline int64_t wh_int8_convolution_window_height(const uint64_t *command) { return (int64_t)((command[6] << 62) >> 62); }
static inline int64_t wh_int8_convolution_window_width(const uint64_t *command) { return (int64_t)((command[6] << 60) >> 62); }
static inline int64_t wh_xnor_convolution_opcode(const uint64_t *command) { return (int64_t)((command[0] << 60) >> 60); }
static inline int64_t wh_xnor_convolution_trace(const uint64_t *command) { return (int64_t)((command[0] << 59) >> 63); }
static inline int64_t wh_xnor_convolution_preemptible(const uint64_t *command) { return (int64_t)((command[0] << 58) >> 63); }
static inline int64_t wh_xnor_convolution_layer(const uint64_t *command) { return (int64_t)((command[0] << 48) >> 54); }
static inline int64_t wh_xnor_convolution_wait_load0(const uint64_t *command) { return (int64_t)((command[0] << 44) >> 60); }
static inline int64_t wh_xnor_convolution_wait_load1(const uint64_t *command) { return (int64_t)((command[0] << 40) >> 60); }
static inline int64_t wh_xnor_convolution_wait_int8(const uint64_t *command) { return (int64_t)((command[0] << 36) >> 60); }
static inline int64_t wh_xnor_convolution_wait_xnor(const uint64_t *command) { return (int64_t)((command[0] << 32) >> 60); }
static inline int64_t wh_xnor_convolution_wait_vector(const uint64_t *command) { return (int64_t)((command[0] << 28) >> 60); }
static inline int64_t wh_xnor_convolution_wait_store(const uint64_t *command) { return (int64_t)((command[0] << 24) >> 60); }
static inline int64_t wh_xnor_convolution_signal_load0(const uint64_t *command) { return (int64_t)((command[0] << 20) >> 60); }
static inline int64_t wh_xnor_convolution_signal_load1(const uint64_t *command) { return (int64_t)((command[0] << 16) >> 60); }
static inline int64_t wh_xnor_convolution_signal_int8(const uint64_t *command) { return (int64_t)((command[0] << 12) >> 60); }
static inline int64_t wh_xnor_convolution_signal_xnor(const uint64_t *command) { return (int64_t)((command[0] << 8) >> 60); }
static inline int64_t wh_xnor_convolution_signal_vector(const uint64_t *command) { return (int64_t)((command[0] << 4) >> 60); }
static inline int64_t wh_xnor_convolution_signal_store(const uint64_t *command) { return (int64_t)((command[0] << 0) >> 60); }
static inline int64_t wh_xnor_convolution_in_base(const uint64_t *command) { return (int64_t)((command[1] << 51) >> 51); }
static inline int64_t wh_xnor_convolution_in_blocks(const uint64_t *command) { return (int64_t)((command[1] << 39) >> 52); }
static inline int64_t wh_xnor_convolution_in_quads(const uint64_t *command) { return (int64_t)((command[1] << 30) >> 55); }
static inline int64_t wh_xnor_convolution_in_ring(const uint64_t *command) { return (int64_t)((command[1] << 22) >> 56); }
static inline int64_t wh_xnor_convolution_in_row(const uint64_t *command) { return (int64_t)((command[1] << 12) >> 54); }
static inline int64_t wh_xnor_convolution_in_block(const uint64_t *command) { return (int64_t)((command[1] << 0) >> 52); }
static inline int64_t wh_xnor_convolution_out_base(const uint64_t *command) { return (int64_t)((command[2] << 51) >> 51); }
static inline int64_t wh_xnor_convolution_out_blocks(const uint64_t *command) { return (int64_t)((command[2] << 39) >> 52); }
static inline int64_t wh_xnor_convolution_out_quads(const uint64_t *command) { return (int64_t)((command[2] << 30) >> 55); }
static inline int64_t wh_xnor_convolution_out_ring(const uint64_t *command) { return (int64_t)((command[2] << 22) >> 56); }
static inline int64_t wh_xnor_convolution_out_row(const uint64_t *command) { return (int64_t)((command[2] << 12) >> 54); }
static inline int64_t wh_xnor_convolution_out_block(const uint64_t *command) { return (int64_t)((command[2] << 0) >> 52); }
static inline int64_t wh_xnor_convolution_in_rows(const uint64_t *command) { return (int64_t)((command[3] << 52) >> 52); }
static inline int64_t wh_xnor_convolution_in_columns(const uint64_t *command) { return (int64_t)((command[3] << 40) >> 52); }
static inline int64_t wh_xnor_convolution_out_rows(const uint64_t *command) { return (int64_t)((command[3] << 28) >> 52); }
static inline int64_t wh_xnor_convolution_out_columns(const uint64_t *command) { return (int64_t)((command[3] << 16) >> 52); }
static inline int64_t wh_xnor_convolution_pad_top(const uint64_t *command) { return (int64_t)(command[3] << 8) >> 56; }
static inline int64_t wh_xnor_convolution_pad_left(const uint64_t *command) { return (int64_t)(command[3] << 0) >> 56; }
static inline int64_t wh_xnor_convolution_kernel_height(const uint64_t *command) { return (int64_t)((command[4] << 56) >> 56); }
static inline int64_t wh_xnor_convolution_kernel_width(const uint64_t *command) { return (int64_t)((command[4] << 48) >> 56); }
static inline int64_t wh_xnor_convolution_stride_y(const uint64_t *command) { return (int64_t)((command[4] << 44) >> 60); }
static inline int64_t wh_xnor_convolution_stride_x(const uint64_t *command) { return (int64_t)((command[4] << 40) >> 60); }
static inline int64_t wh_xnor_convolution_dilation_y(const uint64_t *command) { return (int64_t)((command[4] << 36) >> 60); }
static inline int64_t wh_xnor_convolution_dilation_x(const uint64_t *command) { return (int64_t)((command[4] << 32) >> 60); }
static inline int64_t wh_xnor_convolution_channel_blocks(const uint64_t *command) { return (int64_t)((command[4] << 20) >> 52); }
static inline int64_t wh_xnor_convolution_zero_point(const uint64_t *command) { return (int64_t)(command[5] << 16) >> 56; }
static inline int64_t wh_xnor_convolution_clamp_min(const uint64_t *command) { return (int64_t)(command[5] << 8) >> 56; }
static inline int64_t wh_xnor_convolution_clamp_max(const uint64_t *command) { return (int64_t)(command[5] << 0) >> 56; }
static inline int64_t wh_xnor_convolution_groups(const uint64_t *command) { return (int64_t)((command[4] << 8) >> 52); }
static inline int64_t wh_xnor_convolution_tile(const uint64_t *command) { return (int64_t)((command[4] << 2) >> 58); }
static inline int64_t wh_xnor_convolution_weight_address(const uint64_t *command) { return (int64_t)((command[5] << 44) >> 44); }
static inline int64_t wh_xnor_convolution_padding(const uint64_t *command) { return (int64_t)((command[5] << 42) >> 62); }
static inline int64_t wh_xnor_convolution_post(const uint64_t *command) { return (int64_t)((command[5] << 37) >> 62); }
static inline int64_t wh_xnor_convolution_last_bits(const uint64_t *command) { return (int64_t)((command[5] << 25) >> 57); }
static inline int64_t wh_xnor_convolution_write_blocks(const uint64_t *command) { return (int64_t)((command[6] << 52) >> 52); }
static inline int64_t wh_xnor_convolution_fraction(const uint64_t *command) { return (int64_t)((command[6] << 48) >> 60); }
static inline int64_t wh_vector_opcode(const uint64_t *command) { return (int64_t)((command[0] << 60) >> 60); }
static inline int64_t wh_vector_trace(const uint64_t *command) { return (int64_t)((command[0] << 59) >> 63); }
static inline int64_t wh_vector_preemptible(const uint64_t *command) { return (int64_t)((command[0] << 58) >> 63); }
static inline int64_t wh_vector_layer(const uint64_t *command) { return (int64_t)((command[0] << 48) >> 54); }
static inline int64_t wh_vector_wait_load0(const uint64_t *command) { return (int64_t)((command[0] << 44) >> 60); }
static inline int64_t wh_vector_wait_load1(const uint64_t *command) { return (int64_t)((command[0] << 40) >> 60); }
static inline int64_t wh_vector_wait_int8(const uint64_t *command) { return (int64_t)((command[0] << 36) >> 60); }
static inline int64_t wh_vector_wait_xnor(const uint64_t *command) { return (int64_t)((command[0] << 32) >> 60); }
static inline int64_t wh_vector_wait_vector(const uint64_t *command) { return (int64_t)((command[0] << 28) >> 60); }
static inline int64_t wh_vector_wait_store(const uint64_t *command) { return (int64_t)((command[0] << 24) >> 60); }
static inline int64_t wh_vector_signal_load0(const uint64_t *command) { return (int64_t)((command[0] << 20) >> 60); }
static inline int64_t wh_vector_signal_load1(const uint64_t *command) { return (int64_t)((command[0] << 16) >> 60); }
static inline int64_t wh_vector_signal_int8(const uint64_t *command) { return (int64_t)((command[0] << 12) >> 60); }
static inline int64_t wh_vector_signal_xnor(const uint64_t *command) { return (int64_t)((command[0] << 8) >> 60); }
static inline int64_t wh_vector_signal_vector(const uint64_t *command) { return (int64_t)((command[0] << 4) >> 60); }
static inline int64_t wh_vector_signal_store(const uint64_t *command) { return (int64_t)((command[0] << 0) >> 60); }
static inline int64_t wh_vector_in_base(const uint64_t *command) { return (int64_t)((command[1] << 51) >> 51); }
static inline int64_t wh_vector_in_blocks(const uint64_t *command) { return (int64_t)((command[1] << 39) >> 52); }
static inline int64_t wh_vector_in_quads(const uint64_t *command) { return (int64_t)((command[1] << 30) >> 55); }
static inline int64_t wh_vector_in_ring(const uint64_t *command) { return (int64_t)((command[1] << 22) >> 56); }
static inline int64_t wh_vector_in_row(const uint64_t *command) { return (int64_t)((command[1] << 12) >> 54); }
static inline int64_t wh_vector_in_block(const uint64_t *command) { return (int64_t)((command[1] << 0) >> 52); }
static inline int64_t wh_vector_out_base(const uint64_t *command) { return (int64_t)((command[2] << 51) >> 51); }
static inline int64_t wh_vector_out_blocks(const uint64_t *command) { return (int64_t)((command[2] << 39) >> 52); }
static inline int64_t wh_vector_out_quads(const uint64_t *command) { return (int64_t)((command[2] << 30) >> 55); }
static inline int64_t wh_vector_out_ring(const uint64_t *command) { return (int64_t)((command[2] << 22) >> 56); }
static inline int64_t wh_vector_out_row(const uint64_t *command) { return (int64_t)((command[2] << 12) >> 54); }
static inline int64_t wh_vector_out_block(const uint64_t *command) { return (int64_t)((command[2] << 0) >> 52); }
static inline int64_t wh_vector_b_base(const uint64_t *command) { return (int64_t)((command[6] << 51) >> 51); }
static inline int64_t wh_vector_b_blocks(const uint64_t *command) { return (int64_t)((command[6] << 39) >> 52); }
static inline int64_t wh_vector_b_quads(const uint64_t *command) { return (int64_t)((command[6] << 30) >> 55); }
static inline int64_t wh_vector_b_ring(const uint64_t *command) { return (int64_t)((command[6] << 22) >> 56); }
static inline int64_t wh_vector_b_row(const uint64_t *command) { return (int64_t)((command[6] << 12) >> 54); }
static inline int64_t wh_vector_b_block(const uint64_t *command) { return (int64_t)((command[6] << 0) >> 52); }
static inline int64_t wh_vector_in_rows(const uint64_t *command) { return (int64_t)((command[3] << 52) >> 52); }
static inline int64_t wh_vector_in_columns(const uint64_t *command) { return (int64_t)((command[3] << 40) >> 52); }
static inline int64_t wh_vector_out_rows(const uint64_t *command) { return (int64_t)((command[3] << 28) >> 52); }
static inline int64_t wh_vector_out_columns(const uint64_t *command) { return (int64_t)((command[3] << 16) >> 52); }
static inline int64_t wh_vector_pad_top(const uint64_t *command) { return (int64_t)(command[3] << 8) >> 56; }
static inline int64_t wh_vector_pad_left(const uint64_t *command) { return (int64_t)(command[3] << 0) >> 56; }
static inline int64_t wh_vector_kernel_height(const uint64_t *command) { return (int64_t)((command[4] << 56) >> 56); }
static inline int64_t wh_vector_kernel_width(const uint64_t *command) { return (int64_t)((command[4] << 48) >> 56); }
static inline int64_t wh_vector_stride_y(const uint64_t *command) { return (int64_t)((command[4] << 44) >> 60); }
static inline int64_t wh_vector_stride_x(const uint64_t *command) { return (int64_t)((command[4] << 40) >> 60); }
static inline int64_t wh_vector_dilation_y(const uint64_t *command) { return (int64_t)((command[4] << 36) >> 60); }
static inline int64_t wh_vector_dilation_x(const uint64_t *command) { return (int64_t)((command[4] << 32) >> 60); }
static inline int64_t wh_vector_channel_blocks(const uint64_t *command) { return (int64_t)((command[4] << 20) >> 52); }
static inline int64_t wh_vector_zero_point(const uint64_t *command) { return (int64_t)(command[5] << 16) >> 56; }
static inline int64_t wh_vector_clamp_min(const uint64_t *command) { return (int64_t)(command[5] << 8) >> 56; }
static inline int64_t wh_vector_clamp_max(const uint64_t *command) { return (int64_t)(command[5] << 0) >> 56; }
static inline int64_t wh_vector_operation(const uint64_t *command) { return (int64_t)((command[4] << 4) >> 60); }
static inline int64_t wh_vector_multiplier(const uint64_t *command) { return (int64_t)(command[5] << 32) >> 32; }
static inline int64_t wh_vector_shift(const uint64_t *command) { return (int64_t)(command[5] << 24) >> 56; }
static inline int64_t wh_vector_a_zero(const uint64_t *command) { return (int64_t)(command[7] << 56) >> 56; }
static inline int64_t wh_vector_b_zero(const uint64_t *command) { return (int64_t)(command[7] << 48) >> 56; }
static inline int64_t wh_vector_b_broadcast(const uint64_t *command) { return (int64_t)((command[7] << 47) >> 63); }

#endif
