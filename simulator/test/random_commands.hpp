// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "naive.hpp"

namespace bench {

/* Random commands that keep the accelerator's rules and stay inside its memories. */
struct RandomCommands {
    Random &random;
    const Sizes &sizes;
    uint32_t next_base = 0;

    Command int8();
    Command xnor();
    Command vector();
    /* Plausible multipliers and shifts, and now and then extreme ones, in the parameters of every group. */
    void fill_parameters(const Command &command, std::vector<uint8_t> &weights);

  private:
    MapWord map(int64_t rows, int64_t blocks, int64_t columns);
    bool geometry(Command &command, int64_t out_words, bool pools);
};

}  // namespace bench
