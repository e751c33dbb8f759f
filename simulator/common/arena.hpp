// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>

namespace windhover {

/* Device memory: one lazily committed reservation. Device address = BASE + offset in the reservation. Not thread-safe.
 */
class Arena {
  public:
    static constexpr uint64_t BASE = 0x10000000;
    static constexpr uint64_t PAGE_BYTES = 4096;

    explicit Arena(uint64_t bytes);
    ~Arena();
    Arena(const Arena &) = delete;
    Arena &operator=(const Arena &) = delete;

    /* Zeroed and page-aligned; nullptr when there is no room or bytes is 0. */
    uint8_t *allocate(uint64_t bytes);
    /* Returns false when host is not the start of an allocation. */
    bool release(void *host);

    uint64_t device_address(const uint8_t *host) const { return BASE + static_cast<uint64_t>(host - memory_); }
    /* Host address of [address, address + bytes), or nullptr unless one allocation holds all of it. */
    uint8_t *find(uint64_t address, uint64_t bytes) const;

  private:
    uint8_t *memory_;
    uint64_t bytes_;
    std::map<uint64_t, uint64_t> allocations_; /* offset -> bytes, both multiples of PAGE_BYTES */
};

}  // namespace windhover
