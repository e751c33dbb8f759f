// SPDX-License-Identifier: Apache-2.0
#include "int8.hpp"

#include <algorithm>
#include <cstring>

namespace windhover {

static const uint8_t *bytes(const int8_t *codes) { return reinterpret_cast<const uint8_t *>(codes); }

void Int8Post::dense(const LaneParameters &lanes, uint32_t group, uint32_t pixel, uint32_t pixels,
                     int32_t *sums) const {
    const uint32_t groups = std::min(4u, command_.groups - group);
    partial(pixel, pixels, VECTOR_LANES, sums);
    if (command_.keep) {
        return;
    }
    if (command_.post != WH_POST_REQUANTISE) {
        finish(lanes, group, groups, pixel, pixels, VECTOR_LANES, sums);
        return;
    }
    alignas(64) int8_t codes[DENSE_PIXELS * VECTOR_LANES];
    kernels_.requantise({sums, pixels, &lanes, command_.limit, most_, command_.output, true, codes});
    look_up(codes, sizeof codes);
    const uint32_t columns = command_.geometry.out_columns;
    for (uint32_t done = 0, x = pixel % columns, y = pixel / columns; done < pixels; x = 0, y++) {
        const uint32_t count = std::min(columns - x, pixels - done);
        for (uint32_t i = 0; i < groups; i++) {
            chip_.write_row(command_.out, y, group + i, x, count, bytes(codes + (i * DENSE_PIXELS + done) * 8), 8);
        }
        done += count;
    }
}

void Int8Post::depthwise(const LaneParameters &lanes, uint32_t group, const OutputRows &rows, const DepthwiseRow &row,
                         int8_t *codes) const {
    const uint32_t columns = command_.geometry.out_columns;
    const uint32_t row_sums = rows.pitch * WH_INT8_LANES;
    if (command_.post == WH_POST_REQUANTISE && !command_.accumulate && !command_.keep) {
        kernels_.depthwise_codes(
            row, {row.sums, (row.pixels + 3) / 4, &lanes, command_.limit, most_, command_.output, false, codes});
        write_rows(group, rows, codes);
        return;
    }
    kernels_.depthwise(row);
    for (uint32_t i = 0; i < rows.count; i++) {
        const uint32_t pixel = (rows.first + i) * columns;
        partial(pixel, columns, WH_INT8_LANES, row.sums + i * row_sums);
        if (!command_.keep && command_.post != WH_POST_REQUANTISE) {
            finish(lanes, group, 1, pixel, columns, WH_INT8_LANES, row.sums + i * row_sums);
        }
    }
    if (!command_.keep && command_.post == WH_POST_REQUANTISE) {
        kernels_.requantise(
            {row.sums, (row.pixels + 3) / 4, &lanes, command_.limit, most_, command_.output, false, codes});
        write_rows(group, rows, codes);
    }
}

void Int8Post::write_rows(uint32_t group, const OutputRows &rows, int8_t *codes) const {
    const uint32_t columns = command_.geometry.out_columns;
    look_up(codes, (size_t{rows.count - 1} * rows.pitch + columns) * WH_INT8_LANES);
    for (uint32_t i = 0; i < rows.count; i++) {
        chip_.write_row(command_.out, rows.first + i, group, 0, columns, bytes(codes + size_t{i} * rows.pitch * 8), 8);
    }
}

void Int8Post::look_up(int8_t *codes, size_t count) const {
    for (size_t i = 0; command_.table && i < count; i++) {
        codes[i] = chip_.table[codes[i] + 128];
    }
}

void Int8Post::partial(uint32_t pixel, uint32_t pixels, uint32_t sums_stride, int32_t *sums) const {
    if (!command_.accumulate && !command_.keep) {
        return;
    }
    const uint32_t columns = command_.geometry.out_columns;
    for (uint32_t i = pixel; i < pixel + pixels; i++, sums += sums_stride) {
        uint32_t slot = i * 2;
        if (command_.pairs) {
            slot = command_.flatten ? i : i / columns * ((columns + 1) / 2 * 2) + i % columns;
        }
        int32_t *kept = chip_.partial_sums + slot * WH_INT8_LANES;
        for (uint32_t lane = 0; command_.accumulate && lane < WH_INT8_LANES; lane++) {
            sums[lane] = add_wrapping(sums[lane], kept[lane]);
        }
        if (command_.keep) {
            std::memcpy(kept, sums, sizeof(int32_t) * WH_INT8_LANES);
        }
    }
}

void Int8Post::finish(const LaneParameters &lanes, uint32_t group, uint32_t groups, uint32_t pixel, uint32_t pixels,
                      uint32_t sums_stride, int32_t *sums) const {
    for (uint32_t i = 0; i < pixels; i++) {
        for (uint32_t j = 0; j < groups; j++) {
            const int32_t *lane_sums = sums + i * sums_stride + j * 8;
            if (command_.post == WH_POST_BITS) {
                write_bits(lanes, j * 8, group + j, pixel + i, lane_sums);
            } else {
                write_raw(lanes, j * 8, group + j, pixel + i, lane_sums);
            }
        }
    }
}

void Int8Post::write_bits(const LaneParameters &lanes, uint32_t lane, uint32_t group, uint32_t pixel,
                          const int32_t *sums) const {
    const uint32_t columns = command_.geometry.out_columns;
    uint8_t bits = 0;
    for (uint32_t i = 0; i < WH_INT8_LANES; i++) {
        const bool positive = add_wrapping(sums[i], lanes.bias[lane + i]) >= 0;
        bits = static_cast<uint8_t>(bits | (positive != (lanes.multiplier[lane + i] < 0) ? 1u << i : 0u));
    }
    chip_.word(command_.out, pixel / columns, group / 8, pixel % columns)[group % 8] = bits;
}

void Int8Post::write_raw(const LaneParameters &lanes, uint32_t lane, uint32_t group, uint32_t pixel,
                         const int32_t *sums) const {
    const uint32_t columns = command_.geometry.out_columns;
    for (uint32_t i = 0; i < WH_INT8_LANES; i += 2) {
        const int32_t two[2] = {add_wrapping(sums[i], lanes.bias[lane + i]),
                                add_wrapping(sums[i + 1], lanes.bias[lane + i + 1])};
        std::memcpy(chip_.word(command_.out, pixel / columns, group * 4 + i / 2, pixel % columns), two, 8);
    }
}

}  // namespace windhover
