// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "configuration.hpp"

#include <atomic>
#include <cstdint>
#include <cstring>
#include <vector>

namespace windhover {

/* Why a command stops the job. */
struct Fault {
    uint32_t code;
    uint32_t detail;
};

/* Thrown out of a command, left half done, when its job is to stop. */
struct Stopped {};

/* A map's descriptor: one 64-bit word of a command. */
struct Map {
    uint32_t base, blocks, quads, ring, row, block;

    static Map decode(uint64_t word);
    bool legal() const { return ring != 0 && row < 4 * ring; }
};

inline Map Map::decode(uint64_t word) {
    const auto value = [](int64_t field) { return static_cast<uint32_t>(field); };
    return {value(wh_map_base(word)), value(wh_map_blocks(word)), value(wh_map_quads(word)),
            value(wh_map_ring(word)), value(wh_map_row(word)),    value(wh_map_block(word))};
}

constexpr uint32_t PARTIAL_SUMS = WH_TILE_POSITIONS * 2 * WH_INT8_LANES;

/* On-chip state. Word (bank, address) of the activation memory is at 8 * (16 * address + bank). */
class Chip {
  public:
    explicit Chip(const Configuration &configuration);

    const Configuration configuration;
    std::vector<uint8_t> activations;
    std::vector<uint8_t> weights;            /* written through load_weights() only */
    int32_t rescale[512] = {};               /* A, then B, each indexed by code + 128 */
    int8_t table[256] = {};                  /* indexed by code + 128 */
    int32_t partial_sums[PARTIAL_SUMS] = {}; /* [position][pixel][lane] */
    std::atomic<bool> stop{false};           /* set by another thread: the job is to stop */

    bool stops() const { return stop.load(std::memory_order_relaxed); }
    /* Throws Stopped when the job is to stop. Commands of any length look every few milliseconds at least. */
    void check_stop() const {
        if (stops()) {
            throw Stopped{};
        }
    }

    uint8_t *word(const Map &map, uint32_t y, uint32_t block, uint32_t x) {
        return activations.data() + word_offset(map, y, block, x);
    }

    /* Throws OUT_OF_MEMORY unless every word of rows [y, y + rows), blocks [0, blocks), columns [x, x + columns)
     * exists. */
    void check(const Map &map, uint32_t y, uint32_t rows, uint32_t blocks, uint32_t x, uint32_t columns) const;

    /* Columns [x, x + columns) of one row and block, each byte exclusive-or flip. The word of column x + i is put at
     * out + i * stride_bytes. */
    void read_row(const Map &map, uint32_t y, uint32_t block, uint32_t x, uint32_t columns, uint8_t flip, uint8_t *out,
                  size_t stride_bytes = 8) const;
    /* The word of column x + i is at words + i * stride_bytes. */
    void write_row(const Map &map, uint32_t y, uint32_t block, uint32_t x, uint32_t columns, const uint8_t *words,
                   size_t stride_bytes);

    void load_weights(uint64_t address, const uint8_t *words, uint64_t bytes);
    /* Grows whenever a word of the range, or one near it, is loaded. */
    uint64_t weight_version(uint64_t address, uint64_t bytes) const;

  private:
    static uint64_t word_offset(const Map &map, uint32_t y, uint32_t block, uint32_t x) {
        const uint32_t row = (map.row + y) % (4 * map.ring);
        const uint32_t absolute_block = map.block + block;
        const uint64_t address = map.base + (uint64_t{row / 4} * map.blocks + absolute_block) * map.quads + x / 4;
        return 8 * (16 * address + 4 * ((row + absolute_block) % 4) + x % 4);
    }

    uint64_t weight_loads_ = 0;
    std::vector<uint64_t> weight_versions_; /* of pages: the number of the latest load that touched it */
};

}  // namespace windhover
