#include "fixture.hpp"

namespace bench {

static uint32_t fault_of(Bench &b, std::vector<Command> program, uint32_t data_bytes = DATA_BYTES) {
    return b.device.run(program, b.address, data_bytes);
}

void a_job_ends_in_the_fault_it_deserves(Bench &b) {
    const Command load = b.whole_map(WH_OPCODE_LOAD_MAP, 0);
    const auto check = [&b](const char *what, uint32_t wanted, const std::vector<Command> &program, uint32_t index,
                            uint32_t data_bytes = DATA_BYTES) {
        const uint32_t got = fault_of(b, program, data_bytes);
        expect(got == wanted, std::string(what) + ": fault " + std::to_string(got) + ", should be " + std::to_string(wanted));
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
    bad.words[1] &= ~(uint64_t{0xFF} << 34);
    check("ring 0", WH_FAULT_ILLEGAL_COMMAND, {bad}, 0);
    bad = load;
    bad.words[1] |= 1;
    check("beyond the banks", WH_FAULT_OUT_OF_MEMORY, {bad}, 0);
    check("a short region", WH_FAULT_OUT_OF_REGION, {table, table, load}, 2, 4096);
    bad = load;
    SET(bad, load_map_region, 5);
    check("a closed region", WH_FAULT_OUT_OF_REGION, {bad}, 0);
    bad = table;
    SET(bad, load_table_wait_int8, 1);
    check("a token that never comes", WH_FAULT_WATCHDOG, {table, bad}, 1);
    bad = table;
    SET(bad, load_table_signal_int8, 3);
    check("tokens nobody takes", WH_FAULT_TOKENS_LEFT, {bad}, 0);
    SET(bad, load_table_signal_int8, 15);
    check("more tokens than fit", WH_FAULT_TOKEN_OVERFLOW, std::vector<Command>(18, bad), 17);
    check("an empty program", WH_FAULT_NONE, {}, 0);
    check("a table again", WH_FAULT_NONE, {table}, 0);
}

void random_commands_end(Bench &b) {
    b.randomise();
    for (int i = 0; i < 50; i++) {
        Command command(1 + b.random.below(WH_OPCODE_VECTOR));
        for (uint32_t word = 1; word < WH_COMMAND_WORDS; word++) {
            const uint64_t bits = b.random.engine() & b.random.engine() & (b.random.chance(2) ? b.random.engine() : ~uint64_t{0});
            command.words[word] = bits;
        }
        SET(command, load_map_region, b.random.between(0, 1));
        b.device.run({command}, b.address, DATA_BYTES);
    }
    expect(fault_of(b, {b.table_load(WH_TABLE_TARGET_ACTIVATION, 0)}) == 0, "the job after random ones fails");
}

void reset_stops_a_job_that_waits_for_ever(Bench &b) {
    Command waits = b.table_load(WH_TABLE_TARGET_ACTIVATION, 0);
    SET(waits, load_table_wait_vector, 1);
    b.device.start({waits}, b.address, DATA_BYTES, 0);
    expect(b.device.wait(50'000'000) == 0, "a job without watchdog ended");
    expect(b.device.read(WH_REGISTER_STATUS) == 1, "the job is not busy");
    b.device.write(WH_REGISTER_CONTROL, 3);
    expect((b.device.read(WH_REGISTER_STATUS) & 1) == 0, "the job is busy after reset");
    expect(fault_of(b, {b.table_load(WH_TABLE_TARGET_ACTIVATION, 0)}) == 0, "the job after a reset fails");
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

void the_device_says_what_it_is(Bench &b) {
    expect(b.device.read(WH_REGISTER_IDENTITY) == 0x57484F56, "IDENTITY is not WHOV");
    const uint64_t digest =
        b.device.read(WH_REGISTER_DIGEST_LOW) | uint64_t{b.device.read(WH_REGISTER_DIGEST_HIGH)} << 32;
    expect(digest == WH_CONTRACT_DIGEST, "the device follows another contract");
}

}
