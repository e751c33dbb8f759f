#include "chip.hpp"

#include <algorithm>

namespace windhover {

Chip::Chip(const Configuration &chosen)
    : configuration(chosen),
      activations(uint64_t{chosen.activation_bank_words} * 16 * 8),
      weights(uint64_t{chosen.weight_words} * WH_WEIGHT_WORD_BYTES) {}

void Chip::check(const Map &map, uint32_t y, uint32_t rows, uint32_t blocks, uint32_t x, uint32_t columns) const {
    if (rows == 0 || blocks == 0 || columns == 0) {
        return;
    }
    const uint32_t modulus = 4 * map.ring;
    const uint32_t first = (map.row + y) % modulus;
    const uint32_t last = rows > modulus - first ? modulus - 1 : first + rows - 1;
    const uint64_t address = map.base
        + (uint64_t{last / 4} * map.blocks + map.block + blocks - 1) * map.quads + (x + columns - 1) / 4;
    if (address >= configuration.activation_bank_words) {
        throw Fault{WH_FAULT_OUT_OF_MEMORY, static_cast<uint32_t>(address)};
    }
}

void Chip::read_row(const Map &map, uint32_t y, uint32_t block, uint32_t x, uint32_t columns, uint8_t flip,
                    uint8_t *out) {
    const uint64_t flips = uint64_t{flip} * 0x0101010101010101u;
    const auto copy = [&out, flips](const uint8_t *from) {
        uint64_t value;
        std::memcpy(&value, from, 8);
        value ^= flips;
        std::memcpy(out, &value, 8);
        out += 8;
    };
    const uint32_t end = x + columns;
    const uint8_t *from = word(map, y, block, x);
    for (; x < end && x % 4 != 0; x++, from += 8) {
        copy(from);
    }
    if (x >= end) {
        return;
    }
    for (from = word(map, y, block, x); end - x >= 4; x += 4, from += 128) {
        copy(from);
        copy(from + 8);
        copy(from + 16);
        copy(from + 24);
    }
    for (; x < end; x++, from += 8) {
        copy(from);
    }
}

void Chip::write_row(const Map &map, uint32_t y, uint32_t block, uint32_t x, uint32_t columns, const uint8_t *words,
                     size_t stride_bytes) {
    if (columns == 0) {
        return;
    }
    uint8_t *to = word(map, y, block, x);
    if (stride_bytes == 8) {
        for (; columns != 0 && x % 4 != 0; columns--, words += 8) {
            std::memcpy(to, words, 8);
            to += ++x % 4 == 0 ? 128 - 24 : 8;
        }
        for (; columns >= 4; columns -= 4, words += 32, to += 128) {
            std::memcpy(to, words, 32);
        }
        x = 0;
    }
    for (const uint32_t end = x + columns; x < end; words += stride_bytes) {
        std::memcpy(to, words, 8);
        x++;
        to += x % 4 == 0 ? 128 - 24 : 8;
    }
}

}
