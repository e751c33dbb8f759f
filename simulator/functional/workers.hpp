// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace windhover {

/* A few threads that share out the parts of one command. The caller works too. */
class Workers {
  public:
    /* stop is looked at before every part. */
    Workers(uint32_t threads, const std::atomic<bool> &stop);
    ~Workers();
    Workers(const Workers &) = delete;
    Workers &operator=(const Workers &) = delete;

    /* Runs part(0) .. part(parts - 1), each once, in any order, and returns when all have ended; once stop is set the
     * rest is left out. part must not throw. Unless large, the caller does it alone: waking the others would take
     * longer. */
    void share(uint32_t parts, bool large, const std::function<void(uint32_t)> &part);

  private:
    void serve();
    void take(const std::function<void(uint32_t)> &part, uint32_t parts);

    const std::atomic<bool> &stop_;
    std::vector<std::thread> threads_;
    std::mutex mutex_;
    std::condition_variable started_;
    std::condition_variable ended_;
    const std::function<void(uint32_t)> *part_ = nullptr;
    uint32_t parts_ = 0;
    uint32_t busy_ = 0;
    uint64_t round_ = 0;
    bool closing_ = false;
    std::atomic<uint32_t> next_{0};
};

}  // namespace windhover
