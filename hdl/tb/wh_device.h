// SPDX-License-Identifier: Apache-2.0
// The accelerator with a memory behind its ports and a host at its registers, for benches.
#pragma once

#include "Vwh_accelerator.h"
#include "wh_bus.h"
#include "wh_command.h"

namespace wh {

constexpr uint64_t PROGRAM_AT = 768 * 1024;

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
            reads[0].learn(bench_, memory, cycle_, model_->read0_arvalid_o, model_->read0_araddr_o,
                           model_->read0_arlen_o, model_->read0_rready_o);
            reads[1].learn(bench_, memory, cycle_, model_->read1_arvalid_o, model_->read1_araddr_o,
                           model_->read1_arlen_o, model_->read1_rready_o);
            write.learn(bench_, memory, cycle_, model_->write_awvalid_o, model_->write_awaddr_o, model_->write_awlen_o,
                        model_->write_wvalid_o, model_->write_wdata_o, model_->write_wstrb_o, model_->write_wlast_o);
        }
        control_write_taken_ = model_->control_awready_o;
        control_read_taken_ = model_->control_arready_o;
        written_ = model_->control_bvalid_o;
        answered_ = model_->control_rvalid_o;
        answer_ = model_->control_rdata_o;
        wh::edge(*model_);
        cycle_++;
    }

    // A write whose address and data may come apart, and whose answer waits for the host.
    void put(unsigned offset, uint32_t value, unsigned strobes = 15) {
        const bool address_first = bench_.chance(50);
        (address_first ? model_->control_awvalid_i : model_->control_wvalid_i) = 1;
        model_->control_awaddr_i = static_cast<SData>(offset);
        model_->control_wdata_i = value;
        model_->control_wstrb_i = static_cast<CData>(strobes);
        for (int64_t apart = bench_.chance(60) ? 0 : bench_.between(1, 3); apart > 0; apart--) {
            tick();
            bench_.check(!control_write_taken_, "a write waits for its address and its data");
        }
        model_->control_awvalid_i = model_->control_wvalid_i = 1;
        do tick();
        while (!control_write_taken_);
        model_->control_awvalid_i = model_->control_wvalid_i = 0;
        for (int64_t late = bench_.chance(60) ? 0 : bench_.between(1, 3); late > 0; late--) {
            tick();
            bench_.check(written_, "a write's answer stays until it is taken");
        }
        model_->control_bready_i = 1;
        tick();
        bench_.check(written_, "a write is answered");
        model_->control_bready_i = 0;
    }

    uint32_t get(unsigned offset) {
        model_->control_araddr_i = static_cast<SData>(offset);
        model_->control_arvalid_i = 1;
        do tick();
        while (!control_read_taken_);
        model_->control_arvalid_i = 0;
        model_->control_araddr_i = static_cast<SData>(bench_.between(0, 4095));
        do tick();
        while (!answered_);
        const uint32_t answer = answer_;
        for (int64_t late = bench_.chance(60) ? 0 : bench_.between(1, 3); late > 0; late--) {
            tick();
            bench_.check(answered_ && answer_ == answer, "a read's answer stays until it is taken", answer, answer_);
        }
        model_->control_rready_i = 1;
        tick();
        model_->control_rready_i = 0;
        return answer;
    }

    void region(unsigned index, uint64_t bytes) {
        put(WH_REGISTER_REGION_BASE_LOW + 4 * index, static_cast<uint32_t>(memory.base));
        put(WH_REGISTER_REGION_BASE_HIGH + 4 * index, static_cast<uint32_t>(memory.base >> 32));
        put(WH_REGISTER_REGION_BYTES + 4 * index, static_cast<uint32_t>(bytes));
    }

    void begin(const std::vector<Command> &program, unsigned program_region = 0) {
        std::memcpy(&memory.bytes[PROGRAM_AT], program.data(), program.size() * sizeof(Command));
        put(WH_REGISTER_PROGRAM_REGION, program_region);
        put(WH_REGISTER_PROGRAM_OFFSET, PROGRAM_AT);
        put(WH_REGISTER_PROGRAM_COMMANDS, static_cast<uint32_t>(program.size()));
        put(WH_REGISTER_INTERRUPT, WH_INTERRUPT_ENDED);
        put(WH_REGISTER_DOORBELL, WH_DOORBELL_START);
    }

    // Cycles until the interrupt.
    int await_interrupt(int most) {
        int cycles = 0;
        for (; cycles < most && !model_->interrupt_o; cycles++) tick();
        bench_.check(model_->interrupt_o, "a job ends with an interrupt");
        return cycles;
    }

    bool interrupted() const { return model_->interrupt_o; }
    bool drained() const { return reads[0].idle() && reads[1].idle() && write.idle(); }

    // Runs a program until the accelerator is idle and returns its status register.
    uint32_t run(const std::vector<Command> &program, unsigned program_region = 0) {
        begin(program, program_region);
        await_interrupt(200000);
        const uint32_t first = get(WH_REGISTER_STATUS);
        bench_.check(first == WH_STATUS_DONE || (first & ~(WH_STATUS_BUSY | WH_STATUS_DRAINING)) == WH_STATUS_FAULT,
                     "status at the interrupt", WH_STATUS_DONE, first);
        return settled();
    }

    // Waits for the end of a job that was stopped; returns the status register.
    uint32_t settled() {
        uint32_t status = get(WH_REGISTER_STATUS);
        for (int poll = 0; poll < 10000 && status & WH_STATUS_BUSY; poll++) status = get(WH_REGISTER_STATUS);
        bench_.check(drained(), "no burst is under way after a job");
        return status;
    }

    void idle(int cycles) {
        while (cycles-- > 0) tick();
    }

    Memory memory;
    ReadPort reads[2];
    WritePort write;

  private:
    Bench &bench_;
    std::unique_ptr<Vwh_accelerator> model_;
    uint64_t cycle_ = 0;
    bool control_write_taken_ = false, control_read_taken_ = false, written_ = false, answered_ = false;
    uint32_t answer_ = 0;
};

}  // namespace wh
