// The whole accelerator seen from its buses: registers, jobs of loads and stores with tokens, every kind of fault, soft resets at
// random moments; after each of them the next job must run as if nothing had happened.
#include <array>

#include "Vwh_accelerator.h"
#include "wh_bus.h"

namespace {

using wh::Bench;

enum Register : unsigned {
    IDENTITY = 0x000, CONFIGURATION = 0x004, INT8_REDUCTION_OFFSET = 0x010, WEIGHT_WORDS_OFFSET = 0x020, CLOCK_OFFSET = 0x02C,
    CONTROL = 0x040, STATUS = 0x044, INTERRUPT = 0x048, DOORBELL = 0x04C, PROGRAM_REGION = 0x050, PROGRAM_OFFSET = 0x054,
    PROGRAM_COMMANDS = 0x058, WATCHDOG_CYCLES = 0x05C, FAULT_CODE = 0x060, FAULT_COMMAND = 0x064, COMMANDS_DONE = 0x06C,
    CYCLES_LOW = 0x080, READ_BEATS_0 = 0x088, READ_BEATS_1 = 0x08C, WRITE_BEATS = 0x090, TRACE_COUNT = 0x094,
    TRACE_INDEX = 0x098, TRACE_CYCLE = 0x09C, TRACE_LAYER = 0x0A0, BUSY = 0x0C0, REGION_BASE_LOW = 0x140,
    REGION_BASE_HIGH = 0x160, REGION_BYTES = 0x180
};
enum Status : unsigned { RUNNING = 1, DONE = 2, FAULT = 4 };
enum Code { ILLEGAL = 1, READ_ERROR, WRITE_ERROR, OUT_OF_REGION, OUT_OF_MEMORY, WATCHDOG, TOKEN_OVERFLOW, TOKENS_LEFT };
enum Queue { LOAD0, LOAD1, INT8, XNOR, VECTOR, STORE };

constexpr uint64_t PROGRAM_AT = 768 * 1024;
constexpr uint64_t STORED_AT = 512 * 1024;

using Command = std::array<uint64_t, 8>;

uint64_t wait_for(Queue giver) { return uint64_t{1} << (16 + 4 * giver); }
uint64_t signal(Queue taker, uint64_t count = 1) { return count << (40 + 4 * taker); }

// Moves a 4 x 2 x 8 map between memory and bank word `base`; 64 words.
Command move(unsigned opcode, unsigned port, unsigned base, uint64_t offset, uint64_t header) {
    Command command{};
    command[0] = header | opcode;
    command[1] = base | uint64_t{2} << 13 | uint64_t{2} << 25 | uint64_t{1} << 34;
    command[2] = offset | uint64_t{port} << 36;
    command[3] = 4 | 2 << 12 | uint64_t{8} << 24;
    command[4] = 128;
    command[5] = 16 | 1 << 20;
    return command;
}

class Device {
  public:
    explicit Device(Bench &bench) : bench_(bench), model_(std::make_unique<Vwh_accelerator>()) {
        memory.base = 0x700000000ull + static_cast<uint64_t>(bench.between(0, 511)) * 8;
        memory.bytes.resize(1 << 20);
        for (auto &byte : memory.bytes) byte = static_cast<uint8_t>(bench.bits());
        model_->rst_ni = 0;
        tick();
        tick();
        model_->rst_ni = 1;
        tick();
    }

    void tick() {
        for (unsigned port = 0; port < 2; port++) reads[port].drive(bench_, memory, cycle_);
        write.drive(bench_, cycle_);
        model_->read0_arready_i = reads[0].arready;
        model_->read0_rvalid_i = reads[0].rvalid;
        model_->read0_rdata_i = reads[0].rdata;
        model_->read0_rresp_i = reads[0].rerror ? 2 : 0;
        model_->read0_rlast_i = reads[0].rlast;
        model_->read1_arready_i = reads[1].arready;
        model_->read1_rvalid_i = reads[1].rvalid;
        model_->read1_rdata_i = reads[1].rdata;
        model_->read1_rresp_i = reads[1].rerror ? 2 : 0;
        model_->read1_rlast_i = reads[1].rlast;
        model_->write_awready_i = write.awready;
        model_->write_wready_i = write.wready;
        model_->write_bvalid_i = write.bvalid;
        model_->write_bresp_i = write.berror ? 2 : 0;
        wh::settle(*model_);
        if (model_->rst_ni) {
            reads[0].learn(bench_, memory, cycle_, model_->read0_arvalid_o, model_->read0_araddr_o, model_->read0_arlen_o,
                           model_->read0_rready_o);
            reads[1].learn(bench_, memory, cycle_, model_->read1_arvalid_o, model_->read1_araddr_o, model_->read1_arlen_o,
                           model_->read1_rready_o);
            write.learn(bench_, memory, cycle_, model_->write_awvalid_o, model_->write_awaddr_o, model_->write_awlen_o,
                        model_->write_wvalid_o, model_->write_wdata_o, model_->write_wstrb_o, model_->write_wlast_o);
        }
        control_write_taken_ = model_->control_awready_o;
        control_read_taken_ = model_->control_arready_o;
        answered_ = model_->control_rvalid_o;
        answer_ = model_->control_rdata_o;
        wh::edge(*model_);
        cycle_++;
    }

