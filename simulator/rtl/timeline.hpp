// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "Vwh_accelerator.h"
#include "memory_ports.hpp"

#include <cstdint>
#include <fstream>
#include <string>

namespace windhover {

/* Writes what each command queue, the fetching of commands and each memory port does in every cycle of every job: a
 * line for each stretch of cycles in which that stays the same. The states are listed in README.md. */
class Timeline {
  public:
    explicit Timeline(const std::string &file);

    /* A cycle as it stands just before the clock edge that ends it. */
    void sample(const Vwh_accelerator &top, PortState read0, PortState read1, PortState write);

  private:
    static constexpr uint32_t TRACKS = 10; /* six queues, fetch, two read ports, the write port */

    struct Stretch {
        const char *state; /* nullptr: nothing to tell */
        int64_t command;   /* its position in the job's program; -1 for none */
        uint64_t from;
    };

    void begin();
    void enter(uint32_t track, const char *state, int64_t command);
    void end();

    std::string file_;
    std::ofstream lines_;
    Stretch stretches_[TRACKS] = {};
    bool in_job_ = false;
    uint64_t cycle_ = 0;
};

}  // namespace windhover
