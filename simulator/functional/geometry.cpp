#include "geometry.hpp"

#include <cstring>

namespace windhover {

/* Kernels read whole vectors. */
static constexpr size_t SLACK_BYTES = 64;

/* Only padding without end can exceed this; the accelerator would work on it for longer than any watchdog waits. */
static constexpr uint64_t MOST_BYTES = uint64_t{1} << 31;

static void fill(uint8_t *to, uint64_t word, uint64_t count) {
    for (uint64_t i = 0; i < count; i++) {
        std::memcpy(to + i * 8, &word, 8);
    }
}

Gathered::Gathered(Chip &chip, const Map &map, const Geometry &geometry, uint32_t blocks, uint64_t pad_word,
                   uint8_t flip) {
    const bool plain = geometry.kernel_height == 1 && geometry.kernel_width == 1 && geometry.stride_y == 1
        && geometry.stride_x == 1 && geometry.pad_top == 0 && geometry.pad_left == 0;
    one_row = plain && geometry.out_rows <= geometry.in_rows && geometry.out_columns <= geometry.in_columns;
    const uint64_t pad = pad_word ^ (uint64_t{flip} * 0x0101010101010101u);
    if (one_row) {
        row_bytes = 0;
        block_bytes = size_t{geometry.out_rows} * geometry.out_columns * 8;
        words_.reset(new uint8_t[block_bytes * blocks + SLACK_BYTES]);
        for (uint32_t y = 0; y < geometry.out_rows; y++) {
            for (uint32_t block = 0; block < blocks; block++) {
                chip.read_row(map, y, block, 0, geometry.out_columns, flip,
                              words_.get() + block * block_bytes + size_t{y} * geometry.out_columns * 8);
            }
        }
        return;
    }
    block_bytes = geometry.touched_columns() * 8;
    row_bytes = block_bytes * blocks;
    if (row_bytes * geometry.touched_rows() > MOST_BYTES) {
        throw Fault{WH_FAULT_WATCHDOG, 0};
    }
    words_.reset(new uint8_t[row_bytes * geometry.touched_rows() + SLACK_BYTES]);
    for (uint64_t row = 0; row < geometry.touched_rows(); row++) {
        fill_row(chip, map, geometry, blocks, pad, flip, row);
    }
}

void Gathered::fill_row(Chip &chip, const Map &map, const Geometry &geometry, uint32_t blocks, uint64_t pad_word,
                        uint8_t flip, uint64_t touched_row) {
    uint8_t *to = words_.get() + touched_row * row_bytes;
    const int64_t y = static_cast<int64_t>(touched_row) - geometry.pad_top;
    const int64_t touched = static_cast<int64_t>(geometry.touched_columns());
    const int64_t first = std::min<int64_t>(std::max<int64_t>(0, -geometry.pad_left), geometry.in_columns);
    const int64_t end = std::max(first, std::min<int64_t>(geometry.in_columns, touched - geometry.pad_left));
    const bool exists = y >= 0 && y < geometry.in_rows && first < end;
    if (!exists) {
        fill(to, pad_word, row_bytes / 8);
        return;
    }
    const uint64_t before = static_cast<uint64_t>(first + geometry.pad_left);
    const uint64_t inside = static_cast<uint64_t>(end - first);
    for (uint32_t block = 0; block < blocks; block++, to += block_bytes) {
        fill(to, pad_word, before);
        chip.read_row(map, static_cast<uint32_t>(y), block, static_cast<uint32_t>(first),
                      static_cast<uint32_t>(inside), flip, to + before * 8);
        fill(to + (before + inside) * 8, pad_word, block_bytes / 8 - before - inside);
    }
}

}
