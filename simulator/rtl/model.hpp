// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "Vwh_accelerator.h"
#include "memory_ports.hpp"
#include "timeline.hpp"

#ifdef WINDHOVER_TRACE
#include "waveform.hpp"
#endif

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>

namespace windhover {

struct ModelOptions {
    uint64_t memory_bytes;
    uint64_t stalls_seed; /* 0: the memory never hesitates beyond its model */
    uint64_t read_error;
    uint64_t write_error;
    uint64_t silent_reads;
    uint64_t silent_writes;
    uint64_t silent_cycles;
    std::string wave;     /* empty, or the FST file to write */
    bool wave_window;     /* only cycles of jobs are in it, counted through all jobs, */
    uint64_t wave_from;   /* from this one on */
    uint64_t wave_to;     /* to the one before this */
    std::string jobs;     /* empty, or the file to write with the times of doorbells and interrupts */
    std::string timeline; /* empty, or the file to write with what queues and ports do in every cycle */
};

/* The Verilated accelerator, its memory and its clock. Not thread-safe. Steps throw ProtocolError. */
class Model {
  public:
    explicit Model(const ModelOptions &options);
    ~Model();
    Model(const Model &) = delete;
    Model &operator=(const Model &) = delete;

    Arena arena;

    /* One clock cycle. */
    void step();
    bool interrupt() const { return top_->interrupt_o != 0; }
    uint32_t read_register(uint32_t offset);
    void write_register(uint32_t offset, uint32_t value);
    /* Starts the memory's time (unless times of jobs are written) and the stalls afresh, so that a job's cycles do not
     * depend on when it came. */
    void start_job();

  private:
    void reset();
    void drive();
    void sample();
    void watch();
    void evaluate(bool clock);
    void rise();
    void note(const char *event);
    template <typename Done>
    void step_until(const char *what, const Done &done);

    VerilatedContext context_;
    std::unique_ptr<Vwh_accelerator> top_;
#ifdef WINDHOVER_TRACE
    std::unique_ptr<Waveform> waveform_; /* null where none is written */
#endif
    MemoryClock clock_;
    ReadPort read0_, read1_;
    WritePort write_;
    const uint64_t stalls_seed_;
    uint64_t jobs_ = 0;
    std::ofstream times_; /* open where times of jobs are written */
    std::string times_file_;
    std::unique_ptr<Timeline> timeline_; /* null where none is written */
    bool line_ = false;                  /* the interrupt's, in the cycle before */
};

}  // namespace windhover
