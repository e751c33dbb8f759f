// SPDX-License-Identifier: Apache-2.0
// What every unit bench shares: the seed, random numbers, checks with a verdict, and a clock.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>

#include "verilated.h"

namespace wh {

class Bench {
  public:
    Bench(const char *name, int argc, char **argv)
        : name_(name), seed_(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1), random_(seed_) {
        std::printf("%s seed %llu\n", name_, static_cast<unsigned long long>(seed_));
    }

    uint64_t bits() { return random_(); }
    // Uniform in [least, greatest].
    int64_t between(int64_t least, int64_t greatest) {
        return least + static_cast<int64_t>(random_() % static_cast<uint64_t>(greatest - least + 1));
    }
    bool chance(int percent) { return between(0, 99) < percent; }

    // Counts a failure, and prints the first twenty.
    bool check(bool held, const char *what, uint64_t expected = 0, uint64_t actual = 0) {
        if (!held && failures_++ < 20) {
            std::printf("  FAIL %s: expected 0x%llx, was 0x%llx\n", what, static_cast<unsigned long long>(expected),
                        static_cast<unsigned long long>(actual));
        }
        return held;
    }
    bool equal(uint64_t expected, uint64_t actual, const char *what) {
        return check(expected == actual, what, expected, actual);
    }
    int failures() const { return failures_; }

    int verdict() const {
        std::printf("%s %s\n", failures_ ? "FAIL" : "PASS", name_);
        return failures_ ? 1 : 0;
    }

  private:
    const char *name_;
    uint64_t seed_;
    std::mt19937_64 random_;
    int failures_ = 0;
};

// A cycle has two halves: settle() after setting inputs, so that outputs that depend on them can be read, then edge().
template <typename Model>
void settle(Model &model) {
    model.clk_i = 0;
    model.eval();
}

template <typename Model>
void edge(Model &model) {
    model.clk_i = 1;
    model.eval();
}

template <typename Model>
void tick(Model &model) {
    settle(model);
    edge(model);
}

}  // namespace wh