    void put(unsigned offset, uint32_t value) {
        model_->control_awaddr_i = offset;
        model_->control_wdata_i = value;
        model_->control_wstrb_i = 15;
        model_->control_awvalid_i = model_->control_wvalid_i = model_->control_bready_i = 1;
        do tick();
        while (!control_write_taken_);
        model_->control_awvalid_i = model_->control_wvalid_i = 0;
        tick();
    }

    uint32_t get(unsigned offset) {
        model_->control_araddr_i = offset;
        model_->control_arvalid_i = model_->control_rready_i = 1;
        do tick();
        while (!control_read_taken_);
        model_->control_arvalid_i = 0;
        do tick();
        while (!answered_);
        return answer_;
    }

    void region(unsigned index, uint64_t bytes) {
        put(REGION_BASE_LOW + 4 * index, static_cast<uint32_t>(memory.base));
        put(REGION_BASE_HIGH + 4 * index, static_cast<uint32_t>(memory.base >> 32));
        put(REGION_BYTES + 4 * index, static_cast<uint32_t>(bytes));
    }

    void begin(const std::vector<Command> &program, unsigned program_region = 0) {
        std::memcpy(&memory.bytes[PROGRAM_AT], program.data(), program.size() * sizeof(Command));
        put(PROGRAM_REGION, program_region);
        put(PROGRAM_OFFSET, PROGRAM_AT);
        put(PROGRAM_COMMANDS, static_cast<uint32_t>(program.size()));
        put(INTERRUPT, 1);
        put(DOORBELL, 1);
    }

    // Runs a program to its end and returns its status register.
    uint32_t run(const std::vector<Command> &program, unsigned program_region = 0) {
        begin(program, program_region);
        for (int cycles = 0; cycles < 200000 && !model_->interrupt_o; cycles++) tick();
        bench_.check(model_->interrupt_o, "a job ends with an interrupt");
        bench_.check(reads[0].idle() && reads[1].idle() && write.idle(), "no burst is under way after a job");
        return get(STATUS);
    }

    void idle(int cycles) {
        while (cycles-- > 0) tick();
    }

    wh::Memory memory;
    wh::ReadPort reads[2];
    wh::WritePort write;

