// SPDX-License-Identifier: Apache-2.0
#include "memory_ports.hpp"

#include <cstdio>
#include <cstring>

namespace windhover {

uint64_t Stalls::next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ >> 8;
}

bool Stalls::hold(uint64_t cycle) {
    if (!enabled()) {
        return false;
    }
    if (cycle >= until_) {
        until_ = cycle + 1 + next() % 128;
        static constexpr uint64_t EIGHTHS[4] = {0, 1, 4, 7};
        eighths_ = EIGHTHS[next() % 4];
    }
    return next() % 8 < eighths_;
}

uint64_t Stalls::delay() { return enabled() && next() % 4 == 0 ? next() % 200 : 0; }

static std::string describe(const char *port, const std::string &what, uint64_t address, uint32_t length) {
    char text[160];
    std::snprintf(text, sizeof text, "%s: %s (address 0x%llx, %u beats)", port, what.c_str(),
                  static_cast<unsigned long long>(address), length + 1);
    return text;
}

static uint64_t silence(const MemoryClock &clock, Traffic &traffic) {
    if (traffic.silent == 0 || traffic.bursts < traffic.silent) {
        return 0;
    }
    if (traffic.silence_end == 0) {
        traffic.silence_end = clock.silent_cycles == 0 ? UINT64_MAX : clock.time + clock.silent_cycles;
    }
    return traffic.silence_end;
}

Burst Burst::accept(const MemoryClock &clock, const char *port, Traffic &traffic, uint64_t address, uint32_t length) {
    const uint64_t bytes = (uint64_t{length} + 1) * 8;
    if (address % 8 != 0) {
        throw ProtocolError(describe(port, "a burst does not start at a multiple of 8", address, length));
    }
    if (address / 4096 != (address + bytes - 1) / 4096) {
        throw ProtocolError(describe(port, "a burst crosses a 4 KiB boundary", address, length));
    }
    uint8_t *host = clock.arena.find(address, bytes);
    const uint32_t response = ++traffic.bursts == traffic.error ? RESPONSE_SLAVE_ERROR
                              : host == nullptr                 ? RESPONSE_DECODE_ERROR
                                                                : RESPONSE_OKAY;
    return {host, response, length + 1, clock.cycle, silence(clock, traffic)};
}

void Steady::check(const char *port, const char *channel, bool valid, bool ready, uint64_t payload, uint64_t more) {
    if (waiting_ && (!valid || payload != payload_ || more != more_)) {
        throw ProtocolError(std::string(port) + ": an offered transfer on " + channel +
                            " changed or went away before it was taken");
    }
    waiting_ = valid && !ready;
    payload_ = payload;
    more_ = more;
}

void ReadPort::seed(uint64_t seed) {
    address_stalls_.seed(seed * 2);
    data_stalls_.seed(seed * 3);
}

const ReadPort::Pins &ReadPort::drive() {
    pins_.arready = !queue_.full() && !address_stalls_.hold(clock_.cycle);
    if (pins_.rvalid) {
        return pins_; /* offered and not taken: AXI forbids to withdraw it */
    }
    const bool ready = !queue_.empty() && queue_.front().answered(clock_);
    pins_.rvalid = ready && clock_.beats_move() && !data_stalls_.hold(clock_.cycle);
    if (pins_.rvalid) {
        const Burst &burst = queue_.front();
        pins_.rdata = 0;
        if (burst.response == RESPONSE_OKAY) {
            std::memcpy(&pins_.rdata, burst.host + beat_ * 8, 8);
        }
        pins_.rresp = burst.response;
        pins_.rlast = beat_ + 1 == burst.beats;
    }
    return pins_;
}

/* Why no beat moves that the memory has ready. */
static PortState held(const MemoryClock &clock) {
    return clock.refreshes() ? PortState::REFRESH : !clock.beats_move() ? PortState::BANDWIDTH : PortState::HESITATION;
}

PortState ReadPort::state(bool rready) {
    if (pins_.rvalid) {
        return rready ? PortState::BEAT : PortState::REFUSED;
    }
    return queue_.empty() ? PortState::IDLE : !queue_.front().answered(clock_) ? PortState::LATENCY : held(clock_);
}

