// SPDX-License-Identifier: Apache-2.0
/* The memory model's cycles, errors and protocol checks, with a plain master in place of the accelerator. */
#include "memory_ports.hpp"

#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

using namespace windhover;

namespace {

int failures = 0;

void report(const char *name, bool right) {
    std::printf("%s %s\n", right ? "ok   " : "FAIL ", name);
    failures += right ? 0 : 1;
}

struct Memory {
    Arena arena{1 << 20};
    uint8_t *host = arena.allocate(1 << 16);
    uint64_t address = arena.device_address(host);
    MemoryClock clock{arena};
};

/* Reads bursts of 16 beats as fast as the port allows; returns the cycles until the last beat, or 0 after too many. */
uint64_t read_all(Memory &memory, ReadPort &port, uint32_t bursts, std::vector<uint32_t> &responses, bool &right) {
    uint32_t asked = 0, beats = 0;
    for (; memory.clock.cycle < 100000; memory.clock.tick()) {
        const ReadPort::Pins pins = port.drive();
        if (pins.rvalid) {
            uint64_t expected;
            std::memcpy(&expected, memory.host + beats * 8, 8);
            right = right && (pins.rresp != RESPONSE_OKAY || pins.rdata == expected) &&
                    pins.rlast == (beats % 16 == 15);
            responses.push_back(pins.rresp);
            beats++;
        }
        const bool ask = asked < bursts;
        port.sample(ask, memory.address + asked * 128, 15, true);
        asked += ask && pins.arready ? 1 : 0;
        if (beats == bursts * 16) {
            return memory.clock.cycle + 1;
        }
    }
    return 0;
}

void reads_stream_after_their_latency_and_pause_for_refresh() {
    Memory memory;
    for (uint32_t i = 0; i < (1 << 16); i++) {
        memory.host[i] = static_cast<uint8_t>(i * 7 + i / 256);
    }
    ReadPort port("a port", memory.clock);
    std::vector<uint32_t> responses;
    bool right = true;
    const uint64_t cycles = read_all(memory, port, 100, responses, right);
    report("reads deliver the memory's bytes", right && responses.size() == 1600);
    report("1600 beats take 40 cycles of latency, 1600 of data and two refreshes", cycles == 40 + 1600 + 2 * 30);
}

/* At 200 MHz: 80 cycles of latency, and 60 of every 1,560 without beats. */
void times_are_those_of_the_memory_at_any_clock() {
    Memory memory;
    memory.clock.hz = 200'000'000;
    ReadPort port("a port", memory.clock);
    std::vector<uint32_t> responses;
    bool right = true;
    report("at 200 MHz 1600 beats take 80 cycles of latency, 1600 of data and a refresh of 60",
           read_all(memory, port, 100, responses, right) == 80 + 1600 + 60);
    memory.clock.hz = 24'000'000;
    report("latencies round up to cycles", memory.clock.cycles(READ_LATENCY_NS) == 10);
}

/* Ports that together ask for more than the memory moves get what it moves, whichever of them asks. */
void all_ports_share_the_memorys_bandwidth() {
    Memory memory;
    memory.clock.hz = 400'000'000;
    uint32_t beats = 0;
    for (uint32_t cycle = 0; cycle < 2000; cycle++) {
        for (uint32_t port = 0; port < 3 && memory.clock.beats_move(); port++) {
            memory.clock.move_beat();
            beats++;
        }
        memory.clock.tick();
    }
    report("at 400 MHz a beat of 8 bytes moves in each cycle without refresh", beats == 2000);
}

void the_named_burst_is_answered_with_an_error() {
    Memory memory;
    memory.clock.reads.error = 3;
    ReadPort port("a port", memory.clock);
    std::vector<uint32_t> responses;
    bool right = true;
    read_all(memory, port, 4, responses, right);
    bool expected = responses.size() == 64;
    for (uint32_t beat = 0; expected && beat < 64; beat++) {
        expected = responses[beat] == (beat / 16 == 2 ? RESPONSE_SLAVE_ERROR : RESPONSE_OKAY);
    }
    report("the named read burst is answered with an error", expected);
}

void memory_that_nobody_allocated_decodes_to_an_error() {
    Memory memory;
    ReadPort port("a port", memory.clock);
    memory.address += 1 << 17;
    std::vector<uint32_t> responses;
    bool right = true;
    read_all(memory, port, 1, responses, right);
    report("memory that nobody allocated answers DECERR",
           responses.size() == 16 && responses[0] == RESPONSE_DECODE_ERROR);
}

void stalls_change_times_but_no_data() {
    bool right = true, different = false;
    uint64_t first = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        Memory memory;
        ReadPort port("a port", memory.clock);
        port.seed(seed);
        std::vector<uint32_t> responses;
        const uint64_t cycles = read_all(memory, port, 50, responses, right);
        right = right && cycles > 40 + 800 && responses.size() == 800;
        different = different || (first != 0 && cycles != first);
        first = cycles;
    }
    report("stalls change times but no data", right && different);
}

