// SPDX-License-Identifier: Apache-2.0
// wh_requantisers against the arithmetic of TensorFlow Lite's reference kernels: the engines in turn, in any cycle one
// of them. Argument: a seed.
#include <deque>
#include <vector>

#include "Vwh_requantisers.h"
#include "wh_bench.h"
#include "wh_requantisers_model.h"

namespace {

constexpr int PIXELS = INT8_PIXELS, LANES = 8 * PIXELS;
enum Engine { NONE, INT8, XNOR, VECTOR };

using Model = wh::RequantisersModel<LANES>;

struct Call {
    Engine engine = NONE;
    Model::Request request;
    // A lane that no sum was given to, or the low half of a wide one, means nothing.
    bool means(int lane) const {
        const bool first = lane % PIXELS == 0;
        if (engine == NONE || (request.wide && !(request.high && first))) return false;
        return engine == INT8 || (first && (engine == VECTOR || lane / PIXELS < 4));
    }
};

int32_t random_sum(wh::Bench &bench, int bits) {
    auto sum = static_cast<int32_t>(static_cast<uint32_t>(bench.bits()) << (32 - bits));
    if (bench.chance(2)) sum = bench.chance(50) ? INT32_MIN : INT32_MAX;
    if (bench.chance(2)) sum = static_cast<int32_t>((bench.chance(50) ? -1 : 1) * (1LL << bench.between(0, 30)));
    sum >>= 32 - bits;
    return sum >> bench.between(0, bits - 1);
}

Model::Lane random_lane(wh::Bench &bench, int bits) {
    Model::Lane lane{random_sum(bench, bits), 0, 0};
    lane.multiplier = static_cast<int32_t>(bench.bits() & (bench.chance(10) ? INT32_MAX : INT32_MAX >> 1));
    if (!bench.chance(10)) lane.multiplier |= 1 << 30;
    if (bench.chance(2)) lane.multiplier = bench.chance(50) ? INT32_MAX : static_cast<int32_t>(bench.between(0, 1));
    lane.shift = static_cast<int>(bench.chance(25) ? bench.between(0, 11) : -bench.between(0, 31));
    if (bench.chance(1)) lane.shift = static_cast<int>(bench.between(-128, 127));
    return lane;
}

uint32_t random_range(wh::Bench &bench) {
    const int64_t least = bench.chance(50) ? -128 : bench.between(-128, 127), most = bench.between(least, 127);
    return static_cast<uint32_t>((most & 255) << 16 | (least & 255) << 8 | (bench.between(-128, 127) & 255));
}

Call random_call(wh::Bench &bench, const uint32_t *ranges, bool paired) {
    Call call;
    call.engine = static_cast<Engine>(bench.between(NONE, VECTOR));
    auto &request = call.request;
    request.valid = call.engine != NONE;
    request.range = ranges[call.engine];
    request.truncate = call.engine == VECTOR && bench.chance(30);
    request.wide = !request.truncate && (call.engine == VECTOR || (call.engine == INT8 && !paired)) && bench.chance(50);
    const int bits = call.engine == XNOR || request.truncate ? 25 : 32;
    for (int channel = 0; channel < 8; channel++) {
        Model::Lane common = random_lane(bench, bits);
        if (call.engine == VECTOR && channel > 0) common = request.lanes[0];
        if (request.truncate) common.shift = 0;
        for (int pixel = 0; pixel < PIXELS; pixel++) {
            common.sum = random_sum(bench, bits);
            request.lanes.at(static_cast<size_t>(channel) * PIXELS + static_cast<size_t>(pixel)) = common;
        }
    }
    return call;
}

// What the call's engine asks; the others show garbage that must not matter.
void drive(Vwh_requantisers &model, const Call &call, wh::Bench &bench) {
    const auto &request = call.request;
    model.int8_valid_i = call.engine == INT8;
    model.xnor_valid_i = call.engine == XNOR;
    model.vector_valid_i = call.engine == VECTOR;
    model.int8_wide_i = call.engine == INT8 ? request.wide : bench.chance(50);
    model.int8_high_i = call.engine == INT8 ? request.high : bench.chance(50);
    model.vector_wide_i = call.engine == VECTOR ? request.wide : bench.chance(50);
    model.vector_high_i = call.engine == VECTOR ? request.high : bench.chance(50);
    model.vector_truncate_i = call.engine == VECTOR ? request.truncate : bench.chance(50);
    for (int lane = 0; lane < LANES; lane++) {
        const auto sum = static_cast<uint32_t>(request.lanes[static_cast<size_t>(lane)].sum);
        model.int8_sums_i[lane] = call.engine == INT8 ? sum : static_cast<uint32_t>(bench.bits());
    }
    for (int word = 0; word < 4; word++) model.xnor_sums_i[word] = 0;
    for (int channel = 0; channel < 8; channel++) {
        const auto &lane = request.lanes.at(static_cast<size_t>(channel) * PIXELS);
        const auto garbage = static_cast<uint32_t>(bench.bits());
        model.int8_multipliers_i[channel] = call.engine == INT8 ? static_cast<uint32_t>(lane.multiplier) : garbage;
        wh::put_byte(model.int8_shifts_i, channel, static_cast<uint8_t>(call.engine == INT8 ? lane.shift : garbage));
        model.vector_sums_i[channel] = call.engine == VECTOR ? static_cast<uint32_t>(lane.sum) : garbage;
        if (channel >= 4) continue;
        model.xnor_multipliers_i[channel] = call.engine == XNOR ? static_cast<uint32_t>(lane.multiplier) : garbage;
        wh::put_byte(model.xnor_shifts_i, channel, static_cast<uint8_t>(call.engine == XNOR ? lane.shift : garbage));
        const uint32_t sum = static_cast<uint32_t>(lane.sum) & 0x1FFFFFF;
        const int bit = 25 * channel;
        model.xnor_sums_i[bit / 32] |= sum << bit % 32;
        if (bit % 32 > 7) model.xnor_sums_i[bit / 32 + 1] |= sum >> (32 - bit % 32);
    }
    model.vector_multiplier_i = static_cast<uint32_t>(request.lanes[0].multiplier) & INT32_MAX;
    model.vector_shift_i = static_cast<uint8_t>(request.lanes[0].shift);
}

}  // namespace

int main(int argc, char **argv) {
    wh::Bench bench("wh_requantisers", argc, argv);
    Vwh_requantisers model;
    model.rst_ni = 0;
    wh::tick(model);
    model.rst_ni = 1;
    for (int round = 0; round < 100; round++) {
        const uint32_t ranges[] = {0, random_range(bench), random_range(bench), random_range(bench)};
        const bool paired = PIXELS > 1 && bench.chance(50);
        model.int8_range_i = ranges[INT8];
        model.xnor_range_i = ranges[XNOR];
        model.vector_range_i = ranges[VECTOR];
        Model expected;
        std::deque<Call> pipeline(7);
        Call call;
        for (int cycle = 0; cycle < 1000; cycle++) {
            const bool high = call.request.wide && !call.request.high;
            if (high)
                call.request.high = true;
            else
                call = cycle < 980 ? random_call(bench, ranges, paired) : Call{};
            drive(model, call, bench);
            uint32_t codes[LANES / 4];
            expected.step(call.request, codes);
            pipeline.push_back(call);
            wh::tick(model);
            for (int lane = 0; lane < LANES; lane++) {
                if (!pipeline.front().means(lane)) continue;
                bench.equal(wh::slice(codes, lane * 8, 8), wh::slice(model.codes_o, lane * 8, 8), "code");
            }
            pipeline.pop_front();
        }
    }
    return bench.verdict();
}
