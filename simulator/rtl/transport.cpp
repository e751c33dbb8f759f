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

std::unique_ptr<Simulation> open_simulation(const std::string &configuration, const std::string &options) {
    if (!configuration.empty() && configuration != WINDHOVER_CONFIGURATION) {
        throw std::invalid_argument("this library simulates " WINDHOVER_CONFIGURATION ", not '" + configuration +
                                    "'; build the other with make rtl CONFIG=" + configuration);
    }
    const windhover::Options chosen(options, {"memory_mib", "stalls", "read_error", "write_error", "silent_reads",
                                              "silent_writes", "silent_cycles", "wave", "jobs", "timeline"});
    constexpr uint64_t MOST = 1'000'000'000;
    return std::make_unique<Simulation>(windhover::ModelOptions{
        chosen.number("memory_mib", windhover::DEFAULT_MEMORY_MIB, 1, windhover::MOST_MEMORY_MIB) * windhover::MEBIBYTE,
        chosen.number("stalls", 0, 0, MOST), chosen.number("read_error", 0, 0, MOST),
        chosen.number("write_error", 0, 0, MOST), chosen.number("silent_reads", 0, 0, MOST),
        chosen.number("silent_writes", 0, 0, MOST), chosen.number("silent_cycles", 0, 0, MOST), chosen.text("wave"),
        chosen.text("jobs"), chosen.text("timeline")});
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const wh_transport_ops *wh_transport_get(void) {
    return &windhover::Transport<Simulation, open_simulation>::OPERATIONS;
}
