// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wh_transport.h"
#include "windhover_contract.h"

#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace bench {

using Reader = int64_t (*)(const uint64_t *);

/* A command built through the contract's own readers, so that no bit position is written twice. */
struct Command {
    uint64_t words[WH_COMMAND_WORDS] = {};

    explicit Command(uint64_t opcode) { words[0] = opcode; }
    Command &set(Reader reader, int64_t value);
};

#define SET(command, name, value) (command).set(wh_##name, (value))

struct MapWord {
    uint64_t base, blocks, quads, ring, row, block;
    uint64_t packed() const;
};

/* A device opened through its transport, as a host would use it. */
class Device {
  public:
    Device(const std::string &library, const std::string &configuration, const std::string &options);
    ~Device();

    uint32_t read(uint32_t offset) { return ops_->register_read(transport_, offset); }
    void write(uint32_t offset, uint32_t value) { ops_->register_write(transport_, offset, value); }
    uint8_t *allocate(uint64_t bytes, uint64_t &address);
    void release(void *host) { ops_->memory_free(transport_, host); }
    int32_t wait(int64_t timeout_ns) { return ops_->interrupt_wait(transport_, timeout_ns); }

    /* Runs the commands with region 0 = program and region 1 = [data_address, + bytes). Returns FAULT_CODE. */
    uint32_t run(const std::vector<Command> &commands, uint64_t data_address, uint32_t data_bytes);
    void start(const std::vector<Command> &commands, uint64_t data_address, uint32_t data_bytes,
               uint32_t watchdog_cycles);
    uint32_t finish();
    void region(uint32_t index, uint64_t base, uint32_t bytes);
    /* Waits until the memory has answered the bursts of a job that was stopped. Returns STATUS. */
    uint32_t drain(int64_t timeout_ms = 60'000);

    uint32_t writable = 2; /* REGION_WRITABLE of the jobs to come */

  private:
    void *handle_ = nullptr;
    const wh_transport_ops *ops_ = nullptr;
    wh_transport *transport_ = nullptr;
    uint8_t *program_ = nullptr;
    uint64_t program_address_ = 0;
};

constexpr uint64_t PROGRAM_BYTES = 1 << 16;

struct Random {
    std::mt19937_64 engine;
    uint64_t below(uint64_t end) { return engine() % end; }
    int64_t between(int64_t least, int64_t most) {
        return least + static_cast<int64_t>(below(static_cast<uint64_t>(most - least) + 1));
    }
    bool chance(uint64_t one_in) { return below(one_in) == 0; }
};

/* Throws std::runtime_error. */
void expect(bool condition, const std::string &message);

}  // namespace bench
