// SPDX-License-Identifier: Apache-2.0
#include "xnor.hpp"

#include <cstring>

namespace windhover {

namespace {

constexpr uint64_t SHARED_STEPS = 1 << 12; /* smaller commands are not worth waking threads for */

/* Computes rows of outputs of one command. */
class XnorRows {
  public:
    XnorRows(Chip &chip, const XnorCommand &command)
        : chip_(chip), c_(command), kernels_(Kernels::best()),
          input_(chip, command.in, command.geometry, command.geometry.channel_blocks,
                 command.padding == WH_BINARY_PADDING_PLUS_ONE ? ~uint64_t{0} : 0, 0, Gathered::Order::PIXELS) {
        for (uint32_t group = 0; group < command.groups; group++) {
            groups_.emplace_back(chip, command, group);
        }
        if (command.padding == WH_BINARY_PADDING_ZERO) {
            count_padding();
        }
    }

    void row(uint32_t y) const {
        const uint32_t words = c_.taps() * c_.geometry.channel_blocks;
        std::vector<uint64_t> inverted(size_t{words} * AGREEMENT_PIXELS);
        std::vector<int32_t> base(size_t{AGREEMENT_PIXELS} * c_.groups * c_.lanes);
        int32_t agreements[AGREEMENT_PIXELS * MOST_XNOR_LANES];
        for (uint32_t first = 0; first < c_.geometry.out_columns && !chip_.stops(); first += AGREEMENT_PIXELS) {
            const uint32_t pixels = std::min(AGREEMENT_PIXELS, c_.geometry.out_columns - first);
            const int32_t *bases[AGREEMENT_PIXELS];
            for (uint32_t i = 0; i < pixels; i++) {
                collect(y, first + i, inverted.data() + size_t{i} * words);
                const Taps taps = counted(y, first + i);
                int32_t *own = base.data() + size_t{i} * c_.groups * c_.lanes;
                if (i != 0 && taps == counted(y, first + i - 1)) {
                    bases[i] = bases[i - 1];
                } else {
                    fill_base(taps, own);
                    bases[i] = own;
                }
            }
            for (uint32_t group = 0; group < c_.groups; group++) {
                kernels_.agreements(
                    {inverted.data(), groups_[group].weights.data(), words, c_.lanes, pixels, agreements});
                for (uint32_t i = 0; i < pixels; i++) {
                    write(group, y, first + i, agreements + i * c_.lanes, bases[i] + group * c_.lanes);
                }
            }
        }
    }

  private:
    /* Kernel rows and columns that count at one position. */
    struct Taps {
        uint32_t top, bottom, left, right;
        bool operator==(const Taps &other) const {
            return top == other.top && bottom == other.bottom && left == other.left && right == other.right;
        }
    };

    /* All of them, unless those outside the input count as nothing. */
    Taps counted(uint32_t y, uint32_t x) const {
        const Geometry &g = c_.geometry;
        Taps taps = {0, g.kernel_height, 0, g.kernel_width};
        if (c_.padding == WH_BINARY_PADDING_ZERO) {
            while (taps.top < taps.bottom && g.input_row(y, taps.top) < 0) taps.top++;
            while (taps.bottom > taps.top && g.input_row(y, taps.bottom - 1) >= g.in_rows) taps.bottom--;
            while (taps.left < taps.right && g.input_column(x, taps.left) < 0) taps.left++;
            while (taps.right > taps.left && g.input_column(x, taps.right - 1) >= g.in_columns) taps.right--;
        }
        return taps;
    }

    /* What is added to 2 x agreements of every group and lane: the bias, unless it has a fraction, minus the number of
     * inputs, minus what padding agreed with. */
    void fill_base(const Taps &taps, int32_t *base) const {
        const uint32_t lanes = c_.lanes;
        const uint32_t count = (taps.bottom - taps.top) * (taps.right - taps.left);
        /* Bits beyond last_bits always agree, which adds 2 x their count to what the existing ones give. */
        const int32_t offset = -static_cast<int32_t>(count * (c_.geometry.channel_blocks * 64 + 64 - c_.last_bits));
        for (uint32_t group = 0; group < c_.groups; group++, base += lanes) {
            for (uint32_t lane = 0; lane < lanes; lane++) {
                base[lane] = c_.fraction == 0 ? add_wrapping(groups_[group].bias[lane], offset) : offset;
            }
            for (uint32_t tap = 0; tap < c_.taps() && count != c_.taps(); tap++) {
                const uint32_t ky = tap / c_.geometry.kernel_width;
                const uint32_t kx = tap % c_.geometry.kernel_width;
                if (ky < taps.top || ky >= taps.bottom || kx < taps.left || kx >= taps.right) {
                    const int32_t *padding = padding_.data() + (size_t{group} * c_.taps() + tap) * lanes;
                    for (uint32_t lane = 0; lane < lanes; lane++) {
                        base[lane] -= 2 * padding[lane];
                    }
                }
            }
        }
    }

