// SPDX-License-Identifier: Apache-2.0
/* The choice on x86-64, and kernels for processors with AVX2. */
#if defined(__x86_64__)

#include "kernels_x86.hpp"

#include <immintrin.h>

#include <cstring>

namespace windhover {

namespace {

/* Eight lanes of PIXELS pixels: products of 16 bits summed in pairs, two partial sums a lane until the end. */
template <uint32_t PIXELS>
__attribute__((target("avx2"))) void dense_pixels(const DenseTile &tile, uint32_t first, uint32_t eight) {
    __m256i sums[PIXELS][2];
    for (uint32_t pixel = 0; pixel < PIXELS; pixel++) {
        sums[pixel][0] = _mm256_setzero_si256();
        sums[pixel][1] = _mm256_setzero_si256();
    }
    const int8_t *weights = tile.weights + eight * 32;
    for (uint32_t tap = 0; tap < tile.taps; tap++) {
        const uint8_t *input = tile.input + first * tile.pixel_bytes + tile.tap_bytes[tap];
        for (uint32_t block = 0; block < tile.blocks; block++, input += tile.block_bytes) {
            for (uint32_t half = 0; half < 2; half++, weights += VECTOR_LANES * 4) {
                const __m256i low = _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i *>(weights)));
                const __m256i high = _mm256_cvtepi8_epi16(
                    _mm_loadu_si128(reinterpret_cast<const __m128i *>(weights + 16)));
#pragma GCC unroll 6
                for (uint32_t pixel = 0; pixel < PIXELS; pixel++) {
                    int32_t four;
                    std::memcpy(&four, input + pixel * tile.pixel_bytes + half * 4, 4);
                    const __m256i x = _mm256_cvtepu8_epi16(_mm_set1_epi32(four));
                    sums[pixel][0] = _mm256_add_epi32(sums[pixel][0], _mm256_madd_epi16(x, low));
                    sums[pixel][1] = _mm256_add_epi32(sums[pixel][1], _mm256_madd_epi16(x, high));
                }
            }
        }
    }
    for (uint32_t pixel = 0; pixel < PIXELS; pixel++) {
        const __m256i pairs = _mm256_hadd_epi32(sums[pixel][0], sums[pixel][1]);
        const __m256i ordered = _mm256_permute4x64_epi64(pairs, 0xD8);
        const __m256i start = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(tile.start + eight * 8));
        _mm256_storeu_si256(reinterpret_cast<__m256i *>(tile.sums + (first + pixel) * VECTOR_LANES + eight * 8),
                            _mm256_add_epi32(ordered, start));
    }
}

void dense(const DenseTile &tile) {
    for (uint32_t eight = 0; eight < VECTOR_LANES / 8; eight++) {
        uint32_t pixel = 0;
        for (; tile.pixels - pixel >= 4; pixel += 4) {
            dense_pixels<4>(tile, pixel, eight);
        }
        for (; pixel < tile.pixels; pixel++) {
            dense_pixels<1>(tile, pixel, eight);
        }
    }
}

__attribute__((target("popcnt"))) void agreements(const AgreementTile &tile) { count_agreements(tile); }

}  // namespace

const Kernels &kernels_avx2() {
    static const Kernels KERNELS = {
        dense,      Kernels::portable().depthwise, Kernels::portable().depthwise_codes, Kernels::portable().requantise,
        agreements, Kernels::portable().signs};
    return KERNELS;
}

const Kernels &Kernels::best() {
    if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vpopcntdq")) {
        return kernels_avx512();
    }
    return __builtin_cpu_supports("avx2") ? kernels_avx2() : portable();
}

}  // namespace windhover

#endif
