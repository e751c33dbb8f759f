// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "requantise.hpp"

#include "windhover_contract.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace windhover {

/* Sums are computed for 32 lanes at once: four groups of 8 output channels. */
constexpr uint32_t VECTOR_LANES = 32;

constexpr int32_t SMALL_SUM = (1 << 30) - 1; /* twice that, or half a unit of any right shift added, still fits */

struct LaneParameters {
    int32_t bias[VECTOR_LANES];
    int32_t multiplier[VECTOR_LANES];
    int32_t left[VECTOR_LANES];
    int32_t right[VECTOR_LANES];
};

/* Pixels of one dense convolution times 32 lanes. */
struct DenseTile {
    const uint8_t *input; /* code + 128 of pixel 0, tap 0, block 0, channel 0 */
    size_t pixel_bytes;
    size_t block_bytes;
    const size_t *tap_bytes;
    uint32_t taps;
    uint32_t blocks;
    uint32_t pixels;       /* 1 to DENSE_PIXELS */
    const int8_t *weights; /* [tap][block][half of 4 channels][lane][4] */
    const int32_t *start;  /* per lane: -128 times the sum of its weights */
    int32_t *sums;         /* [pixel][lane] */
};

constexpr uint32_t DENSE_PIXELS = 12;

/* One row of one group of a depthwise convolution. Rows and sums have room for a multiple of DEPTHWISE_PIXELS. */
struct DepthwiseRow {
    const uint8_t *const *taps; /* per tap: code + 128 of [pixel][lane] */
    uint32_t tap_quads; /* taps / 4, rounded up; the pointers beyond the last tap are readable, their weights 0 */
    uint32_t pixels;
    const int8_t *weights; /* [quad][lane][4] */
    const int32_t *start;  /* per lane: -128 times the sum of its weights */
    int32_t *sums;         /* [pixel][lane] */
};

constexpr uint32_t DEPTHWISE_PIXELS = 8;

/* Vectors of VECTOR_LANES sums to codes. Sums and codes have room for an even number of vectors. */
struct Requantisation {
    const int32_t *sums; /* [vector][lane] */
    uint32_t vectors;
    const LaneParameters *lanes;
    int32_t limit;
    int32_t most; /* no sum and bias together exceed it, or fall below its negative; INT32_MAX: they may wrap */
    OutputCodes output;
    bool by_group; /* codes are [group of 8 lanes][DENSE_PIXELS vectors][lane in group], else as the sums */
    int8_t *codes;
};

/* x of several pixels times the weights of all lanes; lanes is a multiple of 16:
 * agreements[pixel * lanes + lane] = sum over k < words of popcount(inverted[pixel * words + k] ^ weights[k * lanes +
 * lane]). */
struct AgreementTile {
    const uint64_t *inverted; /* ~x */
    const uint64_t *weights;
    uint32_t words;
    uint32_t lanes;
    uint32_t pixels; /* 1 to AGREEMENT_PIXELS */
    int32_t *agreements;
};

constexpr uint32_t AGREEMENT_PIXELS = 8;

/* Bit l < lanes of the result: 2 * agreements[l] + base[l], which wraps, is not negative. */
struct AgreementSigns {
    const int32_t *agreements;
    const int32_t *base;
    uint32_t lanes; /* a multiple of 16, at most 64 */
};

/* The plain form of AgreementTile, compiled for whatever processor its caller is compiled for. */
__attribute__((always_inline)) inline void count_agreements(const AgreementTile &tile) {
    for (uint32_t pixel = 0; pixel < tile.pixels; pixel++) {
        int32_t *agreements = tile.agreements + size_t{pixel} * tile.lanes;
        std::fill_n(agreements, tile.lanes, 0);
        const uint64_t *weights = tile.weights;
        for (uint32_t k = 0; k < tile.words; k++, weights += tile.lanes) {
            const uint64_t x = tile.inverted[size_t{pixel} * tile.words + k];
            for (uint32_t lane = 0; lane < tile.lanes; lane++) {
                agreements[lane] += __builtin_popcountll(x ^ weights[lane]);
            }
        }
    }
}

/* All sets of kernels give the same results. */
struct Kernels {
    void (*dense)(const DenseTile &tile);
    void (*depthwise)(const DepthwiseRow &row);
    /* Both in one: codes of row.sums, which may be left as they were. Codes have as much room as sums. */
    void (*depthwise_codes)(const DepthwiseRow &row, const Requantisation &work);
    void (*requantise)(const Requantisation &work);
    void (*agreements)(const AgreementTile &tile);
    uint64_t (*signs)(const AgreementSigns &signs);

    /* The fastest this processor runs. */
    static const Kernels &best();
    static const Kernels &portable();
};

/* codes[i] with one multiplier, on full int32. */
void requantise_all(const int32_t *values, uint32_t count, int32_t multiplier, int32_t shift, const OutputCodes &output,
                    int8_t *codes);

}  // namespace windhover
