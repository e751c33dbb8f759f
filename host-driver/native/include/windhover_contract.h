/* Generated from hdl/contract/contract.yaml by `./windhover contract`. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WINDHOVER_CONTRACT_H
#define WINDHOVER_CONTRACT_H

#include <stdint.h>

#define WH_CONTRACT_DIGEST UINT64_C(0xBB8C202C4BB9D9E7)
#define WH_IDENTITY_VALUE 1464356694
#define WH_COMMAND_WORDS 8
#define WH_QUEUES 6
#define WH_REGIONS 8
#define WH_PORT_BYTES 8
#define WH_BLOCK_CHANNELS 8
#define WH_ROW_BANKS 4
#define WH_COLUMN_BANKS 4
#define WH_ACTIVATION_BANKS 16
#define WH_ACTIVATION_WORD_BYTES 8
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
#define WH_PROGRAM_ALIGNMENT_BYTES 64
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
#define WH_OPCODE_LOAD_MAP 1
#define WH_OPCODE_LOAD_PATCH 2
#define WH_OPCODE_LOAD_WEIGHTS 3
#define WH_OPCODE_LOAD_TABLE 4
#define WH_OPCODE_STORE_MAP 5
#define WH_OPCODE_INT8_CONVOLUTION 6
#define WH_OPCODE_XNOR_CONVOLUTION 7
#define WH_OPCODE_VECTOR 8
#define WH_ZYNQ7020_ID 1
#define WH_ZYNQ7020_INT8_REDUCTION 24
#define WH_ZYNQ7020_INT8_PIXELS 2
#define WH_ZYNQ7020_XNOR_LANES 64
#define WH_ZYNQ7020_ACTIVATION_BANK_WORDS 2048
#define WH_ZYNQ7020_WEIGHT_WORDS 6144
#define WH_ZYNQ7020_LINE_BYTES 4096
#define WH_ZYNQ7020_TRACE_ENTRIES 256
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
#define WH_CONFIGURATIONS(X) X("zynq7020", ZYNQ7020) X("tiny", TINY) X("zu3eg", ZU3EG)

/* Byte offsets of the registers; bits of the writable ones that exist; bits with a name, as masks. */
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
#define WH_CONTROL_INTERRUPT_ENABLE UINT32_C(0x00000001)
#define WH_CONTROL_SOFT_RESET UINT32_C(0x00000002)
#define WH_STATUS_BUSY UINT32_C(0x00000001)
#define WH_STATUS_DONE UINT32_C(0x00000002)
#define WH_STATUS_FAULT UINT32_C(0x00000004)
#define WH_STATUS_DRAINING UINT32_C(0x00000008)
#define WH_STATUS_DEAD UINT32_C(0x00000010)
#define WH_INTERRUPT_ENDED UINT32_C(0x00000001)
#define WH_DOORBELL_START UINT32_C(0x00000001)

static inline uint64_t wh_mask(unsigned width) { return UINT64_MAX >> (64 - width); }
static inline int64_t wh_unsigned_bits(uint64_t word, unsigned lsb, unsigned width) {
    return (int64_t)(word >> lsb & wh_mask(width));
}
static inline int64_t wh_signed_bits(uint64_t word, unsigned lsb, unsigned width) {
    return (int64_t)(word << (64 - lsb - width)) >> (64 - width);
}
static inline void wh_set_bits(uint64_t *word, unsigned lsb, unsigned width, int64_t value) {
    *word = (*word & ~(wh_mask(width) << lsb)) | ((uint64_t)value & wh_mask(width)) << lsb;
}

