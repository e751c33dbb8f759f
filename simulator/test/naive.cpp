// SPDX-License-Identifier: Apache-2.0
#include "naive.hpp"

#include <algorithm>

namespace bench {

#define FIELD(name) wh_##name(command.words)

MapWord map_of(uint64_t word) {
    return {word & 0x1FFF, word >> 13 & 0xFFF, word >> 25 & 0x1FF, word >> 34 & 0xFF, word >> 42 & 0x3FF, word >> 52};
}

int32_t multiply_quantised(int32_t value, int64_t multiplier, int32_t shift, int32_t bits) {
    const int64_t limit = (int64_t{1} << ((shift > 0 ? 10 : bits) - 1)) - 1;
    const int64_t left = int64_t{value} << std::max(shift, 0);
    const int64_t product = std::max(-limit - 1, std::min(limit, left)) * multiplier;
    const int64_t nudge = product >= 0 ? int64_t{1} << 30 : 1 - (int64_t{1} << 30);
    const int64_t high = (product + nudge) / (int64_t{1} << 31);
    if (shift >= 0) {
        return static_cast<int32_t>(high);
    }
    const int64_t divisor = int64_t{1} << -shift;
    const int64_t magnitude = ((high < 0 ? -high : high) + divisor / 2) / divisor;
    return static_cast<int32_t>(high < 0 ? -magnitude : magnitude);
}

static uint8_t finish_code(int64_t value, int64_t zero_point, int64_t least, int64_t most) {
    return static_cast<uint8_t>(std::min(std::max(value + zero_point, least), most));
}

uint64_t &Naive::word(const MapWord &map, int64_t y, int64_t block, int64_t x) {
    const uint64_t p = (map.row + static_cast<uint64_t>(y)) % (4 * map.ring);
    const uint64_t b = map.block + static_cast<uint64_t>(block);
    const uint64_t column = static_cast<uint64_t>(x);
    const uint64_t address = map.base + (p / 4 * map.blocks + b) * map.quads + column / 4;
    return banks.at(((p + b) % 4 * 4 + column % 4) * sizes.bank_words + address);
}

uint8_t Naive::byte(const MapWord &map, int64_t y, int64_t channel, int64_t x) {
    return static_cast<uint8_t>(word(map, y, channel / 8, x) >> channel % 8 * 8);
}

void Naive::set_byte(const MapWord &map, int64_t y, int64_t channel, int64_t x, uint8_t value) {
    uint64_t &to = word(map, y, channel / 8, x);
    const int64_t bit = channel % 8 * 8;
    to = (to & ~(uint64_t{0xFF} << bit)) | uint64_t{value} << bit;
}

int32_t Naive::weight_int(uint64_t byte) const {
    int32_t value;
    std::memcpy(&value, &weights.at(byte + 3) - 3, 4);
    return value;
}

void Naive::int8(const Command &command) {
    const MapWord in = map_of(command.words[1]), out = map_of(command.words[2]);
    const int64_t height = FIELD(int8_convolution_kernel_height), width = FIELD(int8_convolution_kernel_width);
    const int64_t window_h = FIELD(int8_convolution_window_height), window_w = FIELD(int8_convolution_window_width);
    const int64_t blocks = FIELD(int8_convolution_channel_blocks), step = sizes.int8_reduction / 8;
    const bool depthwise = FIELD(int8_convolution_depthwise) != 0;
    const int64_t sets = depthwise ? (height + window_h - 1) / window_h * ((width + window_w - 1) / window_w)
                                   : height * width * ((blocks + step - 1) / step);
    const int64_t rows = FIELD(int8_convolution_out_rows), columns = FIELD(int8_convolution_out_columns);
    for (int64_t g = 0; g < FIELD(int8_convolution_groups); g++) {
        const uint64_t group = static_cast<uint64_t>(
            (FIELD(int8_convolution_weight_address) + g * (3 + sets * sizes.int8_reduction / 4)) * 32);
        const auto weight = [&](int64_t set, int64_t r, int64_t lane) {
            return static_cast<int8_t>(
                weights.at(group + 96 + static_cast<uint64_t>(set * sizes.int8_reduction * 8 + r * 8 + lane)));
        };
        for (int64_t pixel = 0; pixel < rows * columns * 8; pixel++) {
            const int64_t lane = pixel % 8, x = pixel / 8 % columns, y = pixel / 8 / columns;
            uint32_t sum = 0;
            for (int64_t tap = 0; tap < height * width; tap++) {
                const int64_t ky = tap / width, kx = tap % width;
                const int64_t iy = y * FIELD(int8_convolution_stride_y) + ky * FIELD(int8_convolution_dilation_y) -
                                   FIELD(int8_convolution_pad_top);
                const int64_t ix = x * FIELD(int8_convolution_stride_x) + kx * FIELD(int8_convolution_dilation_x) -
                                   FIELD(int8_convolution_pad_left);
                const bool outside = iy < 0 || ix < 0 || iy >= FIELD(int8_convolution_in_rows) ||
                                     ix >= FIELD(int8_convolution_in_columns);
                for (int64_t c = depthwise ? g * 8 + lane : 0; c < (depthwise ? g * 8 + lane + 1 : blocks * 8); c++) {
                    const int64_t code = outside ? FIELD(int8_convolution_pad_value)
                                                 : static_cast<int8_t>(byte(in, iy, c, ix));
                    const int64_t w = depthwise
                                          ? weight(ky / window_h * ((width + window_w - 1) / window_w) + kx / window_w,
                                                   ky % window_h * 3 + kx % window_w, lane)
                                          : weight(tap * ((blocks + step - 1) / step) + c / 8 / step, c % (8 * step),
                                                   lane);
                    sum += static_cast<uint32_t>(code * w);
                }
            }
            const bool pairs = sizes.int8_pixels == 2 && FIELD(int8_convolution_single) == 0;
            const int64_t flat = y * columns + x;
            const int64_t slot = !pairs                                 ? flat * 2
                                 : FIELD(int8_convolution_flatten) != 0 ? flat
                                                                        : y * ((columns + 1) / 2) * 2 + x;
            if (FIELD(int8_convolution_accumulate) != 0) {
                sum += static_cast<uint32_t>(partial.at(static_cast<size_t>(slot * 8 + lane)));
            }
            if (FIELD(int8_convolution_keep) != 0) {
                partial.at(static_cast<size_t>(slot * 8 + lane)) = static_cast<int32_t>(sum);
                continue;
            }
            const int32_t total = static_cast<int32_t>(
                sum + static_cast<uint32_t>(weight_int(group + static_cast<uint64_t>(lane) * 4)));
            const int32_t multiplier = weight_int(group + 32 + static_cast<uint64_t>(lane) * 4);
            const int32_t shift = static_cast<int8_t>(weights.at(group + 64 + static_cast<uint64_t>(lane)));
            if (FIELD(int8_convolution_post) == WH_POST_RAW) {
                for (int64_t i = 0; i < 4; i++) {
                    set_byte(out, y, g * 32 + lane * 4 + i, x, static_cast<uint8_t>(total >> (8 * i)));
                }
            } else if (FIELD(int8_convolution_post) == WH_POST_BITS) {
                const uint8_t mask = static_cast<uint8_t>(1 << lane);
                const uint8_t others = static_cast<uint8_t>(byte(out, y, g, x) & ~mask);
                set_byte(out, y, g, x, (total >= 0) != (multiplier < 0) ? static_cast<uint8_t>(others | mask) : others);
            } else {
                const int32_t value = multiply_quantised(total, multiplier, shift,
                                                         FIELD(int8_convolution_wide) != 0 ? 32 : 25);
                uint8_t code = finish_code(value, FIELD(int8_convolution_zero_point), FIELD(int8_convolution_clamp_min),
                                           FIELD(int8_convolution_clamp_max));
                if (FIELD(int8_convolution_activation) != 0) {
                    code = static_cast<uint8_t>(table.at(static_cast<size_t>(static_cast<int8_t>(code) + 128)));
                }
                set_byte(out, y, g * 8 + lane, x, code);
            }
        }
    }
}

void Naive::xnor(const Command &command) {
    const MapWord in = map_of(command.words[1]), out = map_of(command.words[2]);
    const int64_t lanes = sizes.xnor_lanes, blocks = FIELD(xnor_convolution_channel_blocks);
    const int64_t height = FIELD(xnor_convolution_kernel_height), width = FIELD(xnor_convolution_kernel_width);
    const int64_t post = FIELD(xnor_convolution_post), columns = FIELD(xnor_convolution_out_columns);
    const int64_t parameters = post == WH_POST_RAW    ? lanes / 8
                               : post == WH_POST_BITS ? lanes / 8 + 1
                                                      : lanes / 4 + (lanes + 31) / 32;
    const int64_t inputs = (blocks - 1) * 64 + FIELD(xnor_convolution_last_bits);
    for (int64_t channel = 0; channel < FIELD(xnor_convolution_groups) * lanes; channel++) {
        const int64_t g = channel / lanes, lane = channel % lanes;
        const uint64_t group = static_cast<uint64_t>(
            (FIELD(xnor_convolution_weight_address) + g * (parameters + height * width * blocks * lanes / 4)) * 32);
        const auto at = [&](int64_t offset) { return group + static_cast<uint64_t>(offset); };
        for (int64_t pixel = 0; pixel < FIELD(xnor_convolution_out_rows) * columns; pixel++) {
            const int64_t y = pixel / columns, x = pixel % columns;
            int64_t sum = 0;
            for (int64_t i = 0; i < height * width * inputs; i++) {
                const int64_t tap = i / inputs, c = i % inputs;
                const int64_t iy = y * FIELD(xnor_convolution_stride_y) - FIELD(xnor_convolution_pad_top) +
                                   tap / width * FIELD(xnor_convolution_dilation_y);
                const int64_t ix = x * FIELD(xnor_convolution_stride_x) - FIELD(xnor_convolution_pad_left) +
                                   tap % width * FIELD(xnor_convolution_dilation_x);
                const int64_t step = (tap * blocks + c / 64) * lanes * 8 + parameters * 32 + lane * 8;
                const int weight = weights.at(at(step + c % 64 / 8)) >> c % 8 & 1;
                int bit = FIELD(xnor_convolution_padding) == WH_BINARY_PADDING_PLUS_ONE;
                if (iy >= 0 && ix >= 0 && iy < FIELD(xnor_convolution_in_rows) &&
                    ix < FIELD(xnor_convolution_in_columns)) {
                    bit = static_cast<int>(word(in, iy, c / 64, ix) >> c % 64 & 1);
                } else if (FIELD(xnor_convolution_padding) == WH_BINARY_PADDING_ZERO) {
                    continue;
                }
                sum += bit == weight ? 1 : -1;
            }
            sum = sum * (int64_t{1} << FIELD(xnor_convolution_fraction)) + weight_int(at(lane * 4));
            const int64_t kept = std::max<int64_t>(-(1 << 24), std::min<int64_t>((1 << 24) - 1, sum)); /* 25 bits */
            const auto store = [&](int64_t byte_channel, uint8_t value) {
                if (byte_channel / 8 < FIELD(xnor_convolution_write_blocks)) {
                    set_byte(out, y, byte_channel, x, value);
                }
            };
            if (post == WH_POST_BITS) {
                const bool invert = (weights.at(at(lanes / 8 * 32 + lane / 8)) >> lane % 8 & 1) != 0;
                if (channel / 64 < FIELD(xnor_convolution_write_blocks)) {
                    uint64_t &to = word(out, y, channel / 64, x);
                    to = (to & ~(uint64_t{1} << channel % 64)) | uint64_t{(sum >= 0) != invert} << channel % 64;
                }
            } else if (post == WH_POST_RAW) {
                for (int64_t i = 0; i < 4; i++) {
                    store(channel * 4 + i, static_cast<uint8_t>(sum >> (8 * i)));
                }
            } else {
                const int32_t multiplier = weight_int(at(lanes * 4 + lane * 4));
                const int32_t shift = static_cast<int8_t>(weights.at(at(lanes * 8 + lane)));
                store(channel, finish_code(multiply_quantised(static_cast<int32_t>(kept), multiplier, shift, 25),
                                           FIELD(xnor_convolution_zero_point), FIELD(xnor_convolution_clamp_min),
                                           FIELD(xnor_convolution_clamp_max)));
            }
        }
    }
}

void Naive::vector(const Command &command) {
    const MapWord a = map_of(command.words[1]), out = map_of(command.words[2]), b = map_of(command.words[6]);
    const int64_t operation = FIELD(vector_operation), columns = FIELD(vector_out_columns);
    const int64_t channels = FIELD(vector_channel_blocks) * 8;
    for (int64_t i = 0; i < FIELD(vector_out_rows) * columns * channels; i++) {
        const int64_t c = i % channels, x = i / channels % columns, y = i / channels / columns;
        const bool broadcast = FIELD(vector_b_broadcast) != 0;
        const auto b_code = [&] { return static_cast<int8_t>(byte(b, broadcast ? 0 : y, c, broadcast ? 0 : x)); };
        const auto scaled = [&](int64_t value) {
            return finish_code(multiply_quantised(static_cast<int32_t>(value), FIELD(vector_multiplier),
                                                  static_cast<int32_t>(FIELD(vector_shift)), 32),
                               FIELD(vector_zero_point), FIELD(vector_clamp_min), FIELD(vector_clamp_max));
        };
        const auto entry = [&](size_t half, int8_t code) { return rescale.at(half + static_cast<size_t>(code + 128)); };
        if (operation == WH_VECTOR_OPERATION_ADD) {
            const int64_t sum = int64_t{entry(0, static_cast<int8_t>(byte(a, y, c, x)))} + entry(256, b_code());
            set_byte(out, y, c, x, scaled(sum));
            continue;
        }
        if (operation == WH_VECTOR_OPERATION_MULTIPLY) {
            const int64_t code = static_cast<int8_t>(byte(a, y, c, x));
            set_byte(out, y, c, x, scaled((code - FIELD(vector_a_zero)) * (b_code() - FIELD(vector_b_zero))));
            continue;
        }
        if (operation == WH_VECTOR_OPERATION_TABLE) {
            set_byte(out, y, c, x, static_cast<uint8_t>(entry(0, static_cast<int8_t>(byte(a, y, c, x)))));
            continue;
        }
        int64_t sum = 0, count = 0, most = -128;
        uint8_t any = 0;
        for (int64_t tap = 0; tap < FIELD(vector_kernel_height) * FIELD(vector_kernel_width); tap++) {
            const int64_t iy = y * FIELD(vector_stride_y) + tap / FIELD(vector_kernel_width) - FIELD(vector_pad_top);
            const int64_t ix = x * FIELD(vector_stride_x) + tap % FIELD(vector_kernel_width) - FIELD(vector_pad_left);
            if (iy >= 0 && ix >= 0 && iy < FIELD(vector_in_rows) && ix < FIELD(vector_in_columns)) {
                const int64_t code = static_cast<int8_t>(byte(a, iy, c, ix));
                any = static_cast<uint8_t>(any | byte(a, iy, c, ix));
                most = std::max(most, code);
                sum += code;
                count++;
            }
        }
        if (operation == WH_VECTOR_OPERATION_OR_POOL) {
            set_byte(out, y, c, x, any);
            continue;
        }
        if (operation == WH_VECTOR_OPERATION_AVERAGE_POOL) {
            const int64_t twice = 2 * (sum < 0 ? -sum : sum) + count;
            most = count == 0 ? 0 : (sum < 0 ? -(twice / (2 * count)) : twice / (2 * count));
        }
        set_byte(out, y, c, x, finish_code(most, 0, FIELD(vector_clamp_min), FIELD(vector_clamp_max)));
    }
}

}  // namespace bench
