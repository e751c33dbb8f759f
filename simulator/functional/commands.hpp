// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chip.hpp"
#include "workers.hpp"

#include <cstdint>
#include <memory>

namespace windhover {

using Command = const uint64_t *; /* WH_COMMAND_WORDS words */

/* The job's view of device memory. Spans are checked: they throw OUT_OF_REGION, or READ_ERROR or WRITE_ERROR where
 * memory ends. */
class Regions {
  public:
    virtual ~Regions() = default;
    virtual const uint8_t *read(uint32_t region, uint64_t offset, uint64_t bytes) = 0;
    virtual uint8_t *write(uint32_t region, uint64_t offset, uint64_t bytes) = 0;
    virtual bool writable(uint32_t region) const = 0;
};

inline void require(bool legal) {
    if (!legal) {
        throw Fault{WH_FAULT_ILLEGAL_COMMAND, 0};
    }
}

/* Each executes one command completely or throws Fault, or Stopped. */
void load_map(Chip &chip, Regions &regions, Command command);
void load_patch(Chip &chip, Regions &regions, Command command);
void load_weights(Chip &chip, Regions &regions, Command command);
void load_table(Chip &chip, Regions &regions, Command command);
void store_map(Chip &chip, Regions &regions, Command command);
void run_vector(Chip &chip, Command command);
void run_xnor(Chip &chip, Workers &workers, Command command);

/* INT8_CONVOLUTION, with the rearranged weights of recent commands. */
class Int8Engine {
  public:
    Int8Engine();
    ~Int8Engine();
    void run(Chip &chip, Workers &workers, Command command);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace windhover
