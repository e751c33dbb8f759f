// SPDX-License-Identifier: Apache-2.0
// A memory behind the AXI ports, for benches: in-order answers after a latency, random stalls, checks of every burst
// and that an offered transfer stays as it is until it is taken.
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

// An offered transfer neither goes away nor changes before it is taken.
class Steady {
  public:
    void check(Bench &bench, const char *what, bool valid, bool ready, uint64_t payload, uint64_t more) {
        bench.check(!waiting_ || valid, what, 1, 0);
        if (waiting_ && valid) bench.check(payload == payload_ && more == more_, what, payload_, payload);
        waiting_ = valid && !ready;
        payload_ = payload;
        more_ = more;
    }

  private:
    bool waiting_ = false;
    uint64_t payload_ = 0, more_ = 0;
};

// What the memory drives in a cycle, decided before settle(), and what it learns, after settle().
class ReadPort {
  public:
    bool arready = false, rvalid = false, rlast = false, rerror = false;
    uint64_t rdata = 0;
    uint64_t beats = 0;
    int stall_percent = 0;
    int latency = 40;
    int64_t error_at_beat = -1;
    bool silent = false;  // bursts are taken and not answered

    void drive(Bench &bench, const Memory &memory, uint64_t cycle) {
        arready = bursts_.size() < 8 && !bench.chance(stall_percent);
        if (!silent && !rvalid && !bursts_.empty() && bursts_.front().ready_cycle <= cycle &&
            !bench.chance(stall_percent)) {
            const Burst &burst = bursts_.front();
            rvalid = true;
            rdata = memory.word(burst.address - memory.base);
            rlast = burst.beats == 1;
            rerror = static_cast<int64_t>(beats) == error_at_beat;
        }
    }
    void learn(Bench &bench, const Memory &memory, uint64_t cycle, bool arvalid, uint64_t address, unsigned length,
               bool rready) {
        address_.check(bench, "AR stays until it is taken", arvalid, arready, address, length);
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
    Steady address_;
};

// Where it stalls, it takes the address and the data of every burst in an order of its own; a master must not wait for
// either.
class WritePort {
  public:
    bool awready = false, wready = false, bvalid = false, berror = false;
    uint64_t beats = 0;
    int stall_percent = 0;
    int latency = 30;
    bool answer_error = false;
    bool silent = false;  // bursts are taken and not answered

    void drive(Bench &bench, uint64_t cycle) {
        awready = bursts_.size() + answers_.size() < 8 && !bench.chance(stall_percent) &&
                  (order_ != DATA_FIRST || early_burst());
        wready = !bench.chance(stall_percent) && (!bursts_.empty() || (order_ != ADDRESS_FIRST && !early_burst()));
        bvalid = !silent && !answers_.empty() && answers_.front() <= cycle;
        berror = bvalid && answer_error;
    }
    void learn(Bench &bench, Memory &memory, uint64_t cycle, bool awvalid, uint64_t address, unsigned length,
               bool wvalid, uint64_t data, unsigned strobe, bool last) {
        address_.check(bench, "AW stays until it is taken", awvalid, awready, address, length);
        data_.check(bench, "W stays until it is taken", wvalid, wready, data, strobe << 1 | last);
        if (bvalid) answers_.pop_front();
        if (wvalid && wready) {
            words_.push_back({data, strobe, last});
            beats++;
        }
        if (awvalid && awready) {
            check_burst(bench, memory, address, length + 1);
            bursts_.push_back({address, length + 1});
            order_ = stall_percent ? static_cast<Order>(bench.between(ADDRESS_FIRST, EITHER)) : EITHER;
        }
        while (!words_.empty() && !bursts_.empty()) place(bench, memory, cycle);
    }
    bool idle() const { return bursts_.empty() && words_.empty() && answers_.empty(); }

  private:
    enum Order { ADDRESS_FIRST, DATA_FIRST, EITHER };
    struct Burst {
        uint64_t address;
        unsigned beats;
    };
    struct Word {
        uint64_t data;
        unsigned strobe;
        bool last;
    };

    // All data of the burst whose address comes next are here.
    bool early_burst() const { return bursts_.empty() && !words_.empty() && words_.back().last; }

    void place(Bench &bench, Memory &memory, uint64_t cycle) {
        Burst &burst = bursts_.front();
        const Word word = words_.front();
        words_.pop_front();
        for (unsigned byte = 0; byte < 8; byte++) {
            if (word.strobe >> byte & 1)
                memory.bytes[burst.address - memory.base + byte] = word.data >> (8 * byte) & 0xFF;
        }
        burst.address += 8;
        bench.check((--burst.beats == 0) == word.last, "last marks the last beat");
        if (burst.beats == 0) {
            bursts_.pop_front();
            answers_.push_back(cycle + static_cast<uint64_t>(latency));
        }
    }

    std::deque<Burst> bursts_;
    std::deque<Word> words_;
    std::deque<uint64_t> answers_;
    Order order_ = EITHER;
    Steady address_, data_;
};

}  // namespace wh