/* Fields of a word: readers take it, writers change it and keep the value's low bits. */
static inline int64_t wh_header_opcode(uint64_t word) { return wh_unsigned_bits(word, 0, 4); }
static inline void wh_header_set_opcode(uint64_t *word, int64_t value) { wh_set_bits(word, 0, 4, value); }
static inline int64_t wh_header_trace(uint64_t word) { return wh_unsigned_bits(word, 4, 1); }
static inline void wh_header_set_trace(uint64_t *word, int64_t value) { wh_set_bits(word, 4, 1, value); }
static inline int64_t wh_header_preemptible(uint64_t word) { return wh_unsigned_bits(word, 5, 1); }
static inline void wh_header_set_preemptible(uint64_t *word, int64_t value) { wh_set_bits(word, 5, 1, value); }
static inline int64_t wh_header_layer(uint64_t word) { return wh_unsigned_bits(word, 6, 10); }
static inline void wh_header_set_layer(uint64_t *word, int64_t value) { wh_set_bits(word, 6, 10, value); }
static inline int64_t wh_header_waits(uint64_t word, unsigned index) { return wh_unsigned_bits(word, 16 + 4 * index, 4); }
static inline void wh_header_set_waits(uint64_t *word, unsigned index, int64_t value) { wh_set_bits(word, 16 + 4 * index, 4, value); }
static inline int64_t wh_header_signals(uint64_t word, unsigned index) { return wh_unsigned_bits(word, 40 + 4 * index, 4); }
static inline void wh_header_set_signals(uint64_t *word, unsigned index, int64_t value) { wh_set_bits(word, 40 + 4 * index, 4, value); }
static inline int64_t wh_map_base(uint64_t word) { return wh_unsigned_bits(word, 0, 13); }
static inline void wh_map_set_base(uint64_t *word, int64_t value) { wh_set_bits(word, 0, 13, value); }
static inline int64_t wh_map_blocks(uint64_t word) { return wh_unsigned_bits(word, 13, 12); }
static inline void wh_map_set_blocks(uint64_t *word, int64_t value) { wh_set_bits(word, 13, 12, value); }
static inline int64_t wh_map_quads(uint64_t word) { return wh_unsigned_bits(word, 25, 9); }
static inline void wh_map_set_quads(uint64_t *word, int64_t value) { wh_set_bits(word, 25, 9, value); }
static inline int64_t wh_map_ring(uint64_t word) { return wh_unsigned_bits(word, 34, 8); }
static inline void wh_map_set_ring(uint64_t *word, int64_t value) { wh_set_bits(word, 34, 8, value); }
static inline int64_t wh_map_row(uint64_t word) { return wh_unsigned_bits(word, 42, 10); }
static inline void wh_map_set_row(uint64_t *word, int64_t value) { wh_set_bits(word, 42, 10, value); }
static inline int64_t wh_map_block(uint64_t word) { return wh_unsigned_bits(word, 52, 12); }
static inline void wh_map_set_block(uint64_t *word, int64_t value) { wh_set_bits(word, 52, 12, value); }

