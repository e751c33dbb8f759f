// SPDX-License-Identifier: Apache-2.0
#include "job.hpp"

namespace windhover {

namespace {

constexpr uint32_t NO_QUEUE = WH_QUEUES;

uint32_t wait_of(Command command, uint32_t giver) { return static_cast<uint32_t>(wh_header_waits(command[0], giver)); }
uint32_t signal_of(Command command, uint32_t taker) {
    return static_cast<uint32_t>(wh_header_signals(command[0], taker));
}

uint32_t queue_of(Command command) {
    switch (wh_header_opcode(command[0])) {
    case WH_OPCODE_LOAD_MAP:
    case WH_OPCODE_LOAD_PATCH:
    case WH_OPCODE_LOAD_WEIGHTS:
    case WH_OPCODE_LOAD_TABLE: return wh_load_map_port(command) == 0 ? WH_QUEUE_LOAD0 : WH_QUEUE_LOAD1;
    case WH_OPCODE_STORE_MAP: return WH_QUEUE_STORE;
    case WH_OPCODE_INT8_CONVOLUTION: return WH_QUEUE_INT8;
    case WH_OPCODE_XNOR_CONVOLUTION: return WH_QUEUE_XNOR;
    case WH_OPCODE_VECTOR: return WH_QUEUE_VECTOR;
    default: return NO_QUEUE;
    }
}

}  // namespace

void Job::fill_queues() {
    for (uint32_t index = 0; index < commands(); index++) {
        const uint32_t queue = queue_of(command(index));
        if (queue != NO_QUEUE) {
            queues_[queue].push_back(index);
        }
    }
}

bool Job::ready(uint32_t queue) const {
    if (heads_[queue] == queues_[queue].size()) {
        return false;
    }
    const Command head = command(queues_[queue][heads_[queue]]);
    for (uint32_t giver = 0; giver < WH_QUEUES; giver++) {
        if (tokens_[giver][queue] < wait_of(head, giver)) {
            return false;
        }
    }
    return true;
}

void Job::take_tokens(uint32_t queue) {
    const Command head = command(queues_[queue][heads_[queue]]);
    for (uint32_t giver = 0; giver < WH_QUEUES; giver++) {
        tokens_[giver][queue] -= wait_of(head, giver);
    }
}

void Job::give_tokens(uint32_t queue, Command command) {
    for (uint32_t taker = 0; taker < WH_QUEUES; taker++) {
        tokens_[queue][taker] += signal_of(command, taker);
        if (tokens_[queue][taker] > WH_TOKEN_LIMIT) {
            throw Fault{WH_FAULT_TOKEN_OVERFLOW, queue};
        }
    }
}

Outcome Job::run() {
    try {
        return run_all();
    } catch (const Stopped &) {
        return {};
    }
}

Outcome Job::run_all() {
    for (uint32_t index = 0; index < commands(); index++) {
        if (queue_of(command(index)) == NO_QUEUE) {
            return {WH_FAULT_ILLEGAL_COMMAND, index, 0};
        }
    }
    fill_queues();
    while (commands_done < commands()) {
        chip_.check_stop();
        uint32_t oldest = UINT32_MAX;
        uint32_t oldest_unfinished = UINT32_MAX;
        uint32_t queue = NO_QUEUE;
        uint32_t waiting_queue = 0;
        for (uint32_t i = 0; i < WH_QUEUES; i++) {
            const uint32_t index = heads_[i] < queues_[i].size() ? queues_[i][heads_[i]] : UINT32_MAX;
            if (index < oldest_unfinished) {
                oldest_unfinished = index;
                waiting_queue = i;
            }
            if (index < oldest && ready(i)) {
                oldest = index;
                queue = i;
            }
        }
        if (queue == NO_QUEUE) {
            return {WH_FAULT_WATCHDOG, oldest_unfinished, waiting_queue};
        }
        try {
            take_tokens(queue);
            execute(command(oldest));
            chip_.check_stop();
            give_tokens(queue, command(oldest));
        } catch (const Fault &fault) {
            return {fault.code, oldest, fault.code == WH_FAULT_ILLEGAL_COMMAND ? queue : fault.detail};
        }
        heads_[queue]++;
        const uint64_t header = command(oldest)[0];
        if (wh_header_trace(header) != 0 && traced_layers.size() < chip_.configuration.trace_entries) {
            traced_layers.push_back(static_cast<uint16_t>(wh_header_layer(header)));
        }
        commands_done++;
    }
    for (uint32_t pair = 0; pair < WH_QUEUES * WH_QUEUES; pair++) {
        if (tokens_[pair / WH_QUEUES][pair % WH_QUEUES] != 0) {
            return {WH_FAULT_TOKENS_LEFT, commands() - 1, pair / WH_QUEUES};
        }
    }
    return {};
}

void Job::execute(Command command) {
    switch (wh_header_opcode(command[0])) {
    case WH_OPCODE_LOAD_MAP: load_map(chip_, regions_, command); break;
    case WH_OPCODE_LOAD_PATCH: load_patch(chip_, regions_, command); break;
    case WH_OPCODE_LOAD_WEIGHTS: load_weights(chip_, regions_, command); break;
    case WH_OPCODE_LOAD_TABLE: load_table(chip_, regions_, command); break;
    case WH_OPCODE_STORE_MAP: store_map(chip_, regions_, command); break;
    case WH_OPCODE_INT8_CONVOLUTION: int8_.run(chip_, workers_, command); break;
    case WH_OPCODE_XNOR_CONVOLUTION: run_xnor(chip_, workers_, command); break;
    default: run_vector(chip_, command); break;
    }
}

}  // namespace windhover
