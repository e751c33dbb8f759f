/* Kernels that name x86 instructions. Compiled for the least x86-64; chosen by what the processor says it has. */
#if defined(__x86_64__)

#include "kernels.hpp"

#include <immintrin.h>

#include <cstring>

namespace windhover {

namespace {

template <uint32_t PIXELS>
__attribute__((target("avx512f,avx512bw,avx512vnni"))) void dense_vnni_pixels(const DenseTile &tile) {
    __m512i sums[PIXELS][2];
    for (uint32_t pixel = 0; pixel < PIXELS; pixel++) {
        sums[pixel][0] = _mm512_loadu_si512(tile.start);
        sums[pixel][1] = _mm512_loadu_si512(tile.start + 16);
    }
    const int8_t *weights = tile.weights;
    const size_t pixel_bytes = tile.pixel_bytes;
    for (uint32_t tap = 0; tap < tile.taps; tap++) {
        const uint8_t *input = tile.input + tile.tap_bytes[tap];
        for (uint32_t block = 0; block < tile.blocks; block++, input += tile.block_bytes, weights += 256) {
            for (uint32_t half = 0; half < 2; half++) {
                const __m512i low = _mm512_loadu_si512(weights + half * 128);
                const __m512i high = _mm512_loadu_si512(weights + half * 128 + 64);
#pragma GCC unroll 12
                for (uint32_t pixel = 0; pixel < PIXELS; pixel++) {
                    int32_t four;
                    std::memcpy(&four, input + pixel * pixel_bytes + half * 4, 4);
                    const __m512i x = _mm512_set1_epi32(four);
                    sums[pixel][0] = _mm512_dpbusd_epi32(sums[pixel][0], x, low);
                    sums[pixel][1] = _mm512_dpbusd_epi32(sums[pixel][1], x, high);
                }
            }
        }
    }
    for (uint32_t pixel = 0; pixel < PIXELS; pixel++) {
        _mm512_storeu_si512(tile.sums + pixel * VECTOR_LANES, sums[pixel][0]);
        _mm512_storeu_si512(tile.sums + pixel * VECTOR_LANES + 16, sums[pixel][1]);
    }
}

void dense_vnni(const DenseTile &tile) {
    static constexpr DenseKernel BY_PIXELS[DENSE_PIXELS + 1] = {
        nullptr,
        dense_vnni_pixels<1>, dense_vnni_pixels<2>, dense_vnni_pixels<3>, dense_vnni_pixels<4>,
        dense_vnni_pixels<5>, dense_vnni_pixels<6>, dense_vnni_pixels<7>, dense_vnni_pixels<8>,
        dense_vnni_pixels<9>, dense_vnni_pixels<10>, dense_vnni_pixels<11>, dense_vnni_pixels<12>};
    BY_PIXELS[tile.pixels](tile);
}

/* Eight lanes of PIXELS pixels: products of 16 bits summed in pairs, two partial sums a lane until the end. */
template <uint32_t PIXELS>
__attribute__((target("avx2"))) void dense_avx2_pixels(const DenseTile &tile, uint32_t first, uint32_t eight) {
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
                const __m256i high =
                    _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i *>(weights + 16)));
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
        _mm256_storeu_si256(
            reinterpret_cast<__m256i *>(tile.sums + (first + pixel) * VECTOR_LANES + eight * 8),
            _mm256_add_epi32(ordered, start));
    }
}

void dense_avx2(const DenseTile &tile) {
    for (uint32_t eight = 0; eight < VECTOR_LANES / 8; eight++) {
        uint32_t pixel = 0;
        for (; tile.pixels - pixel >= 4; pixel += 4) {
            dense_avx2_pixels<4>(tile, pixel, eight);
        }
        for (; pixel < tile.pixels; pixel++) {
            dense_avx2_pixels<1>(tile, pixel, eight);
        }
    }
}

__attribute__((target("avx512f,avx512vpopcntdq"))) void agreements_avx512(
    const uint64_t *x, const uint64_t *weights, uint32_t words, uint32_t lanes, int64_t *agreements) {
    for (uint32_t lane = 0; lane < lanes; lane += 16) {
        __m512i low = _mm512_loadu_si512(agreements + lane);
        __m512i high = _mm512_loadu_si512(agreements + lane + 8);
        const uint64_t *from = weights + lane;
        for (uint32_t k = 0; k < words; k++, from += lanes) {
            const __m512i wanted = _mm512_set1_epi64(static_cast<long long>(~x[k]));
            low = _mm512_add_epi64(low, _mm512_popcnt_epi64(_mm512_xor_si512(wanted, _mm512_loadu_si512(from))));
            high = _mm512_add_epi64(high, _mm512_popcnt_epi64(_mm512_xor_si512(wanted, _mm512_loadu_si512(from + 8))));
        }
        _mm512_storeu_si512(agreements + lane, low);
        _mm512_storeu_si512(agreements + lane + 8, high);
    }
}

__attribute__((target("popcnt"))) void agreements_popcnt(
    const uint64_t *x, const uint64_t *weights, uint32_t words, uint32_t lanes, int64_t *agreements) {
    for (uint32_t k = 0; k < words; k++, weights += lanes) {
        for (uint32_t lane = 0; lane < lanes; lane++) {
            agreements[lane] += __builtin_popcountll(~(x[k] ^ weights[lane]));
        }
    }
}

}

DenseKernel choose_dense_kernel() {
    if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw")) {
        return dense_vnni;
    }
    return __builtin_cpu_supports("avx2") ? dense_avx2 : dense_portable;
}

AgreementKernel choose_agreement_kernel() {
    if (__builtin_cpu_supports("avx512vpopcntdq")) {
        return agreements_avx512;
    }
    return __builtin_cpu_supports("popcnt") ? agreements_popcnt : agreements_portable;
}

}

#endif
