#include "int8.hpp"

#include <cstring>
#include <list>

namespace windhover {

namespace {

constexpr size_t REMEMBERED = 64;
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

void run_dense(Chip &chip, Workers &workers, DenseKernel kernel, const Int8Command &c, const PackedWeights &packed) {
    const Geometry &g = c.geometry;
    const Gathered input(chip, c.in, g, g.channel_blocks, uint64_t{c.pad_value} * 0x0101010101010101u, 0x80);
    const Int8Post post(chip, c);
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
            kernel({input.bytes() + size_t{row} * g.stride_y * input.row_bytes + size_t{x} * g.stride_x * 8,
                    size_t{g.stride_x} * 8, input.block_bytes, tap_bytes.data(), c.taps(), g.channel_blocks, pixels,
                    packed.weights.data() + quad * quad_bytes, packed.start.data() + quad * VECTOR_LANES, sums});
            post.dense(packed.lanes[quad], quad * 4, row * row_pixels + x, pixels, sums);
        }
    };
    const uint64_t products = uint64_t{g.out_rows} * g.out_columns * c.groups * c.taps() * g.channel_blocks * 64;
    if (products < SHARED_PRODUCTS) {
        for (uint32_t i = 0; i < units * quads; i++) {
            part(i);
        }
    } else {
        workers.share(units * quads, part);
    }
}

void run_depthwise(Chip &chip, Workers &workers, const Int8Command &c, const PackedWeights &packed) {
    const Geometry &g = c.geometry;
    const Gathered input(chip, c.in, g, c.groups, uint64_t{c.pad_value} * 0x0101010101010101u, 0);
    const Int8Post post(chip, c);
    const size_t output_row_bytes = input.one_row ? size_t{g.out_columns} * 8 : size_t{g.stride_y} * input.row_bytes;
    workers.share(g.out_rows, [&](uint32_t row) {
        std::vector<int32_t> sums((size_t{g.out_columns} + 3) / 4 * 32);
        std::vector<int8_t> strided(size_t{g.out_columns} * 8);
        const int8_t *weights = packed.weights.data();
        for (uint32_t group = 0; group < c.groups; group++) {
            std::fill(sums.begin(), sums.end(), 0);
            for (uint32_t ky = 0; ky < g.kernel_height; ky++) {
                const uint8_t *line = input.bytes() + row * output_row_bytes
                    + size_t{ky} * g.dilation_y * input.row_bytes + group * input.block_bytes;
                for (uint32_t kx = 0; kx < g.kernel_width; kx++, weights += 8) {
                    const uint8_t *from = line + size_t{kx} * g.dilation_x * 8;
                    if (g.stride_x != 1) {
                        for (uint32_t x = 0; x < g.out_columns; x++) {
                            std::memcpy(strided.data() + x * 8, from + size_t{x} * g.stride_x * 8, 8);
                        }
                        from = reinterpret_cast<const uint8_t *>(strided.data());
                    }
                    depthwise_tap(reinterpret_cast<const int8_t *>(from), weights, g.out_columns, sums.data());
                }
            }
            post.depthwise(packed.lanes[group], group, row * g.out_columns, g.out_columns, sums.data());
        }
    });
}

}

struct Int8Engine::State {
    DenseKernel kernel = choose_dense_kernel();
    std::list<Packed> recent; /* latest first */

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
        if (recent.size() > REMEMBERED) {
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
        run_depthwise(chip, workers, c, packed);
    } else {
        run_dense(chip, workers, state_->kernel, c, packed);
    }
}

}
