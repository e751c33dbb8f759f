// SPDX-License-Identifier: Apache-2.0
/* Of the builds that trace only. */
#ifdef WINDHOVER_TRACE
#include "waveform.hpp"

#include "Vwh_accelerator___024root.h"
#include "model.hpp"
#include "options.hpp"

#include <stdexcept>

namespace windhover {

/* The header block of an FST file: its kind and its length, 329 bytes. */
static const std::string BEGINNING("\0\0\0\0\0\0\0\1\x49", 9);
static constexpr int ALL_LEVELS = 99;

Waveform::Waveform(Vwh_accelerator &top, const ModelOptions &options)
    : top_(top), window_(options.wave_window), from_(options.wave_from), to_(options.wave_to) {
    check_output_file(options.wave, BEGINNING);
    top.trace(&wave_, ALL_LEVELS);
    wave_.open(options.wave.c_str());
    if (!wave_.isOpen()) {
        throw std::invalid_argument("cannot write the waveform '" + options.wave +
                                    "'; name a file in a folder that exists");
    }
}

Waveform::~Waveform() { wave_.close(); }

void Waveform::dump(bool clock, uint64_t time) {
    if (window_) {
        dump_window(clock);
    } else {
        wave_.dump(time);
    }
}

void Waveform::dump_window(bool clock) {
    if (!clock) {
        in_job_ = top_.rootp->wh_accelerator__DOT__running && !top_.rootp->wh_accelerator__DOT__start;
    }
    if (!in_job_) {
        return;
    }
    if (cycle_ >= from_ && cycle_ < to_) {
        wave_.dump(2 * cycle_ + (clock ? 1 : 0));
    }
    if (clock) {
        cycle_++;
    }
}

}  // namespace windhover
#endif
