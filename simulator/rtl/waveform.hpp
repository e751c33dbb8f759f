// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "Vwh_accelerator.h"
#include "verilated_fst_c.h"

#include <cstdint>

namespace windhover {

struct ModelOptions;

/* Writes the accelerator's signals to the FST file that the options name. Errors are std::invalid_argument. */
class Waveform {
  public:
    Waveform(Vwh_accelerator &top, const ModelOptions &options);
    ~Waveform();
    Waveform(const Waveform &) = delete;
    Waveform &operator=(const Waveform &) = delete;

    /* The signals as they stand after the clock took this level. In a window cycle N has the times 2N and 2N+1. */
    void dump(bool clock, uint64_t time);

  private:
    void dump_window(bool clock);

    const Vwh_accelerator &top_;
    VerilatedFstC wave_;
    const bool window_;
    const uint64_t from_, to_;
    bool in_job_ = false;
    uint64_t cycle_ = 0; /* of jobs, counted through all of them */
};

}  // namespace windhover
