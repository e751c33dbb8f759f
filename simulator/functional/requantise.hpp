// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define WINDHOVER_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WINDHOVER_CLONES
#endif

namespace windhover {

constexpr int32_t WIDE_LIMIT = INT32_MAX;
constexpr int32_t NARROW_LIMIT = (1 << 24) - 1; /* 25 signed bits */
constexpr int32_t SHIFTED_LIMIT = (1 << 9) - 1; /* 10 signed bits, for what is shifted left */

/* Where value << left saturates, and the values that do not: from least_of() to limit >> left. */
inline int32_t limit_of(int32_t left, int32_t limit) { return left > 0 ? SHIFTED_LIMIT : limit; }
inline int32_t least_of(int32_t left, int32_t limit) {
    return static_cast<int32_t>(0 - ((static_cast<uint32_t>(limit) + 1) >> left));
}

/* TFLite's MultiplyByQuantizedMultiplier with multiplier in [0, 2^31), except that value << left saturates to
 * [-limit - 1, limit]. left and right are in [0, 31], one of them 0; most = limit >> left, least = least_of(). */
inline int32_t multiply_bounded(int32_t value, int32_t multiplier, int32_t left, int32_t right, int32_t least,
                                int32_t most, int32_t limit) {
    const int32_t shifted = static_cast<int32_t>(static_cast<uint32_t>(value) << left);
    const int32_t clamped = value > most ? limit : value < least ? -limit - 1 : shifted;
    const int32_t high = static_cast<int32_t>((int64_t{clamped} * multiplier + (int64_t{1} << 30)) >> 31);
    const int32_t mask = static_cast<int32_t>((uint32_t{1} << right) - 1);
    const int32_t threshold = (mask >> 1) + (high < 0 ? 1 : 0);
    return (high >> right) + ((high & mask) > threshold ? 1 : 0);
}

inline int32_t multiply_by_quantised_multiplier(int32_t value, int32_t multiplier, int32_t left, int32_t right,
                                                int32_t limit) {
    const int32_t most = limit_of(left, limit);
    return multiply_bounded(value, multiplier, left, right, least_of(left, most), most >> left, most);
}

inline int32_t left_shift(int32_t shift) { return std::min(std::max(shift, 0), 31); }
inline int32_t right_shift(int32_t shift) { return std::min(std::max(-shift, 0), 31); }

inline int32_t add_wrapping(int32_t a, int32_t b) {
    return static_cast<int32_t>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
}

struct OutputCodes {
    int32_t zero_point, clamp_min, clamp_max;

    int8_t of(int32_t value) const {
        const int32_t clamped = std::min(std::max(value, clamp_min - zero_point), clamp_max - zero_point);
        return static_cast<int8_t>(clamped + zero_point);
    }
};

}  // namespace windhover