    /* What the zeros that stand outside the input agree with, per group, tap and lane. */
    void count_padding() {
        const uint32_t blocks = c_.geometry.channel_blocks;
        std::vector<uint64_t> ones(blocks, ~uint64_t{0});
        ones[blocks - 1] = c_.last_mask();
        padding_.resize(size_t{c_.groups} * c_.taps() * c_.lanes);
        for (uint32_t i = 0; i < c_.groups * c_.taps(); i++) {
            const uint64_t *weights = groups_[i / c_.taps()].weights.data() + size_t{i % c_.taps()} * blocks * c_.lanes;
            kernels_.agreements({ones.data(), weights, blocks, c_.lanes, 1, padding_.data() + size_t{i} * c_.lanes});
        }
    }

    void collect(uint32_t y, uint32_t x, uint64_t *inverted) const {
        const Geometry &g = c_.geometry;
        const uint8_t *corner = input_.bytes() + y * g.stride_y * input_.row_bytes +
                                x * g.stride_x * input_.pixel_bytes;
        for (uint32_t ky = 0; ky < g.kernel_height; ky++) {
            for (uint32_t kx = 0; kx < g.kernel_width; kx++) {
                const uint8_t *from = corner + input_.tap_bytes(g, ky, kx);
                for (uint32_t block = 0; block < g.channel_blocks; block++, from += input_.block_bytes) {
                    uint64_t word;
                    std::memcpy(&word, from, 8);
                    *inverted++ = ~word;
                }
                inverted[-1] &= c_.last_mask();
            }
        }
    }

    void write(uint32_t index, uint32_t y, uint32_t x, int32_t *agreements, const int32_t *base) const {
        const XnorGroup &group = groups_[index];
        if (c_.post == WH_POST_BITS) {
            write_bits(index, y, x, kernels_.signs({agreements, base, c_.lanes}) ^ group.invert);
            return;
        }
        for (uint32_t lane = 0; lane < c_.lanes; lane++) {
            agreements[lane] = add_wrapping(2 * agreements[lane], base[lane]);
        }
        if (c_.post == WH_POST_REQUANTISE) {
            write_codes(group, index, y, x, agreements);
        } else {
            write_bytes(index * c_.lanes / 2, c_.lanes / 2, y, x, reinterpret_cast<const uint8_t *>(agreements));
        }
    }

    void write_bits(uint32_t index, uint32_t y, uint32_t x, uint64_t bits) const {
        const uint32_t bit = index * c_.lanes;
        if (bit / 64 < c_.write_blocks) {
            std::memcpy(chip_.word(c_.out, y, bit / 64, x) + bit % 64 / 8, &bits, c_.lanes / 8);
        }
    }

    /* The dot product in units of the bias, plus the bias; clamped to what the accelerator keeps. */
    int32_t biased(const XnorGroup &group, uint32_t lane, int32_t sum) const {
        if (c_.fraction == 0) {
            return sum;
        }
        const int64_t t = int64_t{sum} * (int64_t{1} << c_.fraction) + group.bias[lane];
        return static_cast<int32_t>(std::min<int64_t>(std::max<int64_t>(t, -NARROW_LIMIT - 1), NARROW_LIMIT));
    }

    void write_codes(const XnorGroup &group, uint32_t index, uint32_t y, uint32_t x, const int32_t *sums) const {
        int8_t codes[MOST_XNOR_LANES];
        for (uint32_t lane = 0; lane < c_.lanes; lane++) {
            const int32_t shift = group.shift[lane];
            codes[lane] = c_.output.of(multiply_by_quantised_multiplier(biased(group, lane, sums[lane]),
                                                                        group.multiplier[lane], left_shift(shift),
                                                                        right_shift(shift), NARROW_LIMIT));
        }
        write_bytes(index * c_.lanes / 8, c_.lanes / 8, y, x, reinterpret_cast<const uint8_t *>(codes));
    }

    void write_bytes(uint32_t block, uint32_t blocks, uint32_t y, uint32_t x, const uint8_t *bytes) const {
        for (uint32_t i = 0; i < blocks && block + i < c_.write_blocks; i++) {
            std::memcpy(chip_.word(c_.out, y, block + i, x), bytes + i * 8, 8);
        }
    }

    Chip &chip_;
    const XnorCommand &c_;
    const Kernels &kernels_;
    const Gathered input_;
    std::vector<XnorGroup> groups_;
    std::vector<int32_t> padding_;
};

}  // namespace

void run_xnor(Chip &chip, Workers &workers, Command command) {
    const XnorCommand c = XnorCommand::decode(chip, command);
    const XnorRows rows(chip, c);
    const uint64_t steps = uint64_t{c.geometry.out_rows} * c.geometry.out_columns * c.groups * c.taps() *
                           c.geometry.channel_blocks;
    workers.share(c.geometry.out_rows, steps >= SHARED_STEPS, [&rows](uint32_t y) { rows.row(y); });
}

}  // namespace windhover
