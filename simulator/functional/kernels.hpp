#pragma once

#include "requantise.hpp"

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

using DenseKernel = void (*)(const DenseTile &tile);

/* The fastest one this processor runs; all give the same sums. */
DenseKernel choose_dense_kernel();
void dense_portable(const DenseTile &tile);

/* sums[pixel][lane] += input[pixel][lane] * weights[lane] for pixels x 8 lanes. */
void depthwise_tap(const int8_t *input, const int8_t *weights, uint32_t pixels, int32_t *sums);

/* codes[i][lane] for count vectors of 32 sums. */
void requantise_vectors(const int32_t *sums, uint32_t count, const LaneParameters &lanes, int64_t limit,
                        const OutputCodes &output, int8_t *codes);

/* codes[i] with one multiplier, on full int32. */
void requantise_all(const int32_t *values, uint32_t count, int32_t multiplier, int32_t shift, const OutputCodes &output,
                    int8_t *codes);

/* agreements[lane] += sum over k < words of popcount(~(x[k] ^ weights[k * lanes + lane])); lanes is a multiple of 16. */
using AgreementKernel = void (*)(const uint64_t *x, const uint64_t *weights, uint32_t words, uint32_t lanes,
                                 int64_t *agreements);

AgreementKernel choose_agreement_kernel();
void agreements_portable(const uint64_t *x, const uint64_t *weights, uint32_t words, uint32_t lanes,
                         int64_t *agreements);

}
