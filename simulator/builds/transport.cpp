// SPDX-License-Identifier: Apache-2.0
/*
 * The scheme rtl. The simulated accelerator has one build for each configuration, and a second one that writes
 * waveforms. This transport loads the build that a locator asks for and passes every call on to it.
 */
#include "transport.hpp"

#include <dlfcn.h>
#include <filesystem>
#include <stdexcept>
#include <unistd.h>

namespace {

/* The builds lie beside this library. */
std::filesystem::path folder() {
    Dl_info self;
    dladdr(reinterpret_cast<void *>(&folder), &self);
    return std::filesystem::path(self.dli_fname).parent_path();
}

std::string file_name(const std::string &configuration, const std::string &options) {
    const bool waveform = ("&" + options).find("&wave=") != std::string::npos;
    return "libwindhover-rtl-" + configuration + (waveform ? "-trace.so" : ".so");
}

struct Unload {
    void operator()(void *library) const { dlclose(library); }
};

using Library = std::unique_ptr<void, Unload>;

Library load(const std::string &configuration, const std::string &options) {
    const std::string name = file_name(configuration, options);
    const auto path = folder() / name;
    if (access(path.c_str(), R_OK) != 0) {
        throw std::invalid_argument("no device 'rtl:" + configuration + (options.empty() ? "" : "?") + options +
                                    "': " + name + " is not in " + folder().string() +
                                    "; build it if there is such a device, or choose another");
    }
    Library library(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL));
    if (library == nullptr) {
        throw std::runtime_error(path.string() + " cannot be loaded: " + dlerror());
    }
    return library;
}

const wh_transport_ops &operations(const Library &library) {
    const auto get = reinterpret_cast<decltype(&wh_transport_get)>(dlsym(library.get(), "wh_transport_get"));
    if (get == nullptr || get()->abi != WH_TRANSPORT_ABI) {
        throw std::runtime_error("the build of the simulated accelerator is not a transport of ABI " +
                                 std::to_string(WH_TRANSPORT_ABI) + "; rebuild it");
    }
    return *get();
}

class Build {
  public:
    Build(const std::string &configuration, const std::string &options)
        : library_(load(configuration, options)), build_(operations(library_)) {
        char message[1024] = "";
        if (build_.open(configuration.c_str(), options.c_str(), &transport_, message, sizeof message) < 0) {
            throw std::runtime_error(message);
        }
    }
    ~Build() { build_.close(transport_); }
    Build(const Build &) = delete;
    Build &operator=(const Build &) = delete;

    uint32_t read(uint32_t offset_bytes) { return build_.register_read(transport_, offset_bytes); }
    void write(uint32_t offset_bytes, uint32_t value) { build_.register_write(transport_, offset_bytes, value); }
    void *allocate(uint64_t bytes, uint64_t &device_address) {
        void *host = nullptr;
        return build_.memory_allocate(transport_, bytes, &host, &device_address) < 0 ? nullptr : host;
    }
    void release(void *host) { build_.memory_free(transport_, host); }
    int32_t wait_for_interrupt(int64_t timeout_ns) { return build_.interrupt_wait(transport_, timeout_ns); }

  private:
    const Library library_;
    const wh_transport_ops &build_;
    wh_transport *transport_ = nullptr;
};

std::unique_ptr<Build> open_build(const std::string &configuration, const std::string &options) {
    return std::make_unique<Build>(configuration.empty() ? windhover::DEFAULT_CONFIGURATION : configuration, options);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const wh_transport_ops *wh_transport_get(void) {
    return &windhover::Transport<Build, open_build>::OPERATIONS;
}
