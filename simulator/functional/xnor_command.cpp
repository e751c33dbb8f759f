// SPDX-License-Identifier: Apache-2.0
#include "xnor.hpp"

#include <cstring>

namespace windhover {

XnorCommand XnorCommand::decode(const Chip &chip, Command command) {
    const auto field = [](int64_t value) { return static_cast<uint32_t>(value); };
    XnorCommand c = {};
    c.geometry = Geometry::decode(command);
    c.in = Map::decode(command[1]);
    c.out = Map::decode(command[2]);
    c.lanes = chip.configuration.xnor_lanes;
    c.groups = field(wh_xnor_convolution_groups(command));
    c.weight_address = field(wh_xnor_convolution_weight_address(command));
    c.padding = field(wh_xnor_convolution_padding(command));
    c.post = field(wh_xnor_convolution_post(command));
    c.last_bits = field(wh_xnor_convolution_last_bits(command));
    c.write_blocks = field(wh_xnor_convolution_write_blocks(command));
    c.fraction = field(wh_xnor_convolution_fraction(command));
    c.output = {static_cast<int32_t>(wh_xnor_convolution_zero_point(command)),
                static_cast<int32_t>(wh_xnor_convolution_clamp_min(command)),
                static_cast<int32_t>(wh_xnor_convolution_clamp_max(command))};
    const uint32_t tile = field(wh_xnor_convolution_tile(command));
    const Geometry &g = c.geometry;
    require(g.legal() && g.channel_blocks != 0 && c.in.legal() && c.out.legal());
    require(c.groups != 0 && tile != 0 && tile <= WH_TILE_POSITIONS && c.post <= WH_POST_RAW);
    require(c.padding <= WH_BINARY_PADDING_PLUS_ONE && c.last_bits != 0 && c.last_bits <= 64);
    require(c.fraction <= (c.post == WH_POST_REQUANTISE ? WH_XNOR_FRACTION_LIMIT : 0));
    g.check_input(chip, c.in, g.channel_blocks);
    chip.check(c.out, 0, g.out_rows, std::min(c.out_blocks(), c.write_blocks), 0, g.out_columns);
    if (c.weight_address + c.groups * c.group_words() > chip.configuration.weight_words) {
        throw Fault{WH_FAULT_OUT_OF_MEMORY, chip.configuration.weight_words};
    }
    return c;
}

uint32_t XnorCommand::parameter_words() const {
    switch (post) {
    case WH_POST_BITS: return lanes / 8 + 1;
    case WH_POST_REQUANTISE: return lanes / 8 * 2 + (lanes + 31) / 32;
    default: return lanes / 8;
    }
}

uint64_t XnorCommand::group_words() const {
    return parameter_words() + uint64_t{taps()} * geometry.channel_blocks * lanes / 4;
}

uint32_t XnorCommand::out_blocks() const {
    switch (post) {
    case WH_POST_BITS: return (groups * lanes + 63) / 64;
    case WH_POST_REQUANTISE: return groups * lanes / 8;
    default: return groups * lanes / 2;
    }
}

XnorGroup::XnorGroup(const Chip &chip, const XnorCommand &c, uint32_t group)
    : bias{}, multiplier{}, shift{}, invert(0) {
    const uint8_t *from = chip.weights.data() + (c.weight_address + group * c.group_words()) * WH_WEIGHT_WORD_BYTES;
    const uint8_t *after_bias = from + c.lanes * 4;
    std::memcpy(bias, from, c.lanes * 4);
    if (c.post == WH_POST_BITS) {
        std::memcpy(&invert, after_bias, 8);
    } else if (c.post == WH_POST_REQUANTISE) {
        std::memcpy(multiplier, after_bias, c.lanes * 4);
        for (uint32_t lane = 0; lane < c.lanes; lane++) {
            shift[lane] = static_cast<int8_t>(after_bias[c.lanes * 4 + lane]);
        }
    }
    const uint32_t blocks = c.geometry.channel_blocks;
    const uint64_t steps = uint64_t{c.taps()} * blocks;
    weights.resize(steps * c.lanes);
    std::memcpy(weights.data(), from + c.parameter_words() * WH_WEIGHT_WORD_BYTES, steps * c.lanes * 8);
    for (uint64_t step = blocks - 1; step < steps; step += blocks) {
        for (uint32_t lane = 0; lane < c.lanes; lane++) {
            weights[step * c.lanes + lane] |= ~c.last_mask();
        }
    }
}

}  // namespace windhover
