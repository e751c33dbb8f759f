// SPDX-License-Identifier: Apache-2.0
#include "random_commands.hpp"

#include <algorithm>

namespace bench {

#define FIELD(name) wh_##name(command.words)

MapWord RandomCommands::map(int64_t rows, int64_t blocks, int64_t columns) {
    MapWord map = {};
    map.quads = static_cast<uint64_t>((columns + 3) / 4) + random.below(2);
    map.block = random.below(3);
    map.blocks = map.block + static_cast<uint64_t>(blocks) + random.below(2);
    const uint64_t least_ring = static_cast<uint64_t>((rows + 3) / 4);
    map.ring = least_ring + random.below(2);
    map.row = random.below(4 * map.ring);
    const uint64_t words = map.blocks * map.quads * map.ring;
    map.base = next_base;
    next_base += static_cast<uint32_t>(words);
    return map;
}

/* Kernel, stride, padding and sizes; false when the draw has no output. Rows and columns are few, for the naive loops.
 */
bool RandomCommands::geometry(Command &command, int64_t most_columns, bool pools) {
    const int64_t in_rows = random.between(1, 9), in_columns = random.between(1, most_columns);
    const int64_t height = random.between(1, 4), width = random.between(1, 4);
    const int64_t stride_y = random.between(1, 3), stride_x = random.between(1, 3);
    const int64_t dilation_y = pools ? 1 : random.between(1, 2), dilation_x = pools ? 1 : random.between(1, 2);
    const int64_t pad_top = random.between(0, height - 1), pad_left = random.between(0, width - 1);
    const int64_t out_rows = (in_rows + pad_top - (height - 1) * dilation_y - 1) / stride_y + random.between(1, 2);
    const int64_t out_columns = (in_columns + pad_left - (width - 1) * dilation_x - 1) / stride_x +
                                random.between(1, 2);
    if (out_rows < 1 || out_columns < 1 || in_rows + pad_top < (height - 1) * dilation_y + 1 ||
        in_columns + pad_left < (width - 1) * dilation_x + 1) {
        return false;
    }
    if (pools &&
        ((out_rows - 1) * stride_y - pad_top >= in_rows || (out_columns - 1) * stride_x - pad_left >= in_columns)) {
        return false; /* a window without a valid position has no average */
    }
    SET(command, int8_convolution_in_rows, in_rows);
    SET(command, int8_convolution_in_columns, in_columns);
    SET(command, int8_convolution_out_rows, out_rows);
    SET(command, int8_convolution_out_columns, out_columns);
    SET(command, int8_convolution_kernel_height, height);
    SET(command, int8_convolution_kernel_width, width);
    SET(command, int8_convolution_stride_y, stride_y);
    SET(command, int8_convolution_stride_x, stride_x);
    SET(command, int8_convolution_dilation_y, dilation_y);
    SET(command, int8_convolution_dilation_x, dilation_x);
    SET(command, int8_convolution_pad_top, pad_top);
    SET(command, int8_convolution_pad_left, pad_left);
    const int64_t a = random.between(-128, 127), b = random.between(-128, 127);
    const bool full = random.chance(2);
    SET(command, int8_convolution_zero_point, random.between(-128, 127));
    SET(command, int8_convolution_clamp_min, full ? -128 : std::min(a, b));
    SET(command, int8_convolution_clamp_max, full ? 127 : std::max(a, b));
    return true;
}

static bool distinct_modulo_4(int64_t count, int64_t step) {
    return (count < 2 || step % 4 != 0) && (count < 3 || step * 2 % 4 != 0);
}

Command RandomCommands::int8() {
    for (;;) {
        Command command(WH_OPCODE_INT8_CONVOLUTION);
        next_base = static_cast<uint32_t>(random.below(8));
        const bool depthwise = random.chance(3), plain = random.chance(4);
        if (!geometry(command, 14, false)) {
            continue;
        }
        if (plain) {
            const int64_t rows = FIELD(int8_convolution_in_rows), columns = FIELD(int8_convolution_in_columns);
            SET(command, int8_convolution_kernel_height, 1).set(wh_int8_convolution_kernel_width, 1);
            SET(command, int8_convolution_stride_y, 1).set(wh_int8_convolution_stride_x, 1);
            SET(command, int8_convolution_dilation_y, 1).set(wh_int8_convolution_dilation_x, 1);
            SET(command, int8_convolution_pad_top, 0).set(wh_int8_convolution_pad_left, 0);
            SET(command, int8_convolution_out_rows, rows).set(wh_int8_convolution_out_columns, columns);
            SET(command, int8_convolution_flatten, columns % 4 != 1 && random.chance(2));
        }
        const int64_t groups = random.between(1, 6), blocks = random.between(1, 6);
        const int64_t stride_x = FIELD(int8_convolution_stride_x), dilation_x = FIELD(int8_convolution_dilation_x);
        const bool single = random.chance(4) || (depthwise && (stride_x != 1 || dilation_x != 1));
        const int64_t window_height = random.between(1, 3), window_width = random.between(1, 3);
        if (depthwise && (!distinct_modulo_4(window_height, FIELD(int8_convolution_dilation_y)) ||
                          !distinct_modulo_4(window_width, dilation_x))) {
            continue;
        }
        const int64_t post = random.chance(2) ? WH_POST_REQUANTISE : random.between(0, 2);
        const int64_t out_blocks = post == WH_POST_RAW ? groups * 4 : post == WH_POST_BITS ? (groups + 7) / 8 : groups;
        SET(command, int8_convolution_depthwise, depthwise);
        SET(command, int8_convolution_single, single);
        SET(command, int8_convolution_window_height, depthwise ? window_height : 0);
        SET(command, int8_convolution_window_width, depthwise ? window_width : 0);
        SET(command, int8_convolution_groups, groups);
        SET(command, int8_convolution_channel_blocks, depthwise ? groups : blocks);
        SET(command, int8_convolution_tile, random.between(1, WH_TILE_POSITIONS));
        SET(command, int8_convolution_post, post);
        SET(command, int8_convolution_activation, random.chance(4));
        SET(command, int8_convolution_wide, (single || post != WH_POST_REQUANTISE) && random.chance(2));
        SET(command, int8_convolution_pad_value, random.between(-128, 127));
        SET(command, int8_convolution_weight_address, random.between(0, 40));
        command.words[1] = map(FIELD(int8_convolution_in_rows), depthwise ? groups : blocks,
                               FIELD(int8_convolution_in_columns))
                               .packed();
        command.words[2] =
            map(FIELD(int8_convolution_out_rows), out_blocks, FIELD(int8_convolution_out_columns)).packed();
        const int64_t sets = 16 * 6; /* at most: 4 x 4 taps, 6 blocks */
        if (next_base <= sizes.bank_words &&
            40 + groups * (3 + sets * sizes.int8_reduction / 4) <= sizes.weight_words) {
            return command;
        }
    }
}

Command RandomCommands::xnor() {
    for (;;) {
        Command command(WH_OPCODE_XNOR_CONVOLUTION);
        next_base = static_cast<uint32_t>(random.below(8));
        if (!geometry(command, 9, false)) {
            continue;
        }
        const int64_t lanes = sizes.xnor_lanes, groups = random.between(1, 3), blocks = random.between(1, 3);
        const int64_t post = random.between(0, 2);
        const int64_t out_blocks = post == WH_POST_RAW    ? groups * lanes / 2
                                   : post == WH_POST_BITS ? (groups * lanes + 63) / 64
                                                          : groups * lanes / 8;
        SET(command, xnor_convolution_groups, groups);
        SET(command, xnor_convolution_channel_blocks, blocks);
        SET(command, xnor_convolution_tile, random.between(1, WH_TILE_POSITIONS));
        SET(command, xnor_convolution_post, post);
        SET(command, xnor_convolution_fraction,
            post == WH_POST_REQUANTISE ? random.between(0, WH_XNOR_FRACTION_LIMIT) : 0);
        SET(command, xnor_convolution_padding, random.between(0, 2));
        SET(command, xnor_convolution_last_bits, random.between(1, 64));
        SET(command, xnor_convolution_weight_address, random.between(0, 40));
        SET(command, xnor_convolution_write_blocks,
            random.chance(3) ? random.between(1, out_blocks) : out_blocks + random.between(0, 9));
        command.words[1] = map(FIELD(xnor_convolution_in_rows), blocks, FIELD(xnor_convolution_in_columns)).packed();
        command.words[2] =
            map(FIELD(xnor_convolution_out_rows), out_blocks, FIELD(xnor_convolution_out_columns)).packed();
        const int64_t taps = FIELD(xnor_convolution_kernel_height) * FIELD(xnor_convolution_kernel_width);
        if (next_base <= sizes.bank_words &&
            40 + groups * (lanes / 4 + 2 + taps * blocks * lanes / 4) <= sizes.weight_words) {
            return command;
        }
    }
}

Command RandomCommands::vector() {
    for (;;) {
        Command command(WH_OPCODE_VECTOR);
        next_base = static_cast<uint32_t>(random.below(8));
        const int64_t operation = random.between(0, WH_VECTOR_OPERATION_TABLE);
        const bool pools = operation <= WH_VECTOR_OPERATION_AVERAGE_POOL;
        if (!geometry(command, 14, true)) {
            continue;
        }
        const int64_t blocks = random.between(1, 4);
        const int64_t out_rows = FIELD(vector_out_rows), out_columns = FIELD(vector_out_columns);
        SET(command, vector_operation, operation);
        SET(command, vector_channel_blocks, blocks);
        SET(command, vector_multiplier, random.between(0, INT32_MAX));
        SET(command, vector_shift, random.between(-31, random.chance(4) ? 31 : 2));
        SET(command, vector_a_zero, random.between(-128, 127));
        SET(command, vector_b_zero, random.between(-128, 127));
        SET(command, vector_b_broadcast, random.chance(3));
        const int64_t rows = pools ? FIELD(vector_in_rows) : out_rows;
        const int64_t columns = pools ? FIELD(vector_in_columns) : out_columns;
        command.words[1] = map(rows, blocks, columns).packed();
        command.words[2] = map(out_rows, blocks, out_columns).packed();
        command.words[6] = map(out_rows, blocks, out_columns).packed();
        if (next_base <= sizes.bank_words) {
            return command;
        }
    }
}

/* Depthwise weights that stand for no kernel tap must be 0. */
static void clear_unused(const Command &command, int64_t reduction, uint8_t *sets) {
    const int64_t h = FIELD(int8_convolution_window_height), w = FIELD(int8_convolution_window_width);
    const int64_t height = FIELD(int8_convolution_kernel_height), width = FIELD(int8_convolution_kernel_width);
    for (int64_t ky = 0; ky < height; ky += h) {
        for (int64_t kx = 0; kx < width; kx += w, sets += reduction * 8) {
            for (int64_t r = 0; r < reduction; r++) {
                const int64_t wy = r / 3, wx = r % 3;
                if (wy >= h || wx >= w || ky + wy >= height || kx + wx >= width) {
                    std::memset(sets + r * 8, 0, 8);
                }
            }
        }
    }
}

void RandomCommands::fill_parameters(const Command &command, std::vector<uint8_t> &weights) {
    const bool xnor = wh_header_opcode(command.words[0]) == WH_OPCODE_XNOR_CONVOLUTION;
    const int64_t lanes = xnor ? sizes.xnor_lanes : WH_INT8_LANES;
    const int64_t taps = FIELD(int8_convolution_kernel_height) * FIELD(int8_convolution_kernel_width);
    const int64_t blocks = FIELD(int8_convolution_channel_blocks), step = sizes.int8_reduction / 8;
    const int64_t post = FIELD(int8_convolution_post);
    int64_t parameters = WH_INT8_PARAMETER_WORDS;
    int64_t group_words;
    if (xnor) {
        parameters = post == WH_POST_RAW    ? lanes / 8
                     : post == WH_POST_BITS ? lanes / 8 + 1
                                            : lanes / 4 + (lanes + 31) / 32;
        group_words = parameters + taps * blocks * lanes / 4;
    } else if (FIELD(int8_convolution_depthwise) != 0) {
        const int64_t h = FIELD(int8_convolution_window_height), w = FIELD(int8_convolution_window_width);
        group_words = 3 + (FIELD(int8_convolution_kernel_height) + h - 1) / h *
                              ((FIELD(int8_convolution_kernel_width) + w - 1) / w) * sizes.int8_reduction / 4;
    } else {
        group_words = 3 + taps * ((blocks + step - 1) / step) * sizes.int8_reduction / 4;
    }
    for (int64_t group = 0; group < FIELD(int8_convolution_groups); group++) {
        uint8_t *at = weights.data() + (FIELD(int8_convolution_weight_address) + group * group_words) * 32;
        if (!xnor && FIELD(int8_convolution_depthwise) != 0) {
            clear_unused(command, sizes.int8_reduction, at + WH_INT8_PARAMETER_WORDS * 32);
        }
        for (int64_t lane = 0; lane < lanes; lane++) {
            const int32_t bias = static_cast<int32_t>(random.between(-1, 1) *
                                                      static_cast<int64_t>(random.below(!random.chance(8) ? 1 << 16
                                                                                        : xnor            ? 1 << 23
                                                                                               : INT32_MAX)));
            const bool negative = !xnor && post == WH_POST_BITS && random.chance(2);
            const int32_t multiplier = static_cast<int32_t>(
                negative ? -1 : random.between(random.chance(4) ? 0 : 1 << 30, INT32_MAX));
            std::memcpy(at + lane * 4, &bias, 4);
            if (post != WH_POST_BITS || !xnor) {
                if (!xnor || post == WH_POST_REQUANTISE) {
                    std::memcpy(at + (lanes + lane) * 4, &multiplier, 4);
                    at[lanes * 8 + lane] = static_cast<uint8_t>(
                        random.between(random.chance(8) ? -31 : -14, random.chance(8) ? 31 : 1));
                }
            }
        }
    }
}

}  // namespace bench
