#include "kernels.hpp"

#include <cstring>

namespace windhover {

WINDHOVER_CLONES
void dense_portable(const DenseTile &tile) {
    for (uint32_t pixel = 0; pixel < tile.pixels; pixel++) {
        int32_t sums[VECTOR_LANES];
        std::memcpy(sums, tile.start, sizeof sums);
        const int8_t *weights = tile.weights;
        for (uint32_t tap = 0; tap < tile.taps; tap++) {
            const uint8_t *input = tile.input + pixel * tile.pixel_bytes + tile.tap_bytes[tap];
            for (uint32_t block = 0; block < tile.blocks; block++, input += tile.block_bytes) {
                for (uint32_t half = 0; half < 2; half++, weights += VECTOR_LANES * 4) {
                    const uint8_t *x = input + half * 4;
                    for (uint32_t lane = 0; lane < VECTOR_LANES; lane++) {
                        const int8_t *w = weights + lane * 4;
                        sums[lane] += x[0] * w[0] + x[1] * w[1] + x[2] * w[2] + x[3] * w[3];
                    }
                }
            }
        }
        std::memcpy(tile.sums + pixel * VECTOR_LANES, sums, sizeof sums);
    }
}

WINDHOVER_CLONES
void depthwise_tap(const int8_t *input, const int8_t *weights, uint32_t pixels, int32_t *sums) {
    for (uint32_t pixel = 0; pixel < pixels; pixel++) {
        for (uint32_t lane = 0; lane < 8; lane++) {
            const int16_t product = static_cast<int16_t>(input[pixel * 8 + lane] * weights[lane]);
            sums[pixel * 8 + lane] += product;
        }
    }
}

WINDHOVER_CLONES
void requantise_vectors(const int32_t *sums, uint32_t count, const LaneParameters &lanes, int64_t limit,
                        const OutputCodes &output, int8_t *codes) {
    const OutputCodes local = output;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t lane = 0; lane < VECTOR_LANES; lane++) {
            const int32_t total = add_wrapping(sums[i * VECTOR_LANES + lane], lanes.bias[lane]);
            codes[i * VECTOR_LANES + lane] = local.of(multiply_by_quantised_multiplier(
                total, lanes.multiplier[lane], lanes.left[lane], lanes.right[lane], limit));
        }
    }
}

WINDHOVER_CLONES
void requantise_all(const int32_t *values, uint32_t count, int32_t multiplier, int32_t shift, const OutputCodes &output,
                    int8_t *codes) {
    const OutputCodes local = output;
    const int32_t left = left_shift(shift);
    const int32_t right = right_shift(shift);
    for (uint32_t i = 0; i < count; i++) {
        codes[i] = local.of(multiply_by_quantised_multiplier(values[i], multiplier, left, right, WIDE_LIMIT));
    }
}

void agreements_portable(const uint64_t *x, const uint64_t *weights, uint32_t words, uint32_t lanes,
                         int64_t *agreements) {
    for (uint32_t k = 0; k < words; k++, weights += lanes) {
        for (uint32_t lane = 0; lane < lanes; lane++) {
            agreements[lane] += __builtin_popcountll(~(x[k] ^ weights[lane]));
        }
    }
}

#if !defined(__x86_64__)
DenseKernel choose_dense_kernel() { return dense_portable; }
AgreementKernel choose_agreement_kernel() { return agreements_portable; }
#endif

}
