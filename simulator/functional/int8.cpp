#include "int8.hpp"

#include <cstring>
#include <list>

namespace windhover {

namespace {

constexpr size_t REMEMBERED_BYTES = 64 << 20; /* of weights, as they lie in the weight memory */
constexpr uint32_t UNIT_PIXELS = 8 * DENSE_PIXELS;
constexpr uint64_t SHARED_PRODUCTS = 1 << 20; /* smaller commands are not worth waking threads for */

struct Packed {
    Int8Command command;
    PackedWeights weights;
};

bool same_arrangement(const Int8Command &a, const Int8Command &b) {
    const Geometry &g = a.geometry;
    const Geometry &h = b.geometry;
    return a.depthwise == b.depthwise && a.groups == b.groups && g.kernel_height == h.kernel_height
        && g.kernel_width == h.kernel_width && g.channel_blocks == h.channel_blocks
        && a.window_height == b.window_height && a.window_width == b.window_width;
}

void run_dense(Chip &chip, Workers &workers, const Kernels &kernels, const Int8Command &c, const PackedWeights &packed) {
    const Geometry &g = c.geometry;
    const Gathered input(chip, c.in, g, g.channel_blocks, uint64_t{c.pad_value} * 0x0101010101010101u, 0x80);
    const Int8Post post(chip, kernels, c);
    std::vector<size_t> tap_bytes;
    for (uint32_t ky = 0; ky < g.kernel_height; ky++) {
        for (uint32_t kx = 0; kx < g.kernel_width; kx++) {
            tap_bytes.push_back(size_t{ky} * g.dilation_y * input.row_bytes + size_t{kx} * g.dilation_x * 8);
        }
    }
    const uint32_t row_pixels = input.one_row ? g.out_rows * g.out_columns : g.out_columns;
    const uint32_t row_units = (row_pixels + UNIT_PIXELS - 1) / UNIT_PIXELS;
    const uint32_t units = row_units * (input.one_row ? 1 : g.out_rows);
    const uint32_t quads = (c.groups + 3) / 4;
    const uint64_t quad_bytes = packed.weights.size() / quads;
    const std::function<void(uint32_t)> part = [&](uint32_t index) {
        const uint32_t quad = index % quads;
        const uint32_t row = index / quads / row_units;
        const uint32_t first = index / quads % row_units * UNIT_PIXELS;
        const uint32_t end = std::min(first + UNIT_PIXELS, row_pixels);
        alignas(64) int32_t sums[DENSE_PIXELS * VECTOR_LANES];
        for (uint32_t x = first; x < end; x += DENSE_PIXELS) {
            const uint32_t pixels = std::min(DENSE_PIXELS, end - x);
            kernels.dense({input.bytes() + size_t{row} * g.stride_y * input.row_bytes + size_t{x} * g.stride_x * 8,
                    size_t{g.stride_x} * 8, input.block_bytes, tap_bytes.data(), c.taps(), g.channel_blocks, pixels,
                    packed.weights.data() + quad * quad_bytes, packed.start.data() + quad * VECTOR_LANES, sums});
            post.dense(packed.lanes[quad], quad * 4, row * row_pixels + x, pixels, sums);
        }
    };
    const uint64_t products = uint64_t{g.out_rows} * g.out_columns * c.groups * c.taps() * g.channel_blocks * 64;
    workers.share(units * quads, products >= SHARED_PRODUCTS, part);
}

/* Rows of one depthwise command. */
class DepthwiseRows {
public:
    DepthwiseRows(Chip &chip, const Kernels &kernels, const Int8Command &command, const PackedWeights &packed)
        : kernels_(kernels), c_(command), packed_(packed),
          input_(chip, command.in, command.geometry, command.groups, uint64_t{command.pad_value} * 0x0101010101010101u,
                 0x80),
          post_(chip, kernels, command), tap_bytes_((command.taps() + 3) / 4 * 4) {
        const Geometry &g = command.geometry;
        for (uint32_t tap = 0; tap < command.taps(); tap++) {
            tap_bytes_[tap] = size_t{tap / g.kernel_width} * g.dilation_y * input_.row_bytes + size_t{tap % g.kernel_width} * g.dilation_x * 8;
        }
    }

