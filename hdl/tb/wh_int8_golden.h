// SPDX-License-Identifier: Apache-2.0
// INT8_CONVOLUTION as hdl/doc/accelerator.md defines it, written for clarity: every output on its own, no order of
// work.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "wh_command.h"

namespace wh {

struct PlacedMap : Map {
    // Bank * 65536 + address of logical position (y, b, x).
    int place(int y, int b, int x) const {
        const int p = (row + y) % (4 * ring), block_index = block + b;
        const int bank = (p + block_index) % 4 * 4 + x % 4;
        return bank * 65536 + base + (p / 4 * blocks + block_index) * quads + x / 4;
    }
};

struct Convolution {
    PlacedMap in, out;
    int in_rows = 1, in_columns = 1, out_rows = 1, out_columns = 1, pad_top = 0, pad_left = 0;
    int kernel_height = 1, kernel_width = 1, stride_y = 1, stride_x = 1, dilation_y = 1, dilation_x = 1;
    int channel_blocks = 1, groups = 1, tile = 32, weight_address = 0, post = 0, pad_value = 0;
    bool depthwise = false, flatten = false, single = false, accumulate = false, keep = false, table = false,
         wide = false, one_set = false;
    int zero_point = 0, clamp_min = -128, clamp_max = 127, window_height = 1, window_width = 1;

    bool pairs(int pixels) const { return pixels == 2 && !single; }
    int positions(int pixels) const {
        if (!pairs(pixels)) return out_rows * out_columns;
        return flatten ? (out_rows * out_columns + 1) / 2 : out_rows * ((out_columns + 1) / 2);
    }
    int sets(int reduction) const {
        const auto ceil = [](int a, int b) { return (a + b - 1) / b; };
        if (one_set) return 1;
        if (depthwise) return ceil(kernel_height, window_height) * ceil(kernel_width, window_width);
        return kernel_height * kernel_width * ceil(channel_blocks, reduction / 8);
    }
    int group_words(int reduction) const { return 3 + sets(reduction) * reduction / 4; }

    Command encode() const {
        Command command = command_of(WH_OPCODE_INT8_CONVOLUTION);
        uint64_t *words = command.data();
        command[1] = in.word();
        command[2] = out.word();
        wh_int8_convolution_set_in_rows(words, in_rows);
        wh_int8_convolution_set_in_columns(words, in_columns);
        wh_int8_convolution_set_out_rows(words, out_rows);
        wh_int8_convolution_set_out_columns(words, out_columns);
        wh_int8_convolution_set_pad_top(words, pad_top);
        wh_int8_convolution_set_pad_left(words, pad_left);
        wh_int8_convolution_set_kernel_height(words, kernel_height);
        wh_int8_convolution_set_kernel_width(words, kernel_width);
        wh_int8_convolution_set_stride_y(words, stride_y);
        wh_int8_convolution_set_stride_x(words, stride_x);
        wh_int8_convolution_set_dilation_y(words, dilation_y);
        wh_int8_convolution_set_dilation_x(words, dilation_x);
        wh_int8_convolution_set_channel_blocks(words, channel_blocks);
        wh_int8_convolution_set_groups(words, groups);
        wh_int8_convolution_set_tile(words, tile);
        wh_int8_convolution_set_weight_address(words, weight_address);
        wh_int8_convolution_set_depthwise(words, depthwise);
        wh_int8_convolution_set_flatten(words, flatten);
        wh_int8_convolution_set_single(words, single);
        wh_int8_convolution_set_accumulate(words, accumulate);
        wh_int8_convolution_set_keep(words, keep);
        wh_int8_convolution_set_post(words, post);
        wh_int8_convolution_set_activation(words, table);
        wh_int8_convolution_set_wide(words, wide);
        wh_int8_convolution_set_one_set(words, one_set);
        wh_int8_convolution_set_pad_value(words, pad_value);
        wh_int8_convolution_set_zero_point(words, zero_point);
        wh_int8_convolution_set_clamp_min(words, clamp_min);
        wh_int8_convolution_set_clamp_max(words, clamp_max);
        wh_int8_convolution_set_window_height(words, window_height);
        wh_int8_convolution_set_window_width(words, window_width);
        return command;
    }
};

inline int32_t multiply_by_quantised_multiplier(int32_t sum, int32_t multiplier, int shift, bool wide) {
    const int left = std::max(shift, 0), right = std::max(-shift, 0);
    const int64_t limit = left > 0 ? (1 << 9) - 1 : wide ? INT32_MAX : (1 << 24) - 1;
    const int64_t value = std::clamp(int64_t{sum} * (int64_t{1} << left), -limit - 1, limit);
    const int64_t product = value * multiplier;
    int64_t scaled = (product + (product >= 0 ? 1LL << 30 : 1 - (1LL << 30))) / (1LL << 31);
    const int64_t mask = (1LL << right) - 1;
    scaled = (scaled >> right) + ((scaled & mask) > (mask >> 1) + (scaled < 0 ? 1 : 0));
    return static_cast<int32_t>(scaled);
}

// The on-chip state a command reads and changes.
struct Chip {
    int reduction, pixels, bank_words;
    std::array<std::vector<uint64_t>, 16> banks;
    std::vector<uint8_t> weights;
    std::array<int8_t, 256> table{};
    std::vector<int32_t> kept = std::vector<int32_t>(64 * 8);  // [pixel in row order][lane]

