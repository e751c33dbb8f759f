// wh_requantise against the arithmetic of TensorFlow Lite's reference kernels, written out; narrow, wide and full-width lanes.
// Run: verilator with -GFULL_WIDTH=0 or 1; arguments: FULL_WIDTH, optional seed.
#include <verilated.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <random>

#include "Vwh_requantise.h"

namespace {
struct Call {
    int32_t sum, multiplier;
    int shift;
    bool wide;
};

int32_t clamped(int64_t value, int bits) {
    const int64_t limit = (int64_t{1} << (bits - 1)) - 1;
    return static_cast<int32_t>(std::clamp(value, -limit - 1, limit));
}

int expected(const Call& call, bool full_width, int zero_point, int clamp_min, int clamp_max) {
    const int left = std::min(std::max(call.shift, 0), 31);
    const int right = std::max(-call.shift, 0);
    const int64_t value = clamped(int64_t{call.sum} * (int64_t{1} << left), full_width || call.wide ? 32 : 25);
    const int64_t product = value * call.multiplier;
    const int64_t nudge = product >= 0 ? (1LL << 30) : 1 - (1LL << 30);
    int64_t scaled = (product + nudge) / (1LL << 31);
    if (right > 31) {
        scaled = 0;
    } else if (right > 0) {
        const int64_t mask = (1LL << right) - 1;
        scaled = (scaled >> right) + ((scaled & mask) > (mask >> 1) + (scaled < 0 ? 1 : 0));
    }
    return static_cast<int>(std::min<int64_t>(std::max<int64_t>(scaled + zero_point, clamp_min), clamp_max));
}
}  // namespace

int main(int argc, char** argv) {
    const bool full_width = argc > 1 && std::atoi(argv[1]) != 0;
    const uint32_t seed = argc > 2 ? static_cast<uint32_t>(std::atoll(argv[2])) : std::random_device{}();
    std::printf("wh_requantise full_width %d seed %u\n", full_width, seed);
    std::mt19937 random(seed);
    auto below = [&](uint32_t n) { return random() % n; };
    Vwh_requantise top;
    auto tick = [&] { top.clk_i = 0; top.eval(); top.clk_i = 1; top.eval(); };
    top.rst_ni = 0;
    tick();
    top.rst_ni = 1;
    long failures = 0, checked = 0;
    for (int round = 0; round < 400; round++) {
        const int zero_point = static_cast<int>(below(256)) - 128;
        int clamp_min = -128, clamp_max = 127;
        if (below(2)) {
            clamp_min = static_cast<int>(below(256)) - 128;
            clamp_max = clamp_min + static_cast<int>(below(static_cast<uint32_t>(128 - clamp_min)));
        }
        top.zero_point_i = static_cast<uint8_t>(zero_point);
        top.clamp_min_i = static_cast<uint8_t>(clamp_min);
        top.clamp_max_i = static_cast<uint8_t>(clamp_max);
        struct Slot { bool valid, meaningful; int code; };
        std::deque<Slot> pipeline(7, Slot{false, false, 0});
        Call call{};
        bool high = false;
        for (int cycle = 0; cycle < 2000; cycle++) {
            const bool valid = cycle < 1980 && (high || below(8) != 0);
            if (valid && !high) {
                call.sum = static_cast<int32_t>(random()) >> below(32);
                if (below(50) == 0) call.sum = below(2) ? INT32_MIN : INT32_MAX;
                if (below(50) == 0) call.sum = (below(2) ? -1 : 1) * static_cast<int32_t>(1u << below(31));
                call.multiplier = static_cast<int32_t>(below(10) == 0 ? random() & 0x7FFFFFFF : (random() & 0x3FFFFFFF) | 0x40000000);
                if (below(50) == 0) call.multiplier = below(2) ? INT32_MAX : static_cast<int32_t>(below(2));
                call.shift = below(4) == 0 ? static_cast<int>(below(12)) : -static_cast<int>(below(34));
                if (below(100) == 0) call.shift = static_cast<int>(below(256)) - 128;
                call.wide = !full_width && below(2);
            }
            top.valid_i = valid;
            top.wide_i = call.wide;
            top.high_i = high;
            top.sum_i = static_cast<uint32_t>(call.sum);
            top.multiplier_i = static_cast<uint32_t>(call.multiplier);
            top.shift_i = static_cast<uint8_t>(call.shift);
            const bool meaningful = valid && (!call.wide || high);
            pipeline.push_back({valid, meaningful, expected(call, full_width, zero_point, clamp_min, clamp_max)});
            high = valid && call.wide && !high;
            tick();
            const Slot out = pipeline.front();
            pipeline.pop_front();
            if (out.valid != static_cast<bool>(top.valid_o)) failures++;
            if (!out.meaningful) continue;
            checked++;
            if (out.code != static_cast<int8_t>(top.code_o) && failures++ < 10) {
                std::printf("cycle %d: expected %d, got %d\n", cycle, out.code, static_cast<int8_t>(top.code_o));
            }
        }
    }
    std::printf("%ld codes checked, %ld failures\n", checked, failures);
    return failures == 0 ? 0 : 1;
}
