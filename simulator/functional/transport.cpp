#include "device.hpp"
#include "options.hpp"
#include "wh_transport.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <thread>

using windhover::Configuration;
using windhover::Device;
using windhover::Options;

struct wh_transport {
    Device device;
};

namespace {

constexpr uint64_t MEBIBYTE = 1 << 20;

int32_t open_device(const char *configuration, const char *options, wh_transport **transport_out, char *message,
                    int32_t message_bytes) {
    try {
        const Options chosen(options == nullptr ? "" : options, {"memory_mib", "threads"});
        const uint64_t cores = std::max(1u, std::thread::hardware_concurrency());
        const uint64_t memory_mib = chosen.number("memory_mib", sizeof(void *) == 8 ? 1024 : 128, 1, 16384);
        const uint64_t threads = chosen.number("threads", std::min<uint64_t>(cores, 4), 1, 64);
        *transport_out = new wh_transport{
            {Configuration::named(configuration == nullptr ? "" : configuration), memory_mib * MEBIBYTE,
             static_cast<uint32_t>(threads)}};
        return 0;
    } catch (const std::exception &error) {
        if (message != nullptr && message_bytes > 0) {
            std::snprintf(message, static_cast<size_t>(message_bytes), "%s", error.what());
        }
        return -1;
    }
}

void close_device(wh_transport *transport) { delete transport; }

uint32_t read_register(wh_transport *transport, uint32_t offset) { return transport->device.read(offset); }

void write_register(wh_transport *transport, uint32_t offset, uint32_t value) {
    transport->device.write(offset, value);
}

int32_t allocate(wh_transport *transport, uint64_t bytes, void **host_out, uint64_t *device_address_out) {
    try {
        uint64_t device_address = 0;
        void *host = transport->device.allocate(bytes, device_address);
        if (host == nullptr) {
            return -1;
        }
        *host_out = host;
        *device_address_out = device_address;
        return 0;
    } catch (const std::exception &) {
        return -1;
    }
}

void release(wh_transport *transport, void *host) { transport->device.release(host); }

int32_t wait_for_interrupt(wh_transport *transport, int64_t timeout_ns) {
    try {
        return transport->device.wait_for_interrupt(timeout_ns) ? 1 : 0;
    } catch (const std::exception &) {
        return -1;
    }
}

constexpr wh_transport_ops OPERATIONS = {WH_TRANSPORT_ABI, open_device, close_device, read_register, write_register,
                                         allocate, release, wait_for_interrupt};

}

extern "C" __attribute__((visibility("default"))) const wh_transport_ops *wh_transport_get(void) {
    return &OPERATIONS;
}
