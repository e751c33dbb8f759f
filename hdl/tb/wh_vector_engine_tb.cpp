// SPDX-License-Identifier: Apache-2.0
// Bench of wh_vector_engine: directed and random commands, with random stalls, against wh_vector_golden.h. Argument: a
// seed.
#include <verilated.h>

#include <cstdio>
#include <cstdlib>
#include <random>

#include "Vwh_vector_engine.h"
#include "wh_requantisers_model.h"
#include "wh_vector_golden.h"

namespace {

using golden::Map;
using golden::Memory;

constexpr int BANK_WORDS = ACTIVATION_BANK_WORDS;

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
    Vwh_vector_engine top;
    Memory memory{BANK_WORDS};
    int32_t tables[512] = {};
    wh::RequantisersModel<8> requantisers;
    int free_cycles = 0;

    // The requantisers' answer to what the engine asks before the edge, and whether they are free after it.
    void edge(int busy_percent = 0) {
        wh::RequantisersModel<8>::Request request;
        request.valid = top.requantise_valid_o;
        request.wide = top.requantise_wide_o;
        request.high = top.requantise_high_o;
        request.truncate = top.requantise_truncate_o;
        request.range = top.requantise_range_o;
        for (int lane = 0; lane < 8; lane++) {
            request.lanes[size_t(lane)] = {int32_t(top.requantise_sums_o[lane]), int32_t(top.requantise_multiplier_o),
                                           int8_t(top.requantise_shift_o)};
        }
        if (request.valid && free_cycles == 0) fail("a sum while the requantisers are not free");
        free_cycles = top.requantise_free_i ? 2 : free_cycles > 0 ? free_cycles - 1 : 0;
        uint64_t codes = 0;
        requantisers.step(request, codes);
        top.clk_i = 1;
        top.eval();
        top.clk_i = 0;
        top.codes_i = codes;
        top.requantise_free_i = random_between(0, 99) >= busy_percent;
        top.eval();
    }

    void reset() {
        top.rst_ni = 0;
        top.command_valid_i = 0;
        top.table_valid_i = 0;
        edge();
        edge();
        top.rst_ni = 1;
    }

    void load_tables(const int32_t *entries) {
        for (int word = 0; word < 256; word++) {
            top.table_valid_i = 1;
            top.table_target_i = 0;
            top.table_index_i = uint8_t(word);
            top.table_data_i = uint32_t(entries[2 * word]) | uint64_t(uint32_t(entries[2 * word + 1])) << 32;
            edge();
        }
        top.table_target_i = 1;
        top.table_data_i = random_bits();
        edge();
        top.table_valid_i = 0;
        std::memcpy(tables, entries, sizeof tables);
    }

    Outcome run(const golden::Vector &command, int stall_percent) {
        wh::put_command(command.encode(), top.command_i);
        top.command_valid_i = 1;
        Outcome outcome;
        for (; outcome.cycles < 4000000; outcome.cycles++) {
            auto ready = [&] { return random_between(0, 99) >= stall_percent; };
            top.read_ready_i = uint8_t(ready() | ready() << 1);
            top.write_ready_i = ready();
            top.eval();
            uint64_t data[2] = {random_bits(), random_bits()};
            for (int port = 0; port < 2; port++) {
                if ((top.read_valid_o & top.read_ready_i) >> port & 1) data[port] = word(read_place(port));
            }
            if (top.write_valid_o && top.write_ready_i) {
                if (top.write_strobe_o != 255) fail("a strobe is not full");
                word(place(top.write_bank_o, top.write_address_o)) = top.write_data_o;
                outcome.writes++;
            }
            outcome.active += top.active_o;
            bool done = top.done_o;
            if (top.fault_valid_o) outcome.fault = top.fault_code_o;
            edge(stall_percent);
            for (int i = 0; i < 4; i++) top.read_data_i[i] = uint32_t(data[i / 2] >> (i % 2 * 32));
            if (done || outcome.fault) {
                quiet();
                return outcome;
            }
        }
        fail("the command does not end");
    }

    void quiet() {
        for (int i = 0; i < 3; i++) {
            if (i == 1) top.command_valid_i = 0;
            top.read_ready_i = 3;
            top.write_ready_i = 1;
            top.eval();
            if (top.write_valid_o || top.read_valid_o || top.done_o || top.fault_valid_o) fail("moves after its end");
            edge();
        }
    }

