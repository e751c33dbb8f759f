// SPDX-License-Identifier: Apache-2.0
// A command as the contract's generated writers make it.
#pragma once

#include <array>
#include <cstdint>

#include "windhover_contract.h"

namespace wh {

using Command = std::array<uint64_t, WH_COMMAND_WORDS>;

inline Command command_of(int opcode) {
    Command command{};
    wh_header_set_opcode(&command[0], opcode);
    return command;
}

struct Map {
    int base = 0, blocks = 1, quads = 1, ring = 1, row = 0, block = 0;

    uint64_t word() const {
        uint64_t word = 0;
        wh_map_set_base(&word, base);
        wh_map_set_blocks(&word, blocks);
        wh_map_set_quads(&word, quads);
        wh_map_set_ring(&word, ring);
        wh_map_set_row(&word, row);
        wh_map_set_block(&word, block);
        return word;
    }
};

// Copies a command to a port of 32-bit words.
template <typename Port>
void put_command(const Command &command, Port &port) {
    for (unsigned i = 0; i < 2 * WH_COMMAND_WORDS; i++) port[i] = static_cast<uint32_t>(command[i / 2] >> (i % 2 * 32));
}

}  // namespace wh
