// SPDX-License-Identifier: Apache-2.0
/* Kernels for processors with AVX-512 VNNI and VPOPCNTDQ. */
#if defined(__x86_64__)

#include "kernels_x86.hpp"

/* GCC 12 warns of its own _mm512_undefined_epi32(). */
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>

#include <cstring>

#define WINDHOVER_AVX512 __attribute__((target("avx512f,avx512bw,avx512vnni,avx512vpopcntdq")))

namespace windhover {

namespace {

template <uint32_t PIXELS>
WINDHOVER_AVX512 void dense_pixels(const DenseTile &tile) {
    __m512i sums[PIXELS][2];
#pragma GCC unroll 12
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
#pragma GCC unroll 12
    for (uint32_t pixel = 0; pixel < PIXELS; pixel++) {
        _mm512_storeu_si512(tile.sums + pixel * VECTOR_LANES, sums[pixel][0]);
        _mm512_storeu_si512(tile.sums + pixel * VECTOR_LANES + 16, sums[pixel][1]);
    }
}

void dense(const DenseTile &tile) {
    static constexpr void (*BY_PIXELS[DENSE_PIXELS + 1])(const DenseTile &) = {
        nullptr,          dense_pixels<1>,  dense_pixels<2>, dense_pixels<3>, dense_pixels<4>,
        dense_pixels<5>,  dense_pixels<6>,  dense_pixels<7>, dense_pixels<8>, dense_pixels<9>,
        dense_pixels<10>, dense_pixels<11>, dense_pixels<12>};
    BY_PIXELS[tile.pixels](tile);
}

WINDHOVER_AVX512 __m512i four_times(const int32_t *four) {
    return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i *>(four)));
}

/* Eight pixels of eight lanes. Four taps' bytes are interleaved into dwords: sums[0] and [1] hold lanes 0-3 and 4-7 of
 * the even pixels, [2] and [3] those of the odd ones. */
__attribute__((always_inline)) WINDHOVER_AVX512 inline void
depthwise_eight(const DepthwiseRow &row, uint32_t quads, uint32_t pixel, __m512i low, __m512i high, __m512i sums[4]) {
    sums[0] = sums[2] = low;
    sums[1] = sums[3] = high;
#pragma GCC unroll 3
    for (uint32_t quad = 0; quad < quads; quad++) {
        const uint8_t *const *taps = row.taps + quad * 4;
        const __m512i a = _mm512_loadu_si512(taps[0] + pixel * 8);
        const __m512i b = _mm512_loadu_si512(taps[1] + pixel * 8);
        const __m512i c = _mm512_loadu_si512(taps[2] + pixel * 8);
        const __m512i d = _mm512_loadu_si512(taps[3] + pixel * 8);
        const __m128i *weights = reinterpret_cast<const __m128i *>(row.weights + quad * 32);
        const __m512i w_low = _mm512_broadcast_i32x4(_mm_loadu_si128(weights));
        const __m512i w_high = _mm512_broadcast_i32x4(_mm_loadu_si128(weights + 1));
        const __m512i ab_even = _mm512_unpacklo_epi8(a, b);
        const __m512i ab_odd = _mm512_unpackhi_epi8(a, b);
        const __m512i cd_even = _mm512_unpacklo_epi8(c, d);
        const __m512i cd_odd = _mm512_unpackhi_epi8(c, d);
        sums[0] = _mm512_dpbusd_epi32(sums[0], _mm512_unpacklo_epi16(ab_even, cd_even), w_low);
        sums[1] = _mm512_dpbusd_epi32(sums[1], _mm512_unpackhi_epi16(ab_even, cd_even), w_high);
        sums[2] = _mm512_dpbusd_epi32(sums[2], _mm512_unpacklo_epi16(ab_odd, cd_odd), w_low);
        sums[3] = _mm512_dpbusd_epi32(sums[3], _mm512_unpackhi_epi16(ab_odd, cd_odd), w_high);
    }
}

