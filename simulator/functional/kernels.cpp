// SPDX-License-Identifier: Apache-2.0
#include "kernels.hpp"

#include <cstring>

namespace windhover {

namespace {

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
void depthwise_portable(const DepthwiseRow &row) {
    for (uint32_t pixel = 0; pixel < row.pixels; pixel++) {
        int32_t sums[WH_INT8_LANES];
        std::memcpy(sums, row.start, sizeof sums);
        for (uint32_t tap = 0; tap < row.tap_quads * 4; tap++) {
            const uint8_t *x = row.taps[tap] + pixel * WH_INT8_LANES;
            const int8_t *w = row.weights + tap / 4 * WH_INT8_LANES * 4 + tap % 4;
            for (uint32_t lane = 0; lane < WH_INT8_LANES; lane++) {
                sums[lane] += x[lane] * w[lane * 4];
            }
        }
        std::memcpy(row.sums + pixel * WH_INT8_LANES, sums, sizeof sums);
    }
}

WINDHOVER_CLONES
void requantise_portable(const Requantisation &work) {
    const LaneParameters lanes = *work.lanes;
    const OutputCodes output = work.output;
    int32_t least[VECTOR_LANES];
    int32_t most[VECTOR_LANES];
    int32_t limit[VECTOR_LANES];
    for (uint32_t lane = 0; lane < VECTOR_LANES; lane++) {
        limit[lane] = limit_of(lanes.left[lane], work.limit);
        least[lane] = least_of(lanes.left[lane], limit[lane]);
        most[lane] = limit[lane] >> lanes.left[lane];
    }
    for (uint32_t i = 0; i < work.vectors; i++) {
        int32_t values[VECTOR_LANES];
        for (uint32_t lane = 0; lane < VECTOR_LANES; lane++) {
            const int32_t total = add_wrapping(work.sums[i * VECTOR_LANES + lane], lanes.bias[lane]);
            values[lane] = output.of(multiply_bounded(total, lanes.multiplier[lane], lanes.left[lane],
                                                      lanes.right[lane], least[lane], most[lane], limit[lane]));
        }
        int8_t codes[VECTOR_LANES];
        for (uint32_t lane = 0; lane < VECTOR_LANES; lane++) {
            codes[lane] = static_cast<int8_t>(values[lane]);
        }
        for (uint32_t group = 0; group < VECTOR_LANES / 8; group++) {
            std::memcpy(work.codes + (work.by_group ? (group * DENSE_PIXELS + i) * 8 : i * VECTOR_LANES + group * 8),
                        codes + group * 8, 8);
        }
    }
}

void depthwise_codes_portable(const DepthwiseRow &row, const Requantisation &work) {
    depthwise_portable(row);
    requantise_portable(work);
}

void agreements_portable(const AgreementTile &tile) { count_agreements(tile); }

uint64_t signs_portable(const AgreementSigns &signs) {
    uint64_t bits = 0;
    for (uint32_t lane = 0; lane < signs.lanes; lane++) {
        bits |= uint64_t{2 * signs.agreements[lane] + signs.base[lane] >= 0} << lane;
    }
    return bits;
}

}  // namespace

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

const Kernels &Kernels::portable() {
    static constexpr Kernels KERNELS = {dense_portable,      depthwise_portable,  depthwise_codes_portable,
                                        requantise_portable, agreements_portable, signs_portable};
    return KERNELS;
}

#if !defined(__x86_64__)
const Kernels &Kernels::best() { return portable(); }
#endif

}  // namespace windhover
