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
                 command.padding == WH_BINARY_PADDING_PLUS_ONE ? ~uint64_t{0} : 0, 0) {
        for (uint32_t group = 0; group < command.groups; group++) {
            groups_.emplace_back(chip, command, group);
        }
    }

    void row(uint32_t y) const {
        std::vector<uint64_t> words(size_t{c_.taps()} * c_.geometry.channel_blocks);
        for (uint32_t x = 0; x < c_.geometry.out_columns; x++) {
            collect(y, x, words.data());
            for (uint32_t group = 0; group < c_.groups; group++) {
                int32_t sums[MOST_XNOR_LANES];
                sum(groups_[group], y, x, words.data(), sums);
                write(groups_[group], group, y, x, sums);
            }
        }
    }

private:
    void collect(uint32_t y, uint32_t x, uint64_t *words) const {
        const Geometry &g = c_.geometry;
        const uint8_t *corner = input_.one_row
            ? input_.bytes() + (size_t{y} * g.out_columns + x) * 8
            : input_.bytes() + size_t{y} * g.stride_y * input_.row_bytes + size_t{x} * g.stride_x * 8;
        for (uint32_t ky = 0; ky < g.kernel_height; ky++) {
            for (uint32_t kx = 0; kx < g.kernel_width; kx++) {
                const uint8_t *from =
                    corner + size_t{ky} * g.dilation_y * input_.row_bytes + size_t{kx} * g.dilation_x * 8;
                for (uint32_t block = 0; block < g.channel_blocks; block++, from += input_.block_bytes) {
                    std::memcpy(words++, from, 8);
                }
                words[-1] |= ~c_.last_mask();
            }
        }
    }

    /* Sums of all lanes without bias: 2 x agreements - inputs, over the taps that count. */
    void sum(const XnorGroup &group, uint32_t y, uint32_t x, const uint64_t *words, int32_t *sums) const {
        const Geometry &g = c_.geometry;
        int64_t agreements[MOST_XNOR_LANES] = {};
        uint64_t taps = 0;
        const auto add = [&](uint32_t tap, uint32_t count) {
            const size_t step = size_t{tap} * g.channel_blocks;
            kernels_.agreements({words + step, group.weights.data() + step * c_.lanes, count * g.channel_blocks, c_.lanes,
                                 agreements});
            taps += count;
        };
        if (c_.padding != WH_BINARY_PADDING_ZERO || inside(y, x)) {
            add(0, c_.taps());
        } else {
            for (uint32_t tap = 0; tap < c_.taps(); tap++) {
                const int64_t iy = g.input_row(y, tap / g.kernel_width);
                const int64_t ix = g.input_column(x, tap % g.kernel_width);
                if (iy >= 0 && iy < g.in_rows && ix >= 0 && ix < g.in_columns) {
                    add(tap, 1);
                }
            }
        }
        const int64_t counted = static_cast<int64_t>(taps * g.channel_blocks * 64);
        const int64_t always = static_cast<int64_t>(taps * (64 - c_.last_bits));
        for (uint32_t lane = 0; lane < c_.lanes; lane++) {
            sums[lane] = static_cast<int32_t>(2 * (agreements[lane] - always) - (counted - always));
        }
    }

    bool inside(uint32_t y, uint32_t x) const {
        const Geometry &g = c_.geometry;
        return g.input_row(y, 0) >= 0 && g.input_row(y, g.kernel_height - 1) < g.in_rows && g.input_column(x, 0) >= 0
            && g.input_column(x, g.kernel_width - 1) < g.in_columns;
    }

    void write(const XnorGroup &group, uint32_t index, uint32_t y, uint32_t x, int32_t *sums) const {
        for (uint32_t lane = 0; lane < c_.lanes; lane++) {
            sums[lane] = add_wrapping(sums[lane], group.bias[lane]);
        }
        switch (c_.post) {
        case WH_POST_BITS: write_bits(group, index, y, x, sums); break;
        case WH_POST_REQUANTISE: write_codes(group, index, y, x, sums); break;
        default: write_bytes(index * c_.lanes / 2, c_.lanes / 2, y, x, reinterpret_cast<const uint8_t *>(sums)); break;
        }
    }

    void write_bits(const XnorGroup &group, uint32_t index, uint32_t y, uint32_t x, const int32_t *sums) const {
        uint64_t bits = 0;
        for (uint32_t lane = 0; lane < c_.lanes; lane++) {
            bits |= uint64_t{sums[lane] >= 0} << lane;
        }
        bits ^= group.invert;
        const uint32_t bit = index * c_.lanes;
        if (bit / 64 < c_.write_blocks) {
            std::memcpy(chip_.word(c_.out, y, bit / 64, x) + bit % 64 / 8, &bits, c_.lanes / 8);
        }
    }

    void write_codes(const XnorGroup &group, uint32_t index, uint32_t y, uint32_t x, const int32_t *sums) const {
        int8_t codes[MOST_XNOR_LANES];
        for (uint32_t lane = 0; lane < c_.lanes; lane++) {
            const int32_t shift = group.shift[lane];
            codes[lane] = c_.output.of(multiply_by_quantised_multiplier(
                sums[lane], group.multiplier[lane], left_shift(shift), right_shift(shift), NARROW_LIMIT));
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
};

}

void run_xnor(Chip &chip, Workers &workers, Command command) {
    const XnorCommand c = XnorCommand::decode(chip, command);
    const XnorRows rows(chip, c);
    const uint64_t steps = uint64_t{c.geometry.out_rows} * c.geometry.out_columns * c.groups * c.taps() * c.geometry.channel_blocks;
    workers.share(c.geometry.out_rows, steps >= SHARED_STEPS, [&rows](uint32_t y) { rows.row(y); });
}

}
