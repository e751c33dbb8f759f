// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "windhover_contract.h"

#include <cstdint>
#include <stdexcept>
#include <string>

namespace windhover {

struct Configuration {
    uint32_t id;
    uint32_t int8_reduction;
    uint32_t int8_pixels;
    uint32_t xnor_lanes;
    uint32_t activation_bank_words;
    uint32_t weight_words;
    uint32_t line_bytes;
    uint32_t trace_entries;
    uint32_t clock_hz;

    /* Throws std::invalid_argument. */
    static Configuration named(const std::string &name);
};

inline Configuration Configuration::named(const std::string &name) {
    std::string known;
#define WINDHOVER_CONFIGURATION(NAME, C)                                                    \
    if (name == (NAME)) {                                                                   \
        return {WH_##C##_ID,         WH_##C##_INT8_REDUCTION,        WH_##C##_INT8_PIXELS,  \
                WH_##C##_XNOR_LANES, WH_##C##_ACTIVATION_BANK_WORDS, WH_##C##_WEIGHT_WORDS, \
                WH_##C##_LINE_BYTES, WH_##C##_TRACE_ENTRIES,         WH_##C##_CLOCK_HZ};    \
    }                                                                                       \
    known += (known.empty() ? "" : ", ") + std::string(NAME);
    WH_CONFIGURATIONS(WINDHOVER_CONFIGURATION)
#undef WINDHOVER_CONFIGURATION
    throw std::invalid_argument("the functional model has no configuration '" + name + "'; use one of: " + known);
}

}  // namespace windhover
