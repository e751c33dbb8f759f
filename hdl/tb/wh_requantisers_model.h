// SPDX-License-Identifier: Apache-2.0
// The shared requantisers as an engine sees them: sums in, codes eight cycles later. For benches of single engines.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "wh_int8_golden.h"

namespace wh {

// Bits of a port, of whatever type its width gave it; at most 32, within one of its words.
template <typename Port>
uint32_t slice(const Port &port, int lsb, int width) {
    const uint32_t mask = width == 32 ? UINT32_MAX : (1u << width) - 1;
    if constexpr (std::is_integral_v<Port>) {
        return static_cast<uint32_t>(static_cast<uint64_t>(port) >> lsb) & mask;
    } else {
        uint64_t two = port[lsb / 32];
        if (lsb % 32 + width > 32) two |= static_cast<uint64_t>(port[lsb / 32 + 1]) << 32;
        return static_cast<uint32_t>(two >> lsb % 32) & mask;
    }
}

template <typename Port>
void put_byte(Port &port, int index, uint8_t value) {
    if constexpr (std::is_integral_v<Port>) {
        const auto shift = 8 * index;
        port = static_cast<Port>((port & ~(Port{255} << shift)) | Port{value} << shift);
    } else {
        port[index / 4] = (port[index / 4] & ~(255u << index % 4 * 8)) | static_cast<uint32_t>(value) << index % 4 * 8;
    }
}

template <int LANES>
class RequantisersModel {
  public:
    struct Lane {
        int32_t sum, multiplier;
        int shift;
    };
    struct Request {
        bool valid = false, wide = false, high = false, truncate = false;
        uint32_t range = 0;  // clamp_max, clamp_min, zero_point
        std::array<Lane, LANES> lanes{};
    };

    // Takes what is asked in this cycle; after the clock's edge the codes of eight cycles before are at the port.
    template <typename Port>
    void step(const Request &request, Port &codes) {
        for (int lane = 0; lane < LANES; lane++) {
            // Codes that nobody asked for, or of a low pass, mean nothing.
            const bool known = request.valid && (!request.wide || request.high);
            pipeline_[next_][lane] = known ? code(request, request.lanes[lane]) : static_cast<uint8_t>(0xA5 + lane);
        }
        next_ = (next_ + 1) % DELAY;
        for (int lane = 0; lane < LANES; lane++) put_byte(codes, lane, pipeline_[next_][lane]);
    }

  private:
    static constexpr int DELAY = 8;

    static uint8_t code(const Request &request, const Lane &lane) {
        const auto least = static_cast<int8_t>(request.range >> 8), most = static_cast<int8_t>(request.range >> 16);
        const int64_t value = request.truncate
                                  ? int64_t{lane.sum} * lane.multiplier / (int64_t{1} << 31)
                                  : multiply_by_quantised_multiplier(lane.sum, lane.multiplier,
                                                                     std::clamp(lane.shift, -31, 31), request.wide);
        return static_cast<uint8_t>(std::clamp<int64_t>(value + static_cast<int8_t>(request.range), least, most));
    }

    uint8_t pipeline_[DELAY][LANES] = {};
    int next_ = 0;
};

}  // namespace wh