    uint8_t *word(int place) { return reinterpret_cast<uint8_t *>(&banks[place >> 16].at(place & 65535)); }

    int32_t sum(const Convolution &c, int group, int lane, int oy, int ox) {
        const uint8_t *sets = &weights[(c.weight_address + group * c.group_words(reduction) + 3) * 32];
        uint32_t sum = 0;
        const auto add = [&](int ky, int kx, int block, int byte, int set, int r) {
            const int iy = oy * c.stride_y + ky * c.dilation_y - c.pad_top,
                      ix = ox * c.stride_x + kx * c.dilation_x - c.pad_left;
            const bool outside = iy < 0 || iy >= c.in_rows || ix < 0 || ix >= c.in_columns;
            const int value = outside ? c.pad_value : static_cast<int8_t>(word(c.in.place(iy, block, ix))[byte]);
            sum += static_cast<uint32_t>(value * static_cast<int8_t>(sets[set * reduction * 8 + r * 8 + lane]));
        };
        for (int ky = 0; ky < c.kernel_height; ky++) {
            for (int kx = 0; kx < c.kernel_width; kx++) {
                if (c.depthwise) {
                    const int windows = (c.kernel_width + c.window_width - 1) / c.window_width;
                    add(ky, kx, group, lane, c.one_set ? 0 : ky / c.window_height * windows + kx / c.window_width,
                        ky % c.window_height * 3 + kx % c.window_width);
                    continue;
                }
                const int chunk = reduction / 8, chunks = (c.channel_blocks + chunk - 1) / chunk;
                for (int b = 0; b < c.channel_blocks; b++) {
                    for (int i = 0; i < 8; i++)
                        add(ky, kx, b, i, (ky * c.kernel_width + kx) * chunks + b / chunk, b % chunk * 8 + i);
                }
            }
        }
        return static_cast<int32_t>(sum);
    }

    void run(const Convolution &c) {
        std::vector<std::pair<int, std::pair<uint64_t, uint64_t>>> writes;  // place, data, bit mask
        for (int group = 0; group < c.groups; group++) {
            const uint8_t *parameters = &weights[(c.weight_address + group * c.group_words(reduction)) * 32];
            for (int oy = 0; oy < c.out_rows; oy++) {
                for (int ox = 0; ox < c.out_columns; ox++) {
                    uint64_t codes = 0, bits = 0;
                    for (int lane = 0; lane < 8; lane++) {
                        uint32_t sum32 = static_cast<uint32_t>(sum(c, group, lane, oy, ox));
                        const int slot = (oy * c.out_columns + ox) * 8 + lane;
                        if (c.accumulate) sum32 += static_cast<uint32_t>(kept[slot]);
                        if (c.keep) {
                            kept[slot] = static_cast<int32_t>(sum32);
                            continue;
                        }
                        int32_t bias, multiplier;
                        std::memcpy(&bias, parameters + lane * 4, 4);
                        std::memcpy(&multiplier, parameters + 32 + lane * 4, 4);
                        const int32_t total = static_cast<int32_t>(sum32 + static_cast<uint32_t>(bias));
                        if (c.post == WH_POST_RAW) {
                            const uint64_t data = static_cast<uint64_t>(static_cast<uint32_t>(total)) << lane % 2 * 32;
                            writes.push_back(
                                {c.out.place(oy, group * 4 + lane / 2, ox), {data, 0xFFFFFFFFULL << lane % 2 * 32}});
                        }
                        bits |= static_cast<uint64_t>((total >= 0) != (multiplier < 0)) << lane;
                        const int shift = static_cast<int8_t>(parameters[64 + lane]);
                        const int64_t scaled = int64_t{
                            multiply_by_quantised_multiplier(total, multiplier & INT32_MAX, shift, c.wide)};
                        int8_t code = static_cast<int8_t>(
                            std::clamp<int64_t>(scaled + c.zero_point, c.clamp_min, c.clamp_max));
                        if (c.table) code = table[code + 128];
                        codes |= static_cast<uint64_t>(static_cast<uint8_t>(code)) << lane * 8;
                    }
                    if (c.keep) continue;
                    if (c.post == WH_POST_REQUANTISE) writes.push_back({c.out.place(oy, group, ox), {codes, ~0ULL}});
                    if (c.post == WH_POST_BITS)
                        writes.push_back(
                            {c.out.place(oy, group / 8, ox), {bits << group % 8 * 8, 0xFFULL << group % 8 * 8}});
                }
            }
        }
        for (const auto &[place, write] : writes) {
            uint64_t &word = banks[place >> 16].at(place & 65535);
            word = (word & ~write.second) | write.first;
        }
    }
};

}  // namespace wh