    size_t place(int bank, int address) {
        if (address >= BANK_WORDS) fail("address beyond the memory");
        return size_t(bank) * BANK_WORDS + size_t(address);
    }
    size_t read_place(int port) {
        return place(top.read_bank_o >> (4 * port) & 15, int(top.read_address_o >> (13 * port) & 8191));
    }
    uint64_t &word(size_t place) { return memory.words[place]; }

    [[noreturn]] void fail(const char *what) {
        std::printf("FAIL wh_vector_engine: %s\n", what);
        std::exit(1);
    }

    Outcome compare(const golden::Vector &command, int stall_percent) {
        Memory expected = memory;
        command.run(expected, tables);
        Outcome outcome = run(command, stall_percent);
        if (outcome.fault) fail("unexpected fault");
        for (size_t i = 0; i < expected.words.size(); i++) {
            if (expected.words[i] != memory.words[i]) {
                std::printf("operation %d: bank %zu address %zu: %016llx, expected %016llx\n", command.operation,
                            i / BANK_WORDS, i % BANK_WORDS, (unsigned long long)memory.words[i],
                            (unsigned long long)expected.words[i]);
                fail("wrong result");
            }
        }
        return outcome;
    }
};

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

int32_t random_value(int kind) {
    static const int32_t extremes[] = {INT32_MIN, INT32_MAX, 0, -1, 1, INT32_MIN + 1, 1 << 30, -(1 << 30)};
    if (kind == 0) return extremes[random_bits() % 8];
    return int32_t(random_bits()) >> random_between(0, 31);
}

bool random_command(golden::Vector &command) {
    command.operation = random_between(0, WH_VECTOR_OPERATION_TABLE);
    bool pool = command.operation <= WH_VECTOR_OPERATION_AVERAGE_POOL;
    int most = random_between(0, 3) == 0 ? 16 : 4;
    command.kernel_height = pool ? random_between(1, most) : 0;
    command.kernel_width = pool ? random_between(1, most) : 0;
    command.stride_y = random_between(1, random_between(0, 9) == 0 ? 15 : 3);
    command.stride_x = random_between(1, random_between(0, 9) == 0 ? 15 : 3);
    command.out_rows = random_between(1, 9);
    command.out_columns = random_between(1, 13);
    command.channel_blocks = random_between(1, 4);
    command.pad_top = random_between(-3, command.kernel_height);
    command.pad_left = random_between(-3, command.kernel_width);
    if (pool) {
        command.in_rows = random_between(1, command.out_rows * command.stride_y + command.kernel_height);
        command.in_columns = random_between(1, command.out_columns * command.stride_x + command.kernel_width);
    }
    command.clamp_min = random_between(0, 1) ? -128 : random_between(-128, 127);
    command.clamp_max = random_between(0, 1) ? 127 : random_between(command.clamp_min, 127);
    command.clamp_max = std::max(command.clamp_max, command.clamp_min);
    command.zero_point = random_between(-128, 127);
    command.a_zero = random_between(-128, 127);
    command.b_zero = random_between(-128, 127);
    command.shift = random_between(0, 1) ? random_between(-31, 31) : random_between(-8, 1);
    command.multiplier = random_between(0, 3) ? int32_t(random_bits() % (1u << 30)) + (1 << 30)
                                              : random_value(random_between(0, 1)) & INT32_MAX;
    command.b_broadcast = random_between(0, 1);
    next_base = 0;
    int read_rows = pool ? command.in_rows : command.out_rows,
        read_columns = pool ? command.in_columns : command.out_columns;
    return place_map(command.in, read_rows, read_columns, command.channel_blocks, false) &&
           place_map(command.out, command.out_rows, command.out_columns, command.channel_blocks, true) &&
           place_map(command.b, command.out_rows, command.out_columns, command.channel_blocks, false);
}

void fill(Bench &bench) {
    int kind = random_between(0, 4);
    for (uint64_t &word : bench.memory.words) {
        word = kind == 0   ? 0x8080808080808080
               : kind == 1 ? 0x7F7F7F7F7F7F7F7F
               : kind == 2 ? 0x807F0001FFFE8081
                           : random_bits();
    }
    int32_t entries[512];
    int table_kind = random_between(0, 2);
    for (int32_t &entry : entries)
        entry = table_kind == 1 ? random_between(-(1 << 28), 1 << 28) : random_value(table_kind);
    bench.load_tables(entries);
}

