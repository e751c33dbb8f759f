#include "simulation.hpp"

#include "windhover_contract.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace windhover {

/* Cycles between two looks at whether somebody waits for the model, and between two looks at STATUS. */
static constexpr uint32_t SLICE_CYCLES = 128;
static constexpr uint32_t SLICES_PER_LOOK = 32;
static constexpr uint32_t STATUS_BUSY = 1;

Simulation::Simulation(const ModelOptions &options) : model_(options), thread_([this] { serve(); }) {}

Simulation::~Simulation() {
    {
        visitors_++;
        const std::lock_guard<std::mutex> lock(mutex_);
        closing_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Simulation::fail(const std::exception &error) {
    std::fprintf(stderr, "windhover: the simulated accelerator stopped: %s\n", error.what());
    broken_ = true;
    running_ = false;
    changed_.notify_all();
}

template <typename Action>
void Simulation::with_model(const Action &action) {
    visitors_++;
    std::unique_lock<std::mutex> lock(mutex_);
    visitors_--;
    if (broken_) {
        return;
    }
    try {
        action();
        line_ = model_.interrupt();
    } catch (const std::exception &error) {
        fail(error);
    }
    lock.unlock();
    changed_.notify_all();
}

uint32_t Simulation::read(uint32_t offset) {
    uint32_t value = UINT32_MAX;
    with_model([&] { value = model_.read_register(offset); });
    return value;
}

void Simulation::write(uint32_t offset, uint32_t value) {
    with_model([&] {
        const bool starts = offset == WH_REGISTER_DOORBELL && (value & 1) != 0 && !running_;
        if (starts) {
            model_.start_job();
        }
        model_.write_register(offset, value);
        running_ = running_ || starts;
    });
}

uint8_t *Simulation::allocate(uint64_t bytes, uint64_t &device_address) {
    uint8_t *host = nullptr;
    with_model([&] {
        host = model_.arena.allocate(bytes);
        device_address = host == nullptr ? 0 : model_.arena.device_address(host);
    });
    return host;
}

void Simulation::release(void *host) {
    with_model([&] { model_.arena.release(host); });
}

int32_t Simulation::wait_for_interrupt(int64_t timeout_ns) {
    const int64_t most_ns = int64_t{1} << 60;
    const auto end = std::chrono::steady_clock::now() + std::chrono::nanoseconds(std::min(timeout_ns, most_ns));
    visitors_++;
    std::unique_lock<std::mutex> lock(mutex_);
    visitors_--;
    changed_.notify_all();
    changed_.wait_until(lock, end, [this] { return line_ || broken_ || closing_; });
    return broken_ || closing_ ? -1 : line_ ? 1 : 0;
}

void Simulation::serve() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!closing_) {
        changed_.wait(lock, [this] { return closing_ || (running_ && visitors_ == 0); });
        if (closing_) {
            return;
        }
        try {
            advance();
        } catch (const std::exception &error) {
            fail(error);
        }
        if (visitors_ != 0) {
            lock.unlock();
            std::this_thread::yield();
            lock.lock();
        }
    }
}

void Simulation::advance() {
    for (uint32_t slice = 0; slice < SLICES_PER_LOOK && visitors_ == 0 && !model_.interrupt(); slice++) {
        for (uint32_t cycle = 0; cycle < SLICE_CYCLES && !model_.interrupt(); cycle++) {
            model_.step();
        }
    }
    if ((model_.read_register(WH_REGISTER_STATUS) & STATUS_BUSY) == 0) {
        running_ = false;
    } else if (model_.interrupt()) {
        model_.step(); /* an interrupt of an earlier job is still up */
    }
    line_ = model_.interrupt();
    changed_.notify_all();
}

}
