// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "geometry.hpp"
#include "kernels.hpp"

#include <cstdint>
#include <vector>

namespace windhover {

constexpr uint32_t MOST_XNOR_LANES = 64;

/* One XNOR_CONVOLUTION, decoded and found legal. */
struct XnorCommand {
    Geometry geometry;
    Map in, out;
    uint32_t lanes, groups, weight_address, padding, post, last_bits, write_blocks, fraction;
    OutputCodes output;

    static XnorCommand decode(const Chip &chip, Command command);
    uint32_t taps() const { return geometry.kernel_height * geometry.kernel_width; }
    uint32_t parameter_words() const;
    uint64_t group_words() const;
    uint32_t out_blocks() const;
    uint64_t last_mask() const { return ~uint64_t{0} >> (64 - last_bits); }
};

/* One group's weights and parameters. Bits beyond last_bits are set, in the weights as in the inputs: always agreeing.
 */
struct XnorGroup {
    int32_t bias[MOST_XNOR_LANES];
    int32_t multiplier[MOST_XNOR_LANES];
    int32_t shift[MOST_XNOR_LANES];
    uint64_t invert;
    std::vector<uint64_t> weights; /* [tap][block][lane] */

    XnorGroup(const Chip &chip, const XnorCommand &command, uint32_t group);
};

}  // namespace windhover
