// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arena.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace windhover {

/* The model of hdl/doc/accelerator.md, "Memory model for cycle counts". */
constexpr uint64_t READ_LATENCY_NS = 400;
constexpr uint64_t WRITE_LATENCY_NS = 300;
constexpr uint64_t REFRESH_PERIOD_NS = 7800;
constexpr uint64_t REFRESH_NS = 300;
constexpr int64_t BYTES_PER_SECOND = 3'200'000'000;
constexpr uint32_t OUTSTANDING_BURSTS = 8;

constexpr uint32_t RESPONSE_OKAY = 0;
constexpr uint32_t RESPONSE_SLAVE_ERROR = 2;
constexpr uint32_t RESPONSE_DECODE_ERROR = 3;

/* The accelerator broke a rule of AXI3 or of its own subset. */
struct ProtocolError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/* Seeded hesitation of one channel: in stretches of up to 128 cycles it holds back never, seldom, often or nearly
 * always. */
class Stalls {
  public:
    void seed(uint64_t seed) {
        state_ = seed;
        until_ = 0;
    }
    bool enabled() const { return state_ != 0; }
    bool hold(uint64_t cycle);
    /* Extra cycles a burst waits, so that answers of different ports change order. */
    uint64_t delay();
    /* Uniform below end; 0 where stalls are off. */
    uint64_t choose(uint64_t end) { return enabled() ? next() % end : 0; }

  private:
    uint64_t next();

    uint64_t state_ = 0;
    uint64_t until_ = 0;
    uint64_t eighths_ = 0;
};

/* The bursts of one direction since the device was opened, and those that go wrong; a burst number of 0 means none. */
struct Traffic {
    uint64_t bursts = 0;
    uint64_t error = 0;       /* this burst, from 1, is answered with an error */
    uint64_t silent = 0;      /* from this burst on nothing is answered */
    uint64_t silence_end = 0; /* the time at which the silence ends; 0 before it has begun */
};

/* Time, bandwidth and faults common to the ports. */
struct MemoryClock {
    explicit MemoryClock(const Arena &memory) : arena(memory) {}

    const Arena &arena;
    uint64_t hz = 100'000'000; /* of the accelerator */
    uint64_t cycle = 0;        /* since the job started */
    uint64_t time = 0;         /* cycles since the device was opened */
    Traffic reads = {};
    Traffic writes = {};
    uint64_t silent_cycles = 0; /* how long a silence lasts; 0 for ever */

    /* The cycles that last at least so long. */
    uint64_t cycles(uint64_t nanoseconds) const { return (nanoseconds * hz + NS_PER_SECOND - 1) / NS_PER_SECOND; }
    void tick() {
        cycle++;
        time++;
        credit_ = std::min(credit_ + BYTES_PER_SECOND, BYTES_PER_SECOND);
    }
    /* No beat moves while the memory refreshes itself, or after the ports together moved all that it can. */
    bool beats_move() const { return credit_ > 0 && !refreshes(); }
    bool refreshes() const { return cycle * NS_PER_SECOND / hz % REFRESH_PERIOD_NS >= REFRESH_PERIOD_NS - REFRESH_NS; }
    void move_beat() { credit_ -= BEAT_BYTES * static_cast<int64_t>(hz); }

  private:
    static constexpr uint64_t NS_PER_SECOND = 1'000'000'000;
    static constexpr int64_t BEAT_BYTES = 8;

    int64_t credit_ = BYTES_PER_SECOND; /* in bytes times hz */
};

/* A burst's host address and answer. Throws ProtocolError unless it keeps the rules. */
struct Burst {
    uint8_t *host;
    uint32_t response;
    uint32_t beats;
    uint64_t ready_cycle;
    uint64_t silent_until; /* a time: no answer before it */

    static Burst accept(const MemoryClock &clock, const char *port, Traffic &traffic, uint64_t address,
                        uint32_t length);
    bool answered(const MemoryClock &clock) const { return clock.cycle >= ready_cycle && clock.time >= silent_until; }
};