    void row(uint32_t y) const {
        const Geometry &g = c_.geometry;
        const uint32_t quads = (c_.taps() + 3) / 4;
        const size_t room = (size_t{g.out_columns} + DEPTHWISE_PIXELS - 1) / DEPTHWISE_PIXELS * DEPTHWISE_PIXELS * 8;
        std::vector<int32_t> sums(room);
        std::vector<uint8_t> strided(g.stride_x == 1 ? 0 : room * c_.taps());
        std::vector<const uint8_t *> taps(quads * 4);
        const size_t row_bytes = input_.one_row ? size_t{g.out_columns} * 8 : size_t{g.stride_y} * input_.row_bytes;
        const uint8_t *from = input_.bytes() + y * row_bytes;
        for (uint32_t group = 0; group < c_.groups; group++, from += input_.block_bytes) {
            for (uint32_t tap = 0; tap < quads * 4; tap++) {
                taps[tap] = from + tap_bytes_[tap];
                if (g.stride_x != 1 && tap < c_.taps()) {
                    gather(taps[tap], strided.data() + tap * room);
                    taps[tap] = strided.data() + tap * room;
                }
            }
            kernels_.depthwise({taps.data(), quads, g.out_columns,
                                packed_.weights.data() + size_t{group} * quads * 4 * WH_INT8_LANES,
                                packed_.start.data() + size_t{group} * WH_INT8_LANES, sums.data()});
            post_.depthwise(packed_.lanes[group], group, y * g.out_columns, g.out_columns, sums.data());
        }
    }

private:
    void gather(const uint8_t *from, uint8_t *to) const {
        const size_t step = size_t{c_.geometry.stride_x} * 8;
        for (uint32_t x = 0; x < c_.geometry.out_columns; x++) {
            std::memcpy(to + x * 8, from + x * step, 8);
        }
    }

    const Kernels &kernels_;
    const Int8Command &c_;
    const PackedWeights &packed_;
    const Gathered input_;
    const Int8Post post_;
    std::vector<size_t> tap_bytes_; /* from the first tap; 0 for those that fill the last quad */
};

void run_depthwise(Chip &chip, Workers &workers, const Kernels &kernels, const Int8Command &c,
                   const PackedWeights &packed) {
    const DepthwiseRows rows(chip, kernels, c, packed);
    const uint64_t products = uint64_t{c.geometry.out_rows} * c.geometry.out_columns * c.groups * c.taps() * 8;
    workers.share(c.geometry.out_rows, products * 8 >= SHARED_PRODUCTS, [&rows](uint32_t y) { rows.row(y); });
}

}

struct Int8Engine::State {
    const Kernels &kernels = Kernels::best();
    std::list<Packed> recent; /* latest first */
    size_t recent_bytes = 0;

    const PackedWeights &packed(const Chip &chip, const Int8Command &c) {
        const uint8_t *words = chip.weights.data() + uint64_t{c.weight_address} * WH_WEIGHT_WORD_BYTES;
        const uint64_t bytes = c.groups * c.group_words(chip.configuration) * WH_WEIGHT_WORD_BYTES;
        for (auto entry = recent.begin(); entry != recent.end(); ++entry) {
            if (same_arrangement(entry->command, c) && entry->weights.raw.size() == bytes
                && std::memcmp(entry->weights.raw.data(), words, bytes) == 0) {
                recent.splice(recent.begin(), recent, entry);
                return recent.front().weights;
            }
        }
        recent.push_front({c, {}});
        recent.front().weights.pack(c, chip.configuration, words, bytes);
        recent_bytes += bytes;
        while (recent_bytes > REMEMBERED_BYTES && recent.size() > 1) {
            recent_bytes -= recent.back().weights.raw.size();
            recent.pop_back();
        }
        return recent.front().weights;
    }
};

Int8Engine::Int8Engine() : state_(new State) {}
Int8Engine::~Int8Engine() = default;

void Int8Engine::run(Chip &chip, Workers &workers, Command command) {
    const Int8Command c = Int8Command::decode(chip, command);
    const PackedWeights &packed = state_->packed(chip, c);
    if (c.depthwise) {
        run_depthwise(chip, workers, state_->kernels, c, packed);
    } else {
        run_dense(chip, workers, state_->kernels, c, packed);
    }
}

}
