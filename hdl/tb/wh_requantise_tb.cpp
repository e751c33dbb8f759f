// SPDX-License-Identifier: Apache-2.0
// wh_requantise against the arithmetic of TensorFlow Lite's reference kernels. Argument: a seed.
#include <deque>

#include "Vwh_requantise.h"
#include "wh_bench.h"
#include "wh_int8_golden.h"

namespace {

struct Call {
    int32_t sum, multiplier;
    int shift;
    bool wide;
};

struct Expected {
    bool valid, last_pass;
    int code;
};

Call random_call(wh::Bench &bench) {
    Call call{};
    call.sum = static_cast<int32_t>(bench.bits()) >> bench.between(0, 31);
    if (bench.chance(2)) call.sum = bench.chance(50) ? INT32_MIN : INT32_MAX;
    if (bench.chance(2)) call.sum = static_cast<int32_t>((bench.chance(50) ? -1 : 1) * (1LL << bench.between(0, 30)));
    call.multiplier = static_cast<int32_t>(bench.bits() & (bench.chance(10) ? INT32_MAX : INT32_MAX >> 1));
    if (!bench.chance(10)) call.multiplier |= 1 << 30;
    if (bench.chance(2)) call.multiplier = bench.chance(50) ? INT32_MAX : static_cast<int32_t>(bench.between(0, 1));
    call.shift = static_cast<int>(bench.chance(25) ? bench.between(0, 11) : -bench.between(0, 31));
    if (bench.chance(1)) call.shift = static_cast<int>(bench.between(-128, 127));
    call.wide = bench.chance(50);
    return call;
}

}  // namespace

int main(int argc, char **argv) {
    wh::Bench bench("wh_requantise", argc, argv);
    Vwh_requantise model;
    model.rst_ni = 0;
    wh::tick(model);
    model.rst_ni = 1;
    for (int round = 0; round < 200; round++) {
        const int zero_point = static_cast<int>(bench.between(-128, 127));
        const int clamp_min = bench.chance(50) ? -128 : static_cast<int>(bench.between(-128, 127));
        const int clamp_max = static_cast<int>(bench.between(clamp_min, 127));
        model.zero_point_i = static_cast<uint8_t>(zero_point);
        model.clamp_min_i = static_cast<uint8_t>(clamp_min);
        model.clamp_max_i = static_cast<uint8_t>(clamp_max);
        const auto code = [&](const Call &call) {
            const int shift = std::clamp(call.shift, -31, 31);
            const int64_t scaled = wh::multiply_by_quantised_multiplier(call.sum, call.multiplier, shift, call.wide);
            return static_cast<int>(std::clamp<int64_t>(scaled + zero_point, clamp_min, clamp_max));
        };
        std::deque<Expected> pipeline(7);
        Call call{};
        bool high = false;
        for (int cycle = 0; cycle < 2000; cycle++) {
            const bool valid = cycle < 1980 && (high || !bench.chance(12));
            if (valid && !high) call = random_call(bench);
            model.valid_i = valid;
            model.wide_i = call.wide;
            model.high_i = high;
            model.sum_i = static_cast<uint32_t>(call.sum);
            model.multiplier_i = static_cast<uint32_t>(call.multiplier);
            model.shift_i = static_cast<uint8_t>(call.shift);
            pipeline.push_back({valid, !call.wide || high, code(call)});
            high = valid && call.wide && !high;
            wh::tick(model);
            const Expected out = pipeline.front();
            pipeline.pop_front();
            bench.equal(out.valid, model.valid_o, "valid");
            if (out.valid && out.last_pass) bench.equal(static_cast<uint8_t>(out.code), model.code_o, "code");
        }
    }
    return bench.verdict();
}