golden::Vector plain(int operation, int rows, int columns, int blocks) {
    golden::Vector command;
    command.operation = operation;
    command.in_rows = command.out_rows = rows;
    command.in_columns = command.out_columns = columns;
    command.channel_blocks = blocks;
    command.multiplier = 1 << 30;
    for (Map *map : {&command.in, &command.b, &command.out}) {
        map->ring = (rows + 3) / 4;
        map->quads = (columns + 3) / 4;
        map->blocks = blocks;
    }
    int words = command.in.ring * command.in.quads * blocks;
    command.b.base = words;
    command.out.base = 2 * words;
    return command;
}

void expect_cycles(Bench &bench, const char *what, const Outcome &outcome, long ideal, long overhead) {
    std::printf("wh_vector_engine: %s: %ld cycles, ideal %ld\n", what, outcome.cycles, ideal);
    if (outcome.cycles > ideal + overhead) bench.fail("too slow");
}

void rates(Bench &bench) {
    for (int operation : {WH_VECTOR_OPERATION_ADD, WH_VECTOR_OPERATION_MULTIPLY, WH_VECTOR_OPERATION_TABLE}) {
        golden::Vector add = plain(operation, 16, 15, 8);
        expect_cycles(bench,
                      operation == WH_VECTOR_OPERATION_ADD        ? "ADD"
                      : operation == WH_VECTOR_OPERATION_MULTIPLY ? "MULTIPLY"
                                                                  : "TABLE",
                      bench.compare(add, 0), 16 * 15 * 8 * (operation == WH_VECTOR_OPERATION_TABLE ? 1 : 2), 32);
    }
    golden::Vector pool = plain(WH_VECTOR_OPERATION_MAXIMUM_POOL, 16, 16, 4);
    pool.kernel_height = pool.kernel_width = 2;
    pool.stride_y = pool.stride_x = 2;
    pool.out_rows = pool.out_columns = 8;
    expect_cycles(bench, "MAXIMUM_POOL 2x2", bench.compare(pool, 0), 8 * 8 * 4 * 2, 32);
    golden::Vector padded = plain(WH_VECTOR_OPERATION_MAXIMUM_POOL, 16, 16, 4);
    padded.kernel_height = padded.kernel_width = 3;
    padded.stride_y = padded.stride_x = 2;
    padded.pad_top = padded.pad_left = 1;
    padded.out_rows = padded.out_columns = 8;
    expect_cycles(bench, "MAXIMUM_POOL 3x3, padded", bench.compare(padded, 0), 8 * 8 * 4 * 6, 32);
    golden::Vector global = plain(WH_VECTOR_OPERATION_AVERAGE_POOL, 7, 7, 16);
    global.kernel_height = global.kernel_width = 7;
    global.out_rows = global.out_columns = 1;
    expect_cycles(bench, "AVERAGE_POOL 7x7", bench.compare(global, 0), (7 * 4 + 1) * 16, 32);
}

void expect_fault(Bench &bench, const char *what, const golden::Vector &command, int code, bool untouched) {
    Memory before = bench.memory;
    Outcome outcome = bench.run(command, 30);
    if (outcome.fault != code || (untouched && outcome.writes != 0)) {
        std::printf("wh_vector_engine: %s: fault %d, %ld writes\n", what, outcome.fault, outcome.writes);
        bench.fail("expected another fault");
    }
    bench.memory = before;
    if (random_between(0, 1)) bench.reset();
    bench.compare(plain(WH_VECTOR_OPERATION_MAXIMUM_POOL, 2, 3, 1), 10);
}

template <typename Change>
void expect_illegal(Bench &bench, const char *what, int operation, Change change) {
    golden::Vector command = plain(operation, 4, 4, 2);
    change(command);
    expect_fault(bench, what, command, WH_FAULT_ILLEGAL_COMMAND, true);
}

