// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <algorithm>
#include <iterator>

namespace bench {

static uint32_t fault_of(Bench &b, const std::vector<Command> &program, uint32_t data_bytes = DATA_BYTES) {
    return b.device.run(program, b.address, data_bytes);
}

void a_job_ends_in_the_fault_it_deserves(Bench &b) {
    const Command load = b.whole_map(WH_OPCODE_LOAD_MAP, 0);
    const auto check = [&b](const char *what, uint32_t wanted, const std::vector<Command> &program, uint32_t index,
                            uint32_t data_bytes = DATA_BYTES) {
        const uint32_t got = fault_of(b, program, data_bytes);
        expect(got == wanted,
               std::string(what) + ": fault " + std::to_string(got) + ", should be " + std::to_string(wanted));
        if (wanted != 0) {
            const uint32_t command = b.device.read(WH_REGISTER_FAULT_COMMAND);
            expect(command == index, std::string(what) + ": at command " + std::to_string(command));
        }
    };
    Command table = b.table_load(WH_TABLE_TARGET_ACTIVATION, 0);
    check("a table", WH_FAULT_NONE, {table}, 0);
    check("opcode 15", WH_FAULT_ILLEGAL_COMMAND, {table, Command(15)}, 1);
    Command bad = load;
    SET(bad, load_map_rows, 0);
    check("no rows", WH_FAULT_ILLEGAL_COMMAND, {table, bad}, 1);
    bad = load;
    wh_map_set_ring(&bad.words[1], 0);
    check("ring 0", WH_FAULT_ILLEGAL_COMMAND, {bad}, 0);
    for (const auto set : {wh_map_set_blocks, wh_map_set_quads}) {
        bad = load;
        set(&bad.words[1], 0);
        check("a map without blocks or quads", WH_FAULT_ILLEGAL_COMMAND, {bad}, 0);
    }
    bad = load;
    wh_map_set_base(&bad.words[1], wh_map_base(bad.words[1]) | 1);
    check("beyond the banks", WH_FAULT_OUT_OF_MEMORY, {bad}, 0);
    check("a short region", WH_FAULT_OUT_OF_REGION, {table, table, load}, 2, 4096);
    bad = load;
    SET(bad, load_map_region, 5);
    check("a closed region", WH_FAULT_OUT_OF_REGION, {bad}, 0);
    bad = table;
    wh_header_set_waits(bad.words, WH_QUEUE_INT8, 1);
    check("a token that never comes", WH_FAULT_WATCHDOG, {table, bad}, 1);
    bad = table;
    wh_header_set_signals(bad.words, WH_QUEUE_INT8, 3);
    check("tokens nobody takes", WH_FAULT_TOKENS_LEFT, {bad}, 0);
    wh_header_set_signals(bad.words, WH_QUEUE_INT8, 15);
    check("more tokens than fit", WH_FAULT_TOKEN_OVERFLOW, std::vector<Command>(18, bad), 17);
    b.device.writable = 0xFD;
    check("a store into a read-only region", WH_FAULT_READ_ONLY_REGION,
          {table, b.whole_map(WH_OPCODE_STORE_MAP, DUMP_OFFSET)}, 1);
    expect(b.device.read(WH_REGISTER_FAULT_DETAIL) == 1, "FAULT_DETAIL does not name the read-only region");
    b.device.writable = 2;
    check("an empty program", WH_FAULT_NONE, {}, 0);
    check("a table again", WH_FAULT_NONE, {table}, 0);
}

void random_commands_end(Bench &b) {
    b.randomise();
    for (int i = 0; i < 50; i++) {
        Command command(1 + b.random.below(WH_OPCODE_VECTOR));
        for (uint32_t word = 1; word < WH_COMMAND_WORDS; word++) {
            const uint64_t bits = b.random.engine() & b.random.engine() &
                                  (b.random.chance(2) ? b.random.engine() : ~uint64_t{0});
            command.words[word] = bits;
        }
        SET(command, load_map_region, b.random.between(0, 1));
        b.device.run({command}, b.address, DATA_BYTES);
    }
    expect(fault_of(b, {b.table_load(WH_TABLE_TARGET_ACTIVATION, 0)}) == 0, "the job after random ones fails");
}

void reset_stops_a_job_that_waits_for_ever(Bench &b) {
    Command waits = b.table_load(WH_TABLE_TARGET_ACTIVATION, 0);
    wh_header_set_waits(waits.words, WH_QUEUE_VECTOR, 1);
    b.device.start({waits}, b.address, DATA_BYTES, 0);
    expect(b.device.wait(50'000'000) == 0, "a job without watchdog ended");
    expect(b.device.read(WH_REGISTER_STATUS) == WH_STATUS_BUSY, "the job is not busy");
    b.device.write(WH_REGISTER_CONTROL, WH_CONTROL_INTERRUPT_ENABLE | WH_CONTROL_SOFT_RESET);
    expect(b.device.drain() == 0, "STATUS is not 0 after a reset");
    expect(fault_of(b, {b.table_load(WH_TABLE_TARGET_ACTIVATION, 0)}) == 0, "the job after a reset fails");
}

/* Loads of the whole map, one after the other; many bursts are under way at any time. */
static std::vector<Command> loads(const Bench &b, size_t count) {
    return std::vector<Command>(count, b.whole_map(WH_OPCODE_LOAD_MAP, 0));
}

void a_doorbell_right_after_a_reset_starts_its_job(Bench &b) {
    for (int round = 0; round < 20; round++) {
        b.device.start(loads(b, 100), b.address, DATA_BYTES, 0);
        b.device.wait(b.random.between(0, 2'000'000));
        b.device.write(WH_REGISTER_CONTROL, WH_CONTROL_INTERRUPT_ENABLE | WH_CONTROL_SOFT_RESET);
        expect(fault_of(b, loads(b, 1)) == 0, "the job right after a reset fails");
        expect(b.device.read(WH_REGISTER_COMMANDS_DONE) == 1, "the job right after a reset is not the one that ran");
    }
}

void a_doorbell_while_busy_starts_the_next_job(Bench &b) {
    Command waits = b.table_load(WH_TABLE_TARGET_ACTIVATION, 0);
    wh_header_set_waits(waits.words, WH_QUEUE_VECTOR, 1);
    b.device.start({waits}, b.address, DATA_BYTES, 0);
    b.device.write(WH_REGISTER_DOORBELL, WH_DOORBELL_START);
    b.device.write(WH_REGISTER_CONTROL, WH_CONTROL_INTERRUPT_ENABLE | WH_CONTROL_SOFT_RESET);
    expect(b.device.drain() == 0, "a reset does not drop the doorbell that was kept");
    b.device.start(loads(b, 5), b.address, DATA_BYTES, 0);
    b.device.write(WH_REGISTER_DOORBELL, WH_DOORBELL_START);
    uint32_t interrupts = 0;
    for (uint32_t look = 0;
         look < 10'000 && ((b.device.read(WH_REGISTER_STATUS) & WH_STATUS_BUSY) != 0 || b.device.wait(0) == 1);
         look++) {
        if (b.device.wait(10'000'000) == 1) {
            b.device.write(WH_REGISTER_INTERRUPT, WH_INTERRUPT_ENDED);
            interrupts++;
        }
    }
    expect(b.device.read(WH_REGISTER_STATUS) == WH_STATUS_DONE, "the job that was kept waiting did not end well");
    expect(interrupts == 1 || interrupts == 2, "a doorbell that was kept starts more than one job");
}

void registers_keep_the_bits_of_the_contract(Bench &b) {
    struct Writable {
        uint32_t offset, count, mask;
    };
    static constexpr Writable WRITABLE[] = {{WH_REGISTER_CONTROL, 1, WH_MASK_CONTROL},
                                            {WH_REGISTER_PROGRAM_REGION, 1, WH_MASK_PROGRAM_REGION},
                                            {WH_REGISTER_PROGRAM_OFFSET, 1, WH_MASK_PROGRAM_OFFSET},
                                            {WH_REGISTER_PROGRAM_COMMANDS, 1, WH_MASK_PROGRAM_COMMANDS},
                                            {WH_REGISTER_WATCHDOG_CYCLES, 1, WH_MASK_WATCHDOG_CYCLES},
                                            {WH_REGISTER_TRACE_INDEX, 1, WH_MASK_TRACE_INDEX},
                                            {WH_REGISTER_REGION_BASE_LOW, 8, WH_MASK_REGION_BASE_LOW},
                                            {WH_REGISTER_REGION_BASE_HIGH, 8, WH_MASK_REGION_BASE_HIGH},
                                            {WH_REGISTER_REGION_BYTES, 8, WH_MASK_REGION_BYTES},
                                            {WH_REGISTER_REGION_WRITABLE, 1, WH_MASK_REGION_WRITABLE}};
    constexpr uint32_t REGISTERS = 1024;
    std::vector<uint32_t> masks(REGISTERS), expected(REGISTERS);
    for (const Writable &one : WRITABLE) {
        std::fill_n(masks.begin() + one.offset / 4, one.count, one.mask);
        for (uint32_t index = 0; index < one.count; index++) {
            b.device.write(one.offset + 4 * index, 0);
        }
    }
    for (uint32_t i = 0; i < REGISTERS; i++) {
        expected[i] = b.device.read(4 * i);
        expect((expected[i] & masks[i]) == 0, "the register at " + std::to_string(4 * i) + " keeps what was cleared");
    }
    for (uint32_t write = 0; write < 3000; write++) {
        const Writable &one = WRITABLE[b.random.below(std::size(WRITABLE))];
        const uint32_t i = b.random.chance(4) ? static_cast<uint32_t>(b.random.below(REGISTERS))
                                              : one.offset / 4 + static_cast<uint32_t>(b.random.below(one.count));
        const uint32_t value = static_cast<uint32_t>(b.random.engine());
        if (4 * i == WH_REGISTER_DOORBELL) {
            continue;
        }
        b.device.write(4 * i, value);
        expected[i] = (expected[i] & ~masks[i]) | (value & masks[i]);
        const uint32_t look = b.random.chance(2) ? i : static_cast<uint32_t>(b.random.below(REGISTERS));
        const uint32_t got = b.device.read(4 * look);
        expect(got == expected[look], "the register at " + std::to_string(4 * look) + " reads " + std::to_string(got) +
                                          ", should read " + std::to_string(expected[look]));
    }
}

static uint32_t fault_with(const Where &where, const std::string &option) {
    Bench b(where.library, where.configuration, option, 1);
    const Command load = b.whole_map(WH_OPCODE_LOAD_MAP, 0), store = b.whole_map(WH_OPCODE_STORE_MAP, DUMP_OFFSET);
    std::vector<Command> program = {load, store};
    Bench::chain(program);
    const uint32_t fault = fault_of(b, program);
    const uint32_t command = b.device.read(WH_REGISTER_FAULT_COMMAND);
    expect(fault != WH_FAULT_READ_ERROR || command == 0, "a failed read names command " + std::to_string(command));
    expect(fault != WH_FAULT_WRITE_ERROR || command == 1, "a failed write names command " + std::to_string(command));
    expect(fault_of(b, program) == 0, "the job after a failed burst fails too");
    return fault;
}

void a_failed_burst_is_a_fault_of_its_command(const Where &where) {
    expect(fault_with(where, "read_error=9") == WH_FAULT_READ_ERROR, "a failed read is not READ_ERROR");
    expect(fault_with(where, "write_error=5") == WH_FAULT_WRITE_ERROR, "a failed write is not WRITE_ERROR");
}

static void dead_with(const Where &where, const std::string &option) {
    Bench b(where.library, where.configuration, option, 1);
    std::vector<Command> program = {b.whole_map(WH_OPCODE_LOAD_MAP, 0), b.whole_map(WH_OPCODE_STORE_MAP, DUMP_OFFSET)};
    for (Command &command : program) {
        SET(command, load_map_rows, 4); /* a transfer far shorter than the watchdog */
    }
    Bench::chain(program);
    b.device.start(program, b.address, DATA_BYTES, 20'000);
    expect(b.device.wait(60'000'000'000) == 1, "no interrupt for a job whose bursts are not answered");
    expect(b.device.read(WH_REGISTER_STATUS) == (WH_STATUS_BUSY | WH_STATUS_FAULT | WH_STATUS_DRAINING),
           "the fault is not seen while the bursts are drained");
    expect(b.device.read(WH_REGISTER_FAULT_CODE) == WH_FAULT_WATCHDOG, "bursts that are not answered are not WATCHDOG");
    b.device.write(WH_REGISTER_INTERRUPT, WH_INTERRUPT_ENDED);
    expect(b.device.wait(60'000'000'000) == 1, "no interrupt for a dead memory");
    expect(b.device.read(WH_REGISTER_STATUS) ==
               (WH_STATUS_BUSY | WH_STATUS_FAULT | WH_STATUS_DRAINING | WH_STATUS_DEAD),
           "STATUS does not say that the memory is dead");
    b.device.write(WH_REGISTER_INTERRUPT, WH_INTERRUPT_ENDED);
    b.device.write(WH_REGISTER_CONTROL, WH_CONTROL_INTERRUPT_ENABLE | WH_CONTROL_SOFT_RESET);
    expect(b.device.read(WH_REGISTER_STATUS) == (WH_STATUS_BUSY | WH_STATUS_DRAINING | WH_STATUS_DEAD),
           "a reset brings a dead memory to life");
    if (option.find("silent_cycles") != std::string::npos) {
        expect(fault_of(b, program) == 0, "the job after a silence fails");
    }
}

void a_memory_that_does_not_answer_is_dead(const Where &where) {
    for (const char *burst : {"silent_reads=1", "silent_reads=40", "silent_writes=20"}) {
        dead_with(where, burst);
        dead_with(where, std::string(burst) + "&silent_cycles=150000&stalls=3");
    }
}

void the_device_says_what_it_is(Bench &b) {
    expect(b.device.read(WH_REGISTER_IDENTITY) == 0x57484F56, "IDENTITY is not WHOV");
    const uint64_t digest = b.device.read(WH_REGISTER_DIGEST_LOW) | uint64_t{b.device.read(WH_REGISTER_DIGEST_HIGH)}
                                                                        << 32;
    expect(digest == WH_CONTRACT_DIGEST, "the device follows another contract");
}

}  // namespace bench
