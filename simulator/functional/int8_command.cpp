// SPDX-License-Identifier: Apache-2.0
#include "int8.hpp"

namespace windhover {

namespace {

uint64_t ceil_divide(uint64_t a, uint64_t b) { return (a + b - 1) / b; }

bool distinct_modulo_4(uint32_t count, uint32_t step) {
    for (uint32_t i = 1; i < count; i++) {
        if (i * step % 4 == 0) {
            return false;
        }
    }
    return true;
}

void require_depthwise(const Int8Command &c) {
    const Geometry &g = c.geometry;
    require(c.window_height != 0 && c.window_width != 0);
    require(!c.pairs || (g.stride_x == 1 && g.dilation_x == 1));
    require(distinct_modulo_4(c.window_height, g.dilation_y) && distinct_modulo_4(c.window_width, g.dilation_x));
}

void require_flatten(const Geometry &g) {
    require(g.kernel_height == 1 && g.kernel_width == 1 && g.stride_y == 1 && g.stride_x == 1);
    require(g.pad_top == 0 && g.pad_left == 0 && g.out_columns % 4 != 1);
}

}  // namespace

Int8Command Int8Command::decode(const Chip &chip, Command command) {
    const auto field = [](int64_t value) { return static_cast<uint32_t>(value); };
    Int8Command c = {};
    c.geometry = Geometry::decode(command);
    c.in = Map::decode(command[1]);
    c.out = Map::decode(command[2]);
    c.groups = field(wh_int8_convolution_groups(command));
    c.tile = field(wh_int8_convolution_tile(command));
    c.weight_address = field(wh_int8_convolution_weight_address(command));
    c.post = field(wh_int8_convolution_post(command));
    c.window_height = field(wh_int8_convolution_window_height(command));
    c.window_width = field(wh_int8_convolution_window_width(command));
    c.depthwise = wh_int8_convolution_depthwise(command) != 0;
    c.flatten = wh_int8_convolution_flatten(command) != 0;
    c.accumulate = wh_int8_convolution_accumulate(command) != 0;
    c.keep = wh_int8_convolution_keep(command) != 0;
    c.table = wh_int8_convolution_activation(command) != 0;
    const bool wide = wh_int8_convolution_wide(command) != 0 && c.post == WH_POST_REQUANTISE;
    const bool single = wh_int8_convolution_single(command) != 0;
    c.one_set = wh_int8_convolution_one_set(command) != 0;
    require(!wide || single);
    c.pairs = chip.configuration.int8_pixels == 2 && !single;
    c.limit = wide ? WIDE_LIMIT : NARROW_LIMIT;
    c.pad_value = static_cast<uint8_t>(wh_int8_convolution_pad_value(command));
    c.output = {static_cast<int32_t>(wh_int8_convolution_zero_point(command)),
                static_cast<int32_t>(wh_int8_convolution_clamp_min(command)),
                static_cast<int32_t>(wh_int8_convolution_clamp_max(command))};
    require(!c.one_set || (c.depthwise && single && c.pad_value == 0));
    const Geometry &g = c.geometry;
    require(g.legal() && c.in.legal() && (c.keep || c.out.legal()));
    require(c.groups != 0 && c.tile != 0 && c.tile <= WH_TILE_POSITIONS && c.post <= WH_POST_RAW);
    if (c.depthwise) {
        require_depthwise(c);
    } else {
        require(g.channel_blocks != 0 && (!c.pairs || g.stride_x % 4 != 0));
    }
    if (c.flatten) {
        require_flatten(g);
    }
    require(!(c.accumulate || c.keep) || (c.groups == 1 && c.positions() <= c.tile));
    g.check_input(chip, c.in, c.depthwise ? c.groups : g.channel_blocks);
    if (!c.keep) {
        chip.check(c.out, 0, g.out_rows, c.out_blocks(), 0, g.out_columns);
    }
    const uint64_t weight_end = c.weight_address + c.groups * c.group_words(chip.configuration);
    if (weight_end > chip.configuration.weight_words) {
        throw Fault{WH_FAULT_OUT_OF_MEMORY, chip.configuration.weight_words};
    }
    return c;
}

uint64_t Int8Command::positions() const {
    const uint64_t pixels = uint64_t{geometry.out_rows} * geometry.out_columns;
    if (!pairs) {
        return pixels;
    }
    return flatten ? ceil_divide(pixels, 2) : geometry.out_rows * ceil_divide(geometry.out_columns, 2);
}

uint64_t Int8Command::sets(const Configuration &configuration) const {
    if (one_set) {
        return 1;
    }
    if (depthwise) {
        return ceil_divide(geometry.kernel_height, window_height) * ceil_divide(geometry.kernel_width, window_width);
    }
    return taps() * ceil_divide(geometry.channel_blocks, configuration.int8_reduction / 8);
}

uint64_t Int8Command::group_words(const Configuration &configuration) const {
    return WH_INT8_PARAMETER_WORDS + sets(configuration) * configuration.int8_reduction / 4;
}

uint32_t Int8Command::out_blocks() const {
    switch (post) {
    case WH_POST_BITS: return (groups + 7) / 8;
    case WH_POST_RAW: return groups * 4;
    default: return groups;
    }
}

}  // namespace windhover
