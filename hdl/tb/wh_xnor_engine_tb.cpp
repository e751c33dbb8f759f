// SPDX-License-Identifier: Apache-2.0
// Bench of wh_xnor_engine: directed and random commands, with random stalls, against wh_xnor_golden.h. Argument: a
// seed.
#include <verilated.h>

#include <cstdio>
#include <cstdlib>
#include <random>

#include "Vwh_xnor_engine.h"
#include "wh_requantisers_model.h"
#include "wh_xnor_golden.h"
#include "windhover_contract.h"

namespace {

using golden::Map;
using golden::Memory;

constexpr int BANK_WORDS = ACTIVATION_BANK_WORDS, WEIGHT_MEMORY_WORDS = WEIGHT_WORDS, LANES = XNOR_LANES;

std::mt19937_64 &generator() {
    static std::mt19937_64 seeded;
    return seeded;
}
uint64_t random_bits() { return generator()(); }
int random_between(int low, int high) { return low + int(random_bits() % uint64_t(high - low + 1)); }

struct Outcome {
    int fault = 0;
    long cycles = 0, writes = 0, active = 0;
};

struct Bench {
    Vwh_xnor_engine top;
    Memory memory{BANK_WORDS};
    std::vector<uint8_t> weights = std::vector<uint8_t>(size_t(WEIGHT_MEMORY_WORDS) * 32);

    wh::RequantisersModel<4> requantisers;
    int claimed = 0;

    void edge() {
        wh::RequantisersModel<4>::Request request;
        request.valid = top.requantise_valid_o;
        request.range = top.requantise_range_o;
        for (int lane = 0; lane < 4; lane++) {
            const uint32_t sum = wh::slice(top.requantise_sums_o, 25 * lane, 25);
            request.lanes[size_t(lane)] = {int32_t(sum << 7) >> 7,
                                           int32_t(top.requantise_multipliers_o[lane] & INT32_MAX),
                                           int8_t(top.requantise_shifts_o >> 8 * lane)};
        }
        claimed = top.requantise_claim_o ? claimed + 1 : 0;
        if (request.valid && claimed < 16) fail("sums before INT8's can have left the requantisers");
        uint32_t codes = 0;
        requantisers.step(request, codes);
        top.clk_i = 1;
        top.eval();
        top.clk_i = 0;
        top.codes_i = codes;
        top.eval();
    }

    void reset() {
        top.rst_ni = 0;
        top.command_valid_i = 0;
        edge();
        edge();
        top.rst_ni = 1;
    }

    uint64_t &word(int bank, int address) {
        if (address >= BANK_WORDS) fail("address beyond the memory");
        return memory.words[size_t(bank) * BANK_WORDS + size_t(address)];
    }

    Outcome run(const golden::Xnor &command, int stall_percent) {
        wh::put_command(command.encode(), top.command_i);
        top.command_valid_i = 1;
        Outcome outcome;
        for (; outcome.cycles < 4000000; outcome.cycles++) {
            auto ready = [&] { return random_between(0, 99) >= stall_percent; };
            top.read_ready_i = ready();
            top.write_ready_i = ready();
            top.weight_ready_i = ready();
            top.eval();
            uint64_t data = random_bits();
            uint32_t weight[8];
            for (uint32_t &part : weight) part = uint32_t(random_bits());
            if (top.read_valid_o && top.read_ready_i) data = word(top.read_bank_o, top.read_address_o);
            if (top.weight_valid_o && top.weight_ready_i) {
                if (top.weight_address_o >= WEIGHT_MEMORY_WORDS) fail("address beyond the weights");
                std::memcpy(weight, &weights[size_t(top.weight_address_o) * 32], 32);
            }
            if (top.write_valid_o && top.write_ready_i) {
                write(word(top.write_bank_o, top.write_address_o));
                outcome.writes++;
            }
            outcome.active += top.active_o;
            bool done = top.done_o;
            if (top.fault_valid_o) outcome.fault = top.fault_code_o;
            edge();
            top.read_data_i = data;
            for (int i = 0; i < 8; i++) top.weight_data_i[i] = weight[i];
            if (done || outcome.fault) {
                quiet();
                return outcome;
            }
        }
        fail("the command does not end");
    }