WINDHOVER_AVX512 void depthwise(const DepthwiseRow &row) {
    const __m512i low = four_times(row.start);
    const __m512i high = four_times(row.start + 4);
    for (uint32_t pixel = 0; pixel < row.pixels; pixel += DEPTHWISE_PIXELS) {
        __m512i sums[4];
        depthwise_eight(row, row.tap_quads, pixel, low, high, sums);
        const __m512i even_front = _mm512_shuffle_i32x4(sums[0], sums[1], 0x44);
        const __m512i even_back = _mm512_shuffle_i32x4(sums[0], sums[1], 0xEE);
        const __m512i odd_front = _mm512_shuffle_i32x4(sums[2], sums[3], 0x44);
        const __m512i odd_back = _mm512_shuffle_i32x4(sums[2], sums[3], 0xEE);
        int32_t *to = row.sums + pixel * 8;
        _mm512_storeu_si512(to, _mm512_shuffle_i32x4(even_front, odd_front, 0x88));
        _mm512_storeu_si512(to + 16, _mm512_shuffle_i32x4(even_front, odd_front, 0xDD));
        _mm512_storeu_si512(to + 32, _mm512_shuffle_i32x4(even_back, odd_back, 0x88));
        _mm512_storeu_si512(to + 48, _mm512_shuffle_i32x4(even_back, odd_back, 0xDD));
    }
}

/* Sixteen lanes' parameters, and multiply_bounded() on them. */
struct SixteenLanes {
    __m512i bias, multiplier, odd_multiplier, left, right, least, most, limit, below, mask, half, unit_half;
    __mmask16 shifts;

    static WINDHOVER_AVX512 __m512i all(const int32_t *lanes) { return _mm512_loadu_si512(lanes); }

    /* Sixteen lanes from this one on, or with four_times four. */
    WINDHOVER_AVX512 SixteenLanes(const Requantisation &work, uint32_t lane, __m512i (*get)(const int32_t *) = all) {
        const LaneParameters &p = *work.lanes;
        bias = get(p.bias + lane);
        multiplier = get(p.multiplier + lane);
        odd_multiplier = _mm512_srli_epi64(multiplier, 32);
        left = get(p.left + lane);
        right = get(p.right + lane);
        limit = _mm512_mask_mov_epi32(_mm512_set1_epi32(work.limit), _mm512_test_epi32_mask(left, left),
                                      _mm512_set1_epi32(SHIFTED_LIMIT));
        const __m512i magnitude = _mm512_add_epi32(limit, _mm512_set1_epi32(1));
        below = _mm512_sub_epi32(_mm512_setzero_si512(), magnitude);
        most = _mm512_srav_epi32(limit, left);
        least = _mm512_sub_epi32(_mm512_setzero_si512(), _mm512_srlv_epi32(magnitude, left));
        mask = _mm512_sub_epi32(_mm512_sllv_epi32(_mm512_set1_epi32(1), right), _mm512_set1_epi32(1));
        half = _mm512_srli_epi32(mask, 1);
        unit_half = _mm512_srli_epi32(_mm512_sllv_epi32(_mm512_set1_epi32(1), right), 1);
        shifts = _mm512_test_epi32_mask(right, right);
    }

    /* (2 * value * multiplier + 2^31) >> 32, where doubled is 2 * value. */
    WINDHOVER_AVX512 __m512i high_of_doubled(__m512i doubled) const {
        const __m512i nudge = _mm512_set1_epi64(int64_t{1} << 31);
        const __m512i even = _mm512_add_epi64(_mm512_mul_epi32(doubled, multiplier), nudge);
        const __m512i odd = _mm512_add_epi64(_mm512_mul_epi32(_mm512_srli_epi64(doubled, 32), odd_multiplier), nudge);
        return _mm512_mask_shuffle_epi32(odd, 0x5555, even, _MM_PERM_DDBB);
    }

    WINDHOVER_AVX512 __m512i high(__m512i value) const {
        const __m512i nudge = _mm512_set1_epi64(int64_t{1} << 30);
        const __m512i even = _mm512_add_epi64(_mm512_mul_epi32(value, multiplier), nudge);
        const __m512i odd = _mm512_add_epi64(_mm512_mul_epi32(_mm512_srli_epi64(value, 32), odd_multiplier), nudge);
        return _mm512_mask_mov_epi32(_mm512_srli_epi64(even, 31), 0xAAAA, _mm512_slli_epi64(odd, 1));
    }

