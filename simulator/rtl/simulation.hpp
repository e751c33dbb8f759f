// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace windhover {

/* A model that runs by itself while a job is busy, on a thread of its own; its clock stands still otherwise. */
class Simulation {
  public:
    explicit Simulation(const ModelOptions &options);
    ~Simulation();
    Simulation(const Simulation &) = delete;
    Simulation &operator=(const Simulation &) = delete;

    uint32_t read(uint32_t offset);
    void write(uint32_t offset, uint32_t value);
    uint8_t *allocate(uint64_t bytes, uint64_t &device_address);
    void release(void *host);
    /* 1 the line is up, 0 timeout_ns passed, -1 the model broke. */
    int32_t wait_for_interrupt(int64_t timeout_ns);

  private:
    template <typename Action>
    void with_model(const Action &action);
    void serve();
    void advance();
    void publish(bool running);
    void fail(const std::exception &error);

    std::mutex model_mutex_; /* taken before state_mutex_ where both are */
    Model model_;
    std::atomic<uint32_t> visitors_{0}; /* threads that want the model; the running job lets them pass */

    std::mutex state_mutex_;
    std::condition_variable changed_;
    bool running_ = false;
    bool broken_ = false;
    bool line_ = false;
    std::atomic<bool> closing_{false};
    std::thread thread_;
};

}  // namespace windhover
