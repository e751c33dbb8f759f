// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include "options.hpp"
#include "windhover_contract.h"

#include <filesystem>
#include <stdexcept>
#include <vector>

namespace windhover {

static constexpr uint32_t REGISTER_PATIENCE_CYCLES = 1000;
static constexpr uint32_t RESET_CYCLES = 16;
static const char *const DOORBELL = "doorbell";

static void check_distinct(const std::vector<std::string> &files) {
    for (size_t one = 0; one < files.size(); one++) {
        for (size_t other = 0; other < one; other++) {
            if (!files[one].empty() &&
                std::filesystem::weakly_canonical(files[one]) == std::filesystem::weakly_canonical(files[other])) {
                throw std::invalid_argument("'" + files[one] + "' would be two files that the device writes; name two");
            }
        }
    }
}

Model::Model(const ModelOptions &options)
    : arena(options.memory_bytes), top_(nullptr), clock_{arena}, read0_("read port 0", clock_),
      read1_("read port 1", clock_), write_("write port", clock_), stalls_seed_(options.stalls_seed) {
    clock_.reads.error = options.read_error;
    clock_.reads.silent = options.silent_reads;
    clock_.writes.error = options.write_error;
    clock_.writes.silent = options.silent_writes;
    clock_.silent_cycles = options.silent_cycles;
#ifdef WINDHOVER_TRACE
    context_.traceEverOn(true);
#endif
    top_ = std::make_unique<Vwh_accelerator>(&context_);
#ifdef WINDHOVER_TRACE
    if (!options.wave.empty()) {
        waveform_ = std::make_unique<Waveform>(*top_, options);
    }
#else
    if (!options.wave.empty()) {
        throw std::invalid_argument("this build of the simulated device writes no waveforms; "
                                    "use the library with -trace in its name");
    }
#endif
    check_distinct({options.wave, options.jobs, options.timeline});
    if (!options.timeline.empty()) {
        timeline_ = std::make_unique<Timeline>(options.timeline);
    }
    if (!options.jobs.empty()) {
        check_output_file(options.jobs, DOORBELL);
        times_file_ = options.jobs;
        times_.open(times_file_);
        if (!times_) {
            throw std::invalid_argument("cannot write the times of jobs '" + options.jobs +
                                        "'; name a file in a folder that exists");
        }
    }
    reset();
    clock_.hz = read_register(WH_REGISTER_CLOCK_HZ);
}

Model::~Model() {
#ifdef WINDHOVER_TRACE
    waveform_.reset();
#endif
    top_->final();
    /* The scopes of the signals in probes.vlt leave the thread's context, which may be that of a model that is gone. */
    Verilated::threadContextp(&context_);
    top_.reset();
}

void Model::reset() {
    top_->rst_ni = 0;
    for (uint32_t i = 0; i < RESET_CYCLES; i++) {
        evaluate(false);
        evaluate(true);
    }
    top_->rst_ni = 1;
}

void Model::start_job() {
    if (!times_.is_open()) {
        clock_.cycle = 0;
    }
    jobs_++;
    if (stalls_seed_ != 0) {
        const uint64_t seed = (stalls_seed_ * 1000003 + jobs_) | 1;
        read0_.seed(seed);
        read1_.seed(seed + 2);
        write_.seed(seed + 4);
    }
}

void Model::evaluate(bool clock) {
    top_->clk_i = clock;
    top_->eval();
#ifdef WINDHOVER_TRACE
    if (waveform_ != nullptr) {
        waveform_->dump(clock, context_.time());
    }
    context_.timeInc(1);
#endif
}

/* The clock's edge that ends a cycle. */
void Model::rise() {
    evaluate(true);
    clock_.tick();
    if (interrupt() && !line_) {
        note("interrupt");
    }
    line_ = interrupt();
}

void Model::note(const char *event) {
    if (times_.is_open()) {
        times_ << event << ' ' << clock_.time << std::endl;
        if (!times_) {
            throw ProtocolError("the times of jobs cannot be written to '" + times_file_ + "'; make room there");
        }
    }
}

void Model::step() {
    drive();
    evaluate(false);
    watch();
    sample();
    rise();
}

void Model::watch() {
    if (timeline_ != nullptr) {
        timeline_->sample(*top_, read0_.state(top_->read0_rready_o), read1_.state(top_->read1_rready_o),
                          write_.state(top_->write_wvalid_o));
    }
}

void Model::drive() {
    const ReadPort::Pins &read0 = read0_.drive();
    top_->read0_arready_i = read0.arready;
    top_->read0_rvalid_i = read0.rvalid;
    top_->read0_rdata_i = read0.rdata;
    top_->read0_rresp_i = static_cast<CData>(read0.rresp);
    top_->read0_rlast_i = read0.rlast;
    const ReadPort::Pins &read1 = read1_.drive();
    top_->read1_arready_i = read1.arready;
    top_->read1_rvalid_i = read1.rvalid;
    top_->read1_rdata_i = read1.rdata;
    top_->read1_rresp_i = static_cast<CData>(read1.rresp);
    top_->read1_rlast_i = read1.rlast;
    const WritePort::Pins &write = write_.drive();
    top_->write_awready_i = write.awready;
    top_->write_wready_i = write.wready;
    top_->write_bvalid_i = write.bvalid;
    top_->write_bresp_i = static_cast<CData>(write.bresp);
}

void Model::sample() {
    read0_.sample(top_->read0_arvalid_o, top_->read0_araddr_o, top_->read0_arlen_o, top_->read0_rready_o);
    read1_.sample(top_->read1_arvalid_o, top_->read1_araddr_o, top_->read1_arlen_o, top_->read1_rready_o);
    write_.sample(top_->write_awvalid_o, top_->write_awaddr_o, top_->write_awlen_o, top_->write_wvalid_o,
                  top_->write_wdata_o, top_->write_wstrb_o, top_->write_wlast_o, top_->write_bready_o);
}

/* Steps until done, which looks at the pins as they stand just before a clock edge. */
template <typename Done>
void Model::step_until(const char *what, const Done &done) {
    for (uint32_t i = 0; i < REGISTER_PATIENCE_CYCLES; i++) {
        drive();
        evaluate(false);
        const bool finished = done();
        watch();
        sample();
        rise();
        if (finished) {
            return;
        }
    }
    throw ProtocolError(std::string("control port: no answer to a register ") + what);
}

uint32_t Model::read_register(uint32_t offset) {
    uint32_t value = 0;
    top_->control_araddr_i = static_cast<SData>(offset);
    top_->control_arvalid_i = 1;
    top_->control_rready_i = 1;
    bool answered = false;
    step_until("read", [&] {
        value = top_->control_rdata_o;
        answered = top_->control_rvalid_o;
        return top_->control_arready_o != 0;
    });
    top_->control_arvalid_i = 0;
    if (!answered) {
        step_until("read", [&] {
            value = top_->control_rdata_o;
            return top_->control_rvalid_o != 0;
        });
    }
    top_->control_rready_i = 0;
    return value;
}

void Model::write_register(uint32_t offset, uint32_t value) {
    top_->control_awaddr_i = static_cast<SData>(offset);
    top_->control_wdata_i = value;
    top_->control_wstrb_i = 0xF;
    top_->control_awvalid_i = 1;
    top_->control_wvalid_i = 1;
    top_->control_bready_i = 1;
    bool address = false, data = false, address_now = false, data_now = false, answered = false;
    while (!address || !data) {
        step_until("write", [&] {
            address_now = top_->control_awvalid_i && top_->control_awready_o;
            data_now = top_->control_wvalid_i && top_->control_wready_o;
            answered = answered || top_->control_bvalid_o;
            return address_now || data_now;
        });
        address = address || address_now;
        data = data || data_now;
        top_->control_awvalid_i = !address;
        top_->control_wvalid_i = !data;
    }
    if (offset == WH_REGISTER_DOORBELL && (value & WH_DOORBELL_START) != 0) {
        note(DOORBELL);
    }
    if (!answered) {
        step_until("write", [&] { return top_->control_bvalid_o != 0; });
    }
    top_->control_bready_i = 0;
}

}  // namespace windhover
