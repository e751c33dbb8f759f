// SPDX-License-Identifier: Apache-2.0
#include "transport.hpp"

#include "options.hpp"
#include "simulation.hpp"

#include <stdexcept>

#ifndef WINDHOVER_CONFIGURATION
#error "WINDHOVER_CONFIGURATION is the name of the configuration this library simulates"
#endif

namespace {

using windhover::Simulation;

void choose_waveform(windhover::ModelOptions &model, const windhover::Options &chosen) {
    constexpr uint64_t MOST_CYCLES = 1'000'000'000'000'000;
    for (const char *option : {"wave_from", "wave_to"}) {
        if (chosen.has(option) && !chosen.has("wave")) {
            throw std::invalid_argument(std::string("option '") + option +
                                        "' of the device needs 'wave', which names the file");
        }
    }
    model.wave = chosen.text("wave");
    model.wave_window = chosen.has("wave_from") || chosen.has("wave_to");
    model.wave_from = chosen.number("wave_from", 0, 0, MOST_CYCLES);
    model.wave_to = chosen.number("wave_to", MOST_CYCLES, 1, MOST_CYCLES);
    if (model.wave_to <= model.wave_from) {
        throw std::invalid_argument("option 'wave_to=" + std::to_string(model.wave_to) +
                                    "' of the device must be more than wave_from, which is " +
                                    std::to_string(model.wave_from));
    }
}

std::unique_ptr<Simulation> open_simulation(const std::string &configuration, const std::string &options) {
    if (!configuration.empty() && configuration != WINDHOVER_CONFIGURATION) {
        throw std::invalid_argument("this library simulates " WINDHOVER_CONFIGURATION ", not '" + configuration +
                                    "'; build the other with make rtl CONFIG=" + configuration);
    }
    const windhover::Options chosen(options, {"memory_mib", "stalls", "read_error", "write_error", "silent_reads",
                                              "silent_writes", "silent_cycles", "wave", "wave_from", "wave_to", "jobs",
                                              "timeline"});
    constexpr uint64_t MOST = 1'000'000'000;
    windhover::ModelOptions model{};
    model.memory_bytes = chosen.number("memory_mib", windhover::DEFAULT_MEMORY_MIB, 1, windhover::MOST_MEMORY_MIB) *
                         windhover::MEBIBYTE;
    model.stalls_seed = chosen.number("stalls", 0, 0, MOST);
    model.read_error = chosen.number("read_error", 0, 0, MOST);
    model.write_error = chosen.number("write_error", 0, 0, MOST);
    model.silent_reads = chosen.number("silent_reads", 0, 0, MOST);
    model.silent_writes = chosen.number("silent_writes", 0, 0, MOST);
    model.silent_cycles = chosen.number("silent_cycles", 0, 0, MOST);
    choose_waveform(model, chosen);
    model.jobs = chosen.text("jobs");
    model.timeline = chosen.text("timeline");
    return std::make_unique<Simulation>(model);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const wh_transport_ops *wh_transport_get(void) {
    return &windhover::Transport<Simulation, open_simulation>::OPERATIONS;
}