void writes_land_by_byte_and_are_answered_after_30_cycles() {
    Memory memory;
    WritePort port("a port", memory.clock);
    uint32_t beat = 0;
    uint64_t last_beat_cycle = 0, answer_cycle = 0;
    bool asked = false;
    for (; memory.clock.cycle < 1000 && answer_cycle == 0; memory.clock.tick()) {
        const WritePort::Pins pins = port.drive();
        answer_cycle = pins.bvalid ? memory.clock.cycle : 0;
        const bool data = beat < 4;
        port.sample(!asked, memory.address, 3, data, 0x1111111111111111u * (beat + 1), beat == 2 ? 0x0F : 0xFF,
                    beat == 3, true);
        asked = asked || pins.awready;
        if (data && pins.wready) {
            last_beat_cycle = memory.clock.cycle;
            beat++;
        }
    }
    report("a write's answer comes 30 cycles after its last beat", answer_cycle == last_beat_cycle + 30);
    report("a write keeps to its strobes", memory.host[16] == 0x33 && memory.host[20] == 0 && memory.host[24] == 0x44);
}

void a_silent_memory_answers_no_later_read() {
    Memory memory;
    memory.clock.reads.silent = 3;
    ReadPort port("a port", memory.clock);
    std::vector<uint32_t> responses;
    bool right = true;
    const bool ended = read_all(memory, port, 4, responses, right) != 0;
    report("from the named burst on no read is answered", !ended && right && responses.size() == 32);
}

void a_silence_of_some_cycles_ends() {
    Memory memory;
    memory.clock.reads.silent = 3;
    memory.clock.silent_cycles = 5000;
    ReadPort port("a port", memory.clock);
    std::vector<uint32_t> responses;
    bool right = true;
    const uint64_t cycles = read_all(memory, port, 40, responses, right);
    report("a silence ends and every read is answered after all",
           right && cycles > 5000 && cycles < 5700 && responses.size() == 640);
}

/* Writes bursts of four beats, an address and its data offered at once. Returns the answers; early counts data taken
 * first. */
uint32_t write_all(Memory &memory, WritePort &port, uint32_t bursts, uint32_t &early, uint32_t &late) {
    uint32_t asked = 0, beats = 0, answers = 0;
    for (; memory.clock.cycle < 20000 && answers < bursts; memory.clock.tick()) {
        const WritePort::Pins pins = port.drive();
        const bool ask = asked < bursts, data = beats < bursts * 4 && beats / 4 <= asked;
        port.sample(ask, memory.address + asked * 32, 3, data, beats + 1, 0xFF, beats % 4 == 3, true);
        answers += pins.bvalid ? 1 : 0;
        early += data && pins.wready && beats / 4 == asked && !pins.awready ? 1 : 0;
        late += ask && pins.awready && beats / 4 == asked && beats % 4 == 0 ? 1 : 0;
        asked += ask && pins.awready ? 1 : 0;
        beats += data && pins.wready ? 1 : 0;
    }
    return answers;
}

void stalls_take_a_writes_address_and_data_in_either_order() {
    bool right = true;
    uint32_t early = 0, late = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        Memory memory;
        WritePort port("a port", memory.clock);
        port.seed(seed);
        right = right && write_all(memory, port, 20, early, late) == 20;
        for (uint64_t beat = 0; beat < 80; beat++) {
            uint64_t word;
            std::memcpy(&word, memory.host + beat * 8, 8);
            right = right && word == beat + 1;
        }
    }
    report("stalls take a write's address and data in either order", right && early > 100 && late > 20);
}

void a_silent_memory_answers_no_later_write() {
    Memory memory;
    memory.clock.writes.silent = 5;
    WritePort port("a port", memory.clock);
    uint32_t early = 0, late = 0;
    const uint32_t answers = write_all(memory, port, 20, early, late);
    report("from the named burst on no write is answered", answers == 4);
}