/* Fields of a command of eight words; headers and maps are words of their own. */
static inline uint64_t wh_load_map_chip_map(const uint64_t *command) { return command[1]; }
static inline int64_t wh_load_map_offset(const uint64_t *command) { return wh_unsigned_bits(command[2], 0, 32); }
static inline void wh_load_map_set_offset(uint64_t *command, int64_t value) { wh_set_bits(&command[2], 0, 32, value); }
static inline int64_t wh_load_map_region(const uint64_t *command) { return wh_unsigned_bits(command[2], 32, 4); }
static inline void wh_load_map_set_region(uint64_t *command, int64_t value) { wh_set_bits(&command[2], 32, 4, value); }
static inline int64_t wh_load_map_port(const uint64_t *command) { return wh_unsigned_bits(command[2], 36, 1); }
static inline void wh_load_map_set_port(uint64_t *command, int64_t value) { wh_set_bits(&command[2], 36, 1, value); }
static inline int64_t wh_load_map_rows(const uint64_t *command) { return wh_unsigned_bits(command[3], 0, 12); }
static inline void wh_load_map_set_rows(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 0, 12, value); }
static inline int64_t wh_load_map_move_blocks(const uint64_t *command) { return wh_unsigned_bits(command[3], 12, 12); }
static inline void wh_load_map_set_move_blocks(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 12, 12, value); }
static inline int64_t wh_load_map_columns(const uint64_t *command) { return wh_unsigned_bits(command[3], 24, 12); }
static inline void wh_load_map_set_columns(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 24, 12, value); }
static inline int64_t wh_load_map_column(const uint64_t *command) { return wh_unsigned_bits(command[3], 36, 12); }
static inline void wh_load_map_set_column(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 36, 12, value); }
static inline int64_t wh_load_map_row_pitch(const uint64_t *command) { return wh_unsigned_bits(command[4], 0, 32); }
static inline void wh_load_map_set_row_pitch(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 0, 32, value); }
static inline int64_t wh_load_map_run_pitch(const uint64_t *command) { return wh_unsigned_bits(command[4], 32, 32); }
static inline void wh_load_map_set_run_pitch(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 32, 32, value); }
static inline int64_t wh_load_map_run_words(const uint64_t *command) { return wh_unsigned_bits(command[5], 0, 20); }
static inline void wh_load_map_set_run_words(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 0, 20, value); }
static inline int64_t wh_load_map_runs(const uint64_t *command) { return wh_unsigned_bits(command[5], 20, 12); }
static inline void wh_load_map_set_runs(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 20, 12, value); }
static inline uint64_t wh_load_patch_chip_map(const uint64_t *command) { return command[1]; }
static inline int64_t wh_load_patch_offset(const uint64_t *command) { return wh_unsigned_bits(command[2], 0, 32); }
static inline void wh_load_patch_set_offset(uint64_t *command, int64_t value) { wh_set_bits(&command[2], 0, 32, value); }
static inline int64_t wh_load_patch_region(const uint64_t *command) { return wh_unsigned_bits(command[2], 32, 4); }
static inline void wh_load_patch_set_region(uint64_t *command, int64_t value) { wh_set_bits(&command[2], 32, 4, value); }
static inline int64_t wh_load_patch_port(const uint64_t *command) { return wh_unsigned_bits(command[2], 36, 1); }
static inline void wh_load_patch_set_port(uint64_t *command, int64_t value) { wh_set_bits(&command[2], 36, 1, value); }
static inline int64_t wh_load_patch_rows(const uint64_t *command) { return wh_unsigned_bits(command[3], 0, 12); }
static inline void wh_load_patch_set_rows(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 0, 12, value); }
static inline int64_t wh_load_patch_columns(const uint64_t *command) { return wh_unsigned_bits(command[3], 12, 12); }
static inline void wh_load_patch_set_columns(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 12, 12, value); }
static inline int64_t wh_load_patch_source_rows(const uint64_t *command) { return wh_unsigned_bits(command[3], 24, 12); }
static inline void wh_load_patch_set_source_rows(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 24, 12, value); }
static inline int64_t wh_load_patch_source_columns(const uint64_t *command) { return wh_unsigned_bits(command[3], 36, 12); }
static inline void wh_load_patch_set_source_columns(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 36, 12, value); }
static inline int64_t wh_load_patch_row_pitch(const uint64_t *command) { return wh_unsigned_bits(command[4], 0, 32); }
static inline void wh_load_patch_set_row_pitch(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 0, 32, value); }
static inline int64_t wh_load_patch_channels(const uint64_t *command) { return wh_unsigned_bits(command[4], 32, 8); }
static inline void wh_load_patch_set_channels(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 32, 8, value); }
static inline int64_t wh_load_patch_pad_value(const uint64_t *command) { return wh_signed_bits(command[4], 40, 8); }
static inline void wh_load_patch_set_pad_value(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 40, 8, value); }
static inline int64_t wh_load_patch_pad_top(const uint64_t *command) { return wh_signed_bits(command[4], 48, 8); }
static inline void wh_load_patch_set_pad_top(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 48, 8, value); }
static inline int64_t wh_load_patch_pad_left(const uint64_t *command) { return wh_signed_bits(command[4], 56, 8); }
static inline void wh_load_patch_set_pad_left(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 56, 8, value); }
static inline int64_t wh_load_patch_kernel_height(const uint64_t *command) { return wh_unsigned_bits(command[5], 0, 8); }
static inline void wh_load_patch_set_kernel_height(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 0, 8, value); }
static inline int64_t wh_load_patch_kernel_width(const uint64_t *command) { return wh_unsigned_bits(command[5], 8, 8); }
static inline void wh_load_patch_set_kernel_width(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 8, 8, value); }
static inline int64_t wh_load_patch_stride_y(const uint64_t *command) { return wh_unsigned_bits(command[5], 16, 8); }
static inline void wh_load_patch_set_stride_y(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 16, 8, value); }
static inline int64_t wh_load_patch_stride_x(const uint64_t *command) { return wh_unsigned_bits(command[5], 24, 8); }
static inline void wh_load_patch_set_stride_x(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 24, 8, value); }
static inline int64_t wh_load_patch_flip_sign(const uint64_t *command) { return wh_unsigned_bits(command[5], 32, 1); }
static inline void wh_load_patch_set_flip_sign(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 32, 1, value); }
static inline int64_t wh_load_weights_offset(const uint64_t *command) { return wh_unsigned_bits(command[2], 0, 32); }
static inline void wh_load_weights_set_offset(uint64_t *command, int64_t value) { wh_set_bits(&command[2], 0, 32, value); }
static inline int64_t wh_load_weights_region(const uint64_t *command) { return wh_unsigned_bits(command[2], 32, 4); }
static inline void wh_load_weights_set_region(uint64_t *command, int64_t value) { wh_set_bits(&command[2], 32, 4, value); }
static inline int64_t wh_load_weights_port(const uint64_t *command) { return wh_unsigned_bits(command[2], 36, 1); }
static inline void wh_load_weights_set_port(uint64_t *command, int64_t value) { wh_set_bits(&command[2], 36, 1, value); }
static inline int64_t wh_load_weights_address(const uint64_t *command) { return wh_unsigned_bits(command[1], 0, 20); }
static inline void wh_load_weights_set_address(uint64_t *command, int64_t value) { wh_set_bits(&command[1], 0, 20, value); }
static inline int64_t wh_load_weights_codec(const uint64_t *command) { return wh_unsigned_bits(command[1], 20, 4); }
static inline void wh_load_weights_set_codec(uint64_t *command, int64_t value) { wh_set_bits(&command[1], 20, 4, value); }
static inline int64_t wh_load_weights_decoded_bytes(const uint64_t *command) { return wh_unsigned_bits(command[3], 0, 32); }
static inline void wh_load_weights_set_decoded_bytes(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 0, 32, value); }
static inline int64_t wh_load_weights_encoded_bytes(const uint64_t *command) { return wh_unsigned_bits(command[3], 32, 32); }
static inline void wh_load_weights_set_encoded_bytes(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 32, 32, value); }
static inline int64_t wh_load_table_offset(const uint64_t *command) { return wh_unsigned_bits(command[2], 0, 32); }
static inline void wh_load_table_set_offset(uint64_t *command, int64_t value) { wh_set_bits(&command[2], 0, 32, value); }
static inline int64_t wh_load_table_region(const uint64_t *command) { return wh_unsigned_bits(command[2], 32, 4); }
static inline void wh_load_table_set_region(uint64_t *command, int64_t value) { wh_set_bits(&command[2], 32, 4, value); }
static inline int64_t wh_load_table_port(const uint64_t *command) { return wh_unsigned_bits(command[2], 36, 1); }
static inline void wh_load_table_set_port(uint64_t *command, int64_t value) { wh_set_bits(&command[2], 36, 1, value); }
static inline int64_t wh_load_table_target(const uint64_t *command) { return wh_unsigned_bits(command[1], 0, 4); }
static inline void wh_load_table_set_target(uint64_t *command, int64_t value) { wh_set_bits(&command[1], 0, 4, value); }
static inline uint64_t wh_store_map_chip_map(const uint64_t *command) { return command[1]; }
static inline int64_t wh_store_map_offset(const uint64_t *command) { return wh_unsigned_bits(command[2], 0, 32); }
static inline void wh_store_map_set_offset(uint64_t *command, int64_t value) { wh_set_bits(&command[2], 0, 32, value); }
static inline int64_t wh_store_map_region(const uint64_t *command) { return wh_unsigned_bits(command[2], 32, 4); }
static inline void wh_store_map_set_region(uint64_t *command, int64_t value) { wh_set_bits(&command[2], 32, 4, value); }
static inline int64_t wh_store_map_port(const uint64_t *command) { return wh_unsigned_bits(command[2], 36, 1); }
static inline void wh_store_map_set_port(uint64_t *command, int64_t value) { wh_set_bits(&command[2], 36, 1, value); }
static inline int64_t wh_store_map_rows(const uint64_t *command) { return wh_unsigned_bits(command[3], 0, 12); }
static inline void wh_store_map_set_rows(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 0, 12, value); }
static inline int64_t wh_store_map_move_blocks(const uint64_t *command) { return wh_unsigned_bits(command[3], 12, 12); }
static inline void wh_store_map_set_move_blocks(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 12, 12, value); }
static inline int64_t wh_store_map_columns(const uint64_t *command) { return wh_unsigned_bits(command[3], 24, 12); }
static inline void wh_store_map_set_columns(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 24, 12, value); }
static inline int64_t wh_store_map_column(const uint64_t *command) { return wh_unsigned_bits(command[3], 36, 12); }
static inline void wh_store_map_set_column(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 36, 12, value); }
static inline int64_t wh_store_map_row_pitch(const uint64_t *command) { return wh_unsigned_bits(command[4], 0, 32); }
static inline void wh_store_map_set_row_pitch(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 0, 32, value); }
static inline int64_t wh_store_map_run_pitch(const uint64_t *command) { return wh_unsigned_bits(command[4], 32, 32); }
static inline void wh_store_map_set_run_pitch(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 32, 32, value); }
static inline int64_t wh_store_map_run_words(const uint64_t *command) { return wh_unsigned_bits(command[5], 0, 20); }
static inline void wh_store_map_set_run_words(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 0, 20, value); }
static inline int64_t wh_store_map_runs(const uint64_t *command) { return wh_unsigned_bits(command[5], 20, 12); }
static inline void wh_store_map_set_runs(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 20, 12, value); }
static inline uint64_t wh_int8_convolution_in_map(const uint64_t *command) { return command[1]; }
static inline uint64_t wh_int8_convolution_out_map(const uint64_t *command) { return command[2]; }
static inline int64_t wh_int8_convolution_in_rows(const uint64_t *command) { return wh_unsigned_bits(command[3], 0, 12); }
static inline void wh_int8_convolution_set_in_rows(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 0, 12, value); }
static inline int64_t wh_int8_convolution_in_columns(const uint64_t *command) { return wh_unsigned_bits(command[3], 12, 12); }
static inline void wh_int8_convolution_set_in_columns(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 12, 12, value); }
static inline int64_t wh_int8_convolution_out_rows(const uint64_t *command) { return wh_unsigned_bits(command[3], 24, 12); }
static inline void wh_int8_convolution_set_out_rows(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 24, 12, value); }
static inline int64_t wh_int8_convolution_out_columns(const uint64_t *command) { return wh_unsigned_bits(command[3], 36, 12); }
static inline void wh_int8_convolution_set_out_columns(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 36, 12, value); }
static inline int64_t wh_int8_convolution_pad_top(const uint64_t *command) { return wh_signed_bits(command[3], 48, 8); }
static inline void wh_int8_convolution_set_pad_top(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 48, 8, value); }
static inline int64_t wh_int8_convolution_pad_left(const uint64_t *command) { return wh_signed_bits(command[3], 56, 8); }
static inline void wh_int8_convolution_set_pad_left(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 56, 8, value); }
static inline int64_t wh_int8_convolution_kernel_height(const uint64_t *command) { return wh_unsigned_bits(command[4], 0, 8); }
static inline void wh_int8_convolution_set_kernel_height(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 0, 8, value); }
static inline int64_t wh_int8_convolution_kernel_width(const uint64_t *command) { return wh_unsigned_bits(command[4], 8, 8); }
static inline void wh_int8_convolution_set_kernel_width(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 8, 8, value); }
static inline int64_t wh_int8_convolution_stride_y(const uint64_t *command) { return wh_unsigned_bits(command[4], 16, 4); }
static inline void wh_int8_convolution_set_stride_y(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 16, 4, value); }
static inline int64_t wh_int8_convolution_stride_x(const uint64_t *command) { return wh_unsigned_bits(command[4], 20, 4); }
static inline void wh_int8_convolution_set_stride_x(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 20, 4, value); }
static inline int64_t wh_int8_convolution_dilation_y(const uint64_t *command) { return wh_unsigned_bits(command[4], 24, 4); }
static inline void wh_int8_convolution_set_dilation_y(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 24, 4, value); }
static inline int64_t wh_int8_convolution_dilation_x(const uint64_t *command) { return wh_unsigned_bits(command[4], 28, 4); }
static inline void wh_int8_convolution_set_dilation_x(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 28, 4, value); }
static inline int64_t wh_int8_convolution_channel_blocks(const uint64_t *command) { return wh_unsigned_bits(command[4], 32, 12); }
static inline void wh_int8_convolution_set_channel_blocks(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 32, 12, value); }
static inline int64_t wh_int8_convolution_zero_point(const uint64_t *command) { return wh_signed_bits(command[5], 40, 8); }
static inline void wh_int8_convolution_set_zero_point(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 40, 8, value); }
static inline int64_t wh_int8_convolution_clamp_min(const uint64_t *command) { return wh_signed_bits(command[5], 48, 8); }
static inline void wh_int8_convolution_set_clamp_min(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 48, 8, value); }
static inline int64_t wh_int8_convolution_clamp_max(const uint64_t *command) { return wh_signed_bits(command[5], 56, 8); }
static inline void wh_int8_convolution_set_clamp_max(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 56, 8, value); }
static inline int64_t wh_int8_convolution_groups(const uint64_t *command) { return wh_unsigned_bits(command[4], 44, 12); }
static inline void wh_int8_convolution_set_groups(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 44, 12, value); }
static inline int64_t wh_int8_convolution_tile(const uint64_t *command) { return wh_unsigned_bits(command[4], 56, 6); }
static inline void wh_int8_convolution_set_tile(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 56, 6, value); }
static inline int64_t wh_int8_convolution_weight_address(const uint64_t *command) { return wh_unsigned_bits(command[5], 0, 20); }
static inline void wh_int8_convolution_set_weight_address(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 0, 20, value); }
static inline int64_t wh_int8_convolution_depthwise(const uint64_t *command) { return wh_unsigned_bits(command[5], 20, 1); }
static inline void wh_int8_convolution_set_depthwise(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 20, 1, value); }
static inline int64_t wh_int8_convolution_flatten(const uint64_t *command) { return wh_unsigned_bits(command[5], 21, 1); }
static inline void wh_int8_convolution_set_flatten(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 21, 1, value); }
static inline int64_t wh_int8_convolution_single(const uint64_t *command) { return wh_unsigned_bits(command[5], 22, 1); }
static inline void wh_int8_convolution_set_single(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 22, 1, value); }
static inline int64_t wh_int8_convolution_accumulate(const uint64_t *command) { return wh_unsigned_bits(command[5], 23, 1); }
static inline void wh_int8_convolution_set_accumulate(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 23, 1, value); }
static inline int64_t wh_int8_convolution_keep(const uint64_t *command) { return wh_unsigned_bits(command[5], 24, 1); }
static inline void wh_int8_convolution_set_keep(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 24, 1, value); }
static inline int64_t wh_int8_convolution_post(const uint64_t *command) { return wh_unsigned_bits(command[5], 25, 2); }
static inline void wh_int8_convolution_set_post(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 25, 2, value); }
static inline int64_t wh_int8_convolution_activation(const uint64_t *command) { return wh_unsigned_bits(command[5], 27, 1); }
static inline void wh_int8_convolution_set_activation(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 27, 1, value); }
static inline int64_t wh_int8_convolution_wide(const uint64_t *command) { return wh_unsigned_bits(command[5], 28, 1); }
static inline void wh_int8_convolution_set_wide(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 28, 1, value); }
static inline int64_t wh_int8_convolution_one_set(const uint64_t *command) { return wh_unsigned_bits(command[5], 29, 1); }
static inline void wh_int8_convolution_set_one_set(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 29, 1, value); }
static inline int64_t wh_int8_convolution_pad_value(const uint64_t *command) { return wh_signed_bits(command[5], 32, 8); }
static inline void wh_int8_convolution_set_pad_value(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 32, 8, value); }
static inline int64_t wh_int8_convolution_window_height(const uint64_t *command) { return wh_unsigned_bits(command[6], 0, 2); }
static inline void wh_int8_convolution_set_window_height(uint64_t *command, int64_t value) { wh_set_bits(&command[6], 0, 2, value); }
static inline int64_t wh_int8_convolution_window_width(const uint64_t *command) { return wh_unsigned_bits(command[6], 2, 2); }
static inline void wh_int8_convolution_set_window_width(uint64_t *command, int64_t value) { wh_set_bits(&command[6], 2, 2, value); }
static inline uint64_t wh_xnor_convolution_in_map(const uint64_t *command) { return command[1]; }
static inline uint64_t wh_xnor_convolution_out_map(const uint64_t *command) { return command[2]; }
static inline int64_t wh_xnor_convolution_in_rows(const uint64_t *command) { return wh_unsigned_bits(command[3], 0, 12); }
static inline void wh_xnor_convolution_set_in_rows(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 0, 12, value); }
static inline int64_t wh_xnor_convolution_in_columns(const uint64_t *command) { return wh_unsigned_bits(command[3], 12, 12); }
static inline void wh_xnor_convolution_set_in_columns(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 12, 12, value); }
static inline int64_t wh_xnor_convolution_out_rows(const uint64_t *command) { return wh_unsigned_bits(command[3], 24, 12); }
static inline void wh_xnor_convolution_set_out_rows(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 24, 12, value); }
static inline int64_t wh_xnor_convolution_out_columns(const uint64_t *command) { return wh_unsigned_bits(command[3], 36, 12); }
static inline void wh_xnor_convolution_set_out_columns(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 36, 12, value); }
static inline int64_t wh_xnor_convolution_pad_top(const uint64_t *command) { return wh_signed_bits(command[3], 48, 8); }
static inline void wh_xnor_convolution_set_pad_top(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 48, 8, value); }
static inline int64_t wh_xnor_convolution_pad_left(const uint64_t *command) { return wh_signed_bits(command[3], 56, 8); }
static inline void wh_xnor_convolution_set_pad_left(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 56, 8, value); }
static inline int64_t wh_xnor_convolution_kernel_height(const uint64_t *command) { return wh_unsigned_bits(command[4], 0, 8); }
static inline void wh_xnor_convolution_set_kernel_height(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 0, 8, value); }
static inline int64_t wh_xnor_convolution_kernel_width(const uint64_t *command) { return wh_unsigned_bits(command[4], 8, 8); }
static inline void wh_xnor_convolution_set_kernel_width(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 8, 8, value); }
static inline int64_t wh_xnor_convolution_stride_y(const uint64_t *command) { return wh_unsigned_bits(command[4], 16, 4); }
static inline void wh_xnor_convolution_set_stride_y(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 16, 4, value); }
static inline int64_t wh_xnor_convolution_stride_x(const uint64_t *command) { return wh_unsigned_bits(command[4], 20, 4); }
static inline void wh_xnor_convolution_set_stride_x(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 20, 4, value); }
static inline int64_t wh_xnor_convolution_dilation_y(const uint64_t *command) { return wh_unsigned_bits(command[4], 24, 4); }
static inline void wh_xnor_convolution_set_dilation_y(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 24, 4, value); }
static inline int64_t wh_xnor_convolution_dilation_x(const uint64_t *command) { return wh_unsigned_bits(command[4], 28, 4); }
static inline void wh_xnor_convolution_set_dilation_x(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 28, 4, value); }
static inline int64_t wh_xnor_convolution_channel_blocks(const uint64_t *command) { return wh_unsigned_bits(command[4], 32, 12); }
static inline void wh_xnor_convolution_set_channel_blocks(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 32, 12, value); }
static inline int64_t wh_xnor_convolution_zero_point(const uint64_t *command) { return wh_signed_bits(command[5], 40, 8); }
static inline void wh_xnor_convolution_set_zero_point(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 40, 8, value); }
static inline int64_t wh_xnor_convolution_clamp_min(const uint64_t *command) { return wh_signed_bits(command[5], 48, 8); }
static inline void wh_xnor_convolution_set_clamp_min(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 48, 8, value); }
static inline int64_t wh_xnor_convolution_clamp_max(const uint64_t *command) { return wh_signed_bits(command[5], 56, 8); }
static inline void wh_xnor_convolution_set_clamp_max(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 56, 8, value); }
static inline int64_t wh_xnor_convolution_groups(const uint64_t *command) { return wh_unsigned_bits(command[4], 44, 12); }
static inline void wh_xnor_convolution_set_groups(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 44, 12, value); }
static inline int64_t wh_xnor_convolution_tile(const uint64_t *command) { return wh_unsigned_bits(command[4], 56, 6); }
static inline void wh_xnor_convolution_set_tile(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 56, 6, value); }
static inline int64_t wh_xnor_convolution_weight_address(const uint64_t *command) { return wh_unsigned_bits(command[5], 0, 20); }
static inline void wh_xnor_convolution_set_weight_address(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 0, 20, value); }
static inline int64_t wh_xnor_convolution_padding(const uint64_t *command) { return wh_unsigned_bits(command[5], 20, 2); }
static inline void wh_xnor_convolution_set_padding(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 20, 2, value); }
static inline int64_t wh_xnor_convolution_post(const uint64_t *command) { return wh_unsigned_bits(command[5], 25, 2); }
static inline void wh_xnor_convolution_set_post(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 25, 2, value); }
static inline int64_t wh_xnor_convolution_last_bits(const uint64_t *command) { return wh_unsigned_bits(command[5], 32, 7); }
static inline void wh_xnor_convolution_set_last_bits(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 32, 7, value); }
static inline int64_t wh_xnor_convolution_write_blocks(const uint64_t *command) { return wh_unsigned_bits(command[6], 0, 12); }
static inline void wh_xnor_convolution_set_write_blocks(uint64_t *command, int64_t value) { wh_set_bits(&command[6], 0, 12, value); }
static inline int64_t wh_xnor_convolution_fraction(const uint64_t *command) { return wh_unsigned_bits(command[6], 12, 4); }
static inline void wh_xnor_convolution_set_fraction(uint64_t *command, int64_t value) { wh_set_bits(&command[6], 12, 4, value); }
static inline uint64_t wh_vector_in_map(const uint64_t *command) { return command[1]; }
static inline uint64_t wh_vector_out_map(const uint64_t *command) { return command[2]; }
static inline uint64_t wh_vector_b_map(const uint64_t *command) { return command[6]; }
static inline int64_t wh_vector_in_rows(const uint64_t *command) { return wh_unsigned_bits(command[3], 0, 12); }
static inline void wh_vector_set_in_rows(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 0, 12, value); }
static inline int64_t wh_vector_in_columns(const uint64_t *command) { return wh_unsigned_bits(command[3], 12, 12); }
static inline void wh_vector_set_in_columns(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 12, 12, value); }
static inline int64_t wh_vector_out_rows(const uint64_t *command) { return wh_unsigned_bits(command[3], 24, 12); }
static inline void wh_vector_set_out_rows(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 24, 12, value); }
static inline int64_t wh_vector_out_columns(const uint64_t *command) { return wh_unsigned_bits(command[3], 36, 12); }
static inline void wh_vector_set_out_columns(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 36, 12, value); }
static inline int64_t wh_vector_pad_top(const uint64_t *command) { return wh_signed_bits(command[3], 48, 8); }
static inline void wh_vector_set_pad_top(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 48, 8, value); }
static inline int64_t wh_vector_pad_left(const uint64_t *command) { return wh_signed_bits(command[3], 56, 8); }
static inline void wh_vector_set_pad_left(uint64_t *command, int64_t value) { wh_set_bits(&command[3], 56, 8, value); }
static inline int64_t wh_vector_kernel_height(const uint64_t *command) { return wh_unsigned_bits(command[4], 0, 8); }
static inline void wh_vector_set_kernel_height(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 0, 8, value); }
static inline int64_t wh_vector_kernel_width(const uint64_t *command) { return wh_unsigned_bits(command[4], 8, 8); }
static inline void wh_vector_set_kernel_width(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 8, 8, value); }
static inline int64_t wh_vector_stride_y(const uint64_t *command) { return wh_unsigned_bits(command[4], 16, 4); }
static inline void wh_vector_set_stride_y(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 16, 4, value); }
static inline int64_t wh_vector_stride_x(const uint64_t *command) { return wh_unsigned_bits(command[4], 20, 4); }
static inline void wh_vector_set_stride_x(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 20, 4, value); }
static inline int64_t wh_vector_dilation_y(const uint64_t *command) { return wh_unsigned_bits(command[4], 24, 4); }
static inline void wh_vector_set_dilation_y(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 24, 4, value); }
static inline int64_t wh_vector_dilation_x(const uint64_t *command) { return wh_unsigned_bits(command[4], 28, 4); }
static inline void wh_vector_set_dilation_x(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 28, 4, value); }
static inline int64_t wh_vector_channel_blocks(const uint64_t *command) { return wh_unsigned_bits(command[4], 32, 12); }
static inline void wh_vector_set_channel_blocks(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 32, 12, value); }
static inline int64_t wh_vector_zero_point(const uint64_t *command) { return wh_signed_bits(command[5], 40, 8); }
static inline void wh_vector_set_zero_point(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 40, 8, value); }
static inline int64_t wh_vector_clamp_min(const uint64_t *command) { return wh_signed_bits(command[5], 48, 8); }
static inline void wh_vector_set_clamp_min(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 48, 8, value); }
static inline int64_t wh_vector_clamp_max(const uint64_t *command) { return wh_signed_bits(command[5], 56, 8); }
static inline void wh_vector_set_clamp_max(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 56, 8, value); }
static inline int64_t wh_vector_operation(const uint64_t *command) { return wh_unsigned_bits(command[4], 56, 4); }
static inline void wh_vector_set_operation(uint64_t *command, int64_t value) { wh_set_bits(&command[4], 56, 4, value); }
static inline int64_t wh_vector_multiplier(const uint64_t *command) { return wh_signed_bits(command[5], 0, 32); }
static inline void wh_vector_set_multiplier(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 0, 32, value); }
static inline int64_t wh_vector_shift(const uint64_t *command) { return wh_signed_bits(command[5], 32, 8); }
static inline void wh_vector_set_shift(uint64_t *command, int64_t value) { wh_set_bits(&command[5], 32, 8, value); }
static inline int64_t wh_vector_a_zero(const uint64_t *command) { return wh_signed_bits(command[7], 0, 8); }
static inline void wh_vector_set_a_zero(uint64_t *command, int64_t value) { wh_set_bits(&command[7], 0, 8, value); }
static inline int64_t wh_vector_b_zero(const uint64_t *command) { return wh_signed_bits(command[7], 8, 8); }
static inline void wh_vector_set_b_zero(uint64_t *command, int64_t value) { wh_set_bits(&command[7], 8, 8, value); }
static inline int64_t wh_vector_b_broadcast(const uint64_t *command) { return wh_unsigned_bits(command[7], 16, 1); }
static inline void wh_vector_set_b_broadcast(uint64_t *command, int64_t value) { wh_set_bits(&command[7], 16, 1, value); }

#endif
