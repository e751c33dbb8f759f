#include "int8.hpp"

#include <algorithm>
#include <cstring>

namespace windhover {

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
    int8_t codes[DENSE_PIXELS * VECTOR_LANES];
    kernels_.requantise({sums, pixels, &lanes, command_.limit, command_.output, codes});
    if (command_.table) {
        for (uint32_t i = 0; i < pixels * VECTOR_LANES; i++) {
            codes[i] = chip_.table[codes[i] + 128];
        }
    }
    for (uint32_t i = 0; i < groups; i++) {
        write_words(group + i, pixel, pixels, reinterpret_cast<const uint8_t *>(codes) + i * 8, VECTOR_LANES);
    }
}

void Int8Post::depthwise(const LaneParameters &lanes, uint32_t group, uint32_t pixel, uint32_t pixels,
                         int32_t *sums) const {
    partial(pixel, pixels, WH_INT8_LANES, sums);
    if (command_.keep) {
        return;
    }
    if (command_.post != WH_POST_REQUANTISE) {
        finish(lanes, group, 1, pixel, pixels, WH_INT8_LANES, sums);
        return;
    }
    for (uint32_t done = 0; done < pixels; done += 64) {
        const uint32_t count = std::min(64u, pixels - done);
        int8_t codes[64 * WH_INT8_LANES];
        kernels_.requantise({sums + done * WH_INT8_LANES, (count + 3) / 4, &lanes, command_.limit, command_.output, codes});
        if (command_.table) {
            for (uint32_t i = 0; i < count * WH_INT8_LANES; i++) {
                codes[i] = chip_.table[codes[i] + 128];
            }
        }
        write_words(group, pixel + done, count, reinterpret_cast<const uint8_t *>(codes), WH_INT8_LANES);
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

void Int8Post::write_words(uint32_t block, uint32_t pixel, uint32_t pixels, const uint8_t *words,
                           size_t stride_bytes) const {
    const uint32_t columns = command_.geometry.out_columns;
    for (uint32_t done = 0; done < pixels;) {
        const uint32_t x = (pixel + done) % columns;
        const uint32_t count = std::min(columns - x, pixels - done);
        chip_.write_row(command_.out, (pixel + done) / columns, block, x, count, words + done * stride_bytes,
                        stride_bytes);
        done += count;
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

}
