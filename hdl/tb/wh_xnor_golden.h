// SPDX-License-Identifier: Apache-2.0
// The XNOR_CONVOLUTION command, written straight from hdl/doc/accelerator.md for its bench.
#pragma once

#include "wh_vector_golden.h"

namespace golden {

// Requantisation of a sum that the hardware first clamps to 25 bits, or to 10 when it is shifted left.
inline int32_t requantise_narrow(int32_t value, int32_t multiplier, int shift) {
    int left = std::max(shift, 0);
    int64_t limit = left > 0 ? (1 << 9) - 1 : (1 << 24) - 1;
    int64_t shifted = std::clamp(int64_t(value) * (int64_t(1) << left), -limit - 1, limit);
    return multiply_by_quantized_multiplier(int32_t(shifted), multiplier, std::min(shift, 0));
}

struct Xnor {
    Map in, out;
    int in_rows = 1, in_columns = 1, out_rows = 1, out_columns = 1, pad_top = 0, pad_left = 0, kernel_height = 1,
        kernel_width = 1;
    int stride_y = 1, stride_x = 1, dilation_y = 1, dilation_x = 1, channel_blocks = 1, groups = 1, tile = 32;
    int weight_address = 0, padding = 0, post = 0, last_bits = 64, write_blocks = 4095, fraction = 0;
    int zero_point = 0, clamp_min = -128, clamp_max = 127;

    wh::Command encode() const {
        wh::Command command = wh::command_of(WH_OPCODE_XNOR_CONVOLUTION);
        uint64_t *words = command.data();
        command[1] = in.word();
        command[2] = out.word();
        wh_xnor_convolution_set_in_rows(words, in_rows);
        wh_xnor_convolution_set_in_columns(words, in_columns);
        wh_xnor_convolution_set_out_rows(words, out_rows);
        wh_xnor_convolution_set_out_columns(words, out_columns);
        wh_xnor_convolution_set_pad_top(words, pad_top);
        wh_xnor_convolution_set_pad_left(words, pad_left);
        wh_xnor_convolution_set_kernel_height(words, kernel_height);
        wh_xnor_convolution_set_kernel_width(words, kernel_width);
        wh_xnor_convolution_set_stride_y(words, stride_y);
        wh_xnor_convolution_set_stride_x(words, stride_x);
        wh_xnor_convolution_set_dilation_y(words, dilation_y);
        wh_xnor_convolution_set_dilation_x(words, dilation_x);
        wh_xnor_convolution_set_channel_blocks(words, channel_blocks);
        wh_xnor_convolution_set_groups(words, groups);
        wh_xnor_convolution_set_tile(words, tile);
        wh_xnor_convolution_set_weight_address(words, weight_address);
        wh_xnor_convolution_set_padding(words, padding);
        wh_xnor_convolution_set_post(words, post);
        wh_xnor_convolution_set_last_bits(words, last_bits);
        wh_xnor_convolution_set_zero_point(words, zero_point);
        wh_xnor_convolution_set_clamp_min(words, clamp_min);
        wh_xnor_convolution_set_clamp_max(words, clamp_max);
        wh_xnor_convolution_set_write_blocks(words, write_blocks);
        wh_xnor_convolution_set_fraction(words, fraction);
        return command;
    }

    int parameter_words(int lanes) const {
        return lanes / 8 + (post == WH_POST_BITS ? 1 : post == WH_POST_REQUANTISE ? lanes / 8 + (lanes + 31) / 32 : 0);
    }
    int group_words(int lanes) const {
        return parameter_words(lanes) + kernel_height * kernel_width * channel_blocks * lanes / 4;
    }

    int dot(Memory &memory, const uint8_t *sets, int lanes, int lane, int oy, int ox) const {
        int sum = 0, set = 0;
        for (int ky = 0; ky < kernel_height; ky++) {
            for (int kx = 0; kx < kernel_width; kx++) {
                for (int block = 0; block < channel_blocks; block++, set++) {
                    uint64_t mask = block == channel_blocks - 1 && last_bits < 64 ? (uint64_t(1) << last_bits) - 1
                                                                                  : ~uint64_t(0);
                    int y = oy * stride_y + ky * dilation_y - pad_top, x = ox * stride_x + kx * dilation_x - pad_left;
                    uint64_t word = padding == WH_BINARY_PADDING_PLUS_ONE ? ~uint64_t(0) : 0, weight;
                    bool inside = y >= 0 && y < in_rows && x >= 0 && x < in_columns;
                    if (!inside && padding == WH_BINARY_PADDING_ZERO) continue;
                    if (inside) word = memory.at(in, y, block, x);
                    std::memcpy(&weight, sets + (size_t(set) * size_t(lanes) + size_t(lane)) * 8, 8);
                    sum += 2 * __builtin_popcountll(~(word ^ weight) & mask) - __builtin_popcountll(mask);
                }
            }
        }
        return sum;
    }

    // The dot product with its bias, clamped to 25 bits.
    int32_t scaled(int dot, int32_t bias) const {
        return int32_t(std::clamp<int64_t>(int64_t(dot) * (1 << fraction) + bias, -(1 << 24), (1 << 24) - 1));
    }

    void write(Memory &memory, const uint8_t *parameters, int lanes, int group, int lane, int y, int x,
               int32_t sum) const {
        int channel = group * lanes + lane;
        if (post == WH_POST_BITS) {
            bool invert = parameters[lanes * 4 + lane / 8] >> (lane % 8) & 1;
            if (channel / 64 >= write_blocks) return;
            uint64_t &word = memory.at(out, y, channel / 64, x);
            word = (word & ~(uint64_t(1) << channel % 64)) | uint64_t((sum >= 0) != invert) << channel % 64;
        } else if (post == WH_POST_RAW) {
            if (channel / 2 >= write_blocks) return;
            for (int i = 0; i < 4; i++) memory.set_byte(out, y, channel * 4 + i, x, uint8_t(uint32_t(sum) >> 8 * i));
        } else {
            int32_t multiplier;
            std::memcpy(&multiplier, parameters + lanes * 4 + lane * 4, 4);
            int shift = int8_t(parameters[lanes * 8 + lane]);
            if (channel / 8 >= write_blocks) return;
            int64_t code = int64_t(requantise_narrow(sum, multiplier, shift)) + zero_point;
            memory.set_byte(out, y, channel, x, uint8_t(std::clamp<int64_t>(code, clamp_min, clamp_max)));
        }
    }

    void run(Memory &memory, const std::vector<uint8_t> &weights, int lanes) const {
        for (int group = 0; group < groups; group++) {
            const uint8_t *parameters = &weights[size_t(weight_address + group * group_words(lanes)) * 32];
            const uint8_t *sets = parameters + parameter_words(lanes) * 32;
            for (int y = 0; y < out_rows; y++) {
                for (int x = 0; x < out_columns; x++) {
                    for (int lane = 0; lane < lanes; lane++) {
                        int32_t bias;
                        std::memcpy(&bias, parameters + lane * 4, 4);
                        write(memory, parameters, lanes, group, lane, y, x,
                              scaled(dot(memory, sets, lanes, lane, y, x), bias));
                    }
                }
            }
        }
    }
};

}  // namespace golden
