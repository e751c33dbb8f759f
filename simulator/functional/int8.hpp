// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "geometry.hpp"
#include "kernels.hpp"

#include <cstdint>
#include <vector>

namespace windhover {

/* One INT8_CONVOLUTION, decoded and found legal. */
struct Int8Command {
    Geometry geometry;
    Map in, out;
    uint32_t groups, tile, weight_address, post, window_height, window_width;
    bool depthwise, flatten, accumulate, keep, table, one_set;
    bool pairs; /* two pixels a position */
    int32_t limit;
    uint8_t pad_value;
    OutputCodes output;

    static Int8Command decode(const Chip &chip, Command command);
    uint64_t positions() const;
    uint32_t taps() const { return geometry.kernel_height * geometry.kernel_width; }
    uint64_t sets(const Configuration &configuration) const;
    uint64_t group_words(const Configuration &configuration) const;
    uint32_t out_blocks() const;
};

/* Weights and parameters of a command, rearranged for the kernels. */
struct PackedWeights {
    std::vector<uint8_t> raw;          /* what they were made from */
    std::vector<LaneParameters> lanes; /* dense: per four groups; depthwise: per group, its 8 lanes four times */
    std::vector<int8_t> weights;       /* as DenseTile, per four groups, or DepthwiseRow, per group */
    std::vector<int32_t> start;        /* likewise */
    int32_t most;                      /* no lane's products and bias sum up to more, or less than its negative */

    void pack(const Int8Command &command, const Configuration &configuration, const uint8_t *words, uint64_t bytes);

  private:
    int32_t bound(bool depthwise) const;
    void pack_dense(const Int8Command &command, uint32_t reduction, const uint8_t *words, uint64_t group_bytes);
    void pack_depthwise(const Int8Command &command, uint32_t reduction, const uint8_t *words, uint64_t group_bytes);
};

/* Rows of outputs whose first pixels are pitch pixels apart. */
struct OutputRows {
    uint32_t first, count, pitch;
};

/* Turns sums into words of the output map, or partial sums. */
class Int8Post {
  public:
    Int8Post(Chip &chip, const Kernels &kernels, const Int8Command &command, int32_t most)
        : chip_(chip), kernels_(kernels), command_(command), most_(command.accumulate ? INT32_MAX : most) {}

    /* sums[pixel][32] of four groups from `group` on, pixels `pixel`.. in raster order. */
    void dense(const LaneParameters &lanes, uint32_t group, uint32_t pixel, uint32_t pixels, int32_t *sums) const;
    /* Computes row, which makes up rows of one group, too. codes has as much room as row.sums. */
    void depthwise(const LaneParameters &lanes, uint32_t group, const OutputRows &rows, const DepthwiseRow &row,
                   int8_t *codes) const;

  private:
    void partial(uint32_t pixel, uint32_t pixels, uint32_t sums_stride, int32_t *sums) const;
    void finish(const LaneParameters &lanes, uint32_t group, uint32_t groups, uint32_t pixel, uint32_t pixels,
                uint32_t sums_stride, int32_t *sums) const;
    void write_rows(uint32_t group, const OutputRows &rows, int8_t *codes) const;
    void look_up(int8_t *codes, size_t count) const;
    void write_bits(const LaneParameters &lanes, uint32_t lane, uint32_t group, uint32_t pixel,
                    const int32_t *sums) const;
    void write_raw(const LaneParameters &lanes, uint32_t lane, uint32_t group, uint32_t pixel,
                   const int32_t *sums) const;

    Chip &chip_;
    const Kernels &kernels_;
    const Int8Command &command_;
    const int32_t most_;
};

}  // namespace windhover
