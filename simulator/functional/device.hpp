// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arena.hpp"
#include "job.hpp"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

namespace windhover {

/* The accelerator as the host sees it. Jobs run on a thread of their own; every method may be called from any thread.
 */
class Device {
  public:
    Device(const Configuration &configuration, uint64_t memory_bytes, uint32_t threads);
    ~Device();
    Device(const Device &) = delete;
    Device &operator=(const Device &) = delete;

    uint32_t read(uint32_t offset);
    void write(uint32_t offset, uint32_t value);
    uint8_t *allocate(uint64_t bytes, uint64_t &device_address);
    void release(void *host);
    /* 1 the interrupt line is up, 0 timeout_ns passed, -1 the model broke. */
    int32_t wait_for_interrupt(int64_t timeout_ns);

  private:
    struct Region {
        uint64_t base;
        uint64_t bytes;
    };
    struct Program {
        uint32_t region, offset, commands;
    };
    class Memory;

    uint32_t read_capability(uint32_t offset) const;
    uint32_t read_trace(uint32_t offset) const;
    uint32_t status() const;
    void ring();
    void start();
    void reset();
    void serve();
    void run_job(std::unique_lock<std::mutex> &lock);
    Outcome fetch_and_run(Regions &regions, std::unique_lock<std::mutex> &lock);
    static std::vector<uint64_t> fetch(Regions &regions, const Program &where, Outcome &outcome);
    bool line_is_up() const { return (control_ & 1) != 0 && interrupt_; }

    Chip chip_;
    Int8Engine int8_;
    Workers workers_;
    Arena arena_;
    Region regions_[WH_REGIONS] = {};
    uint32_t control_ = 0, program_region_ = 0, program_offset_ = 0, program_commands_ = 0, watchdog_cycles_ = 0;
    uint32_t writable_ = 0, trace_index_ = 0;
    bool rung_ = false; /* a doorbell that came while busy */
    bool busy_ = false, done_ = false, faulted_ = false, interrupt_ = false, closing_ = false, broken_ = false;
    std::unique_ptr<Job> job_;
    Outcome outcome_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::thread thread_;
};

}  // namespace windhover