void ReadPort::sample(bool arvalid, uint64_t araddr, uint32_t arlen, bool rready) {
    address_.check(name_, "AR", arvalid, pins_.arready, araddr, arlen);
    if (pins_.rvalid && rready) {
        pins_.rvalid = false;
        clock_.move_beat();
        beat_++;
        if (beat_ == queue_.front().beats) {
            queue_.pop();
            beat_ = 0;
        }
    }
    if (arvalid && pins_.arready) {
        Burst burst = Burst::accept(clock_, name_, clock_.reads, araddr, arlen);
        burst.ready_cycle += clock_.cycles(READ_LATENCY_NS) + data_stalls_.delay();
        queue_.push(burst);
    }
}

void WritePort::seed(uint64_t seed) {
    address_stalls_.seed(seed * 5);
    data_stalls_.seed(seed * 7);
    answer_stalls_.seed(seed * 11);
    order_choice_.seed(seed * 13);
}

const WritePort::Pins &WritePort::drive() {
    pins_.awready = !outstanding_full() && !address_stalls_.hold(clock_.cycle) &&
                    (order_ != Order::DATA || early_burst());
    pins_.wready = (!filling_.empty() || (order_ != Order::ADDRESS && !early_burst())) && clock_.beats_move() &&
                   !data_stalls_.hold(clock_.cycle);
    if (!pins_.bvalid && !answering_.empty() && answering_.front().answered(clock_)) {
        pins_.bvalid = !answer_stalls_.hold(clock_.cycle);
        pins_.bresp = answering_.front().response;
    }
    return pins_;
}

PortState WritePort::state(bool wvalid) {
    if (wvalid) {
        return pins_.wready ? PortState::BEAT : held(clock_);
    }
    return !filling_.empty() ? PortState::REFUSED : !answering_.empty() ? PortState::LATENCY : PortState::IDLE;
}

void WritePort::sample(bool awvalid, uint64_t awaddr, uint32_t awlen, bool wvalid, uint64_t wdata, uint32_t wstrb,
                       bool wlast, bool bready) {
    address_.check(name_, "AW", awvalid, pins_.awready, awaddr, awlen);
    data_.check(name_, "W", wvalid, pins_.wready, wdata, wstrb * 2 + (wlast ? 1 : 0));
    if (pins_.bvalid && bready) {
        pins_.bvalid = false;
        answering_.pop();
        outstanding_--;
    }
    if (wvalid && pins_.wready) {
        const Beat beat = {wdata, wstrb, wlast};
        clock_.move_beat();
        if (filling_.empty()) {
            early_.push_back(beat);
        } else {
            place(beat);
        }
    }
    if (awvalid && pins_.awready) {
        filling_.push(Burst::accept(clock_, name_, clock_.writes, awaddr, awlen));
        outstanding_++;
        order_ = static_cast<Order>(order_choice_.choose(3));
        for (const Beat &beat : early_) {
            place(beat);
        }
        early_.clear();
    }
}

void WritePort::place(const Beat &beat) {
    Burst &burst = filling_.front();
    if (beat.last != (beat_ + 1 == burst.beats)) {
        throw ProtocolError(std::string(name_) + ": WLAST is " + (beat.last ? "set" : "clear") + " on beat " +
                            std::to_string(beat_ + 1) + " of " + std::to_string(burst.beats));
    }
    if (burst.response == RESPONSE_OKAY) {
        uint8_t bytes[8];
        std::memcpy(bytes, &beat.data, 8);
        if (beat.strobe == 0xFF) {
            std::memcpy(burst.host + beat_ * 8, bytes, 8);
        }
        for (uint32_t i = 0; beat.strobe != 0xFF && i < 8; i++) {
            if ((beat.strobe >> i & 1) != 0) {
                burst.host[beat_ * 8 + i] = bytes[i];
            }
        }
    }
    beat_++;
    if (beat_ == burst.beats) {
        burst.ready_cycle = clock_.cycle + clock_.cycles(WRITE_LATENCY_NS) + answer_stalls_.delay();
        answering_.push(burst);
        filling_.pop();
        beat_ = 0;
    }
}

}  // namespace windhover