    void write(uint64_t &old) {
        for (int byte = 0; byte < 8; byte++) {
            if (!(top.write_strobe_o >> byte & 1)) continue;
            uint64_t mask = uint64_t(255) << 8 * byte;
            old = (old & ~mask) | (top.write_data_o & mask);
        }
    }

    void quiet() {
        for (int i = 0; i < 3; i++) {
            if (i == 1) top.command_valid_i = 0;
            top.read_ready_i = top.write_ready_i = top.weight_ready_i = 1;
            top.eval();
            if (top.write_valid_o || top.read_valid_o || top.weight_valid_o || top.done_o || top.fault_valid_o)
                fail("moves after its end");
            edge();
        }
    }

    [[noreturn]] void fail(const char *what) {
        std::printf("FAIL wh_xnor_engine: %s\n", what);
        std::exit(1);
    }

    Outcome compare(const golden::Xnor &command, int stall_percent) {
        Memory expected = memory;
        command.run(expected, weights, LANES);
        Outcome outcome = run(command, stall_percent);
        if (outcome.fault) fail("unexpected fault");
        for (size_t i = 0; i < expected.words.size(); i++) {
            if (expected.words[i] != memory.words[i]) {
                std::printf("post %d: bank %zu address %zu: %016llx, expected %016llx\n", command.post, i / BANK_WORDS,
                            i % BANK_WORDS, (unsigned long long)memory.words[i], (unsigned long long)expected.words[i]);
                fail("wrong result");
            }
        }
        return outcome;
    }
};

int out_blocks(const golden::Xnor &command) {
    int channels = command.groups * LANES;
    return command.post == WH_POST_BITS  ? (channels + 63) / 64
           : command.post == WH_POST_RAW ? channels / 2
                                         : channels / 8;
}

int next_base;

bool place_map(Map &map, int rows, int columns, int channel_blocks, bool whole) {
    int least = (rows + 3) / 4;
    map.ring = whole ? least + random_between(0, 2) : random_between(1, least + 1);
    map.row = random_between(0, 4 * map.ring - 1);
    map.block = random_between(0, 3);
    map.blocks = map.block + channel_blocks + random_between(0, 2);
    map.quads = (columns + 3) / 4 + random_between(0, 1);
    map.base = next_base + random_between(0, 3);
    next_base = map.base + map.ring * map.blocks * map.quads;
    return next_base <= BANK_WORDS && map.ring < 256;
}

bool random_command(golden::Xnor &command) {
    int most = random_between(0, 3) == 0 ? 7 : 3;
    command.kernel_height = random_between(1, most);
    command.kernel_width = random_between(1, most);
    command.stride_y = random_between(1, random_between(0, 9) == 0 ? 15 : 2);
    command.stride_x = random_between(1, random_between(0, 9) == 0 ? 15 : 2);
    command.dilation_y = random_between(1, random_between(0, 5) == 0 ? 15 : 2);
    command.dilation_x = random_between(1, random_between(0, 5) == 0 ? 15 : 2);
    command.out_rows = random_between(1, 9);
    command.out_columns = random_between(1, 13);
    command.channel_blocks = random_between(1, 3);
    command.groups = random_between(1, 256 / LANES < 5 ? 3 : 6);
    command.pad_top = random_between(-3, command.kernel_height * command.dilation_y);
    command.pad_left = random_between(-3, command.kernel_width * command.dilation_x);
    command.in_rows = random_between(1,
                                     command.out_rows * command.stride_y + command.kernel_height * command.dilation_y);
    command.in_columns = random_between(1, command.out_columns * command.stride_x +
                                               command.kernel_width * command.dilation_x);
    command.tile = random_between(0, 2) == 0 ? random_between(1, 8) : random_between(1, 32);
    command.post = random_between(0, 2);
    command.fraction = command.post == WH_POST_REQUANTISE && random_between(0, 2)
                           ? random_between(0, WH_XNOR_FRACTION_LIMIT)
                           : 0;
    command.padding = random_between(0, 2);
    command.last_bits = random_between(0, 1) ? 64 : random_between(1, 64);
    command.write_blocks = random_between(0, 1) ? 4095 : random_between(0, out_blocks(command) + 1);
    command.clamp_min = random_between(0, 1) ? -128 : random_between(-128, 127);
    command.clamp_max = random_between(0, 1) ? 127 : random_between(command.clamp_min, 127);
    command.zero_point = random_between(-128, 127);
    int words = command.groups * command.group_words(LANES);
    if (words > WEIGHT_MEMORY_WORDS) return false;
    command.weight_address = random_between(0, 3) == 0 ? WEIGHT_MEMORY_WORDS - words
                                                       : random_between(0, WEIGHT_MEMORY_WORDS - words);
    next_base = 0;
    return place_map(command.in, command.in_rows, command.in_columns, command.channel_blocks, false) &&
           place_map(command.out, command.out_rows, command.out_columns,
                     std::min(out_blocks(command), command.write_blocks + 1), true);
}

void fill(Bench &bench) {
    int kind = random_between(0, 5);
    for (uint64_t &word : bench.memory.words) word = kind == 0 ? 0 : kind == 1 ? ~uint64_t(0) : random_bits();
    int weight_kind = random_between(0, 5);
    for (uint8_t &byte : bench.weights) byte = weight_kind == 0 ? 0 : weight_kind == 1 ? 255 : uint8_t(random_bits());
}

// Parameters in range: |bias| < 2^23, multiplier in [0, 2^31), shift in [-31, 31].
void set_parameters(Bench &bench, const golden::Xnor &command) {
    int magnitude = random_between(0, 3);
    for (int group = 0; group < command.groups; group++) {
        uint8_t *parameters = &bench.weights[size_t(command.weight_address + group * command.group_words(LANES)) * 32];
        for (int lane = 0; lane < LANES; lane++) {
            int32_t bias = magnitude == 0   ? random_between(-(1 << 23) + 1, (1 << 23) - 1)
                           : magnitude == 1 ? 0
                                            : random_between(-40, 40);
            if (magnitude == 0 && random_between(0, 3) == 0)
                bias = random_between(0, 1) ? (1 << 23) - 1 : 1 - (1 << 23);
            int32_t multiplier = random_between(0, 3) ? int32_t(random_bits() % (1u << 30)) + (1 << 30)
                                                      : int32_t(random_bits() >> 33);
            if (random_between(0, 15) == 0) multiplier = random_between(0, 1) ? INT32_MAX : random_between(0, 1) << 30;
            std::memcpy(parameters + lane * 4, &bias, 4);
            if (command.post != WH_POST_REQUANTISE) continue;
            std::memcpy(parameters + LANES * 4 + lane * 4, &multiplier, 4);
            parameters[LANES * 8 + lane] = uint8_t(random_between(0, 1) ? random_between(-31, 31)
                                                                        : random_between(-6, 0));
        }
    }
}

golden::Xnor plain(int post, int rows, int columns, int kernel, int blocks, int groups) {
    golden::Xnor command;
    command.post = post;
    command.in_rows = rows;
    command.in_columns = columns;
    command.out_rows = rows + 1 - kernel;
    command.out_columns = columns + 1 - kernel;
    command.kernel_height = command.kernel_width = kernel;
    command.channel_blocks = blocks;
    command.groups = groups;
    command.in.ring = (rows + 3) / 4;
    command.in.quads = (columns + 3) / 4;
    command.in.blocks = blocks;
    command.out.base = command.in.ring * command.in.quads * blocks;
    command.out.ring = (command.out_rows + 3) / 4;
    command.out.quads = (command.out_columns + 3) / 4;
    command.out.blocks = out_blocks(command);
    return command;
}

// Inputs that all agree with their weights, or all differ, and the greatest bias of that sign: with the highest
// fraction the clamp to 25 bits cuts the sums. Every other lane has the greatest multiplier and a right shift, which
// rounds -2^24 down once more.
void clamps(Bench &bench) {
    for (int fraction : {0, WH_XNOR_FRACTION_LIMIT - 1, WH_XNOR_FRACTION_LIMIT}) {
        for (bool agree : {false, true}) {
            golden::Xnor command = plain(WH_POST_REQUANTISE, 5, 5, 5, LANES == 64 ? 15 : 10, 1);
            command.fraction = fraction;
            for (uint64_t &word : bench.memory.words) word = ~uint64_t(0);
            for (uint8_t &byte : bench.weights) byte = agree ? 255 : 0;
            set_parameters(bench, command);
            const int32_t bias = agree ? (1 << 23) - 1 : 1 - (1 << 23);
            const int32_t multiplier = INT32_MAX;
            for (size_t lane = 0; lane < LANES; lane++) {
                std::memcpy(&bench.weights[lane * 4], &bias, 4);
                if (lane % 2 == 0) continue;
                std::memcpy(&bench.weights[(LANES + lane) * 4], &multiplier, 4);
                bench.weights[2 * LANES * 4 + lane] = uint8_t(-1 - int(lane));
            }
            bench.compare(command, 10);
        }
    }
}

void rate(Bench &bench, const char *what, const golden::Xnor &command, double most) {
    set_parameters(bench, command);
    Outcome outcome = bench.compare(command, 0);
    long ideal = long(command.groups) * command.out_rows * command.out_columns * command.kernel_height *
                 command.kernel_width * command.channel_blocks;
    std::printf("wh_xnor_engine: %s: %ld cycles, ideal %ld (%.1f %%)\n", what, outcome.cycles, ideal,
                100.0 * double(ideal) / double(outcome.cycles));
    if (outcome.active != ideal) bench.fail("steps are not counted right");
    if (double(outcome.cycles) > double(ideal) * most + 64) bench.fail("too slow");
}

void rates(Bench &bench) {
    int few = 64 / LANES;
    rate(bench, "3x3 64->64 30x30 BITS", plain(WH_POST_BITS, 30, 30, 3, 1, few), 1.05);
    rate(bench, "3x3 128->128 14x14 BITS", plain(WH_POST_BITS, 14, 14, 3, 2, LANES == 64 ? 2 : 1), 1.05);
    if (LANES == 64) {
        golden::Xnor padded = plain(WH_POST_BITS, 30, 30, 3, 1, 1);
        padded.out_rows = padded.out_columns = 30;
        padded.pad_top = padded.pad_left = 1;
        padded.out.ring = padded.out.quads = 8;
        rate(bench, "3x3 64->64 30x30 padded", padded, 1.05);
        rate(bench, "3x3 128->64 16x16 REQUANTISE", plain(WH_POST_REQUANTISE, 16, 16, 3, 2, 1), 1.9);
        rate(bench, "1x1 64->256 16x16 BITS", plain(WH_POST_BITS, 16, 16, 1, 1, 4), 1.2);
    }
}

void expect_fault(Bench &bench, const char *what, const golden::Xnor &command, int code, bool untouched) {
    Memory before = bench.memory;
    Outcome outcome = bench.run(command, 30);
    if (outcome.fault != code || (untouched && outcome.writes != 0)) {
        std::printf("wh_xnor_engine: %s: fault %d, %ld writes\n", what, outcome.fault, outcome.writes);
        bench.fail("expected another fault");
    }
    bench.memory = before;
    if (random_between(0, 1)) bench.reset();
    golden::Xnor good = plain(random_between(0, 2), 6, 5, 2, 1, 2);
    set_parameters(bench, good);
    bench.compare(good, 10);
}

template <typename Change>
void expect_illegal(Bench &bench, const char *what, Change change) {
    golden::Xnor command = plain(WH_POST_BITS, 4, 4, 2, 1, 1);
    change(command);
    expect_fault(bench, what, command, WH_FAULT_ILLEGAL_COMMAND, true);
}

void faults(Bench &bench) {
    using golden::Xnor;
    expect_illegal(bench, "tile 0", [](Xnor &c) { c.tile = 0; });
    expect_illegal(bench, "tile 33", [](Xnor &c) { c.tile = 33; });
    expect_illegal(bench, "post 3", [](Xnor &c) { c.post = 3; });
    expect_illegal(bench, "padding 3", [](Xnor &c) { c.padding = 3; });
    expect_illegal(bench, "no last bits", [](Xnor &c) { c.last_bits = 0; });
    expect_illegal(bench, "65 last bits", [](Xnor &c) { c.last_bits = 65; });
    expect_illegal(bench, "no groups", [](Xnor &c) { c.groups = 0; });
    expect_illegal(bench, "no blocks", [](Xnor &c) { c.channel_blocks = 0; });
    expect_illegal(bench, "no rows", [](Xnor &c) { c.out_rows = 0; });
    expect_illegal(bench, "no columns", [](Xnor &c) { c.out_columns = 0; });
    expect_illegal(bench, "no input rows", [](Xnor &c) { c.in_rows = 0; });
    expect_illegal(bench, "no input columns", [](Xnor &c) { c.in_columns = 0; });
    expect_illegal(bench, "no kernel height", [](Xnor &c) { c.kernel_height = 0; });
    expect_illegal(bench, "no kernel width", [](Xnor &c) { c.kernel_width = 0; });
    expect_illegal(bench, "no stride y", [](Xnor &c) { c.stride_y = 0; });
    expect_illegal(bench, "no stride x", [](Xnor &c) { c.stride_x = 0; });
    expect_illegal(bench, "no dilation y", [](Xnor &c) { c.dilation_y = 0; });
    expect_illegal(bench, "no dilation x", [](Xnor &c) { c.dilation_x = 0; });
    expect_illegal(bench, "input ring", [](Xnor &c) { c.in.ring = 0; });
    expect_illegal(bench, "input row", [](Xnor &c) { c.in.row = 4; });
    expect_illegal(bench, "output ring", [](Xnor &c) { c.out.ring = 0; });
    expect_illegal(bench, "output row", [](Xnor &c) { c.out.row = 4; });
    expect_illegal(bench, "fraction with BITS", [](Xnor &c) { c.fraction = 1; });
    expect_illegal(bench, "fraction with RAW",
                   [](Xnor &c) { c.post = WH_POST_RAW, c.fraction = WH_XNOR_FRACTION_LIMIT; });
    expect_illegal(bench, "fraction beyond its limit", [](Xnor &c) {
        c.post = WH_POST_REQUANTISE;
        c.fraction = WH_XNOR_FRACTION_LIMIT + 1;
    });
    golden::Xnor command = plain(WH_POST_BITS, 8, 8, 1, 1, 1);
    command.in.base = BANK_WORDS - 3;
    expect_fault(bench, "input beyond the memory", command, WH_FAULT_OUT_OF_MEMORY, false);
    command = plain(WH_POST_RAW, 8, 8, 1, 1, 1);
    command.out.base = BANK_WORDS - 3;
    expect_fault(bench, "output beyond the memory", command, WH_FAULT_OUT_OF_MEMORY, false);
    command = plain(WH_POST_BITS, 8, 8, 1, 1, 1);
    command.out = {8191, 4095, 511, 255, 1019, 4091};
    expect_fault(bench, "output far beyond the memory", command, WH_FAULT_OUT_OF_MEMORY, true);
    command = plain(WH_POST_REQUANTISE, 8, 8, 1, 1, 1);
    command.weight_address = WEIGHT_MEMORY_WORDS - command.group_words(LANES) + 1;
    expect_fault(bench, "set beyond the weights", command, WH_FAULT_OUT_OF_MEMORY, true);
    command.weight_address = (1 << 20) - 1;
    expect_fault(bench, "parameters beyond the weights", command, WH_FAULT_OUT_OF_MEMORY, true);
}

}  // namespace

int main(int count, char **arguments) {
    uint64_t seed = count > 1 ? std::strtoull(arguments[1], nullptr, 0) : 1;
    std::printf("wh_xnor_engine: seed %llu\n", (unsigned long long)seed);
    generator().seed(seed);
    Bench bench;
    bench.reset();
    fill(bench);
    rates(bench);
    faults(bench);
    clamps(bench);
    int runs = 0;
    while (runs < 600) {
        golden::Xnor command;
        if (!random_command(command)) continue;
        fill(bench);
        set_parameters(bench, command);
        static const int stalls[] = {0, 0, 10, 50, 80};
        bench.compare(command, stalls[random_bits() % 5]);
        runs++;
    }
    std::printf("PASS wh_xnor_engine: %d random commands agree\n", runs);
    return 0;
}
