// SPDX-License-Identifier: Apache-2.0
#include "chip.hpp"

#include <algorithm>

namespace windhover {

/* From one quad of columns to the next; within it, columns lie in neighbouring banks. */
constexpr size_t NEXT_QUAD = 128;

constexpr uint64_t WEIGHT_PAGE_BYTES = 1024;

static void copy(const uint8_t *from, uint8_t *to, uint64_t flips) {
    uint64_t word;
    std::memcpy(&word, from, sizeof word);
    word ^= flips;
    std::memcpy(to, &word, sizeof word);
}

static void copy_quad(const uint8_t *from, uint8_t *to, uint64_t flips) {
    uint64_t words[4];
    std::memcpy(words, from, sizeof words);
    for (uint64_t &word : words) {
        word ^= flips;
    }
    std::memcpy(to, words, sizeof words);
}

Chip::Chip(const Configuration &chosen)
    : configuration(chosen), activations(uint64_t{chosen.activation_bank_words} * 16 * 8),
      weights(uint64_t{chosen.weight_words} * WH_WEIGHT_WORD_BYTES),
      weight_versions_(weights.size() / WEIGHT_PAGE_BYTES + 1) {}

void Chip::load_weights(uint64_t address, const uint8_t *words, uint64_t bytes) {
    const uint64_t first = address * WH_WEIGHT_WORD_BYTES;
    std::memcpy(weights.data() + first, words, bytes);
    weight_loads_++;
    for (uint64_t page = first / WEIGHT_PAGE_BYTES; page <= (first + bytes - 1) / WEIGHT_PAGE_BYTES; page++) {
        weight_versions_[page] = weight_loads_;
    }
}

uint64_t Chip::weight_version(uint64_t address, uint64_t bytes) const {
    const uint64_t first = address * WH_WEIGHT_WORD_BYTES;
    const auto pages = weight_versions_.begin() + static_cast<std::ptrdiff_t>(first / WEIGHT_PAGE_BYTES);
    return *std::max_element(pages, weight_versions_.begin() +
                                        static_cast<std::ptrdiff_t>((first + bytes - 1) / WEIGHT_PAGE_BYTES + 1));
}

void Chip::check(const Map &map, uint32_t y, uint32_t rows, uint32_t blocks, uint32_t x, uint32_t columns) const {
    if (rows == 0 || blocks == 0 || columns == 0) {
        return;
    }
    const uint32_t modulus = 4 * map.ring;
    const uint32_t first = (map.row + y) % modulus;
    const uint32_t last = rows > modulus - first ? modulus - 1 : first + rows - 1;
    const uint64_t address = map.base + (uint64_t{last / 4} * map.blocks + map.block + blocks - 1) * map.quads +
                             (x + columns - 1) / 4;
    if (address >= configuration.activation_bank_words) {
        throw Fault{WH_FAULT_OUT_OF_MEMORY, static_cast<uint32_t>(address)};
    }
}

void Chip::read_row(const Map &map, uint32_t y, uint32_t block, uint32_t x, uint32_t columns, uint8_t flip,
                    uint8_t *out, size_t stride_bytes) const {
    const uint64_t flips = uint64_t{flip} * 0x0101010101010101u;
    const uint8_t *from = activations.data() + word_offset(map, y, block, x);
    for (; columns != 0 && x % 4 != 0; columns--, out += stride_bytes) {
        copy(from, out, flips);
        from += ++x % 4 == 0 ? NEXT_QUAD - 24 : 8;
    }
    for (; columns >= 4 && stride_bytes == 8; columns -= 4, from += NEXT_QUAD, out += 32) {
        copy_quad(from, out, flips);
    }
    for (; columns >= 4; columns -= 4, from += NEXT_QUAD) {
        for (uint32_t i = 0; i < 4; i++, out += stride_bytes) {
            copy(from + i * 8, out, flips);
        }
    }
    for (; columns != 0; columns--, from += 8, out += stride_bytes) {
        copy(from, out, flips);
    }
}

void Chip::write_row(const Map &map, uint32_t y, uint32_t block, uint32_t x, uint32_t columns, const uint8_t *words,
                     size_t stride_bytes) {
    if (columns == 0) {
        return;
    }
    uint8_t *to = word(map, y, block, x);
    for (; columns != 0 && x % 4 != 0; columns--, words += stride_bytes) {
        copy(words, to, 0);
        to += ++x % 4 == 0 ? NEXT_QUAD - 24 : 8;
    }
    for (; columns >= 4 && stride_bytes == 8; columns -= 4, words += 32, to += NEXT_QUAD) {
        copy_quad(words, to, 0);
    }
    for (; columns >= 4; columns -= 4, to += NEXT_QUAD) {
        for (uint32_t i = 0; i < 4; i++, words += stride_bytes) {
            copy(words, to + i * 8, 0);
        }
    }
    for (; columns != 0; columns--, words += stride_bytes, to += 8) {
        copy(words, to, 0);
    }
}

}  // namespace windhover
