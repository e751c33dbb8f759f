// A memory behind the AXI ports, for benches: in-order answers after a latency, random stalls, checks of every burst.
#pragma once

#include <cstring>
#include <deque>
#include <vector>

#include "wh_bench.h"

namespace wh {

struct Memory {
    uint64_t base = 0;
    std::vector<uint8_t> bytes;
    uint64_t word(uint64_t offset) const {
        uint64_t value;
        std::memcpy(&value, &bytes[offset], 8);
        return value;
    }
    bool holds(uint64_t address, uint64_t beats) const {
        return address >= base && address + beats * 8 <= base + bytes.size();
    }
};

inline void check_burst(Bench &bench, const Memory &memory, uint64_t address, unsigned beats) {
    bench.check(address % 8 == 0, "a burst starts at a multiple of 8", 0, address);
    bench.check(address / 4096 == (address + beats * 8 - 1) / 4096, "a burst stays in its 4 KiB page", 0, address);
    bench.check(memory.holds(address, beats), "a burst stays in its region", 0, address);
}

// What the memory drives in a cycle, decided before settle(), and what it learns, after settle().
class ReadPort {
  public:
    bool arready = false, rvalid = false, rlast = false, rerror = false;
    uint64_t rdata = 0;
    uint64_t beats = 0;
    int stall_percent = 0;
    int latency = 40;
    int64_t error_at_beat = -1;

    void drive(Bench &bench, const Memory &memory, uint64_t cycle) {
        arready = bursts_.size() < 8 && !bench.chance(stall_percent);
        if (!rvalid && !bursts_.empty() && bursts_.front().ready_cycle <= cycle && !bench.chance(stall_percent)) {
            const Burst &burst = bursts_.front();
            rvalid = true;
            rdata = memory.word(burst.address - memory.base);
            rlast = burst.beats == 1;
            rerror = static_cast<int64_t>(beats) == error_at_beat;
        }
    }
    void learn(Bench &bench, const Memory &memory, uint64_t cycle, bool arvalid, uint64_t address, unsigned length,
               bool rready) {
        if (rvalid && rready) {
            rvalid = false;
            beats++;
            bursts_.front().address += 8;
            if (--bursts_.front().beats == 0) bursts_.pop_front();
        }
        if (arvalid && arready) {
            check_burst(bench, memory, address, length + 1);
            bursts_.push_back({address, length + 1, cycle + static_cast<uint64_t>(latency)});
        }
    }
    bool idle() const { return bursts_.empty(); }

  private:
    struct Burst {
        uint64_t address;
        unsigned beats;
        uint64_t ready_cycle;
    };
    std::deque<Burst> bursts_;
};

class WritePort {
  public:
    bool awready = false, wready = false, bvalid = false, berror = false;
    uint64_t beats = 0;
    int stall_percent = 0;
    int latency = 30;
    bool answer_error = false;

    void drive(Bench &bench, uint64_t cycle) {
        awready = bursts_.size() + answers_.size() < 8 && !bench.chance(stall_percent);
        wready = !bench.chance(stall_percent);
        bvalid = !answers_.empty() && answers_.front() <= cycle;
        berror = bvalid && answer_error;
    }
    void learn(Bench &bench, Memory &memory, uint64_t cycle, bool awvalid, uint64_t address, unsigned length,
               bool wvalid, uint64_t data, unsigned strobe, bool last) {
        if (bvalid) answers_.pop_front();
        if (wvalid && wready) {
            if (!bench.check(!bursts_.empty(), "data follows its address")) return;
            Burst &burst = bursts_.front();
            for (unsigned byte = 0; byte < 8; byte++) {
                if (strobe >> byte & 1) memory.bytes[burst.address - memory.base + byte] = data >> (8 * byte) & 0xFF;
            }
            beats++;
            burst.address += 8;
            bench.check((--burst.beats == 0) == last, "last marks the last beat");
            if (burst.beats == 0) {
                bursts_.pop_front();
                answers_.push_back(cycle + static_cast<uint64_t>(latency));
            }
        }
        if (awvalid && awready) {
            check_burst(bench, memory, address, length + 1);
            bursts_.push_back({address, length + 1});
        }
    }
    bool idle() const { return bursts_.empty() && answers_.empty(); }

  private:
    struct Burst {
        uint64_t address;
        unsigned beats;
    };
    std::deque<Burst> bursts_;
    std::deque<uint64_t> answers_;
};

}  // namespace wh
