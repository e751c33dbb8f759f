// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench.hpp"

namespace bench {

struct Sizes {
    uint32_t int8_reduction, int8_pixels, xnor_lanes, bank_words, weight_words, line_bytes;
};

/* The accelerator's memories as plain arrays, and its compute commands as the plainest loops over them. */
struct Naive {
    Sizes sizes;
    std::vector<uint64_t> banks; /* [bank][address] */
    std::vector<uint8_t> weights;
    std::vector<int32_t> rescale;
    std::vector<int8_t> table;
    std::vector<int32_t> partial; /* [position][pixel][lane] */

    uint64_t &word(const MapWord &map, int64_t y, int64_t block, int64_t x);
    uint8_t byte(const MapWord &map, int64_t y, int64_t channel, int64_t x);
    void set_byte(const MapWord &map, int64_t y, int64_t channel, int64_t x, uint8_t value);
    int32_t weight_int(uint64_t byte) const;

    void int8(const Command &command);
    void xnor(const Command &command);
    void vector(const Command &command);
};

MapWord map_of(uint64_t word);
/* From the definition; the left-shifted value saturates to `bits` signed bits. */
int32_t multiply_quantised(int32_t value, int64_t multiplier, int32_t shift, int32_t bits);

}  // namespace bench
