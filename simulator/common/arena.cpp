// SPDX-License-Identifier: Apache-2.0
#include "arena.hpp"

#include <sys/mman.h>

#include <new>

namespace windhover {

static uint64_t to_pages(uint64_t bytes) {
    return (bytes + Arena::PAGE_BYTES - 1) / Arena::PAGE_BYTES * Arena::PAGE_BYTES;
}

Arena::Arena(uint64_t bytes) : memory_(nullptr), bytes_(to_pages(bytes)) {
    if (bytes_ > SIZE_MAX) {
        throw std::bad_alloc();
    }
    void *memory = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        throw std::bad_alloc();
    }
    memory_ = static_cast<uint8_t *>(memory);
}

Arena::~Arena() { munmap(memory_, bytes_); }

uint8_t *Arena::allocate(uint64_t bytes) {
    if (bytes == 0 || bytes > bytes_) {
        return nullptr;
    }
    const uint64_t wanted = to_pages(bytes);
    uint64_t start = 0;
    for (const auto &[offset, used] : allocations_) {
        if (offset - start >= wanted) {
            break;
        }
        start = offset + used;
    }
    if (bytes_ - start < wanted) {
        return nullptr;
    }
    allocations_[start] = wanted;
    return memory_ + start;
}

bool Arena::release(void *host) {
    const auto found = allocations_.find(static_cast<uint64_t>(static_cast<uint8_t *>(host) - memory_));
    if (found == allocations_.end()) {
        return false;
    }
    madvise(host, found->second, MADV_DONTNEED);
    allocations_.erase(found);
    return true;
}

uint8_t *Arena::find(uint64_t address, uint64_t bytes) const {
    if (address < BASE || address - BASE >= bytes_) {
        return nullptr;
    }
    const uint64_t offset = address - BASE;
    auto after = allocations_.upper_bound(offset);
    if (after == allocations_.begin()) {
        return nullptr;
    }
    --after;
    const uint64_t inside = offset - after->first;
    if (inside >= after->second || after->second - inside < bytes) {
        return nullptr;
    }
    return memory_ + offset;
}

}  // namespace windhover
