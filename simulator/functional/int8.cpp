// SPDX-License-Identifier: Apache-2.0
#include "int8.hpp"

#include <cstring>
#include <list>

namespace windhover {

namespace {

constexpr size_t REMEMBERED_BYTES = 64 << 20; /* of weights, as they lie in the weight memory */
constexpr uint32_t UNIT_PIXELS = 8 * DENSE_PIXELS;
constexpr uint32_t DEPTHWISE_ROOM = 256;      /* pixels computed at once, unless one row has more */
constexpr uint64_t SHARED_PRODUCTS = 1 << 20; /* smaller commands are not worth waking threads for */

struct Packed {
    Int8Command command;
    PackedWeights weights;
    uint32_t address; /* where they were last found, and when */
    uint64_t version;
};

bool same_arrangement(const Int8Command &a, const Int8Command &b) {
    const Geometry &g = a.geometry;
    const Geometry &h = b.geometry;
    return a.depthwise == b.depthwise && a.groups == b.groups && g.kernel_height == h.kernel_height &&
           g.kernel_width == h.kernel_width && g.channel_blocks == h.channel_blocks &&
           a.window_height == b.window_height && a.window_width == b.window_width;
}

void run_dense(Chip &chip, Workers &workers, const Kernels &kernels, const Int8Command &c,
               const PackedWeights &packed) {
    const Geometry &g = c.geometry;
    const Gathered input(chip, c.in, g, g.channel_blocks, uint64_t{c.pad_value} * 0x0101010101010101u, 0x80,
                         Gathered::Order::PLANES);
    const Int8Post post(chip, kernels, c, packed.most);
    std::vector<size_t> tap_bytes;
    for (uint32_t ky = 0; ky < g.kernel_height; ky++) {
        for (uint32_t kx = 0; kx < g.kernel_width; kx++) {
            tap_bytes.push_back(input.tap_bytes(g, ky, kx));
        }
    }
    const uint32_t rows = g.is_product() ? 1 : g.out_rows;
    const uint32_t row_pixels = g.out_rows * g.out_columns / rows;
    const uint32_t row_units = (row_pixels + UNIT_PIXELS - 1) / UNIT_PIXELS;
    const uint32_t units = row_units * rows;
    const uint32_t quads = (c.groups + 3) / 4;
    const uint64_t quad_bytes = packed.weights.size() / quads;
    const std::function<void(uint32_t)> part = [&](uint32_t index) {
        const uint32_t quad = index % quads;
        const uint32_t row = index / quads / row_units;
        const uint32_t first = index / quads % row_units * UNIT_PIXELS;
        const uint32_t end = std::min(first + UNIT_PIXELS, row_pixels);
        alignas(64) int32_t sums[DENSE_PIXELS * VECTOR_LANES];
        const uint32_t tiles = (end - first + DENSE_PIXELS - 1) / DENSE_PIXELS;
        const uint32_t tile_pixels = (end - first + tiles - 1) /
                                     tiles; /* alike: a tile of few pixels takes as long as one of many */
        for (uint32_t x = first; x < end; x += tile_pixels) {
            const uint32_t pixels = std::min(tile_pixels, end - x);
            kernels.dense({input.bytes() + row * input.row_bytes + x * 8, 8, input.block_bytes, tap_bytes.data(),
                           c.taps(), g.channel_blocks, pixels, packed.weights.data() + quad * quad_bytes,
                           packed.start.data() + quad * VECTOR_LANES, sums});
            post.dense(packed.lanes[quad], quad * 4, row * row_pixels + x, pixels, sums);
        }
    };
    const uint64_t products = uint64_t{g.out_rows} * g.out_columns * c.groups * c.taps() * g.channel_blocks * 64;
    workers.share(units * quads, products >= SHARED_PRODUCTS, part);
}

/* Groups of one depthwise command. Several rows are computed as if they were one, from the first pixel of the first to
 * the last of the last; what falls between two rows is not written. */
class DepthwiseGroups {
  public:
    DepthwiseGroups(Chip &chip, const Kernels &kernels, const Int8Command &command, const PackedWeights &packed)
        : chip_(chip), c_(command), packed_(packed),
          input_(chip, command.in, command.geometry, command.groups, uint64_t{command.pad_value} * 0x0101010101010101u,
                 0x80, Gathered::Order::PLANES),
          post_(chip, kernels, command, packed.most), pitch_(static_cast<uint32_t>(input_.row_bytes / 8)),
          rows_at_once_(std::max(1u, DEPTHWISE_ROOM / pitch_)), tap_bytes_((command.taps() + 3) / 4 * 4) {
        const Geometry &g = command.geometry;
        for (uint32_t tap = 0; tap < command.taps(); tap++) {
            tap_bytes_[tap] = input_.tap_bytes(g, tap / g.kernel_width, tap % g.kernel_width);
        }
    }