  private:
    Bench &bench_;
    std::unique_ptr<Vwh_accelerator> model_;
    uint64_t cycle_ = 0;
    bool control_write_taken_ = false, control_read_taken_ = false, answered_ = false;
    uint32_t answer_ = 0;
};

void stall(Bench &bench, Device &device) {
    int percent = bench.chance(30) ? 0 : static_cast<int>(bench.between(5, 60));
    for (auto &read : device.reads) read.stall_percent = percent;
    device.write.stall_percent = percent;
}

// `copies` pieces go in through alternating ports and out again, each store waiting for its load and each later load of a
// bank range for the store before it.
std::vector<Command> copies(int count) {
    std::vector<Command> program;
    for (int copy = 0; copy < count; copy++) {
        Queue loader = copy % 2 ? LOAD1 : LOAD0;
        uint64_t again = copy >= 4 ? wait_for(STORE) : 0, later = copy + 4 < count ? signal(loader) : 0;
        unsigned base = static_cast<unsigned>(copy % 4) * 16;
        uint64_t from = static_cast<uint64_t>(copy) * 1024;
        program.push_back(move(1, copy % 2, base, from, again | signal(STORE)));
        program.push_back(move(5, 0, base, STORED_AT + from, wait_for(loader) | later | 1 << 4 | static_cast<uint64_t>(copy) << 6));
    }
    return program;
}

void copy_job(Bench &bench, Device &device, int count) {
    stall(bench, device);
    for (size_t byte = 0; byte < static_cast<size_t>(count) * 1024; byte++) device.memory.bytes[byte] = static_cast<uint8_t>(bench.bits());
    bench.equal(DONE, device.run(copies(count)), "status of a good job");
    bench.equal(0, device.get(FAULT_CODE), "no fault in a good job");
    bench.equal(static_cast<uint64_t>(count) * 2, device.get(COMMANDS_DONE), "commands done");
    for (int copy = 0; copy < count; copy++) {
        size_t from = static_cast<size_t>(copy) * 1024;
        bench.check(!std::memcmp(&device.memory.bytes[from], &device.memory.bytes[STORED_AT + from], 512), "copied bytes");
    }
    uint64_t loads = static_cast<uint64_t>(count);
    bench.equal((loads + 1) / 2 * 64, device.get(READ_BEATS_0), "beats of port 0");
    bench.equal(loads / 2 * 64 + loads * 16, device.get(READ_BEATS_1), "beats of port 1");
    bench.equal(loads * 64, device.get(WRITE_BEATS), "beats written");
    bench.equal(std::min<uint64_t>(loads, TRACE_ENTRIES), device.get(TRACE_COUNT), "trace entries");
    uint32_t before = 0;
    for (int entry = 0; entry < count; entry++) {
        device.put(TRACE_INDEX, static_cast<uint32_t>(entry));
        bench.equal(static_cast<uint64_t>(entry), device.get(TRACE_LAYER), "layer of a trace entry");
        uint32_t completed = device.get(TRACE_CYCLE);
        bench.check(completed > before, "trace cycles rise", before, completed);
        before = completed;
    }
    bench.check(device.get(CYCLES_LOW) > before, "a job lasts past its last command");
    bench.check(device.get(BUSY + 4 * STORE) >= loads * 64, "a queue is busy while its command runs");
}

void fault(Bench &bench, Device &device, const std::vector<Command> &program, int code, uint64_t command, const char *what,
           unsigned program_region = 0) {
    stall(bench, device);
    bench.equal(FAULT, device.run(program, program_region), what);
    bench.equal(static_cast<uint64_t>(code), device.get(FAULT_CODE), what);
    bench.equal(command, device.get(FAULT_COMMAND), what);
    copy_job(bench, device, 3);
}

void faults(Bench &bench, Device &device) {
    std::vector<Command> program = copies(2);
    program[2][0] = (program[2][0] & ~uint64_t{15}) | 9;
    fault(bench, device, program, ILLEGAL, 2, "an unknown opcode");
    program = copies(2);
    program[1][3] = 0;
    fault(bench, device, program, ILLEGAL, 1, "a store of nothing");
    program = copies(2);
    program[2][2] += device.memory.bytes.size();
    fault(bench, device, program, OUT_OF_REGION, 2, "a load beyond its region");
    program = copies(2);
    program[2][1] |= 8191;
    fault(bench, device, program, OUT_OF_MEMORY, 2, "a load beyond the banks");
    device.region(1, PROGRAM_AT + 3 * 64);
    fault(bench, device, copies(2), OUT_OF_REGION, 3, "a program longer than its region", 1);
    program = copies(1);
    program[1][0] |= signal(LOAD0);
    fault(bench, device, program, TOKENS_LEFT, 1, "a token nobody takes");
    program.clear();
    for (int index = 0; index < 18; index++) program.push_back(move(1, 0, 0, 0, signal(VECTOR, 15)));
    fault(bench, device, program, TOKEN_OVERFLOW, 17, "more tokens than a pair may hold");
    device.put(WATCHDOG_CYCLES, 3000);
    program = copies(2);
    program[1][0] |= wait_for(INT8);
    fault(bench, device, program, WATCHDOG, 1, "a wait without end");
    device.put(WATCHDOG_CYCLES, 0);
    device.reads[0].error_at_beat = static_cast<int64_t>(device.reads[0].beats) + 10;
    fault(bench, device, copies(2), READ_ERROR, 0, "a load answered with an error");
    device.reads[0].error_at_beat = -1;
    device.reads[1].error_at_beat = static_cast<int64_t>(device.reads[1].beats) + 9;
    fault(bench, device, copies(6), READ_ERROR, 1, "a fetch answered with an error");
    device.reads[1].error_at_beat = -1;
    device.write.answer_error = true;
    stall(bench, device);
    bench.equal(FAULT, device.run(copies(1)), "a store answered with an error");
    bench.equal(WRITE_ERROR, device.get(FAULT_CODE), "a store answered with an error");
    device.write.answer_error = false;
    copy_job(bench, device, 3);
}

void soft_resets(Bench &bench, Device &device) {
    for (int round = 0; round < 30 && !bench.failures(); round++) {
        stall(bench, device);
        device.begin(copies(8));
        device.idle(static_cast<int>(bench.between(0, 1500)));
        device.put(CONTROL, 3);
        for (int poll = 0; poll < 1000 && device.get(STATUS) & RUNNING; poll++) device.idle(1);
        bench.equal(0, device.get(STATUS), "status after a soft reset");
        bench.check(device.reads[0].idle() && device.reads[1].idle() && device.write.idle(), "a soft reset leaves no burst");
        copy_job(bench, device, 5);
    }
}

void identity(Bench &bench, Device &device) {
    bench.equal(0x57484F56, device.get(IDENTITY), "identity");
    bench.equal(CONFIGURATION_ID, device.get(CONFIGURATION), "configuration");
    bench.equal(INT8_REDUCTION, device.get(INT8_REDUCTION_OFFSET), "int8 reduction");
    bench.equal(WEIGHT_WORDS, device.get(WEIGHT_WORDS_OFFSET), "weight words");
    bench.equal(CLOCK_HZ, device.get(CLOCK_OFFSET), "clock");
    bench.equal(0, device.get(STATUS), "status after reset");
    bench.equal(0, device.get(0x7FC), "an unknown register");
}

}  // namespace

int main(int argc, char **argv) {
    Bench bench("wh_accelerator", argc, argv);
    Device device(bench);
    identity(bench, device);
    device.put(CONTROL, 1);
    device.region(0, device.memory.bytes.size());
    bench.equal(DONE, device.run({}), "a job without commands");
    for (int count : {1, 2, 9, 60, 100}) copy_job(bench, device, count);
    faults(bench, device);
    soft_resets(bench, device);
    return bench.verdict();
}