void faults(Bench &bench) {
    using golden::Vector;
    expect_illegal(bench, "operation 6", 6, [](Vector &) {});
    expect_illegal(bench, "operation 15", 15, [](Vector &) {});
    expect_illegal(bench, "no rows", 5, [](Vector &c) { c.out_rows = 0; });
    expect_illegal(bench, "no columns", 5, [](Vector &c) { c.out_columns = 0; });
    expect_illegal(bench, "no blocks", 5, [](Vector &c) { c.channel_blocks = 0; });
    expect_illegal(bench, "no input rows", 0, [](Vector &c) { c.in_rows = 0; });
    expect_illegal(bench, "no input columns", 0, [](Vector &c) { c.in_columns = 0; });
    expect_illegal(bench, "no kernel height", 0, [](Vector &c) { c.kernel_height = 0; });
    expect_illegal(bench, "no kernel width", 1, [](Vector &c) { c.kernel_width = 0; });
    expect_illegal(bench, "no stride y", 2, [](Vector &c) { c.stride_y = 0; });
    expect_illegal(bench, "no stride x", 2, [](Vector &c) { c.stride_x = 0; });
    expect_illegal(bench, "dilation y", 0, [](Vector &c) { c.dilation_y = 2; });
    expect_illegal(bench, "dilation x", 0, [](Vector &c) { c.dilation_x = 0; });
    expect_illegal(bench, "input ring", 3, [](Vector &c) { c.in.ring = 0; });
    expect_illegal(bench, "input row", 3, [](Vector &c) { c.in.row = 4; });
    expect_illegal(bench, "output ring", 5, [](Vector &c) { c.out.ring = 0; });
    expect_illegal(bench, "output row", 5, [](Vector &c) { c.out.row = 4; });
    expect_illegal(bench, "b ring", 4, [](Vector &c) { c.b.ring = 0; });
    expect_illegal(bench, "b row", 3, [](Vector &c) { c.b.row = 1023; });
    expect_illegal(bench, "negative multiplier of ADD", 3, [](Vector &c) { c.multiplier = -1; });
    expect_illegal(bench, "negative multiplier of MULTIPLY", 4, [](Vector &c) { c.multiplier = INT32_MIN; });
    expect_illegal(bench, "average of 272", 2, [](Vector &c) { c.kernel_height = 16, c.kernel_width = 17; });
    for (int which = 0; which < 3; which++) {
        golden::Vector command = plain(WH_VECTOR_OPERATION_ADD, 8, 8, 4);
        (which == 0 ? command.in : which == 1 ? command.b : command.out).base = BANK_WORDS - 15;
        expect_fault(bench, "beyond the memory", command, WH_FAULT_OUT_OF_MEMORY, false);
        golden::Vector far = plain(WH_VECTOR_OPERATION_ADD, 8, 8, 4);
        Map &map = which == 0 ? far.in : which == 1 ? far.b : far.out;
        map = {8191, 4095, 511, 255, 1019, 4091};
        expect_fault(bench, "far beyond the memory", far, WH_FAULT_OUT_OF_MEMORY, true);
    }
    golden::Vector ignored = plain(WH_VECTOR_OPERATION_TABLE, 4, 4, 2);
    ignored.b.ring = 0;
    ignored.b.base = 8191;
    ignored.dilation_x = ignored.kernel_height = ignored.in_rows = 0;
    bench.compare(ignored, 20);
}

void reciprocals_divide_exactly() {
    for (int64_t count = 1; count <= 256; count++) {
        int64_t reciprocal = ((1 << 24) + count - 1) / count;
        for (int64_t sum = 0; sum <= 128 * count; sum++) {
            int64_t expected = (2 * sum + count) / (2 * count);
            if (((sum + count / 2) * reciprocal) >> 24 != expected) {
                std::printf("wh_vector_engine: %ld / %ld is not exact\n", long(sum), long(count));
                std::exit(1);
            }
        }
    }
}

void averages(Bench &bench) {
    for (int count = 1; count <= 256; count++) {
        golden::Vector command = plain(WH_VECTOR_OPERATION_AVERAGE_POOL, 1, 256, 1);
        command.kernel_width = std::min(count, 255);
        if (count == 256) command.kernel_width = 128, command.kernel_height = 2, command.in_rows = 2;
        command.in.ring = 1;
        command.out_columns = std::min(12, 257 - command.kernel_width);
        command.stride_x = random_between(1, 3);
        fill(bench);
        bench.compare(command, 0);
    }
}

}  // namespace

int main(int count, char **arguments) {
    uint64_t seed = count > 1 ? std::strtoull(arguments[1], nullptr, 0) : 1;
    std::printf("wh_vector_engine: seed %llu\n", (unsigned long long)seed);
    generator().seed(seed);
    Bench bench;
    bench.reset();
    fill(bench);
    reciprocals_divide_exactly();
    rates(bench);
    faults(bench);
    averages(bench);
    int runs = 0;
    while (runs < 1500) {
        golden::Vector command;
        if (!random_command(command)) continue;
        fill(bench);
        static const int stalls[] = {0, 10, 50, 80};
        bench.compare(command, stalls[random_bits() % 4]);
        runs++;
    }
    std::printf("PASS wh_vector_engine: %d random commands agree\n", runs);
    return 0;
}