    void group(uint32_t index) const {
        const Geometry &g = c_.geometry;
        const uint32_t quads = static_cast<uint32_t>(tap_bytes_.size() / 4);
        static thread_local Scratch scratch;
        scratch.fit(room(), tap_bytes_.size());
        for (uint32_t y = 0; y < g.out_rows && !chip_.stops(); y += rows_at_once_) {
            const uint32_t rows = std::min(rows_at_once_, g.out_rows - y);
            const uint8_t *from = input_.bytes() + index * input_.block_bytes + y * input_.row_bytes;
            for (size_t tap = 0; tap < tap_bytes_.size(); tap++) {
                scratch.taps[tap] = from + tap_bytes_[tap];
            }
            const DepthwiseRow row = {scratch.taps.data(),
                                      quads,
                                      (rows - 1) * pitch_ + g.out_columns,
                                      packed_.weights.data() + size_t{index} * quads * 4 * WH_INT8_LANES,
                                      packed_.start.data() + size_t{index} * WH_INT8_LANES,
                                      scratch.sums.data()};
            post_.depthwise(packed_.lanes[index], index, {y, rows, pitch_}, row, scratch.codes.data());
        }
    }

  private:
    /* One thread's, kept from group to group because allocating takes as long as computing a small one. */
    struct Scratch {
        std::vector<int32_t> sums;
        std::vector<int8_t> codes;
        std::vector<const uint8_t *> taps;

        void fit(size_t room, size_t tap_count) {
            sums.resize(std::max(sums.size(), room));
            codes.resize(std::max(codes.size(), room));
            taps.resize(std::max(taps.size(), tap_count));
        }
    };

    size_t room() const {
        const size_t pixels = size_t{rows_at_once_ - 1} * pitch_ + c_.geometry.out_columns;
        return (pixels + DEPTHWISE_PIXELS - 1) / DEPTHWISE_PIXELS * DEPTHWISE_PIXELS * WH_INT8_LANES;
    }

    const Chip &chip_;
    const Int8Command &c_;
    const PackedWeights &packed_;
    const Gathered input_;
    const Int8Post post_;
    const uint32_t pitch_;
    const uint32_t rows_at_once_;
    std::vector<size_t> tap_bytes_; /* 0 for those that fill the last quad */
};

void run_depthwise(Chip &chip, Workers &workers, const Kernels &kernels, const Int8Command &c,
                   const PackedWeights &packed) {
    const DepthwiseGroups groups(chip, kernels, c, packed);
    const uint64_t products = uint64_t{c.geometry.out_rows} * c.geometry.out_columns * c.groups * c.taps() * 8;
    workers.share(c.groups, products * 8 >= SHARED_PRODUCTS, [&groups](uint32_t group) { groups.group(group); });
}

}  // namespace

struct Int8Engine::State {
    const Kernels &kernels = Kernels::best();
    std::list<Packed> recent; /* latest first */
    size_t recent_bytes = 0;

    const PackedWeights &packed(const Chip &chip, const Int8Command &c) {
        const uint8_t *words = chip.weights.data() + uint64_t{c.weight_address} * WH_WEIGHT_WORD_BYTES;
        const uint64_t bytes = c.groups * c.group_words(chip.configuration) * WH_WEIGHT_WORD_BYTES;
        const uint64_t version = chip.weight_version(c.weight_address, bytes);
        for (auto entry = recent.begin(); entry != recent.end(); ++entry) {
            const bool untouched = entry->address == c.weight_address && entry->version == version;
            if (same_arrangement(entry->command, c) && entry->weights.raw.size() == bytes &&
                (untouched || std::memcmp(entry->weights.raw.data(), words, bytes) == 0)) {
                entry->address = c.weight_address;
                entry->version = version;
                recent.splice(recent.begin(), recent, entry);
                return recent.front().weights;
            }
        }
        recent.push_front({c, {}, c.weight_address, version});
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

}  // namespace windhover
