// SPDX-License-Identifier: Apache-2.0
#include "device.hpp"

namespace windhover {

namespace {

constexpr uint32_t REGISTER_BITS = 0xFFC; /* of an offset: which register of the page */

bool in_table(uint32_t offset, uint32_t first, uint32_t &index) {
    index = (offset - first) / 4;
    return offset >= first && index < WH_REGIONS;
}

}  // namespace

uint32_t Device::read(uint32_t offset) {
    const std::lock_guard<std::mutex> lock(mutex_);
    offset &= REGISTER_BITS;
    uint32_t region;
    if (in_table(offset, WH_REGISTER_REGION_BASE_LOW, region)) {
        return static_cast<uint32_t>(regions_[region].base);
    }
    if (in_table(offset, WH_REGISTER_REGION_BASE_HIGH, region)) {
        return static_cast<uint32_t>(regions_[region].base >> 32);
    }
    if (in_table(offset, WH_REGISTER_REGION_BYTES, region)) {
        return static_cast<uint32_t>(regions_[region].bytes);
    }
    switch (offset) {
    case WH_REGISTER_CONTROL: return control_;
    case WH_REGISTER_STATUS: return status();
    case WH_REGISTER_INTERRUPT: return interrupt_ ? 1 : 0;
    case WH_REGISTER_PROGRAM_REGION: return program_region_;
    case WH_REGISTER_PROGRAM_OFFSET: return program_offset_;
    case WH_REGISTER_PROGRAM_COMMANDS: return program_commands_;
    case WH_REGISTER_WATCHDOG_CYCLES: return watchdog_cycles_;
    case WH_REGISTER_REGION_WRITABLE: return writable_;
    case WH_REGISTER_FAULT_CODE: return faulted_ ? outcome_.fault_code : 0;
    case WH_REGISTER_FAULT_COMMAND: return faulted_ ? outcome_.fault_command : 0;
    case WH_REGISTER_FAULT_DETAIL: return faulted_ ? outcome_.fault_detail : 0;
    case WH_REGISTER_COMMANDS_DONE: return job_ ? job_->commands_done.load() : 0;
    default: return offset < WH_REGISTER_CONTROL ? read_capability(offset) : read_trace(offset);
    }
}

uint32_t Device::status() const {
    const bool draining = busy_ && chip_.stops();
    return (busy_ ? WH_STATUS_BUSY : 0) | (done_ ? WH_STATUS_DONE : 0) | (faulted_ ? WH_STATUS_FAULT : 0) |
           (draining ? WH_STATUS_DRAINING : 0);
}

uint32_t Device::read_capability(uint32_t offset) const {
    const Configuration &c = chip_.configuration;
    switch (offset) {
    case WH_REGISTER_IDENTITY: return WH_IDENTITY_VALUE;
    case WH_REGISTER_CONFIGURATION: return c.id;
    case WH_REGISTER_DIGEST_LOW: return static_cast<uint32_t>(WH_CONTRACT_DIGEST);
    case WH_REGISTER_DIGEST_HIGH: return static_cast<uint32_t>(WH_CONTRACT_DIGEST >> 32);
    case WH_REGISTER_INT8_REDUCTION: return c.int8_reduction;
    case WH_REGISTER_INT8_PIXELS: return c.int8_pixels;
    case WH_REGISTER_XNOR_LANES: return c.xnor_lanes;
    case WH_REGISTER_ACTIVATION_BANK_WORDS: return c.activation_bank_words;
    case WH_REGISTER_WEIGHT_WORDS: return c.weight_words;
    case WH_REGISTER_LINE_BYTES: return c.line_bytes;
    case WH_REGISTER_TRACE_ENTRIES: return c.trace_entries;
    case WH_REGISTER_CLOCK_HZ: return c.clock_hz;
    default: return 0;
    }
}

/* Cycles are the RTL's: counters and the cycle columns of the trace read 0 here. */
uint32_t Device::read_trace(uint32_t offset) const {
    const bool readable = job_ && !busy_;
    switch (offset) {
    case WH_REGISTER_TRACE_COUNT: return readable ? static_cast<uint32_t>(job_->traced_layers.size()) : 0;
    case WH_REGISTER_TRACE_INDEX: return trace_index_;
    case WH_REGISTER_TRACE_LAYER:
        return readable && trace_index_ < job_->traced_layers.size() ? job_->traced_layers[trace_index_] : 0;
    default: return 0;
    }
}

void Device::write(uint32_t offset, uint32_t value) {
    const std::lock_guard<std::mutex> lock(mutex_);
    constexpr uint64_t LOW = 0xFFFFFFFF;
    offset &= REGISTER_BITS;
    uint32_t region;
    if (in_table(offset, WH_REGISTER_REGION_BASE_LOW, region)) {
        regions_[region].base = (regions_[region].base & ~LOW) | (value & WH_MASK_REGION_BASE_LOW);
    } else if (in_table(offset, WH_REGISTER_REGION_BASE_HIGH, region)) {
        regions_[region].base = (regions_[region].base & LOW) | uint64_t{value} << 32;
    } else if (in_table(offset, WH_REGISTER_REGION_BYTES, region)) {
        regions_[region].bytes = value;
    } else {
        switch (offset) {
        case WH_REGISTER_CONTROL:
            control_ = value & WH_MASK_CONTROL;
            if ((value & WH_CONTROL_SOFT_RESET) != 0) {
                reset();
            }
            break;
        case WH_REGISTER_DOORBELL:
            if ((value & WH_DOORBELL_START) != 0) {
                ring();
            }
            break;
        case WH_REGISTER_INTERRUPT: interrupt_ = interrupt_ && (value & WH_INTERRUPT_ENDED) == 0; break;
        case WH_REGISTER_PROGRAM_REGION: program_region_ = value & WH_MASK_PROGRAM_REGION; break;
        case WH_REGISTER_PROGRAM_OFFSET: program_offset_ = value & WH_MASK_PROGRAM_OFFSET; break;
        case WH_REGISTER_PROGRAM_COMMANDS: program_commands_ = value & WH_MASK_PROGRAM_COMMANDS; break;
        case WH_REGISTER_REGION_WRITABLE: writable_ = value & WH_MASK_REGION_WRITABLE; break;
        case WH_REGISTER_WATCHDOG_CYCLES: watchdog_cycles_ = value; break;
        case WH_REGISTER_TRACE_INDEX: trace_index_ = value; break;
        default: break;
        }
    }
    changed_.notify_all();
}

void Device::ring() {
    if (busy_) {
        rung_ = true;
    } else {
        start();
    }
}

void Device::start() {
    rung_ = false;
    busy_ = true;
    done_ = false;
    faulted_ = false;
    job_.reset();
}

/* A running job stops within milliseconds, and is busy until then. */
void Device::reset() {
    chip_.stop = chip_.stop || busy_;
    rung_ = false;
    done_ = false;
    faulted_ = false;
}

}  // namespace windhover