    /* PLAIN: no lane shifts left, and totals, which are sums plus bias, are small. */
    template <bool PLAIN>
    WINDHOVER_AVX512 __m512i scaled(__m512i total) const {
        const __m512i one = _mm512_set1_epi32(1);
        if (PLAIN) {
            const __m512i product = high_of_doubled(_mm512_add_epi32(total, total));
            const __mmask16 down = _mm512_mask_cmplt_epi32_mask(shifts, product, _mm512_setzero_si512());
            const __m512i nudged = _mm512_add_epi32(product, unit_half);
            return _mm512_srav_epi32(_mm512_mask_sub_epi32(nudged, down, nudged, one), right);
        }
        __m512i value = _mm512_sllv_epi32(total, left);
        value = _mm512_mask_mov_epi32(value, _mm512_cmpgt_epi32_mask(total, most), limit);
        value = _mm512_mask_mov_epi32(value, _mm512_cmplt_epi32_mask(total, least), below);
        const __m512i product = high(value);
        const __m512i negative = _mm512_srli_epi32(product, 31);
        const __mmask16 up = _mm512_cmpgt_epi32_mask(_mm512_and_si512(product, mask), _mm512_add_epi32(half, negative));
        const __m512i shifted = _mm512_srav_epi32(product, right);
        return _mm512_mask_add_epi32(shifted, up, shifted, one);
    }
};

/* Totals beyond 16 bits saturate on the way to 8, which changes nothing: the range they are clamped to lies within
 * both. */
struct Narrowing {
    __m512i zero_point, clamp_min, clamp_max;

    explicit WINDHOVER_AVX512 Narrowing(const OutputCodes &output)
        : zero_point(_mm512_set1_epi16(static_cast<int16_t>(output.zero_point))),
          clamp_min(_mm512_set1_epi8(static_cast<int8_t>(output.clamp_min))),
          clamp_max(_mm512_set1_epi8(static_cast<int8_t>(output.clamp_max))) {}

    /* Each 16 bytes of the result: four of a, four of b, four of c, four of d. */
    WINDHOVER_AVX512 __m512i codes(__m512i a, __m512i b, __m512i c, __m512i d) const {
        const __m512i first = _mm512_adds_epi16(_mm512_packs_epi32(a, b), zero_point);
        const __m512i second = _mm512_adds_epi16(_mm512_packs_epi32(c, d), zero_point);
        return _mm512_min_epi8(_mm512_max_epi8(_mm512_packs_epi16(first, second), clamp_min), clamp_max);
    }
};

bool is_plain(const Requantisation &work) {
    int32_t left = 0;
    for (uint32_t lane = 0; lane < VECTOR_LANES; lane++) {
        left |= work.lanes->left[lane];
    }
    return left == 0 && work.most <= std::min(work.limit, SMALL_SUM);
}

/* QUADS: of taps, if known; 3 of them make a 3x3 kernel, which is worth unrolling. */
template <bool PLAIN, uint32_t QUADS>
WINDHOVER_AVX512 void depthwise_codes_of(const DepthwiseRow &row, const Requantisation &work) {
    const SixteenLanes low(work, 0, four_times);
    const SixteenLanes high(work, 4, four_times);
    const Narrowing narrowing(work.output);
    const __m512i start_low = _mm512_add_epi32(four_times(row.start), low.bias);
    const __m512i start_high = _mm512_add_epi32(four_times(row.start + 4), high.bias);
    for (uint32_t pixel = 0; pixel < row.pixels; pixel += DEPTHWISE_PIXELS) {
        __m512i totals[4];
        depthwise_eight(row, QUADS != 0 ? QUADS : row.tap_quads, pixel, start_low, start_high, totals);
        _mm512_storeu_si512(work.codes + pixel * 8,
                            narrowing.codes(low.scaled<PLAIN>(totals[0]), high.scaled<PLAIN>(totals[1]),
                                            low.scaled<PLAIN>(totals[2]), high.scaled<PLAIN>(totals[3])));
    }
}

void depthwise_codes(const DepthwiseRow &row, const Requantisation &work) {
    if (!is_plain(work)) {
        depthwise_codes_of<false, 0>(row, work);
    } else if (row.tap_quads == 3) {
        depthwise_codes_of<true, 3>(row, work);
    } else {
        depthwise_codes_of<true, 0>(row, work);
    }
}

