// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wh_transport.h"

#include <cstdio>
#include <exception>
#include <memory>
#include <string>

namespace windhover {

/* Of a locator that names none. */
constexpr const char *DEFAULT_CONFIGURATION = "zynq7020";
constexpr uint64_t MEBIBYTE = 1 << 20;
constexpr uint64_t DEFAULT_MEMORY_MIB = sizeof(void *) == 8 ? 1024 : 128;
constexpr uint64_t MOST_MEMORY_MIB = 16384;

/* The transport interface over a device class. open makes a device or throws std::exception with one sentence. */
template <typename Device,
          std::unique_ptr<Device> (*OPEN)(const std::string &configuration, const std::string &options)>
struct Transport {
    static Device &device(wh_transport *transport) { return *reinterpret_cast<Device *>(transport); }

    static int32_t open(const char *configuration, const char *options, wh_transport **transport_out, char *message,
                        int32_t message_bytes) {
        try {
            auto opened = OPEN(configuration == nullptr ? "" : configuration, options == nullptr ? "" : options);
            *transport_out = reinterpret_cast<wh_transport *>(opened.release());
            return 0;
        } catch (const std::exception &error) {
            if (message != nullptr && message_bytes > 0) {
                std::snprintf(message, static_cast<size_t>(message_bytes), "%s", error.what());
            }
            return -1;
        }
    }

    static void close(wh_transport *transport) { delete reinterpret_cast<Device *>(transport); }

    static uint32_t read(wh_transport *transport, uint32_t offset_bytes) {
        return device(transport).read(offset_bytes);
    }

    static void write(wh_transport *transport, uint32_t offset_bytes, uint32_t value) {
        device(transport).write(offset_bytes, value);
    }

    static int32_t allocate(wh_transport *transport, uint64_t bytes, void **host_out, uint64_t *device_address_out) {
        try {
            uint64_t device_address = 0;
            void *host = device(transport).allocate(bytes, device_address);
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

    static void release(wh_transport *transport, void *host) { device(transport).release(host); }

    static int32_t wait(wh_transport *transport, int64_t timeout_ns) {
        return device(transport).wait_for_interrupt(timeout_ns);
    }

    static constexpr wh_transport_ops OPERATIONS = {WH_TRANSPORT_ABI, open,    close, read, write,
                                                    allocate,         release, wait};
};

}  // namespace windhover
