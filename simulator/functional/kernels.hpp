#pragma once

#include "requantise.hpp"

#include "windhover_contract.h"

#include <cstddef>
#include <cstdint>

namespace windhover {

/* Sums are computed for 32 lanes at once: four groups of 8 output channels. */
constexpr uint32_t VECTOR_LANES = 32;

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
    uint32_t tap_quads;         /* taps / 4, rounded up; the pointers beyond the last tap are readable, their weights 0 */
    uint32_t pixels;
    const int8_t *weights;      /* [quad][lane][4] */
    const int32_t *start;       /* per lane: -128 times the sum of its weights */
    int32_t *sums;              /* [pixel][lane] */
};

constexpr uint32_t DEPTHWISE_PIXELS = 8;

/* Vectors of VECTOR_LANES sums to codes. */
struct Requantisation {
    const int32_t *sums;
    uint32_t vectors;
    const LaneParameters *lanes;
    int32_t limit;
    OutputCodes output;
    int8_t *codes;
};

/* x of one pixel times the weights of all lanes:
 * agreements[lane] += sum over k < words of popcount(~(x[k] ^ weights[k * lanes + lane])); lanes is a multiple of 16. */
struct AgreementCount {
    const uint64_t *x;
    const uint64_t *weights;
    uint32_t words;
    uint32_t lanes;
    int64_t *agreements;
};

/* All sets of kernels give the same results. */
struct Kernels {
    void (*dense)(const DenseTile &tile);
    void (*depthwise)(const DepthwiseRow &row);
    void (*requantise)(const Requantisation &work);
    void (*agreements)(const AgreementCount &count);

    /* The fastest this processor runs. */
    static const Kernels &best();
    static const Kernels &portable();
};

/* codes[i] with one multiplier, on full int32. */
void requantise_all(const int32_t *values, uint32_t count, int32_t multiplier, int32_t shift, const OutputCodes &output,
                    int8_t *codes);

}
