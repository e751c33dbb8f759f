// SPDX-License-Identifier: Apache-2.0
#include "geometry.hpp"
#include "kernels.hpp"

#include <cstring>
#include <vector>

namespace windhover {

namespace {

struct VectorCommand {
    Geometry geometry;
    Map in, out, b;
    uint32_t operation;
    int32_t multiplier, shift, a_zero, b_zero;
    bool b_broadcast;
    OutputCodes output;

    bool pools() const { return operation <= WH_VECTOR_OPERATION_AVERAGE_POOL; }
    bool has_b() const { return operation == WH_VECTOR_OPERATION_ADD || operation == WH_VECTOR_OPERATION_MULTIPLY; }
};

void check(const Chip &chip, const VectorCommand &c) {
    const Geometry &g = c.geometry;
    require(c.operation <= WH_VECTOR_OPERATION_TABLE && c.in.legal() && c.out.legal());
    require(g.out_rows != 0 && g.out_columns != 0 && g.channel_blocks != 0);
    if (c.pools()) {
        require(g.legal() && g.dilation_y == 1 && g.dilation_x == 1);
        require(c.operation != WH_VECTOR_OPERATION_AVERAGE_POOL ||
                g.kernel_height * g.kernel_width <= WH_AVERAGE_POSITIONS);
        g.check_input(chip, c.in, g.channel_blocks);
    } else {
        chip.check(c.in, 0, g.out_rows, g.channel_blocks, 0, g.out_columns);
    }
    if (c.has_b()) {
        require(c.b.legal() && c.multiplier >= 0);
        chip.check(c.b, 0, c.b_broadcast ? 1 : g.out_rows, g.channel_blocks, 0, c.b_broadcast ? 1 : g.out_columns);
    }
    chip.check(c.out, 0, g.out_rows, g.channel_blocks, 0, g.out_columns);
}

VectorCommand decode(const Chip &chip, Command command) {
    const VectorCommand c = {Geometry::decode(command),
                             Map::decode(command[1]),
                             Map::decode(command[2]),
                             Map::decode(command[6]),
                             static_cast<uint32_t>(wh_vector_operation(command)),
                             static_cast<int32_t>(wh_vector_multiplier(command)),
                             static_cast<int32_t>(wh_vector_shift(command)),
                             static_cast<int32_t>(wh_vector_a_zero(command)),
                             static_cast<int32_t>(wh_vector_b_zero(command)),
                             wh_vector_b_broadcast(command) != 0,
                             {static_cast<int32_t>(wh_vector_zero_point(command)),
                              static_cast<int32_t>(wh_vector_clamp_min(command)),
                              static_cast<int32_t>(wh_vector_clamp_max(command))}};
    check(chip, c);
    return c;
}

/* Valid positions of one window along one axis: taps [first, end). */
struct Taps {
    uint32_t first, end;

    Taps(int64_t start, uint32_t kernel, uint32_t size)
        : first(static_cast<uint32_t>(std::min<int64_t>(std::max<int64_t>(0, -start), kernel))),
          end(static_cast<uint32_t>(std::max<int64_t>(first, std::min<int64_t>(kernel, size - start)))) {}
};

void pool_word(Chip &chip, const VectorCommand &c, uint32_t y, uint32_t block, uint32_t x, uint8_t *out) {
    const Geometry &g = c.geometry;
    const Taps rows(g.input_row(y, 0), g.kernel_height, g.in_rows);
    const Taps columns(g.input_column(x, 0), g.kernel_width, g.in_columns);
    int32_t sums[8] = {};
    int8_t greatest[8];
    std::memset(greatest, INT8_MIN, 8);
    uint64_t any = 0;
    for (uint32_t ky = rows.first; ky < rows.end; ky++) {
        for (uint32_t kx = columns.first; kx < columns.end; kx++) {
            const uint8_t *word = chip.word(c.in, static_cast<uint32_t>(g.input_row(y, ky)), block,
                                            static_cast<uint32_t>(g.input_column(x, kx)));
            int8_t codes[8];
            uint64_t bits;
            std::memcpy(codes, word, 8);
            std::memcpy(&bits, word, 8);
            any |= bits;
            for (uint32_t i = 0; i < 8; i++) {
                sums[i] += codes[i];
                greatest[i] = std::max(greatest[i], codes[i]);
            }
        }
    }
    if (c.operation == WH_VECTOR_OPERATION_OR_POOL) {
        std::memcpy(out, &any, 8);
        return;
    }
    const int32_t count = static_cast<int32_t>((rows.end - rows.first) * (columns.end - columns.first));
    const OutputCodes clamp = {0, c.output.clamp_min, c.output.clamp_max};
    for (uint32_t i = 0; i < 8; i++) {
        int32_t value = greatest[i];
        if (c.operation == WH_VECTOR_OPERATION_AVERAGE_POOL) {
            value = count == 0 ? 0 : (sums[i] + (sums[i] > 0 ? count / 2 : -(count / 2))) / count;
        }
        out[i] = static_cast<uint8_t>(clamp.of(value));
    }
}

/* codes of operator results for `count` codes of each operand. */
void element_wise(const Chip &chip, const VectorCommand &c, const int8_t *a, const int8_t *b, uint32_t count,
                  int32_t *values, int8_t *codes) {
    switch (c.operation) {
    case WH_VECTOR_OPERATION_TABLE:
        for (uint32_t i = 0; i < count; i++) {
            codes[i] = static_cast<int8_t>(chip.rescale[a[i] + 128]);
        }
        return;
    case WH_VECTOR_OPERATION_ADD:
        for (uint32_t i = 0; i < count; i++) {
            values[i] = add_wrapping(chip.rescale[a[i] + 128], chip.rescale[256 + b[i] + 128]);
        }
        break;
    default:
        for (uint32_t i = 0; i < count; i++) {
            values[i] = (a[i] - c.a_zero) * (b[i] - c.b_zero);
        }
        break;
    }
    requantise_all(values, count, c.multiplier, c.shift, c.output, codes);
}

}  // namespace

void run_vector(Chip &chip, Command command) {
    const VectorCommand c = decode(chip, command);
    const Geometry &g = c.geometry;
    const uint32_t count = g.out_columns * 8;
    std::vector<int8_t> a(count);
    std::vector<int8_t> b(count);
    std::vector<int8_t> codes(count);
    std::vector<int32_t> values(count);
    const auto bytes = [](std::vector<int8_t> &codes_of) { return reinterpret_cast<uint8_t *>(codes_of.data()); };
    for (uint32_t y = 0; y < g.out_rows; y++) {
        for (uint32_t block = 0; block < g.channel_blocks; block++) {
            chip.check_stop();
            if (c.pools()) {
                for (uint32_t x = 0; x < g.out_columns; x++) {
                    chip.check_stop();
                    pool_word(chip, c, y, block, x, bytes(codes) + x * 8);
                }
            } else {
                chip.read_row(c.in, y, block, 0, g.out_columns, 0, bytes(a));
                if (c.has_b() && !c.b_broadcast) {
                    chip.read_row(c.b, y, block, 0, g.out_columns, 0, bytes(b));
                } else if (c.has_b()) {
                    for (uint32_t x = 0; x < g.out_columns; x++) {
                        std::memcpy(bytes(b) + x * 8, chip.word(c.b, 0, block, 0), 8);
                    }
                }
                element_wise(chip, c, a.data(), b.data(), count, values.data(), codes.data());
            }
            chip.write_row(c.out, y, block, 0, g.out_columns, bytes(codes), 8);
        }
    }
}

}  // namespace windhover
