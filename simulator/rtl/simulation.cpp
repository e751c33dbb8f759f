// SPDX-License-Identifier: Apache-2.0
#include "simulation.hpp"

#include "windhover_contract.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace windhover {

/* Cycles between two looks at whether somebody waits for the model, and between two looks at STATUS. */
static constexpr uint32_t SLICE_CYCLES = 128;
static constexpr uint32_t SLICES_PER_LOOK = 32;

Simulation::Simulation(const ModelOptions &options) : model_(options), thread_([this] { serve(); }) {}

Simulation::~Simulation() {
    {
        const std::lock_guard<std::mutex> lock(state_mutex_);
        closing_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Simulation::publish(bool running) {
    {
        const std::lock_guard<std::mutex> lock(state_mutex_);
        running_ = running && !broken_;
        line_ = model_.interrupt();
    }
    changed_.notify_all();
}

void Simulation::fail(const std::exception &error) {
    std::fprintf(stderr, "windhover: the simulated accelerator stopped: %s\n", error.what());
    {
        const std::lock_guard<std::mutex> lock(state_mutex_);
        broken_ = true;
        running_ = false;
    }
    changed_.notify_all();
}

template <typename Action>
void Simulation::with_model(const Action &action) {
    visitors_++;
    const std::lock_guard<std::mutex> model(model_mutex_);
    visitors_--;
    bool running;
    {
        const std::lock_guard<std::mutex> lock(state_mutex_);
        if (broken_) {
            return;
        }
        running = running_;
    }
    try {
        publish(action(running));
    } catch (const std::exception &error) {
        fail(error);
    }
}

uint32_t Simulation::read(uint32_t offset) {
    uint32_t value = UINT32_MAX;
    with_model([&](bool running) {
        value = model_.read_register(offset);
        return running;
    });
    return value;
}

void Simulation::write(uint32_t offset, uint32_t value) {
    with_model([&](bool running) {
        const bool starts = offset == WH_REGISTER_DOORBELL && (value & WH_DOORBELL_START) != 0 && !running;
        if (starts) {
            model_.start_job();
        }
        model_.write_register(offset, value);
        return running || starts;
    });
}

uint8_t *Simulation::allocate(uint64_t bytes, uint64_t &device_address) {
    uint8_t *host = nullptr;
    with_model([&](bool running) {
        host = model_.arena.allocate(bytes);
        device_address = host == nullptr ? 0 : model_.arena.device_address(host);
        return running;
    });
    return host;
}

void Simulation::release(void *host) {
    with_model([&](bool running) {
        model_.arena.release(host);
        return running;
    });
}

int32_t Simulation::wait_for_interrupt(int64_t timeout_ns) {
    const int64_t most_ns = int64_t{1} << 60;
    const auto end = std::chrono::steady_clock::now() + std::chrono::nanoseconds(std::min(timeout_ns, most_ns));
    std::unique_lock<std::mutex> lock(state_mutex_);
    changed_.wait_until(lock, end, [this] { return line_ || broken_ || closing_; });
    return broken_ || closing_ ? -1 : line_ ? 1 : 0;
}

void Simulation::serve() {
    for (;;) {
        {
            std::unique_lock<std::mutex> lock(state_mutex_);
            changed_.wait(lock, [this] { return closing_ || running_; });
        }
        if (closing_) {
            return;
        }
        while (visitors_ != 0) {
            std::this_thread::yield();
        }
        const std::lock_guard<std::mutex> model(model_mutex_);
        try {
            advance();
        } catch (const std::exception &error) {
            fail(error);
        }
    }
}

void Simulation::advance() {
    for (uint32_t slice = 0; slice < SLICES_PER_LOOK && visitors_ == 0 && !closing_ && !model_.interrupt(); slice++) {
        for (uint32_t cycle = 0; cycle < SLICE_CYCLES && !model_.interrupt(); cycle++) {
            model_.step();
        }
    }
    const bool busy = (model_.read_register(WH_REGISTER_STATUS) & WH_STATUS_BUSY) != 0;
    if (busy && model_.interrupt()) {
        model_.step(); /* an interrupt of an earlier job is still up */
    }
    publish(busy);
}

}  // namespace windhover
