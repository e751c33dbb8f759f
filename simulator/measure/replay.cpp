// SPDX-License-Identifier: Apache-2.0
/* Runs the jobs of a recording (record.cpp) on builds of the simulated accelerator in turn, and compares cycles a
 * second of processor time with the first build's. Fails where cycles or the memory that a job leaves differ. replay
 * RECORDING CONFIGURATION ROUNDS LIBRARY... */
#include "recording.hpp"
#include "wh_transport.h"
#include "windhover_contract.h"

#include <dlfcn.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace {

void expect(bool condition, const std::string &message) {
    if (!condition) {
        throw std::runtime_error(message);
    }
}

double processor_s() {
    rusage used;
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec) + static_cast<double>(used.ru_utime.tv_usec) * 1e-6;
}

struct Run {
    uint64_t cycles = 0, memory = 14695981039346656037u;
    double seconds = 0;
};

class Build {
  public:
    Build(const std::string &library, const std::string &configuration) {
        void *handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
        expect(handle != nullptr, library + " cannot be loaded");
        ops_ = reinterpret_cast<decltype(&wh_transport_get)>(dlsym(handle, "wh_transport_get"))();
        char message[1024] = "";
        expect(ops_->open(configuration.c_str(), "", &transport_, message, sizeof message) >= 0, message);
    }
    ~Build() { ops_->close(transport_); }
    Build(const Build &) = delete;
    Build &operator=(const Build &) = delete;

    Run run(const std::vector<recording::Job> &jobs) {
        Run result;
        for (const recording::Job &job : jobs) {
            run(job, result);
        }
        return result;
    }

  private:
    void run(const recording::Job &job, Run &result) {
        const uint64_t base = job.blocks.front().address;
        const uint64_t bytes = job.blocks.back().address + job.blocks.back().bytes.size() - base;
        void *memory = nullptr;
        uint64_t address = 0;
        expect(ops_->memory_allocate(transport_, bytes, &memory, &address) == 0, "no device memory left");
        expect(address == base, "the recorded memory does not begin where device memory does");
        for (const recording::Block &block : job.blocks) {
            std::memcpy(static_cast<uint8_t *>(memory) + (block.address - base), block.bytes.data(),
                        block.bytes.size());
        }
        const double start_s = processor_s();
        for (const recording::RegisterWrite &one : job.writes) {
            ops_->register_write(transport_, static_cast<uint32_t>(one.offset), static_cast<uint32_t>(one.value));
        }
        expect(ops_->interrupt_wait(transport_, 600'000'000'000) == 1, "a job did not end within ten minutes");
        result.seconds += processor_s() - start_s;
        expect(ops_->register_read(transport_, WH_REGISTER_FAULT_CODE) == 0, "a job ended in a fault");
        const uint64_t high = ops_->register_read(transport_, WH_REGISTER_CYCLES_HIGH);
        result.cycles += high << 32 | ops_->register_read(transport_, WH_REGISTER_CYCLES_LOW);
        for (uint64_t i = 0; i < bytes; i++) {
            result.memory = (result.memory ^ static_cast<const uint8_t *>(memory)[i]) * 1099511628211u;
        }
        ops_->memory_free(transport_, memory);
    }

    const wh_transport_ops *ops_ = nullptr;
    wh_transport *transport_ = nullptr;
};

std::vector<recording::Job> jobs_of(const char *name) {
    std::ifstream file(name, std::ios::binary);
    std::string magic(recording::MAGIC.size(), '\0');
    file.read(magic.data(), static_cast<std::streamsize>(magic.size()));
    expect(magic == recording::MAGIC, std::string(name) + " is no recording");
    std::vector<recording::Job> jobs;
    while (file.peek() != EOF) {
        jobs.push_back(recording::read(file));
    }
    expect(bool(file.eof()) && !jobs.empty(), std::string(name) + " is not complete");
    return jobs;
}

void replay(const char *recorded, const std::string &configuration, int rounds,
            const std::vector<std::string> &libraries) {
    const std::vector<recording::Job> jobs = jobs_of(recorded);
    std::vector<double> best_s(libraries.size(), 1e9);
    Run first;
    for (int round = 0; round < rounds; round++) {
        for (size_t i = 0; i < libraries.size(); i++) {
            const Run run = Build(libraries[i], configuration).run(jobs);
            if (round == 0 && i == 0) {
                first = run;
            }
            expect(run.cycles == first.cycles,
                   libraries[i] + ": " + std::to_string(run.cycles) + " cycles, not " + std::to_string(first.cycles));
            expect(run.memory == first.memory, libraries[i] + " leaves other memory");
            best_s[i] = std::min(best_s[i], run.seconds);
        }
    }
    for (size_t i = 0; i < libraries.size(); i++) {
        std::printf("%9llu cycles %9.0f a second %6.3f x  %s\n", static_cast<unsigned long long>(first.cycles),
                    static_cast<double>(first.cycles) / best_s[i], best_s[0] / best_s[i], libraries[i].c_str());
    }
}

}  // namespace

int main(int count, char **arguments) {
    if (count < 5) {
        std::fprintf(stderr, "replay RECORDING CONFIGURATION ROUNDS LIBRARY...\n");
        return 2;
    }
    try {
        replay(arguments[1], arguments[2], std::stoi(arguments[3]), {arguments + 4, arguments + count});
    } catch (const std::exception &error) {
        std::fprintf(stderr, "replay: %s\n", error.what());
        return 1;
    }
    return 0;
}