/* Two vectors of sums at a time make 64 codes. */
template <bool PLAIN>
WINDHOVER_AVX512 void requantise_lanes(const Requantisation &work) {
    const SixteenLanes low(work, 0);
    const SixteenLanes high(work, 16);
    const Narrowing narrowing(work.output);
    const __m512i as_sums = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const __m512i by_group = _mm512_setr_epi32(0, 4, 2, 6, 8, 12, 10, 14, 1, 5, 3, 7, 9, 13, 11, 15);
    const __m512i order = work.by_group ? by_group : as_sums;
    for (uint32_t i = 0; i < work.vectors; i += 2) {
        const int32_t *sums = work.sums + i * VECTOR_LANES;
        __m512i scaled[4];
        for (uint32_t quarter = 0; quarter < 4; quarter++) {
            const SixteenLanes &lanes = quarter % 2 == 0 ? low : high;
            scaled[quarter] = lanes.scaled<PLAIN>(
                _mm512_add_epi32(_mm512_loadu_si512(sums + quarter * 16), lanes.bias));
        }
        const __m512i codes = _mm512_permutexvar_epi32(order,
                                                       narrowing.codes(scaled[0], scaled[1], scaled[2], scaled[3]));
        if (work.by_group) {
            __m128i *to = reinterpret_cast<__m128i *>(work.codes + i * 8);
            constexpr size_t PITCH = DENSE_PIXELS * 8 / sizeof(__m128i);
            _mm_storeu_si128(to, _mm512_castsi512_si128(codes));
            _mm_storeu_si128(to + PITCH, _mm512_extracti32x4_epi32(codes, 1));
            _mm_storeu_si128(to + 2 * PITCH, _mm512_extracti32x4_epi32(codes, 2));
            _mm_storeu_si128(to + 3 * PITCH, _mm512_extracti32x4_epi32(codes, 3));
        } else {
            _mm512_storeu_si512(work.codes + i * VECTOR_LANES, codes);
        }
    }
}

void requantise(const Requantisation &work) {
    if (is_plain(work)) {
        requantise_lanes<true>(work);
    } else {
        requantise_lanes<false>(work);
    }
}

template <uint32_t PIXELS>
WINDHOVER_AVX512 void agreements_of(const AgreementTile &tile) {
    for (uint32_t lane = 0; lane < tile.lanes; lane += 16) {
        __m512i counts[PIXELS][2];
#pragma GCC unroll 8
        for (uint32_t pixel = 0; pixel < PIXELS; pixel++) {
            counts[pixel][0] = _mm512_setzero_si512();
            counts[pixel][1] = _mm512_setzero_si512();
        }
        const uint64_t *weights = tile.weights + lane;
        for (uint32_t k = 0; k < tile.words; k++, weights += tile.lanes) {
            const __m512i low = _mm512_loadu_si512(weights);
            const __m512i high = _mm512_loadu_si512(weights + 8);
#pragma GCC unroll 8
            for (uint32_t pixel = 0; pixel < PIXELS; pixel++) {
                const __m512i x = _mm512_set1_epi64(static_cast<long long>(tile.inverted[pixel * tile.words + k]));
                counts[pixel][0] = _mm512_add_epi64(counts[pixel][0], _mm512_popcnt_epi64(_mm512_xor_si512(x, low)));
                counts[pixel][1] = _mm512_add_epi64(counts[pixel][1], _mm512_popcnt_epi64(_mm512_xor_si512(x, high)));
            }
        }
#pragma GCC unroll 8
        for (uint32_t pixel = 0; pixel < PIXELS; pixel++) {
            __m256i *to = reinterpret_cast<__m256i *>(tile.agreements + pixel * tile.lanes + lane);
            _mm256_storeu_si256(to, _mm512_cvtepi64_epi32(counts[pixel][0]));
            _mm256_storeu_si256(to + 1, _mm512_cvtepi64_epi32(counts[pixel][1]));
        }
    }
}

void agreements(const AgreementTile &tile) {
    static constexpr void (*BY_PIXELS[AGREEMENT_PIXELS + 1])(const AgreementTile &) = {
        nullptr,          agreements_of<1>, agreements_of<2>, agreements_of<3>, agreements_of<4>,
        agreements_of<5>, agreements_of<6>, agreements_of<7>, agreements_of<8>};
    BY_PIXELS[tile.pixels](tile);
}

WINDHOVER_AVX512 uint64_t signs(const AgreementSigns &signs) {
    uint64_t bits = 0;
    for (uint32_t lane = 0; lane < signs.lanes; lane += 16) {
        const __m512i twice = _mm512_slli_epi32(_mm512_loadu_si512(signs.agreements + lane), 1);
        const __m512i sum = _mm512_add_epi32(twice, _mm512_loadu_si512(signs.base + lane));
        bits |= uint64_t{_mm512_cmpge_epi32_mask(sum, _mm512_setzero_si512())} << lane;
    }
    return bits;
}

}  // namespace

const Kernels &kernels_avx512() {
    static constexpr Kernels KERNELS = {dense, depthwise, depthwise_codes, requantise, agreements, signs};
    return KERNELS;
}

}  // namespace windhover

#endif