class BurstQueue {
  public:
    bool empty() const { return count_ == 0; }
    bool full() const { return count_ == OUTSTANDING_BURSTS; }
    Burst &front() { return bursts_[first_]; }
    void push(const Burst &burst) { bursts_[(first_ + count_++) % OUTSTANDING_BURSTS] = burst; }
    void pop() {
        first_ = (first_ + 1) % OUTSTANDING_BURSTS;
        count_--;
    }

  private:
    Burst bursts_[OUTSTANDING_BURSTS] = {};
    uint32_t first_ = 0;
    uint32_t count_ = 0;
};

/* Throws ProtocolError when an offered transfer changes or goes away before it is taken. */
class Steady {
  public:
    void check(const char *port, const char *channel, bool valid, bool ready, uint64_t payload, uint64_t more);

  private:
    bool waiting_ = false;
    uint64_t payload_ = 0;
    uint64_t more_ = 0;
};

/* What a port does in a cycle. */
enum class PortState {
    IDLE,       /* nothing is asked of it, or all of it is taken and to be answered elsewhere */
    BEAT,       /* a beat moves */
    REFUSED,    /* the accelerator does not take the beat that is offered, or has none to give */
    LATENCY,    /* the memory has not answered yet */
    REFRESH,    /* the memory refreshes itself */
    BANDWIDTH,  /* all ports together have moved what the memory can */
    HESITATION, /* seeded stalls hold back */
};

/* drive() sets the pins the memory owns for the coming clock edge; sample() sees what the accelerator answered. */
class ReadPort {
  public:
    struct Pins {
        bool arready, rvalid, rlast;
        uint32_t rresp;
        uint64_t rdata;
    };

    ReadPort(const char *name, MemoryClock &clock) : name_(name), clock_(clock) {}
    void seed(uint64_t seed);
    const Pins &drive();
    /* Between drive() and sample(). */
    PortState state(bool rready);
    void sample(bool arvalid, uint64_t araddr, uint32_t arlen, bool rready);

  private:
    const char *name_;
    MemoryClock &clock_;
    BurstQueue queue_;
    uint32_t beat_ = 0;
    Pins pins_ = {};
    Steady address_;
    Stalls address_stalls_, data_stalls_;
};

class WritePort {
  public:
    struct Pins {
        bool awready, wready, bvalid;
        uint32_t bresp;
    };

    WritePort(const char *name, MemoryClock &clock) : name_(name), clock_(clock) {}
    void seed(uint64_t seed);
    const Pins &drive();
    /* Between drive() and sample(). */
    PortState state(bool wvalid);
    void sample(bool awvalid, uint64_t awaddr, uint32_t awlen, bool wvalid, uint64_t wdata, uint32_t wstrb, bool wlast,
                bool bready);

  private:
    /* Which of a burst's address and data is taken first. Each is legal; a master that waits for either one's ready
     * hangs. */
    enum class Order { ADDRESS, DATA, EITHER };
    struct Beat {
        uint64_t data;
        uint32_t strobe;
        bool last;
    };

    void place(const Beat &beat);
    bool outstanding_full() const { return outstanding_ == OUTSTANDING_BURSTS; }
    /* All data of the burst whose address comes next have been taken. */
    bool early_burst() const { return !early_.empty() && early_.back().last; }

    const char *name_;
    MemoryClock &clock_;
    BurstQueue filling_;      /* addresses taken, data to come */
    BurstQueue answering_;    /* data taken, answer to come */
    std::vector<Beat> early_; /* data taken before their address */
    Order order_ = Order::ADDRESS;
    uint32_t outstanding_ = 0;
    uint32_t beat_ = 0;
    Pins pins_ = {};
    Steady address_, data_;
    Stalls address_stalls_, data_stalls_, answer_stalls_, order_choice_;
};

}  // namespace windhover
