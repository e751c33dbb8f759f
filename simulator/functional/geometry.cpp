// SPDX-License-Identifier: Apache-2.0
#include "geometry.hpp"

#include <cstring>

namespace windhover {

/* Kernels read whole vectors. */
static constexpr size_t SLACK_BYTES = 64;

/* Only padding without end can exceed this; the accelerator would work on it for longer than any watchdog waits. */
static constexpr uint64_t MOST_BYTES = uint64_t{1} << 31;

static uint64_t ceil_divide(uint64_t a, uint64_t b) { return (a + b - 1) / b; }

/* Sizes are checked in 64 bits before they are kept in size_t, which has 32 on small boards. */
void Gathered::lay_out(const Geometry &g, uint32_t blocks, Order order) {
    const bool planes = order == Order::PLANES;
    row_phases_ = planes ? std::min<uint64_t>(g.stride_y, g.touched_rows()) : 1;
    column_phases_ = planes ? std::min<uint64_t>(g.stride_x, g.touched_columns()) : 1;
    const uint64_t rows = ceil_divide(g.touched_rows(), row_phases_);
    const uint64_t columns = ceil_divide(g.touched_columns(), column_phases_);
    uint64_t block = rows * row_phases_ * columns * column_phases_ * 8;
    /* Else the blocks of a pixel would share a few sets of the cache. */
    block += planes && block % 512 == 0 ? 64 : 0;
    if (block * blocks > MOST_BYTES) {
        throw Fault{WH_FAULT_WATCHDOG, 0};
    }
    pixel_bytes = planes ? 8 : size_t{blocks} * 8;
    row_bytes = static_cast<size_t>(columns) * pixel_bytes;
    row_phase_bytes_ = static_cast<size_t>(rows) * row_bytes;
    column_phase_bytes_ = static_cast<size_t>(row_phases_) * row_phase_bytes_;
    block_bytes = planes ? static_cast<size_t>(block) : 8;
    words_.reset(new uint8_t[static_cast<size_t>(block * blocks) + SLACK_BYTES]);
}

Gathered::Gathered(const Chip &chip, const Map &map, const Geometry &g, uint32_t blocks, uint64_t pad_word,
                   uint8_t flip, Order order) {
    lay_out(g, blocks, order);
    const int64_t columns = static_cast<int64_t>(g.touched_columns());
    const int64_t first = std::min<int64_t>(std::max<int64_t>(0, -g.pad_left), g.in_columns);
    const int64_t end = std::max(first, std::min<int64_t>(g.in_columns, columns - g.pad_left));
    const uint64_t padding = pad_word ^ (uint64_t{flip} * 0x0101010101010101u);
    std::vector<uint8_t> line(column_phases_ == 1 ? 0 : static_cast<size_t>(end - first) * 8);
    std::vector<size_t> places; /* of the columns of line */
    for (int64_t column = first + g.pad_left; places.size() < line.size() / 8; column++) {
        places.push_back(offset(0, static_cast<uint64_t>(column)));
    }
    for (uint64_t row = 0; row < g.touched_rows(); row++) {
        const int64_t y = static_cast<int64_t>(row) - g.pad_top;
        const bool exists = y >= 0 && y < g.in_rows && first < end;
        const int64_t before = exists ? first + g.pad_left : columns;
        const int64_t after = exists ? end + g.pad_left : columns;
        uint8_t *to = words_.get() + offset(row, 0);
        for (uint32_t block = 0; block < blocks; block++, to += block_bytes) {
            chip.check_stop();
            fill(to, 0, before, padding);
            fill(to, after, columns, padding);
            if (exists && column_phases_ == 1) {
                chip.read_row(map, static_cast<uint32_t>(y), block, static_cast<uint32_t>(first),
                              static_cast<uint32_t>(end - first), flip, to + before * pixel_bytes, pixel_bytes);
            } else if (exists) {
                chip.read_row(map, static_cast<uint32_t>(y), block, static_cast<uint32_t>(first),
                              static_cast<uint32_t>(end - first), flip, line.data());
                for (size_t i = 0; i < places.size(); i++) {
                    std::memcpy(to + places[i], line.data() + i * 8, 8);
                }
            }
        }
    }
}

void Gathered::fill(uint8_t *row, int64_t first, int64_t end, uint64_t word) const {
    for (int64_t column = first; column < end; column++) {
        std::memcpy(row + offset(0, static_cast<uint64_t>(column)), &word, sizeof word);
    }
}

}  // namespace windhover
