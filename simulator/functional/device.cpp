// SPDX-License-Identifier: Apache-2.0
#include "device.hpp"

#include <chrono>
#include <cstring>
#include <exception>

namespace windhover {

/* The regions of one job, as they stood when it started. */
class Device::Memory : public Regions {
  public:
    explicit Memory(Device &device) : device_(device), writable_(device.writable_) {
        std::memcpy(regions_, device.regions_, sizeof regions_);
        for (uint32_t i = 0; i < WH_REGIONS; i++) {
            whole_[i] = device.arena_.find(regions_[i].base, regions_[i].bytes);
        }
    }

    const uint8_t *read(uint32_t region, uint64_t offset, uint64_t bytes) override {
        return find(region, offset, bytes, WH_FAULT_READ_ERROR);
    }
    uint8_t *write(uint32_t region, uint64_t offset, uint64_t bytes) override {
        return find(region, offset, bytes, WH_FAULT_WRITE_ERROR);
    }
    bool writable(uint32_t region) const override { return (writable_ >> region & 1) != 0; }

  private:
    uint8_t *find(uint32_t region, uint64_t offset, uint64_t bytes, uint32_t error) {
        const Region &r = regions_[region];
        const uint32_t low = static_cast<uint32_t>(r.base + offset);
        if (offset + bytes > r.bytes) {
            throw Fault{WH_FAULT_OUT_OF_REGION, low};
        }
        if (whole_[region] != nullptr) {
            return whole_[region] + offset;
        }
        const std::lock_guard<std::mutex> lock(device_.mutex_);
        uint8_t *found = device_.arena_.find(r.base + offset, bytes);
        if (found == nullptr) {
            throw Fault{error, low};
        }
        return found;
    }

    Device &device_;
    const uint32_t writable_;
    Region regions_[WH_REGIONS];
    uint8_t *whole_[WH_REGIONS]; /* where a region lies that was wholly allocated when the job started, else null */
};

Device::Device(const Configuration &configuration, uint64_t memory_bytes, uint32_t threads)
    : chip_(configuration), workers_(threads, chip_.stop), arena_(memory_bytes), thread_([this] { serve(); }) {}

Device::~Device() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        closing_ = true;
        chip_.stop = true;
    }
    changed_.notify_all();
    thread_.join();
}

uint8_t *Device::allocate(uint64_t bytes, uint64_t &device_address) {
    const std::lock_guard<std::mutex> lock(mutex_);
    uint8_t *host = arena_.allocate(bytes);
    device_address = host == nullptr ? 0 : arena_.device_address(host);
    return host;
}

void Device::release(void *host) {
    const std::lock_guard<std::mutex> lock(mutex_);
    arena_.release(host);
}

int32_t Device::wait_for_interrupt(int64_t timeout_ns) {
    std::unique_lock<std::mutex> lock(mutex_);
    const int64_t most_ns = int64_t{1} << 60;
    const auto end = std::chrono::steady_clock::now() + std::chrono::nanoseconds(std::min(timeout_ns, most_ns));
    changed_.wait_until(lock, end, [this] { return line_is_up() || broken_ || closing_; });
    return broken_ || closing_ ? -1 : line_is_up() ? 1 : 0;
}

void Device::serve() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return closing_ || busy_; });
        if (closing_) {
            return;
        }
        run_job(lock);
    }
}

void Device::run_job(std::unique_lock<std::mutex> &lock) {
    Memory memory(*this);
    try {
        outcome_ = fetch_and_run(memory, lock);
        if (outcome_.fault_code == WH_FAULT_WATCHDOG && watchdog_cycles_ == 0) {
            changed_.wait(lock, [this] { return chip_.stops(); });
        }
    } catch (const std::exception &) {
        if (!lock.owns_lock()) {
            lock.lock();
        }
        broken_ = true;
    }
    busy_ = false;
    if (!chip_.stops()) {
        faulted_ = outcome_.fault_code != WH_FAULT_NONE;
        done_ = !faulted_;
        interrupt_ = true;
    }
    chip_.stop = closing_;
    if (rung_) {
        start();
    }
    changed_.notify_all();
}

/* Commands are looked at before memory is taken for them: their number is the host's word only. */
std::vector<uint64_t> Device::fetch(Regions &regions, const Program &where, Outcome &outcome) {
    std::vector<uint64_t> program;
    for (uint32_t i = 0; i < where.commands; i++) {
        uint64_t words[WH_COMMAND_WORDS] = {};
        try {
            std::memcpy(words, regions.read(where.region, where.offset + uint64_t{i} * sizeof words, sizeof words),
                        sizeof words);
        } catch (const Fault &fault) {
            outcome = {fault.code, i, fault.detail};
            return {};
        }
        program.insert(program.end(), words, words + WH_COMMAND_WORDS);
    }
    return program;
}

Outcome Device::fetch_and_run(Regions &regions, std::unique_lock<std::mutex> &lock) {
    const Program where = {program_region_, program_offset_, program_commands_};
    lock.unlock();
    Outcome outcome;
    std::vector<uint64_t> program = fetch(regions, where, outcome);
    auto job = std::make_unique<Job>(chip_, int8_, workers_, regions, std::move(program));
    lock.lock();
    job_ = std::move(job);
    lock.unlock();
    if (outcome.fault_code == WH_FAULT_NONE) {
        outcome = job_->run();
    }
    lock.lock();
    return outcome;
}

}  // namespace windhover
