// SPDX-License-Identifier: Apache-2.0
#include "bench.hpp"

#include <dlfcn.h>

#include <chrono>
#include <stdexcept>

namespace bench {

void expect(bool condition, const std::string &message) {
    if (!condition) {
        throw std::runtime_error(message);
    }
}

Command &Command::set(Reader reader, int64_t value) {
    for (unsigned bit = 0; bit < WH_COMMAND_WORDS * 64; bit++) {
        uint64_t probe[WH_COMMAND_WORDS] = {};
        probe[bit / 64] = uint64_t{1} << bit % 64;
        const uint64_t weight = static_cast<uint64_t>(reader(probe));
        const uint64_t mask = weight & (~weight + 1); /* the sign bit reads as all bits from it up */
        if (weight != 0) {
            words[bit / 64] &= ~probe[bit / 64];
            words[bit / 64] |= (static_cast<uint64_t>(value) & mask) != 0 ? probe[bit / 64] : 0;
        }
    }
    expect(reader(words) == value, "a test's value does not fit its field");
    return *this;
}

uint64_t MapWord::packed() const {
    uint64_t word = 0;
    wh_map_set_base(&word, static_cast<int64_t>(base));
    wh_map_set_blocks(&word, static_cast<int64_t>(blocks));
    wh_map_set_quads(&word, static_cast<int64_t>(quads));
    wh_map_set_ring(&word, static_cast<int64_t>(ring));
    wh_map_set_row(&word, static_cast<int64_t>(row));
    wh_map_set_block(&word, static_cast<int64_t>(block));
    return word;
}

Device::Device(const std::string &library, const std::string &configuration, const std::string &options) {
    handle_ = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    expect(handle_ != nullptr, "cannot load " + library);
    const auto get = reinterpret_cast<const wh_transport_ops *(*)()>(dlsym(handle_, "wh_transport_get"));
    expect(get != nullptr, library + " exports no wh_transport_get");
    ops_ = get();
    char message[256] = "";
    const int32_t status = ops_->open(configuration.c_str(), options.c_str(), &transport_, message, sizeof message);
    expect(status >= 0, message);
    program_ = allocate(PROGRAM_BYTES, program_address_);
}

Device::~Device() { ops_->close(transport_); }

uint8_t *Device::allocate(uint64_t bytes, uint64_t &address) {
    void *host = nullptr;
    expect(ops_->memory_allocate(transport_, bytes, &host, &address) == 0, "no device memory left");
    return static_cast<uint8_t *>(host);
}

void Device::region(uint32_t index, uint64_t base, uint32_t bytes) {
    write(WH_REGISTER_REGION_BASE_LOW + 4 * index, static_cast<uint32_t>(base));
    write(WH_REGISTER_REGION_BASE_HIGH + 4 * index, static_cast<uint32_t>(base >> 32));
    write(WH_REGISTER_REGION_BYTES + 4 * index, bytes);
}

void Device::start(const std::vector<Command> &commands, uint64_t data_address, uint32_t data_bytes,
                   uint32_t watchdog_cycles) {
    const size_t bytes = commands.size() * sizeof(Command);
    expect(bytes <= PROGRAM_BYTES, "a test's program is too long");
    if (bytes != 0) {
        std::memcpy(program_, commands.data(), bytes);
    }
    region(0, program_address_, static_cast<uint32_t>(bytes));
    region(1, data_address, data_bytes);
    write(WH_REGISTER_REGION_WRITABLE, writable);
    write(WH_REGISTER_PROGRAM_REGION, 0);
    write(WH_REGISTER_PROGRAM_OFFSET, 0);
    write(WH_REGISTER_PROGRAM_COMMANDS, static_cast<uint32_t>(commands.size()));
    write(WH_REGISTER_WATCHDOG_CYCLES, watchdog_cycles);
    write(WH_REGISTER_INTERRUPT, WH_INTERRUPT_ENDED);
    write(WH_REGISTER_CONTROL, WH_CONTROL_INTERRUPT_ENABLE);
    write(WH_REGISTER_DOORBELL, WH_DOORBELL_START);
}

uint32_t Device::drain(int64_t timeout_ms) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
    uint32_t status = read(WH_REGISTER_STATUS);
    while ((status & WH_STATUS_BUSY) != 0) {
        expect(std::chrono::steady_clock::now() < end,
               "busy " + std::to_string(timeout_ms) + " ms after the job was stopped");
        wait(1'000'000);
        status = read(WH_REGISTER_STATUS);
    }
    return status;
}

uint32_t Device::finish() {
    expect(wait(120'000'000'000) == 1, "the job did not end within two minutes");
    const uint32_t status = read(WH_REGISTER_STATUS);
    expect(status == WH_STATUS_DONE || (status & ~(WH_STATUS_BUSY | WH_STATUS_DRAINING)) == WH_STATUS_FAULT,
           "STATUS reads " + std::to_string(status) + " after the interrupt");
    const uint32_t fault = read(WH_REGISTER_FAULT_CODE);
    expect(((status & WH_STATUS_FAULT) != 0) == (fault != 0), "STATUS and FAULT_CODE disagree");
    write(WH_REGISTER_INTERRUPT, WH_INTERRUPT_ENDED);
    expect(wait(0) == 0, "the interrupt line stays up after it was cleared");
    expect(drain() == (fault != 0 ? WH_STATUS_FAULT : WH_STATUS_DONE), "STATUS changes when the job has drained");
    return fault;
}

uint32_t Device::run(const std::vector<Command> &commands, uint64_t data_address, uint32_t data_bytes) {
    start(commands, data_address, data_bytes, 200'000);
    return finish();
}

}  // namespace bench
