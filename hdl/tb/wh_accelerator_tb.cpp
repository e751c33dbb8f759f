// SPDX-License-Identifier: Apache-2.0
// The whole accelerator seen from its buses: registers, jobs of loads and stores with tokens, every kind of fault, soft
// resets at random moments, doorbells while busy, a memory that does not answer; after each of them the next job must
// run as if nothing had happened.
#include "wh_device.h"

namespace {

using namespace wh;

constexpr uint64_t STORED_AT = 512 * 1024;

uint64_t wait_for(unsigned giver) {
    uint64_t header = 0;
    wh_header_set_waits(&header, giver, 1);
    return header;
}

uint64_t signal(unsigned taker, int64_t count = 1) {
    uint64_t header = 0;
    wh_header_set_signals(&header, taker, count);
    return header;
}

uint64_t traced(uint64_t layer) {
    uint64_t header = 0;
    wh_header_set_trace(&header, 1);
    wh_header_set_layer(&header, static_cast<int64_t>(layer));
    return header;
}

// Moves a 4 x 2 x 8 map between memory and bank word `base`; 64 words.
Command move(int opcode, unsigned port, int base, uint64_t offset, uint64_t header) {
    Command command = command_of(opcode);
    uint64_t *words = command.data();
    command[0] |= header;
    command[1] = Map{base, 2, 2, 1, 0, 0}.word();
    wh_load_map_set_offset(words, static_cast<int64_t>(offset));
    wh_load_map_set_port(words, port);
    wh_load_map_set_rows(words, 4);
    wh_load_map_set_move_blocks(words, 2);
    wh_load_map_set_columns(words, 8);
    wh_load_map_set_row_pitch(words, 128);
    wh_load_map_set_run_words(words, 16);
    wh_load_map_set_runs(words, 1);
    return command;
}

void stall(Bench &bench, Device &device) {
    int percent = bench.chance(30) ? 0 : static_cast<int>(bench.between(5, 60));
    for (auto &read : device.reads) read.stall_percent = percent;
    device.write.stall_percent = percent;
}

// `copies` pieces go in through alternating ports and out again, each store waiting for its load and each later load of
// a bank range for the store before it.
std::vector<Command> copies(int count) {
    std::vector<Command> program;
    for (int copy = 0; copy < count; copy++) {
        unsigned loader = copy % 2 ? WH_QUEUE_LOAD1 : WH_QUEUE_LOAD0;
        uint64_t again = copy >= 4 ? wait_for(WH_QUEUE_STORE) : 0, later = copy + 4 < count ? signal(loader) : 0;
        int base = copy % 4 * 16;
        uint64_t from = static_cast<uint64_t>(copy) * 1024;
        program.push_back(move(WH_OPCODE_LOAD_MAP, copy % 2, base, from, again | signal(WH_QUEUE_STORE)));
        program.push_back(move(WH_OPCODE_STORE_MAP, 0, base, STORED_AT + from,
                               wait_for(loader) | later | traced(static_cast<uint64_t>(copy))));
    }
    return program;
}

void copy_job(Bench &bench, Device &device, int count) {
    stall(bench, device);
    for (size_t byte = 0; byte < static_cast<size_t>(count) * 1024; byte++)
        device.memory.bytes[byte] = static_cast<uint8_t>(bench.bits());
    bench.equal(WH_STATUS_DONE, device.run(copies(count)), "status of a good job");
    bench.equal(0, device.get(WH_REGISTER_FAULT_CODE), "no fault in a good job");
    bench.equal(static_cast<uint64_t>(count) * 2, device.get(WH_REGISTER_COMMANDS_DONE), "commands done");
    for (int copy = 0; copy < count; copy++) {
        size_t from = static_cast<size_t>(copy) * 1024;
        bench.check(!std::memcmp(&device.memory.bytes[from], &device.memory.bytes[STORED_AT + from], 512),
                    "copied bytes");
    }
    uint64_t loads = static_cast<uint64_t>(count);
    bench.equal((loads + 1) / 2 * 64, device.get(WH_REGISTER_READ_BEATS_0), "beats of port 0");
    bench.equal(loads / 2 * 64 + loads * 16, device.get(WH_REGISTER_READ_BEATS_1), "beats of port 1");
    bench.equal(loads * 64, device.get(WH_REGISTER_WRITE_BEATS), "beats written");
    bench.equal(std::min<uint64_t>(loads, TRACE_ENTRIES), device.get(WH_REGISTER_TRACE_COUNT), "trace entries");
    uint32_t before = 0;
    for (int entry = 0; entry < count; entry++) {
        device.put(WH_REGISTER_TRACE_INDEX, static_cast<uint32_t>(entry));
        bench.equal(static_cast<uint64_t>(entry), device.get(WH_REGISTER_TRACE_LAYER), "layer of a trace entry");
        uint32_t completed = device.get(WH_REGISTER_TRACE_CYCLE);
        uint32_t started = device.get(WH_REGISTER_TRACE_START);
        bench.check(completed > before, "trace cycles rise", before, completed);
        bench.check(started >= before && started + 64 <= completed, "a store of 64 words takes as many cycles at least",
                    started, completed);
        before = completed;
    }
    bench.check(device.get(WH_REGISTER_CYCLES_LOW) > before, "a job lasts past its last command");
    bench.check(device.get(WH_REGISTER_BUSY + 4 * WH_QUEUE_STORE) >= loads * 64,
                "a queue is busy while its command runs");
}

// Two loads on one queue, each followed by a store on another, without stalls. An entry's cycle is the one after the
// command's last: in it the tokens are there, and one cycle later the next command of the same queue may start.
void trace_starts(Bench &bench, Device &device) {
    for (auto &read : device.reads) read.stall_percent = 0;
    device.write.stall_percent = 0;
    std::vector<Command> program = {move(WH_OPCODE_LOAD_MAP, 0, 0, 0, signal(WH_QUEUE_STORE)),
                                    move(WH_OPCODE_LOAD_MAP, 0, 16, 1024, signal(WH_QUEUE_STORE)),
                                    move(WH_OPCODE_STORE_MAP, 0, 0, STORED_AT, wait_for(WH_QUEUE_LOAD0)),
                                    move(WH_OPCODE_STORE_MAP, 0, 16, STORED_AT + 1024, wait_for(WH_QUEUE_LOAD0))};
    uint64_t start[4], cycle[4];
    for (uint64_t index = 0; index < 4; index++) program[index][0] |= traced(index);
    bench.equal(WH_STATUS_DONE, device.run(program), "status of a traced job");
    bench.equal(4, device.get(WH_REGISTER_TRACE_COUNT), "entries of a traced job");
    for (uint32_t entry = 0; entry < 4; entry++) {
        device.put(WH_REGISTER_TRACE_INDEX, entry);
        uint32_t layer = device.get(WH_REGISTER_TRACE_LAYER) & 3;
        start[layer] = device.get(WH_REGISTER_TRACE_START);
        cycle[layer] = device.get(WH_REGISTER_TRACE_CYCLE);
    }
    bench.check(start[0] > 0 && start[0] + 64 < cycle[0], "the first load starts once it is fetched", start[0],
                cycle[0]);
    bench.equal(cycle[0] + 1, start[1], "start of the second load, behind the first");
    bench.equal(cycle[0], start[2], "start of the first store, with the first load's token");
    bench.equal(std::max(cycle[1], cycle[2] + 1), start[3],
                "start of the second store, with its token and behind the first");
}

// A job as bits put together by hand, against the contract that everything else here is generated from. A load of 4 x 2
// x 8 words at 0x400 through port 1 to bank word 0x10, which signals STORE; their store to 0x80000, traced as layer 3,
// which waits for LOAD1.
void golden_job(Bench &bench, Device &device) {
    const std::vector<Command> program = {
        {0x1000000000000001, 0x404004010, 0x1000000400, 0x8002004, 0x80, 0x100010, 0, 0},
        {0x1000D5, 0x404004010, 0x80000, 0x8002004, 0x80, 0x100010, 0, 0}};
    bench.equal(WH_STATUS_DONE, device.run(program), "status of the golden job");
    bench.check(std::memcmp(&device.memory.bytes[0x400], &device.memory.bytes[0x80000], 512) == 0,
                "the golden job copies 64 words");
    bench.equal(1, device.get(WH_REGISTER_TRACE_COUNT), "entries of the golden job");
    device.put(WH_REGISTER_TRACE_INDEX, 0);
    bench.equal(3, device.get(WH_REGISTER_TRACE_LAYER) & 0x3FF, "layer of the golden job's entry");
}

void fault(Bench &bench, Device &device, const std::vector<Command> &program, int code, uint64_t command,
           const char *what, unsigned program_region = 0) {
    stall(bench, device);
    bench.equal(WH_STATUS_FAULT, device.run(program, program_region), what);
    bench.equal(static_cast<uint64_t>(code), device.get(WH_REGISTER_FAULT_CODE), what);
    bench.equal(command, device.get(WH_REGISTER_FAULT_COMMAND), what);
    copy_job(bench, device, 3);
}

void faults(Bench &bench, Device &device) {
    std::vector<Command> program = copies(2);
    wh_header_set_opcode(&program[2][0], WH_OPCODE_VECTOR + 1);
    fault(bench, device, program, WH_FAULT_ILLEGAL_COMMAND, 2, "an unknown opcode");
    program = copies(2);
    program[1][3] = 0;
    fault(bench, device, program, WH_FAULT_ILLEGAL_COMMAND, 1, "a store of nothing");
    program = copies(2);
    program[2][2] += device.memory.bytes.size();
    fault(bench, device, program, WH_FAULT_OUT_OF_REGION, 2, "a load beyond its region");
    program = copies(2);
    wh_map_set_base(&program[2][1], 8191);
    fault(bench, device, program, WH_FAULT_OUT_OF_MEMORY, 2, "a load beyond the banks");
    device.region(1, PROGRAM_AT + 3 * 64);
    fault(bench, device, copies(2), WH_FAULT_OUT_OF_REGION, 3, "a program longer than its region", 1);
    program = copies(1);
    program[1][0] |= signal(WH_QUEUE_LOAD0);
    fault(bench, device, program, WH_FAULT_TOKENS_LEFT, 1, "a token nobody takes");
    program.clear();
    for (int index = 0; index < 18; index++)
        program.push_back(move(WH_OPCODE_LOAD_MAP, 0, 0, 0, signal(WH_QUEUE_VECTOR, 15)));
    fault(bench, device, program, WH_FAULT_TOKEN_OVERFLOW, 17, "more tokens than a pair may hold");
    device.put(WH_REGISTER_WATCHDOG_CYCLES, 3000);
    program = copies(2);
    program[1][0] |= wait_for(WH_QUEUE_INT8);
    fault(bench, device, program, WH_FAULT_WATCHDOG, 1, "a wait without end");
    device.put(WH_REGISTER_WATCHDOG_CYCLES, 0);
    device.reads[0].error_at_beat = static_cast<int64_t>(device.reads[0].beats) + 10;
    fault(bench, device, copies(2), WH_FAULT_READ_ERROR, 0, "a load answered with an error");
    device.reads[0].error_at_beat = -1;
    device.reads[1].error_at_beat = static_cast<int64_t>(device.reads[1].beats) + 9;
    fault(bench, device, copies(6), WH_FAULT_READ_ERROR, 1, "a fetch answered with an error");
    device.reads[1].error_at_beat = -1;
    device.write.answer_error = true;
    stall(bench, device);
    bench.equal(WH_STATUS_FAULT, device.run(copies(1)), "a store answered with an error");
    bench.equal(WH_FAULT_WRITE_ERROR, device.get(WH_REGISTER_FAULT_CODE), "a store answered with an error");
    device.write.answer_error = false;
    copy_job(bench, device, 3);
}

void soft_resets(Bench &bench, Device &device) {
    for (int round = 0; round < 30 && !bench.failures(); round++) {
        stall(bench, device);
        device.begin(copies(8));
        device.idle(static_cast<int>(bench.between(0, 1500)));
        device.put(WH_REGISTER_CONTROL, WH_CONTROL_INTERRUPT_ENABLE | WH_CONTROL_SOFT_RESET);
        bench.equal(0, device.settled(), "status after a soft reset");
        copy_job(bench, device, 5);
    }
}

// The next job is begun at once after a soft reset, while bursts of the one before may still be under way.
void doorbells_after_soft_resets(Bench &bench, Device &device) {
    for (int round = 0; round < 30 && !bench.failures(); round++) {
        stall(bench, device);
        device.begin(copies(8));
        device.idle(static_cast<int>(bench.between(0, 1500)));
        device.put(WH_REGISTER_CONTROL, WH_CONTROL_INTERRUPT_ENABLE | WH_CONTROL_SOFT_RESET);
        copy_job(bench, device, 5);
    }
}

void doorbells_while_busy(Bench &bench, Device &device) {
    for (int round = 0; round < 20 && !bench.failures(); round++) {
        stall(bench, device);
        device.begin(copies(3));
        device.idle(static_cast<int>(bench.between(0, 300)));
        for (int64_t rings = bench.between(1, 3); rings > 0; rings--)
            device.put(WH_REGISTER_DOORBELL, WH_DOORBELL_START);
        device.await_interrupt(200000);
        bench.check(device.get(WH_REGISTER_STATUS) & WH_STATUS_BUSY, "a doorbell kept while busy starts the next job");
        device.put(WH_REGISTER_INTERRUPT, WH_INTERRUPT_ENDED);
        device.await_interrupt(200000);
        bench.equal(WH_STATUS_DONE, device.get(WH_REGISTER_STATUS), "status of the job that was waiting");
        bench.equal(6, device.get(WH_REGISTER_COMMANDS_DONE), "commands of the job that was waiting");
        device.put(WH_REGISTER_INTERRUPT, WH_INTERRUPT_ENDED);
        device.idle(3000);
        bench.check(!device.interrupted(), "doorbells that waited together start one job");

        device.begin(copies(3));
        device.put(WH_REGISTER_DOORBELL, WH_DOORBELL_START);
        device.idle(static_cast<int>(bench.between(0, 300)));
        device.put(WH_REGISTER_CONTROL, WH_CONTROL_INTERRUPT_ENABLE | WH_CONTROL_SOFT_RESET);
        bench.equal(0, device.settled(), "status after a soft reset that dropped a doorbell");
        device.idle(3000);
        bench.check(!device.interrupted() && device.get(WH_REGISTER_STATUS) == 0, "a soft reset drops the doorbell");
    }
    copy_job(bench, device, 3);
}

// A port takes bursts and does not answer: the job's fault is seen at once, and after DRAIN_CYCLES that the memory is
// dead.
void dead_memory(Bench &bench, Device &device, bool &silent, const char *what) {
    stall(bench, device);
    device.put(WH_REGISTER_WATCHDOG_CYCLES, 3000);
    silent = true;
    device.begin(copies(4));
    device.await_interrupt(200000);
    bench.equal(WH_STATUS_BUSY | WH_STATUS_FAULT | WH_STATUS_DRAINING, device.get(WH_REGISTER_STATUS), what);
    bench.equal(WH_FAULT_WATCHDOG, device.get(WH_REGISTER_FAULT_CODE), what);
    device.put(WH_REGISTER_INTERRUPT, WH_INTERRUPT_ENDED);
    const int cycles = device.await_interrupt(WH_DRAIN_CYCLES + 1000);
    bench.check(cycles > WH_DRAIN_CYCLES - 100 && cycles <= WH_DRAIN_CYCLES, "cycles until the memory is dead",
                WH_DRAIN_CYCLES, static_cast<uint64_t>(cycles));
    bench.equal(WH_STATUS_BUSY | WH_STATUS_FAULT | WH_STATUS_DRAINING | WH_STATUS_DEAD, device.get(WH_REGISTER_STATUS),
                what);
    device.put(WH_REGISTER_INTERRUPT, WH_INTERRUPT_ENDED);
    device.put(WH_REGISTER_CONTROL, WH_CONTROL_INTERRUPT_ENABLE | WH_CONTROL_SOFT_RESET);
    bench.equal(WH_STATUS_BUSY | WH_STATUS_DRAINING | WH_STATUS_DEAD, device.get(WH_REGISTER_STATUS),
                "a soft reset clears the fault, not the dead memory");
    bench.equal(0, device.get(WH_REGISTER_FAULT_CODE), "fault code after a soft reset");
    device.idle(1000);
    bench.check(!device.interrupted(), "a dead memory interrupts once");
    const bool rung = bench.chance(50);
    if (rung) device.put(WH_REGISTER_DOORBELL, WH_DOORBELL_START);
    silent = false;
    if (rung) device.await_interrupt(200000);
    bench.equal(rung ? WH_STATUS_DONE : 0U, device.settled(), "status after the memory has answered after all");
    device.put(WH_REGISTER_WATCHDOG_CYCLES, 0);
    copy_job(bench, device, 5);
}

void dead_memories(Bench &bench, Device &device) {
    dead_memory(bench, device, device.reads[0].silent, "loads that are not answered");
    dead_memory(bench, device, device.reads[1].silent, "a fetch that is not answered");
    dead_memory(bench, device, device.write.silent, "stores that are not answered");
}

void read_only_region(Bench &bench, Device &device) {
    device.put(WH_REGISTER_REGION_WRITABLE, 0xFE);
    std::memset(&device.memory.bytes[STORED_AT], 0x5A, 2048);
    stall(bench, device);
    bench.equal(WH_STATUS_FAULT, device.run(copies(2)), "a store into a region that is not writable");
    bench.equal(WH_FAULT_READ_ONLY_REGION, device.get(WH_REGISTER_FAULT_CODE), "fault code of that store");
    bench.equal(1, device.get(WH_REGISTER_FAULT_COMMAND), "command of that store");
    bench.equal(0, device.get(WH_REGISTER_FAULT_DETAIL), "region of that store");
    device.put(WH_REGISTER_REGION_WRITABLE, 0xDF);
    std::vector<Command> program = copies(1);
    wh_store_map_set_region(program[1].data(), 5);
    bench.equal(WH_STATUS_FAULT, device.run(program), "a store into region 5");
    bench.equal(5, device.get(WH_REGISTER_FAULT_DETAIL), "region of the store into region 5");
    for (size_t byte = 0; byte < 2048; byte++)
        bench.equal(0x5A, device.memory.bytes[STORED_AT + byte], "bytes of a read-only region");
    device.put(WH_REGISTER_REGION_WRITABLE, 1);
    copy_job(bench, device, 3);
}

void identity(Bench &bench, Device &device) {
    bench.equal(WH_IDENTITY_VALUE, device.get(WH_REGISTER_IDENTITY), "identity");
    bench.equal(CONFIGURATION_ID, device.get(WH_REGISTER_CONFIGURATION), "configuration");
    bench.equal(INT8_REDUCTION, device.get(WH_REGISTER_INT8_REDUCTION), "int8 reduction");
    bench.equal(WEIGHT_WORDS, device.get(WH_REGISTER_WEIGHT_WORDS), "weight words");
    bench.equal(CLOCK_HZ, device.get(WH_REGISTER_CLOCK_HZ), "clock");
    bench.equal(0, device.get(WH_REGISTER_STATUS), "status after reset");
    bench.equal(0, device.get(0x7FC), "an unknown register");
}

// Random writes, with random strobes and to any offset but those that start a job, against the contract's masks.
void registers(Bench &bench, Device &device) {
    struct Writable {
        unsigned offset, count;
        uint32_t mask;
    };
    const Writable writable[] = {{WH_REGISTER_CONTROL, 1, WH_MASK_CONTROL},
                                 {WH_REGISTER_PROGRAM_REGION, 1, WH_MASK_PROGRAM_REGION},
                                 {WH_REGISTER_PROGRAM_OFFSET, 1, WH_MASK_PROGRAM_OFFSET},
                                 {WH_REGISTER_PROGRAM_COMMANDS, 1, WH_MASK_PROGRAM_COMMANDS},
                                 {WH_REGISTER_WATCHDOG_CYCLES, 1, WH_MASK_WATCHDOG_CYCLES},
                                 {WH_REGISTER_TRACE_INDEX, 1, WH_MASK_TRACE_INDEX},
                                 {WH_REGISTER_REGION_BASE_LOW, 8, WH_MASK_REGION_BASE_LOW},
                                 {WH_REGISTER_REGION_BASE_HIGH, 8, WH_MASK_REGION_BASE_HIGH},
                                 {WH_REGISTER_REGION_BYTES, 8, WH_MASK_REGION_BYTES},
                                 {WH_REGISTER_REGION_WRITABLE, 1, WH_MASK_REGION_WRITABLE}};
    std::array<uint32_t, 1024> masks{}, expected{};
    for (const Writable &one : writable) {
        for (unsigned index = 0; index < one.count; index++) {
            masks[one.offset / 4 + index] = one.mask;
            device.put(one.offset + 4 * index, 0);
        }
    }
    device.put(WH_REGISTER_CONTROL, WH_CONTROL_SOFT_RESET);
    device.put(WH_REGISTER_INTERRUPT, WH_INTERRUPT_ENDED);
    // With WH_REGISTER_TRACE_INDEX at the end of the trace its entry's registers read what is there, so they are left
    // out.
    const auto steady = [](unsigned offset) {
        return offset < WH_REGISTER_TRACE_CYCLE || offset > WH_REGISTER_TRACE_START;
    };
    for (unsigned offset = 0; offset < 4096; offset += 4) expected[offset / 4] = device.get(offset);
    for (int round = 0; round < 2000; round++) {
        const bool any = bench.chance(30);
        const Writable &one = writable[static_cast<size_t>(bench.between(0, 9))];
        const unsigned offset = any ? static_cast<unsigned>(bench.between(0, 1023)) * 4
                                    : one.offset + static_cast<unsigned>(bench.between(0, one.count - 1)) * 4;
        const unsigned strobes = bench.chance(60) ? 15 : static_cast<unsigned>(bench.between(0, 15));
        if (offset == WH_REGISTER_DOORBELL && strobes == 15) continue;
        const uint32_t value = static_cast<uint32_t>(bench.bits()), mask = masks[offset / 4];
        device.put(offset, value, strobes);
        if (strobes == 15) expected[offset / 4] = (expected[offset / 4] & ~mask) | (value & mask);
        if (!steady(offset)) continue;
        bench.equal(expected[offset / 4], device.get(offset + static_cast<unsigned>(bench.between(0, 3))),
                    "a register after a write");
        if (bench.failures()) return;
    }
    for (unsigned offset = 0; offset < 4096; offset += 4) {
        if (steady(offset)) bench.equal(expected[offset / 4], device.get(offset), "a register after all writes");
    }
    bench.check(!device.interrupted() && device.drained(), "partial writes of DOORBELL start nothing");
}

}  // namespace

int main(int argc, char **argv) {
    Bench bench("wh_accelerator", argc, argv);
    Device device(bench);
    identity(bench, device);
    device.put(WH_REGISTER_CONTROL, WH_CONTROL_INTERRUPT_ENABLE);
    device.region(0, device.memory.bytes.size());
    device.put(WH_REGISTER_REGION_WRITABLE, 1);
    bench.equal(WH_STATUS_DONE, device.run({}), "a job without commands");
    golden_job(bench, device);
    for (int count : {1, 2, 9, 60, 100}) copy_job(bench, device, count);
    trace_starts(bench, device);
    faults(bench, device);
    soft_resets(bench, device);
    doorbells_after_soft_resets(bench, device);
    doorbells_while_busy(bench, device);
    dead_memories(bench, device);
    read_only_region(bench, device);
    registers(bench, device);
    return bench.verdict();
}
