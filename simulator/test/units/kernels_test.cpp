// SPDX-License-Identifier: Apache-2.0
/* Every set of kernels this processor runs against the portable one, and the requantisation against TFLite's vectors.
 *   kernels-test [SEED] [VECTORS]    VECTORS: lines of "x multiplier shift result" */
#include "kernels_x86.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using namespace windhover;

namespace {

int failures = 0;

void report(const std::string &name, bool same) {
    std::printf("%s %s\n", same ? "ok   " : "FAIL ", name.c_str());
    failures += same ? 0 : 1;
}

struct Draw {
    std::mt19937_64 engine;
    uint32_t below(uint32_t end) { return static_cast<uint32_t>(engine() % end); }
    template <typename T>
    std::vector<T> values(size_t count) {
        std::vector<T> all(count);
        for (T &value : all) {
            value = static_cast<T>(engine());
        }
        return all;
    }
};

bool same_dense(const Kernels &kernels, Draw &draw) {
    const uint32_t taps = 1 + draw.below(9), blocks = 1 + draw.below(5), pixels = 1 + draw.below(DENSE_PIXELS);
    const auto input = draw.values<uint8_t>(4096);
    const auto weights = draw.values<int8_t>(size_t{taps} * blocks * 8 * VECTOR_LANES);
    const auto start = draw.values<int32_t>(VECTOR_LANES);
    std::vector<size_t> tap_bytes;
    for (uint32_t tap = 0; tap < taps; tap++) {
        tap_bytes.push_back(draw.below(500));
    }
    std::vector<int32_t> sums(pixels * VECTOR_LANES), wanted(pixels * VECTOR_LANES);
    DenseTile tile = {input.data(),
                      8 * (1 + draw.below(3)),
                      8 * (1 + draw.below(60)),
                      tap_bytes.data(),
                      taps,
                      blocks,
                      pixels,
                      weights.data(),
                      start.data(),
                      sums.data()};
    kernels.dense(tile);
    tile.sums = wanted.data();
    Kernels::portable().dense(tile);
    return sums == wanted;
}

/* Layers whose lanes all shift right, as most do, have a path of their own; half of the draws go there. */
LaneParameters draw_lanes(Draw &draw, int32_t shrink) {
    LaneParameters lanes;
    const bool right_only = draw.below(2) == 0;
    for (uint32_t lane = 0; lane < VECTOR_LANES; lane++) {
        const int32_t shift = static_cast<int32_t>(draw.below(right_only ? 32 : 63)) - 31;
        lanes.bias[lane] = static_cast<int32_t>(draw.engine()) >> shrink;
        lanes.multiplier[lane] = static_cast<int32_t>(draw.engine() & INT32_MAX);
        lanes.left[lane] = left_shift(shift);
        lanes.right[lane] = right_shift(shift);
    }
    return lanes;
}

OutputCodes draw_output(Draw &draw) {
    const int32_t least = static_cast<int32_t>(draw.below(256)) - 128;
    return {static_cast<int32_t>(draw.below(256)) - 128, least,
            least + static_cast<int32_t>(draw.below(static_cast<uint32_t>(128 - least)))};
}

/* As it is used: one group's eight lanes, four times. */
bool same_depthwise_codes(const Kernels &kernels, const DepthwiseRow &row, Draw &draw) {
    LaneParameters lanes = draw_lanes(draw, static_cast<int32_t>(8 + draw.below(16)));
    for (int32_t *values : {lanes.bias, lanes.multiplier, lanes.left, lanes.right}) {
        for (uint32_t lane = WH_INT8_LANES; lane < VECTOR_LANES; lane++) {
            values[lane] = values[lane % WH_INT8_LANES];
        }
    }
    int64_t most = 0;
    for (uint32_t lane = 0; lane < WH_INT8_LANES; lane++) {
        most = std::max(most, std::abs(int64_t{row.start[lane]}) + std::abs(int64_t{lanes.bias[lane]}));
    }
    most += int64_t{row.tap_quads} * 4 * 255 * 128;
    const size_t room = size_t{row.pixels + DEPTHWISE_PIXELS} * WH_INT8_LANES;
    std::vector<int8_t> codes(room), wanted(room);
    Requantisation work = {row.sums,
                           (row.pixels + 3) / 4,
                           &lanes,
                           draw.below(2) == 0 ? WIDE_LIMIT : NARROW_LIMIT,
                           static_cast<int32_t>(std::min<int64_t>(most, INT32_MAX)),
                           draw_output(draw),
                           false,
                           codes.data()};
    kernels.depthwise_codes(row, work);
    work.codes = wanted.data();
    Kernels::portable().depthwise_codes(row, work);
    return std::memcmp(codes.data(), wanted.data(), size_t{row.pixels} * WH_INT8_LANES) == 0;
}

bool same_depthwise(const Kernels &kernels, Draw &draw) {
    const uint32_t quads = 1 + draw.below(4), pixels = 1 + draw.below(40);
    const size_t room = (pixels + DEPTHWISE_PIXELS) * 8;
    const auto input = draw.values<uint8_t>(room * 4 + 64);
    const auto weights = draw.values<int8_t>(quads * 32);
    auto start = draw.values<int32_t>(8);
    const auto shrink = static_cast<int32_t>(draw.below(24)); /* small sums take a path of their own */
    for (int32_t &one : start) {
        one >>= shrink;
    }
    std::vector<const uint8_t *> taps;
    for (uint32_t tap = 0; tap < quads * 4; tap++) {
        taps.push_back(input.data() + draw.below(static_cast<uint32_t>(room) * 3));
    }
    std::vector<int32_t> sums(room), wanted(room);
    DepthwiseRow row = {taps.data(), quads, pixels, weights.data(), start.data(), sums.data()};
    kernels.depthwise(row);
    row.sums = wanted.data();
    Kernels::portable().depthwise(row);
    return std::memcmp(sums.data(), wanted.data(), pixels * 32) == 0 && same_depthwise_codes(kernels, row, draw);
}

bool same_requantise(const Kernels &kernels, Draw &draw) {
    const bool by_group = draw.below(2) == 0;
    const uint32_t vectors = 1 + draw.below(by_group ? DENSE_PIXELS : 20);
    const auto shrink = static_cast<int32_t>(draw.below(24));
    auto sums = draw.values<int32_t>((vectors + 1) / 2 * 2 * VECTOR_LANES);
    for (int32_t &sum : sums) {
        sum >>= shrink;
    }
    const LaneParameters lanes = draw_lanes(draw, shrink);
    int64_t most = 0;
    for (uint32_t i = 0; i < sums.size(); i++) {
        most = std::max(most, std::abs(int64_t{sums[i]} + lanes.bias[i % VECTOR_LANES]));
    }
    const size_t room = std::max<size_t>(sums.size(), DENSE_PIXELS * VECTOR_LANES);
    std::vector<int8_t> codes(room), wanted(room);
    Requantisation work = {sums.data(),
                           vectors,
                           &lanes,
                           draw.below(2) == 0 ? WIDE_LIMIT : NARROW_LIMIT,
                           static_cast<int32_t>(std::min<int64_t>(most, INT32_MAX)),
                           draw_output(draw),
                           by_group,
                           codes.data()};
    kernels.requantise(work);
    work.codes = wanted.data();
    Kernels::portable().requantise(work);
    for (uint32_t vector = vectors; vector < room / VECTOR_LANES; vector++) { /* written as far as the room goes */
        for (uint32_t lane = 0; lane < VECTOR_LANES; lane++) {
            const size_t at = by_group ? (lane / 8 * DENSE_PIXELS + vector) * 8 + lane % 8
                                       : vector * VECTOR_LANES + lane;
            codes[at] = wanted[at] = 0;
        }
    }
    return codes == wanted;
}

bool same_agreements(const Kernels &kernels, Draw &draw) {
    const uint32_t words = 1 + draw.below(20), lanes = 16 * (1 + draw.below(4)),
                   pixels = 1 + draw.below(AGREEMENT_PIXELS);
    const auto inverted = draw.values<uint64_t>(words * pixels);
    const auto weights = draw.values<uint64_t>(words * lanes);
    auto counts = draw.values<int32_t>(lanes * pixels);
    auto wanted = counts;
    kernels.agreements({inverted.data(), weights.data(), words, lanes, pixels, counts.data()});
    Kernels::portable().agreements({inverted.data(), weights.data(), words, lanes, pixels, wanted.data()});
    return counts == wanted;
}

void compare(const std::string &name, const Kernels &kernels, Draw &draw) {
    struct Test {
        const char *what;
        bool (*same)(const Kernels &, Draw &);
    };
    for (const Test &test : {Test{"dense", same_dense}, Test{"depthwise", same_depthwise},
                             Test{"requantise", same_requantise}, Test{"agreements", same_agreements}}) {
        bool same = true;
        for (int i = 0; i < 500 && same; i++) {
            same = test.same(kernels, draw);
        }
        report(name + " " + test.what + " equals the portable kernel", same);
    }
}

void check_vectors(const char *path) {
    std::ifstream file(path);
    std::string line;
    uint64_t checked = 0, wrong = 0;
    while (std::getline(file, line)) {
        std::istringstream text(line);
        int32_t x, multiplier, shift, result;
        if (line.empty() || line[0] == '#' || !(text >> x >> multiplier >> shift >> result)) {
            continue;
        }
        const int64_t shifted = int64_t{x} << left_shift(shift);
        if (multiplier < 0 || shifted < INT32_MIN || shifted > INT32_MAX) {
            continue;
        }
        /* Beyond nine bits every result makes the same code; with a left shift it is cut there. */
        const bool cut = shift > 0;
        if (cut && multiplier < 1 << 30) {
            continue;
        }
        const auto code = [cut](int32_t value) { return cut ? std::clamp(value, -256, 255) : value; };
        checked++;
        wrong += code(multiply_by_quantised_multiplier(x, multiplier, left_shift(shift), right_shift(shift),
                                                       WIDE_LIMIT)) != code(result)
                     ? 1
                     : 0;
    }
    report("requantisation equals TFLite on " + std::to_string(checked) + " vectors", checked != 0 && wrong == 0);
}

}  // namespace

int main(int count, char **arguments) {
    Draw draw;
    const uint64_t seed = count > 1 ? std::stoull(arguments[1]) : 1;
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
    draw.engine.seed(seed);
    compare("the best set:", Kernels::best(), draw);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        compare("AVX2:", kernels_avx2(), draw);
    }
#endif
    if (count > 2) {
        check_vectors(arguments[2]);
    } else {
        std::printf("skip  requantisation against TFLite's vectors: no file given\n");
    }
    return failures == 0 ? 0 : 1;
}
