// SPDX-License-Identifier: Apache-2.0
#include "timeline.hpp"

#include "Vwh_accelerator___024root.h"
#include "options.hpp"
#include "windhover_contract.h"

#include <stdexcept>

/* A signal of the accelerator that probes.vlt names. */
#define PROBE(name) (pins.wh_accelerator__DOT__##name)

namespace windhover {

namespace {

using Probes = Vwh_accelerator___024root;

const char *const BEGINNING = "timeline 1\n";
const char *const TRACK_NAMES[] = {"load0", "load1", "int8",  "xnor",  "vector",
                                   "store", "fetch", "read0", "read1", "write"};
/* By the giver that a command waits for. */
const char *const TOKEN_STATES[WH_QUEUES] = {"token-load0", "token-load1",  "token-int8",
                                             "token-xnor",  "token-vector", "token-store"};
constexpr uint32_t FETCH_TRACK = WH_QUEUES;
constexpr uint32_t READ0_TRACK = FETCH_TRACK + 1;
constexpr uint32_t READ1_TRACK = READ0_TRACK + 1;
constexpr uint32_t WRITE_TRACK = READ1_TRACK + 1;
constexpr uint32_t INDEX_BITS = 20;

/* States of the engines, as the RTL's enums number them. */
constexpr uint32_t ENGINE_RUN = 2;
constexpr uint32_t STORE_ANSWERS = 3;
constexpr uint32_t INT8_RUN = 1;

/* Bits of the step that waits for its grant: wh_int8_engine's meta, wh_xnor_engine's position_t. */
constexpr uint32_t INT8_LAST_SET = 1 << 6, INT8_SWAP = 1 << 7;
constexpr uint32_t XNOR_FIRST_OF_SET = 1 << 5, XNOR_LAST_SET = 1 << 2;
/* Of write_valid: LOAD0 has three words. */
constexpr uint32_t LOAD_WRITES[2] = {0x07, 0x08};

bool bit(uint64_t bits, uint32_t position) { return (bits >> position & 1) != 0; }

/* The command at the head of a queue. */
int64_t head_index(const Probes &pins, uint32_t queue) {
    const uint32_t first = queue * INDEX_BITS;
    const uint64_t low = PROBE(head_index)[first / 32];
    const uint64_t high = first / 32 + 1 < 4 ? PROBE(head_index)[first / 32 + 1] : 0;
    return static_cast<int64_t>((high << 32 | low) >> first % 32 & ((1U << INDEX_BITS) - 1));
}

const char *token_state(const Probes &pins, uint32_t taker) {
    for (uint32_t giver = 0; giver < WH_QUEUES; giver++) {
        if (!bit(PROBE(u_dispatch__DOT__u_tokens__DOT__enough), giver * WH_QUEUES + taker)) {
            return TOKEN_STATES[giver];
        }
    }
    return nullptr;
}

const char *port_state(PortState state) {
    switch (state) {
    case PortState::BEAT: return "work";
    case PortState::REFUSED: return "accelerator";
    case PortState::LATENCY: return "latency";
    case PortState::REFRESH: return "refresh";
    case PortState::BANDWIDTH: return "bandwidth";
    case PortState::HESITATION: return "hesitation";
    case PortState::IDLE: break;
    }
    return nullptr;
}

/* Whose the burst is that read port 1 works on. */
bool fetch_owns(const Probes &pins) { return bit(PROBE(u_read1__DOT__owners_q), 0); }

const char *load_stall(const Probes &pins, uint32_t load, PortState port) {
    const uint32_t refused = PROBE(write_valid) & ~static_cast<uint32_t>(PROBE(write_ready)) & LOAD_WRITES[load];
    const bool weights_refused = bit(PROBE(weight_write_valid), load) && !bit(PROBE(weight_write_ready), load);
    const bool table_refused = bit(PROBE(table_valid), load) &&
                               (!PROBE(table_ready) || (load == 1 && bit(PROBE(table_valid), 0)));
    if (refused != 0 || weights_refused || table_refused) {
        return "bank";
    }
    const uint32_t state = load == 0 ? PROBE(u_load0__DOT__state_q) : PROBE(u_load1__DOT__state_q);
    const uint32_t outstanding = load == 0 ? PROBE(u_read0__DOT__outstanding_q) : PROBE(u_read1__DOT__outstanding_q);
    if (state != ENGINE_RUN) {
        return "set-up";
    }
    if (outstanding != 0 && load == 1 && fetch_owns(pins)) {
        return "port";
    }
    const char *const reason = port_state(port);
    return port == PortState::BEAT || port == PortState::REFUSED || reason == nullptr ? "pipeline" : reason;
}

const char *int8_stall(const Probes &pins) {
    if (PROBE(u_int8__DOT__u_control__DOT__state_q) != INT8_RUN) {
        return "set-up";
    }
    if (!PROBE(u_int8__DOT__request_valid)) {
        return "pipeline";
    }
    if (PROBE(int8_read_valid)) {
        return "bank";
    }
    const uint32_t step = PROBE(u_int8__DOT__request_meta);
    if ((step & INT8_SWAP) != 0 && !PROBE(u_int8__DOT__swap_ready)) {
        return "weights";
    }
    if ((step & INT8_LAST_SET) != 0 && !PROBE(u_int8__DOT__room)) {
        return "results";
    }
    if ((step & INT8_LAST_SET) != 0 && PROBE(u_int8__DOT__u_control__DOT__claimed_q)) {
        return "requantisers";
    }
    return "pace";
}

const char *xnor_stall(const Probes &pins) {
    if (PROBE(u_xnor__DOT__state_q) != ENGINE_RUN) {
        return "set-up";
    }
    if (!PROBE(u_xnor__DOT__head_valid)) {
        return "pipeline";
    }
    if (PROBE(xnor_read_valid)) {
        return "bank";
    }
    const uint32_t head = PROBE(u_xnor__DOT__head);
    if ((head & XNOR_FIRST_OF_SET) != 0 && !PROBE(u_xnor__DOT__set_ready)) {
        return "weights";
    }
    if ((head & XNOR_LAST_SET) != 0 && PROBE(u_xnor__DOT__post_wait_q) != 0) {
        return "pace";
    }
    if ((head & XNOR_LAST_SET) != 0 && !PROBE(u_xnor__DOT__room_q)) {
        return "results";
    }
    return (head & XNOR_LAST_SET) != 0 && !PROBE(u_xnor__DOT__claim_settled) ? "requantisers" : "pipeline";
}

const char *vector_stall(const Probes &pins) {
    constexpr uint32_t WRITE = 7, LAST_STAGE = 3;
    if (PROBE(u_vector__DOT__state_q) != ENGINE_RUN) {
        return "set-up";
    }
    if ((PROBE(vector_read_valid) & ~static_cast<uint32_t>(PROBE(vector_read_ready))) != 0) {
        return "bank";
    }
    if (bit(PROBE(u_vector__DOT__stage_q), LAST_STAGE) && !PROBE(u_vector__DOT__requantise_free_i)) {
        return "requantisers";
    }
    if (bit(PROBE(write_valid), WRITE) && !bit(PROBE(write_ready), WRITE)) {
        return "results";
    }
    return PROBE(u_vector__DOT__a_valid) ? "pace" : "pipeline";
}

const char *store_stall(const Probes &pins, PortState port) {
    const uint32_t state = PROBE(u_store__DOT__state_q);
    if (state == STORE_ANSWERS) {
        return "answer";
    }
    if (state != ENGINE_RUN) {
        return "set-up";
    }
    if (!PROBE(u_store__DOT__quad_valid)) {
        return "pipeline";
    }
    const char *const reason = port_state(port);
    return port == PortState::BEAT || port == PortState::REFUSED || reason == nullptr ? "port" : reason;
}

const char *stall(const Probes &pins, uint32_t queue, PortState read0, PortState read1, PortState write) {
    switch (queue) {
    case WH_QUEUE_LOAD0: return load_stall(pins, 0, read0);
    case WH_QUEUE_LOAD1: return load_stall(pins, 1, read1);
    case WH_QUEUE_INT8: return int8_stall(pins);
    case WH_QUEUE_XNOR: return xnor_stall(pins);
    case WH_QUEUE_VECTOR: return vector_stall(pins);
    default: return store_stall(pins, write);
    }
}

}  // namespace

Timeline::Timeline(const std::string &file) : file_(file) {
    check_output_file(file, BEGINNING);
    lines_.open(file);
    lines_ << BEGINNING;
    if (!lines_) {
        throw std::invalid_argument("cannot write the timeline '" + file + "'; name a file in a folder that exists");
    }
}

void Timeline::sample(const Vwh_accelerator &top, PortState read0, PortState read1, PortState write) {
    const Probes &pins = *top.rootp;
    if (PROBE(start) || !PROBE(running)) {
        if (in_job_) {
            end();
        }
        if (PROBE(start)) {
            begin();
        }
        return;
    }
    cycle_ = PROBE(cycles);
    for (uint32_t queue = 0; queue < WH_QUEUES; queue++) {
        const char *state = nullptr;
        if (bit(PROBE(queue_running), queue)) {
            state = bit(PROBE(engine_active), queue) ? "work" : stall(pins, queue, read0, read1, write);
        } else if (bit(PROBE(queue_waiting), queue)) {
            state = token_state(pins, queue);
        }
        enter(queue, state, head_index(pins, queue));
    }
    const bool full = PROBE(fetched_valid) && !PROBE(fetched_ready);
    enter(FETCH_TRACK, PROBE(fetch_finished) ? nullptr : full ? "queue-full" : "work", PROBE(fetched_index));
    enter(READ0_TRACK, port_state(read0), head_index(pins, WH_QUEUE_LOAD0));
    enter(READ1_TRACK, port_state(read1), fetch_owns(pins) ? -1 : head_index(pins, WH_QUEUE_LOAD1));
    enter(WRITE_TRACK, port_state(write), head_index(pins, WH_QUEUE_STORE));
}

void Timeline::begin() {
    in_job_ = true;
    lines_ << "job\n";
}

void Timeline::enter(uint32_t track, const char *state, int64_t command) {
    Stretch &stretch = stretches_[track];
    if (state == stretch.state && (command == stretch.command || state == nullptr)) {
        return;
    }
    if (stretch.state != nullptr) {
        lines_ << TRACK_NAMES[track] << ' ' << stretch.command << ' ' << stretch.state << ' ' << stretch.from << ' '
               << cycle_ << '\n';
    }
    stretch = {state, command, cycle_};
}

void Timeline::end() {
    cycle_++;
    for (uint32_t track = 0; track < TRACKS; track++) {
        enter(track, nullptr, -1);
    }
    lines_ << "end " << cycle_ << std::endl;
    if (!lines_) {
        throw ProtocolError("the timeline cannot be written to '" + file_ + "'; make room there");
    }
    in_job_ = false;
}

}  // namespace windhover
