// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chip.hpp"
#include "commands.hpp"

#include <atomic>
#include <cstdint>
#include <vector>

namespace windhover {

struct Outcome {
    uint32_t fault_code = WH_FAULT_NONE;
    uint32_t fault_command = 0;
    uint32_t fault_detail = 0;
};

/* One program run: six in-order queues and their tokens. Of the commands that may start, the oldest runs next. */
class Job {
  public:
    Job(Chip &chip, Int8Engine &int8, Workers &workers, Regions &regions, std::vector<uint64_t> program)
        : chip_(chip), int8_(int8), workers_(workers), regions_(regions), program_(std::move(program)) {}

    /* Returns early, without fault, once chip.stop is set. A program that waits for ever ends in WATCHDOG. */
    Outcome run();

    std::atomic<uint32_t> commands_done{0};
    std::vector<uint16_t> traced_layers; /* to be read when run has returned */

  private:
    Command command(uint32_t index) const { return &program_[uint64_t{index} * WH_COMMAND_WORDS]; }
    uint32_t commands() const { return static_cast<uint32_t>(program_.size() / WH_COMMAND_WORDS); }
    Outcome run_all();
    void fill_queues();
    bool ready(uint32_t queue) const;
    void take_tokens(uint32_t queue);
    void give_tokens(uint32_t queue, Command command);
    void execute(Command command);

    Chip &chip_;
    Int8Engine &int8_;
    Workers &workers_;
    Regions &regions_;
    const std::vector<uint64_t> program_;
    std::vector<uint32_t> queues_[WH_QUEUES];
    size_t heads_[WH_QUEUES] = {};
    uint32_t tokens_[WH_QUEUES][WH_QUEUES] = {}; /* [giver][taker] */
};

}  // namespace windhover
