// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iostream>
#include <string_view>
#include <vector>

/* The file that record writes and replay reads: MAGIC, then jobs. Numbers are 64 bits in the machine's own order. */
namespace recording {

constexpr std::string_view MAGIC = "windhover-recording-1\n";

struct RegisterWrite {
    uint64_t offset, value;
};

struct Block {
    uint64_t address;
    std::vector<uint8_t> bytes;
};

struct Job {
    std::vector<RegisterWrite> writes; /* the last is the doorbell */
    std::vector<Block> blocks;
};

inline void put(std::ostream &file, uint64_t value) {
    file.write(reinterpret_cast<const char *>(&value), sizeof value);
}

inline uint64_t get(std::istream &file) {
    uint64_t value = 0;
    file.read(reinterpret_cast<char *>(&value), sizeof value);
    return value;
}

inline void write(std::ostream &file, const Job &job) {
    put(file, job.writes.size());
    for (const RegisterWrite &one : job.writes) {
        put(file, one.offset);
        put(file, one.value);
    }
    put(file, job.blocks.size());
    for (const Block &block : job.blocks) {
        put(file, block.address);
        put(file, block.bytes.size());
        file.write(reinterpret_cast<const char *>(block.bytes.data()),
                   static_cast<std::streamsize>(block.bytes.size()));
    }
}

inline Job read(std::istream &file) {
    Job job;
    job.writes.resize(get(file));
    for (RegisterWrite &one : job.writes) {
        one.offset = get(file);
        one.value = get(file);
    }
    job.blocks.resize(get(file));
    for (Block &block : job.blocks) {
        block.address = get(file);
        block.bytes.resize(get(file));
        file.read(reinterpret_cast<char *>(block.bytes.data()), static_cast<std::streamsize>(block.bytes.size()));
    }
    return job;
}

}  // namespace recording
