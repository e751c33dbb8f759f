// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

namespace windhover {

/* Words 3 and 4 of INT8_CONVOLUTION, XNOR_CONVOLUTION and VECTOR, which name the same fields. */
struct Geometry {
    uint32_t in_rows, in_columns, out_rows, out_columns;
    uint32_t kernel_height, kernel_width, stride_y, stride_x, dilation_y, dilation_x, channel_blocks;
    int32_t pad_top, pad_left;

    static Geometry decode(Command command);
    bool legal() const {
        return in_rows != 0 && in_columns != 0 && out_rows != 0 && out_columns != 0 && kernel_height != 0 &&
               kernel_width != 0 && stride_y != 0 && stride_x != 0 && dilation_y != 0 && dilation_x != 0;
    }
    int64_t input_row(uint32_t out_row, uint32_t tap) const {
        return int64_t{out_row} * stride_y + int64_t{tap} * dilation_y - pad_top;
    }
    int64_t input_column(uint32_t out_column, uint32_t tap) const {
        return int64_t{out_column} * stride_x + int64_t{tap} * dilation_x - pad_left;
    }
    /* Rows and columns an output touches, padding included. */
    uint64_t window_rows() const { return uint64_t{kernel_height - 1} * dilation_y + 1; }
    uint64_t window_columns() const { return uint64_t{kernel_width - 1} * dilation_x + 1; }
    uint64_t touched_rows() const { return uint64_t{out_rows - 1} * stride_y + window_rows(); }
    uint64_t touched_columns() const { return uint64_t{out_columns - 1} * stride_x + window_columns(); }

    /* Outputs are products of single pixels, row by row as they lie. */
    bool is_product() const { return kernel_height == 1 && kernel_width == 1 && stride_y == 1 && stride_x == 1; }

    /* Throws OUT_OF_MEMORY unless every input position that is touched and exists is in the memory. */
    void check_input(const Chip &chip, const Map &map, uint32_t blocks) const;
};

inline Geometry Geometry::decode(Command command) {
    const auto field = [](int64_t value) { return static_cast<uint32_t>(value); };
    return {field(wh_int8_convolution_in_rows(command)),
            field(wh_int8_convolution_in_columns(command)),
            field(wh_int8_convolution_out_rows(command)),
            field(wh_int8_convolution_out_columns(command)),
            field(wh_int8_convolution_kernel_height(command)),
            field(wh_int8_convolution_kernel_width(command)),
            field(wh_int8_convolution_stride_y(command)),
            field(wh_int8_convolution_stride_x(command)),
            field(wh_int8_convolution_dilation_y(command)),
            field(wh_int8_convolution_dilation_x(command)),
            field(wh_int8_convolution_channel_blocks(command)),
            static_cast<int32_t>(wh_int8_convolution_pad_top(command)),
            static_cast<int32_t>(wh_int8_convolution_pad_left(command))};
}

inline void Geometry::check_input(const Chip &chip, const Map &map, uint32_t blocks) const {
    const int64_t first_row = std::max<int64_t>(0, -pad_top);
    const int64_t end_row = std::min<int64_t>(in_rows, static_cast<int64_t>(touched_rows()) - pad_top);
    const int64_t first_column = std::max<int64_t>(0, -pad_left);
    const int64_t end_column = std::min<int64_t>(in_columns, static_cast<int64_t>(touched_columns()) - pad_left);
    if (first_row < end_row && first_column < end_column) {
        chip.check(map, static_cast<uint32_t>(first_row), static_cast<uint32_t>(end_row - first_row), blocks,
                   static_cast<uint32_t>(first_column), static_cast<uint32_t>(end_column - first_column));
    }
}

/* The touched part of an input, padding filled in, in words of 8 bytes.
 * PIXELS: [row][column][block].
 * PLANES: [block][column modulo stride][row modulo stride][row / stride][column / stride], so that what one tap meets
 * on its way over the outputs lies as the outputs do, whatever the stride: output (y, x) meets tap_bytes(ky, kx) + y *
 * row_bytes
 * + x * 8. */
class Gathered {
  public:
    enum class Order { PIXELS, PLANES };

    Gathered(const Chip &chip, const Map &map, const Geometry &geometry, uint32_t blocks, uint64_t pad_word,
             uint8_t flip, Order order);

    size_t pixel_bytes;
    size_t row_bytes;
    size_t block_bytes;
    const uint8_t *bytes() const { return words_.get(); }
    /* From the first byte to what output (0, 0) meets in block 0 with this tap. */
    size_t tap_bytes(const Geometry &geometry, uint32_t ky, uint32_t kx) const {
        return offset(uint64_t{ky} * geometry.dilation_y, uint64_t{kx} * geometry.dilation_x);
    }

  private:
    size_t offset(uint64_t row, uint64_t column) const {
        const size_t row_offset = row_phases_ == 1
                                      ? row * row_bytes
                                      : row % row_phases_ * row_phase_bytes_ + row / row_phases_ * row_bytes;
        return row_offset + (column_phases_ == 1 ? column * pixel_bytes
                                                 : column % column_phases_ * column_phase_bytes_ +
                                                       column / column_phases_ * pixel_bytes);
    }
    void fill(uint8_t *row, int64_t first, int64_t end, uint64_t word) const;
    void lay_out(const Geometry &geometry, uint32_t blocks, Order order);

    uint64_t row_phases_ = 1, column_phases_ = 1;
    size_t row_phase_bytes_ = 0, column_phase_bytes_ = 0;
    std::unique_ptr<uint8_t[]> words_;
};

}  // namespace windhover
