// SPDX-License-Identifier: Apache-2.0
/*
 * The scheme record: the functional model, and a file of what it was asked, for replay.
 *   record:CONFIGURATION?file=FILE
 * FILE holds a job for each doorbell: the register writes since the one before, and all allocated memory as it was
 * then.
 */
#include "recording.hpp"
#include "transport.hpp"

#include "options.hpp"
#include "windhover_contract.h"

#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>

namespace {

class Recorder {
  public:
    Recorder(const std::string &configuration, const std::string &file) : file_name_(file) {
        windhover::check_output_file(file, std::string(recording::MAGIC));
        file_.open(file, std::ios::binary);
        file_ << recording::MAGIC;
        Dl_info self;
        dladdr(reinterpret_cast<void *>(&windhover::check_output_file), &self);
        const auto path = std::filesystem::path(self.dli_fname).parent_path() / "libwindhover-functional.so";
        void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) {
            throw std::runtime_error(path.string() + " cannot be loaded: " + dlerror());
        }
        device_ = reinterpret_cast<decltype(&wh_transport_get)>(dlsym(library, "wh_transport_get"))();
        char message[1024] = "";
        if (device_->open(configuration.c_str(), "", &transport_, message, sizeof message) < 0) {
            throw std::runtime_error(message);
        }
    }
    ~Recorder() { device_->close(transport_); }
    Recorder(const Recorder &) = delete;
    Recorder &operator=(const Recorder &) = delete;

    uint32_t read(uint32_t offset) { return device_->register_read(transport_, offset); }

    void write(uint32_t offset, uint32_t value) {
        job_.writes.push_back({offset, value});
        if (offset == WH_REGISTER_DOORBELL && (value & WH_DOORBELL_START) != 0) {
            for (const auto &[host, block] : allocated_) {
                const auto *bytes = static_cast<const uint8_t *>(host);
                job_.blocks.push_back({block.address, {bytes, bytes + block.bytes}});
            }
            recording::write(file_, job_);
            if (!file_.flush()) {
                std::fprintf(stderr, "record: %s cannot be written\n", file_name_.c_str());
            }
            job_ = {};
        }
        device_->register_write(transport_, offset, value);
    }

    void *allocate(uint64_t bytes, uint64_t &device_address) {
        void *host = nullptr;
        if (device_->memory_allocate(transport_, bytes, &host, &device_address) < 0) {
            return nullptr;
        }
        allocated_[host] = {device_address, bytes};
        return host;
    }

    void release(void *host) {
        allocated_.erase(host);
        device_->memory_free(transport_, host);
    }

    int32_t wait_for_interrupt(int64_t timeout_ns) { return device_->interrupt_wait(transport_, timeout_ns); }

  private:
    struct Extent {
        uint64_t address, bytes;
    };
    const std::string file_name_;
    std::ofstream file_;
    const wh_transport_ops *device_ = nullptr;
    wh_transport *transport_ = nullptr;
    std::map<void *, Extent> allocated_;
    recording::Job job_;
};

std::unique_ptr<Recorder> open_recorder(const std::string &configuration, const std::string &options) {
    return std::make_unique<Recorder>(configuration, windhover::Options(options, {"file"}).text("file"));
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const wh_transport_ops *wh_transport_get(void) {
    return &windhover::Transport<Recorder, open_recorder>::OPERATIONS;
}
