// SPDX-License-Identifier: Apache-2.0
#include "workers.hpp"

namespace windhover {

Workers::Workers(uint32_t threads, const std::atomic<bool> &stop) : stop_(stop) {
    for (uint32_t i = 1; i < threads; i++) {
        threads_.emplace_back([this] { serve(); });
    }
}

Workers::~Workers() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        closing_ = true;
    }
    started_.notify_all();
    for (auto &thread : threads_) {
        thread.join();
    }
}

void Workers::share(uint32_t parts, bool large, const std::function<void(uint32_t)> &part) {
    if (!large || threads_.empty() || parts < 2) {
        for (uint32_t i = 0; i < parts && !stop_.load(std::memory_order_relaxed); i++) {
            part(i);
        }
        return;
    }
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        part_ = &part;
        parts_ = parts;
        next_ = 0;
        busy_ = static_cast<uint32_t>(threads_.size());
        round_++;
    }
    started_.notify_all();
    take(part, parts);
    std::unique_lock<std::mutex> lock(mutex_);
    ended_.wait(lock, [this] { return busy_ == 0; });
}

void Workers::take(const std::function<void(uint32_t)> &part, uint32_t parts) {
    for (uint32_t i = next_++; i < parts && !stop_.load(std::memory_order_relaxed); i = next_++) {
        part(i);
    }
}

void Workers::serve() {
    uint64_t seen = 0;
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
        started_.wait(lock, [this, seen] { return closing_ || round_ != seen; });
        if (closing_) {
            return;
        }
        seen = round_;
        const auto *part = part_;
        const uint32_t parts = parts_;
        lock.unlock();
        take(*part, parts);
        lock.lock();
        if (--busy_ == 0) {
            ended_.notify_one();
        }
    }
}

}  // namespace windhover
