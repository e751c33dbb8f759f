// SPDX-License-Identifier: Apache-2.0
// The VECTOR command and the on-chip maps, written straight from hdl/doc/accelerator.md for the benches of VECTOR and
// XNOR.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "wh_command.h"

namespace golden {

using wh::Map;

// 16 banks of 8-byte words; the place of a word is bank * bank_words + address.
struct Memory {
    int bank_words;
    std::vector<uint64_t> words;

    explicit Memory(int bank_words) : bank_words(bank_words), words(size_t(16) * size_t(bank_words)) {}

    static int64_t address(const Map &map, int y, int b, int x) {
        int p = (map.row + y) % (4 * map.ring);
        return map.base + (int64_t(p / 4) * map.blocks + map.block + b) * map.quads + x / 4;
    }
    static int bank(const Map &map, int y, int b, int x) {
        int p = (map.row + y) % (4 * map.ring);
        return (p + map.block + b) % 4 * 4 + x % 4;
    }
    bool holds(const Map &map, int y, int b, int x) const { return address(map, y, b, x) < bank_words; }
    uint64_t &at(const Map &map, int y, int b, int x) {
        return words[size_t(bank(map, y, b, x)) * size_t(bank_words) + size_t(address(map, y, b, x))];
    }
    uint8_t byte(const Map &map, int y, int channel, int x) {
        return uint8_t(at(map, y, channel / 8, x) >> (channel % 8 * 8));
    }
    void set_byte(const Map &map, int y, int channel, int x, uint8_t value) {
        uint64_t &word = at(map, y, channel / 8, x);
        int shift = channel % 8 * 8;
        word = (word & ~(uint64_t(255) << shift)) | uint64_t(value) << shift;
    }
};

// TFLite's MultiplyByQuantizedMultiplier with double rounding; a left shift saturates to 10 bits.
inline int32_t multiply_by_quantized_multiplier(int32_t value, int32_t multiplier, int shift) {
    int left = std::min(std::max(shift, 0), 31), right = std::min(std::max(-shift, 0), 31);
    int64_t limit = left > 0 ? (1 << 9) - 1 : INT32_MAX;
    int64_t shifted = std::clamp(int64_t(value) * (int64_t(1) << left), -limit - 1, limit);
    int64_t product = shifted * multiplier;
    int64_t nudge = product >= 0 ? int64_t(1) << 30 : 1 - (int64_t(1) << 30);
    int64_t high = (product + nudge) / (int64_t(1) << 31);
    int64_t divisor = int64_t(1) << right;
    int64_t magnitude = (std::abs(high) + divisor / 2) / divisor;
    return int32_t(high < 0 ? -magnitude : magnitude);
}

struct Vector {
    Map in, out, b;
    int operation = 0, in_rows = 1, in_columns = 1, out_rows = 1, out_columns = 1, pad_top = 0, pad_left = 0;
    int kernel_height = 1, kernel_width = 1, stride_y = 1, stride_x = 1, dilation_y = 1, dilation_x = 1,
        channel_blocks = 1;
    int zero_point = 0, clamp_min = -128, clamp_max = 127, shift = 0, a_zero = 0, b_zero = 0, b_broadcast = 0;
    int32_t multiplier = 0;

    wh::Command encode() const {
        wh::Command command = wh::command_of(WH_OPCODE_VECTOR);
        uint64_t *words = command.data();
        command[1] = in.word();
        command[2] = out.word();
        command[6] = b.word();
        wh_vector_set_in_rows(words, in_rows);
        wh_vector_set_in_columns(words, in_columns);
        wh_vector_set_out_rows(words, out_rows);
        wh_vector_set_out_columns(words, out_columns);
        wh_vector_set_pad_top(words, pad_top);
        wh_vector_set_pad_left(words, pad_left);
        wh_vector_set_kernel_height(words, kernel_height);
        wh_vector_set_kernel_width(words, kernel_width);
        wh_vector_set_stride_y(words, stride_y);
        wh_vector_set_stride_x(words, stride_x);
        wh_vector_set_dilation_y(words, dilation_y);
        wh_vector_set_dilation_x(words, dilation_x);
        wh_vector_set_channel_blocks(words, channel_blocks);
        wh_vector_set_operation(words, operation);
        wh_vector_set_multiplier(words, multiplier);
        wh_vector_set_shift(words, shift);
        wh_vector_set_zero_point(words, zero_point);
        wh_vector_set_clamp_min(words, clamp_min);
        wh_vector_set_clamp_max(words, clamp_max);
        wh_vector_set_a_zero(words, a_zero);
        wh_vector_set_b_zero(words, b_zero);
        wh_vector_set_b_broadcast(words, b_broadcast);
        return command;
    }

    uint8_t pool(Memory &memory, int oy, int channel, int ox) const {
        int maximum = -128, sum = 0, bits = 0, count = 0;
        for (int ky = 0; ky < kernel_height; ky++) {
            for (int kx = 0; kx < kernel_width; kx++) {
                int y = oy * stride_y + ky - pad_top, x = ox * stride_x + kx - pad_left;
                if (y < 0 || y >= in_rows || x < 0 || x >= in_columns) continue;
                uint8_t code = memory.byte(in, y, channel, x);
                maximum = std::max(maximum, int(int8_t(code)));
                sum += int8_t(code);
                bits |= code;
                count++;
            }
        }
        if (operation == WH_VECTOR_OPERATION_OR_POOL) return uint8_t(bits);
        int average = count == 0 ? 0 : (2 * std::abs(sum) + count) / (2 * count);
        int value = operation == WH_VECTOR_OPERATION_MAXIMUM_POOL ? maximum : sum < 0 ? -average : average;
        return uint8_t(std::clamp(value, clamp_min, clamp_max));
    }

    uint8_t element(Memory &memory, const int32_t *tables, int y, int channel, int x) const {
        int a = int8_t(memory.byte(in, y, channel, x));
        if (operation == WH_VECTOR_OPERATION_TABLE) return uint8_t(tables[a + 128]);
        int second = int8_t(memory.byte(b, b_broadcast ? 0 : y, channel, b_broadcast ? 0 : x));
        int32_t value = operation == WH_VECTOR_OPERATION_ADD
                            ? int32_t(uint32_t(tables[a + 128]) + uint32_t(tables[256 + second + 128]))
                            : (a - a_zero) * (second - b_zero);
        int64_t placed = int64_t(multiply_by_quantized_multiplier(value, multiplier, shift)) + zero_point;
        return uint8_t(std::clamp<int64_t>(placed, clamp_min, clamp_max));
    }

    void run(Memory &memory, const int32_t *tables) const {
        for (int block = 0; block < channel_blocks; block++) {
            for (int y = 0; y < out_rows; y++) {
                for (int x = 0; x < out_columns; x++) {
                    for (int channel = 8 * block; channel < 8 * block + 8; channel++) {
                        memory.set_byte(out, y, channel, x,
                                        operation <= WH_VECTOR_OPERATION_AVERAGE_POOL
                                            ? pool(memory, y, channel, x)
                                            : element(memory, tables, y, channel, x));
                    }
                }
            }
        }
    }
};

}  // namespace golden
