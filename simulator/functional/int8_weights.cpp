// SPDX-License-Identifier: Apache-2.0
#include "int8.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace windhover {

namespace {

constexpr uint32_t PARAMETER_BYTES = WH_INT8_PARAMETER_WORDS * WH_WEIGHT_WORD_BYTES;

void read_parameters(const uint8_t *group, LaneParameters &lanes, uint32_t lane) {
    std::memcpy(lanes.bias + lane, group, 32);
    std::memcpy(lanes.multiplier + lane, group + 32, 32);
    for (uint32_t i = 0; i < WH_INT8_LANES; i++) {
        const int8_t shift = static_cast<int8_t>(group[64 + i]);
        lanes.left[lane + i] = left_shift(shift);
        lanes.right[lane + i] = right_shift(shift);
    }
}

/* 8 channels x 8 lanes, from [channel][lane] to two halves of [lane][4 channels], 128 bytes apart; adds to totals. */
void transpose(const uint8_t *from, int8_t *to, int32_t *totals) {
    for (uint32_t half = 0; half < 2; half++, from += 32, to += VECTOR_LANES * 4) {
        for (uint32_t lane = 0; lane < 8; lane++) {
            for (uint32_t i = 0; i < 4; i++) {
                const int8_t weight = static_cast<int8_t>(from[i * 8 + lane]);
                to[lane * 4 + i] = weight;
                totals[lane] += weight;
            }
        }
    }
}

}  // namespace

void PackedWeights::pack(const Int8Command &command, const Configuration &configuration, const uint8_t *words,
                         uint64_t bytes) {
    raw.assign(words, words + bytes);
    const uint64_t group_bytes = command.group_words(configuration) * WH_WEIGHT_WORD_BYTES;
    if (command.depthwise) {
        pack_depthwise(command, configuration.int8_reduction, words, group_bytes);
    } else {
        pack_dense(command, configuration.int8_reduction, words, group_bytes);
    }
    most = bound(command.depthwise);
}

int32_t PackedWeights::bound(bool depthwise) const {
    const size_t lane_count = depthwise ? size_t{WH_INT8_LANES} : VECTOR_LANES;
    const size_t size = weights.size() / lanes.size();
    int64_t bound = 0;
    for (size_t i = 0; i < lanes.size(); i++) {
        int64_t sums[VECTOR_LANES];
        for (size_t lane = 0; lane < lane_count; lane++) {
            sums[lane] = std::abs(int64_t{lanes[i].bias[lane]});
        }
        for (size_t k = 0; k < size; k++) {
            sums[k / 4 % lane_count] += std::abs(weights[i * size + k]) * 128;
        }
        bound = std::max(bound, *std::max_element(sums, sums + lane_count));
    }
    return static_cast<int32_t>(std::min<int64_t>(INT32_MAX, bound));
}

void PackedWeights::pack_dense(const Int8Command &command, uint32_t reduction, const uint8_t *words,
                               uint64_t group_bytes) {
    const uint32_t blocks = command.geometry.channel_blocks;
    const uint32_t step = reduction / 8;
    const uint64_t chunks = (blocks + step - 1) / step;
    const uint64_t quads = (command.groups + 3) / 4;
    const uint64_t quad_bytes = uint64_t{command.taps()} * blocks * 8 * VECTOR_LANES;
    lanes.assign(quads, {});
    start.assign(quads * VECTOR_LANES, 0);
    weights.assign(quads * quad_bytes, 0);
    for (uint32_t group = 0; group < command.groups; group++) {
        const uint8_t *from = words + group * group_bytes;
        const uint32_t lane = group % 4 * 8;
        int32_t totals[8] = {};
        read_parameters(from, lanes[group / 4], lane);
        int8_t *to = weights.data() + group / 4 * quad_bytes + lane * 4;
        for (uint32_t tap = 0; tap < command.taps(); tap++) {
            for (uint32_t block = 0; block < blocks; block++, to += 8 * VECTOR_LANES) {
                const uint64_t set = tap * chunks + block / step;
                transpose(from + PARAMETER_BYTES + set * reduction * 8 + block % step * 64, to, totals);
            }
        }
        for (uint32_t i = 0; i < 8; i++) {
            start[group / 4 * VECTOR_LANES + lane + i] = -128 * totals[i];
        }
    }
}

void PackedWeights::pack_depthwise(const Int8Command &command, uint32_t reduction, const uint8_t *words,
                                   uint64_t group_bytes) {
    const Geometry &g = command.geometry;
    const uint64_t windows = (g.kernel_width + command.window_width - 1) / command.window_width;
    lanes.assign(command.groups, {});
    const uint64_t quads = (command.taps() + 3) / 4;
    start.assign(uint64_t{command.groups} * WH_INT8_LANES, 0);
    weights.assign(command.groups * quads * 4 * WH_INT8_LANES, 0);
    for (uint32_t group = 0; group < command.groups; group++) {
        const uint8_t *from = words + group * group_bytes;
        int8_t *to = weights.data() + group * quads * 4 * WH_INT8_LANES;
        for (uint32_t lane = 0; lane < VECTOR_LANES; lane += 8) {
            read_parameters(from, lanes[group], lane);
        }
        for (uint32_t tap = 0; tap < command.taps(); tap++) {
            const uint32_t ky = tap / g.kernel_width;
            const uint32_t kx = tap % g.kernel_width;
            const uint64_t set = command.one_set ? 0 : ky / command.window_height * windows + kx / command.window_width;
            const uint32_t row = ky % command.window_height * 3 + kx % command.window_width;
            const uint8_t *lanes_of_tap = from + PARAMETER_BYTES + set * reduction * 8 + row * 8;
            for (uint32_t lane = 0; lane < WH_INT8_LANES; lane++) {
                const int8_t weight = static_cast<int8_t>(lanes_of_tap[lane]);
                to[tap / 4 * 4 * WH_INT8_LANES + lane * 4 + tap % 4] = weight;
                start[group * WH_INT8_LANES + lane] -= 128 * weight;
            }
        }
    }
}

}  // namespace windhover