void breaks(const char *name, const std::function<void(Memory &)> &action) {
    Memory memory;
    bool thrown = false;
    try {
        action(memory);
    } catch (const ProtocolError &) {
        thrown = true;
    }
    report(name, thrown);
}

void broken_rules_end_the_simulation() {
    const auto read_at = [](uint64_t offset, uint32_t length) {
        return [offset, length](Memory &memory) {
            ReadPort port("a port", memory.clock);
            port.drive();
            port.sample(true, memory.address + offset, length, true);
        };
    };
    breaks("a burst across 4 KiB ends the simulation", read_at(4096 - 64, 15));
    breaks("a misaligned burst ends the simulation", read_at(4, 0));
    breaks("an address that changes while it is offered ends the simulation", [](Memory &memory) {
        ReadPort port("a port", memory.clock);
        for (uint32_t i = 0; i < 20; i++) {
            port.drive();
            port.sample(true, memory.address + i * 128, 15, false);
        }
        port.drive();
        port.sample(true, memory.address, 15, false);
    });
    breaks("WLAST on the wrong beat ends the simulation", [](Memory &memory) {
        WritePort port("a port", memory.clock);
        port.drive();
        port.sample(true, memory.address, 3, false, 0, 0, false, true);
        port.drive();
        port.sample(false, 0, 0, true, 0, 0xFF, true, true);
    });
}

/* Cycles that a read port spends in each state over bursts of 16 beats, of which every fourth beat is refused once. */
void a_read_port_says_what_it_does() {
    Memory memory;
    ReadPort port("a port", memory.clock);
    uint32_t cycles[7] = {};
    uint32_t asked = 0, beats = 0;
    bool refused = false;
    for (; beats < 1600 && memory.clock.cycle < 10000; memory.clock.tick()) {
        const ReadPort::Pins pins = port.drive();
        refused = pins.rvalid && beats % 4 == 0 && !refused;
        cycles[static_cast<uint32_t>(port.state(!refused))]++;
        beats += pins.rvalid && !refused ? 1 : 0;
        const bool ask = asked < 100;
        port.sample(ask, memory.address + asked * 128, 15, !refused);
        asked += ask && pins.arready ? 1 : 0;
    }
    const auto in = [&](PortState state) { return cycles[static_cast<uint32_t>(state)]; };
    report("a read port is idle until it is asked, then waits for the memory",
           in(PortState::IDLE) == 1 && in(PortState::LATENCY) == 39);
    report("a beat that is taken and one that is refused are told apart",
           in(PortState::BEAT) == 1600 && in(PortState::REFUSED) == 400);
    report("cycles of refresh are told, but for one in which a beat was offered already",
           in(PortState::REFRESH) >= 2 * 29 && in(PortState::REFRESH) <= 2 * 30 && in(PortState::BANDWIDTH) == 0 &&
               in(PortState::HESITATION) == 0);
}

void a_write_port_says_what_it_does() {
    Memory memory;
    WritePort port("a port", memory.clock);
    bool right = true;
    const auto expect = [&](PortState state, bool address, bool data) {
        port.drive();
        right = right && port.state(data) == state;
        port.sample(address, memory.address, 0, data, 7, 0xFF, data, true);
        memory.clock.tick();
    };
    expect(PortState::IDLE, true, false);
    expect(PortState::REFUSED, false, false);
    expect(PortState::BEAT, false, true);
    for (uint32_t cycle = 0; cycle < 30; cycle++) {
        expect(PortState::LATENCY, false, false);
    }
    expect(PortState::IDLE, false, false);
    report("a write port waits for data, moves them and waits for the answer", right);
}

}  // namespace

int main() {
    reads_stream_after_their_latency_and_pause_for_refresh();
    times_are_those_of_the_memory_at_any_clock();
    all_ports_share_the_memorys_bandwidth();
    the_named_burst_is_answered_with_an_error();
    memory_that_nobody_allocated_decodes_to_an_error();
    stalls_change_times_but_no_data();
    writes_land_by_byte_and_are_answered_after_30_cycles();
    a_silent_memory_answers_no_later_read();
    a_silence_of_some_cycles_ends();
    stalls_take_a_writes_address_and_data_in_either_order();
    a_silent_memory_answers_no_later_write();
    broken_rules_end_the_simulation();
    a_read_port_says_what_it_does();
    a_write_port_says_what_it_does();
    return failures == 0 ? 0 : 1;
}
