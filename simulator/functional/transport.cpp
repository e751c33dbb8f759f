// SPDX-License-Identifier: Apache-2.0
#include "transport.hpp"

#include "device.hpp"
#include "options.hpp"

#include <algorithm>
#include <thread>

namespace {

using windhover::Device;

std::unique_ptr<Device> open_device(const std::string &configuration, const std::string &options) {
    const windhover::Options chosen(options, {"memory_mib", "threads"});
    const uint64_t cores = std::max(1u, std::thread::hardware_concurrency());
    const uint64_t memory_mib = chosen.number("memory_mib", windhover::DEFAULT_MEMORY_MIB, 1,
                                              windhover::MOST_MEMORY_MIB);
    const uint64_t threads = chosen.number("threads", std::min<uint64_t>(cores, 4), 1, 64);
    return std::make_unique<Device>(
        windhover::Configuration::named(configuration.empty() ? windhover::DEFAULT_CONFIGURATION : configuration),
        memory_mib * windhover::MEBIBYTE, static_cast<uint32_t>(threads));
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const wh_transport_ops *wh_transport_get(void) {
    return &windhover::Transport<Device, open_device>::OPERATIONS;
}
