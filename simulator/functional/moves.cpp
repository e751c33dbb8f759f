// SPDX-License-Identifier: Apache-2.0
/* LOAD_MAP, STORE_MAP, LOAD_PATCH, LOAD_WEIGHTS, LOAD_TABLE. */
#include "commands.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

namespace windhover {

namespace {

/* LOAD_MAP and STORE_MAP have the same fields. */
struct Move {
    Map map;
    uint32_t region, rows, blocks, columns, column, run_words, runs;
    uint64_t offset, row_pitch, run_pitch;
};

Move decode_move(Command command) {
    const auto field = [](int64_t value) { return static_cast<uint32_t>(value); };
    const Move move = {Map::decode(command[1]),
                       field(wh_load_map_region(command)),
                       field(wh_load_map_rows(command)),
                       field(wh_load_map_move_blocks(command)),
                       field(wh_load_map_columns(command)),
                       field(wh_load_map_column(command)),
                       field(wh_load_map_run_words(command)),
                       field(wh_load_map_runs(command)),
                       field(wh_load_map_offset(command)),
                       field(wh_load_map_row_pitch(command)),
                       field(wh_load_map_run_pitch(command))};
    require(move.map.legal() && move.map.blocks != 0 && move.map.quads != 0 && move.region < WH_REGIONS);
    require(move.rows != 0 && move.blocks != 0 && move.columns != 0);
    require(uint64_t{move.run_words} * move.runs == uint64_t{move.blocks} * move.columns);
    require((move.offset | move.row_pitch | move.run_pitch) % 8 == 0);
    return move;
}

void check_map(const Chip &chip, const Move &move) {
    chip.check(move.map, 0, move.rows, move.blocks, move.column, move.columns);
}

/* Walks the words of a row in order: copy(position in the row, offset in the region, words), never across a run or a
 * block. */
template <typename Copy>
void for_pieces(const Chip &chip, const Move &move, uint32_t y, const Copy &copy) {
    const uint64_t row_offset = move.offset + y * move.row_pitch;
    const uint32_t words = move.blocks * move.columns;
    for (uint32_t position = 0; position < words;) {
        const uint32_t run = position / move.run_words;
        const uint32_t in_run = position % move.run_words;
        const uint32_t count = std::min(move.run_words - in_run, move.columns - position % move.columns);
        chip.check_stop();
        copy(position, row_offset + run * move.run_pitch + uint64_t{in_run} * 8, count);
        position += count;
    }
}

struct Patch {
    Map map;
    uint32_t region, rows, columns, source_rows, source_columns, channels, kernel_height, kernel_width, stride_y,
        stride_x;
    uint64_t offset, row_pitch;
    int32_t pad_top, pad_left;
    uint8_t pad_value, flip;
};

Patch decode_patch(const Chip &chip, Command command) {
    const auto field = [](int64_t value) { return static_cast<uint32_t>(value); };
    const Patch patch = {Map::decode(command[1]),
                         field(wh_load_patch_region(command)),
                         field(wh_load_patch_rows(command)),
                         field(wh_load_patch_columns(command)),
                         field(wh_load_patch_source_rows(command)),
                         field(wh_load_patch_source_columns(command)),
                         field(wh_load_patch_channels(command)),
                         field(wh_load_patch_kernel_height(command)),
                         field(wh_load_patch_kernel_width(command)),
                         field(wh_load_patch_stride_y(command)),
                         field(wh_load_patch_stride_x(command)),
                         field(wh_load_patch_offset(command)),
                         field(wh_load_patch_row_pitch(command)),
                         static_cast<int32_t>(wh_load_patch_pad_top(command)),
                         static_cast<int32_t>(wh_load_patch_pad_left(command)),
                         static_cast<uint8_t>(wh_load_patch_pad_value(command)),
                         static_cast<uint8_t>(wh_load_patch_flip_sign(command) != 0 ? 0x80 : 0)};
    require(patch.map.legal() && patch.map.blocks != 0 && patch.map.quads != 0 && patch.region < WH_REGIONS &&
            wh_load_patch_port(command) == 0);
    require(patch.rows != 0 && patch.columns != 0 && patch.source_rows != 0 && patch.source_columns != 0);
    require(patch.channels != 0 && patch.kernel_height != 0 && patch.kernel_width != 0);
    require(patch.stride_y != 0 && patch.stride_x != 0);
    require(patch.source_columns * patch.channels <= chip.configuration.line_bytes);
    require(patch.kernel_width * patch.channels <= WH_PATCH_SEGMENT_BYTES);
    const uint32_t patch_channels = patch.kernel_height * patch.kernel_width * patch.channels;
    chip.check(patch.map, 0, patch.rows, (patch_channels + 7) / 8, 0, patch.columns);
    return patch;
}

/* The source bytes that a row of patches touches, padding filled in: byte 0 is source byte -pad_left * channels. */
void fill_line(const Patch &patch, const uint8_t *source, std::vector<uint8_t> &line) {
    std::memset(line.data(), patch.pad_value, line.size());
    if (source == nullptr) {
        return;
    }
    const int64_t source_bytes = int64_t{patch.source_columns} * patch.channels;
    const int64_t before = int64_t{patch.pad_left} * patch.channels;
    const int64_t first = std::max<int64_t>(0, -before);
    const int64_t end = std::min(source_bytes, static_cast<int64_t>(line.size()) - before);
    for (int64_t i = first; i < end; i++) {
        line[static_cast<size_t>(before + i)] = source[i] ^ patch.flip;
    }
}

}  // namespace

void load_map(Chip &chip, Regions &regions, Command command) {
    const Move move = decode_move(command);
    check_map(chip, move);
    for (uint32_t y = 0; y < move.rows; y++) {
        for_pieces(chip, move, y, [&](uint32_t position, uint64_t offset, uint32_t count) {
            const uint8_t *words = regions.read(move.region, offset, uint64_t{count} * 8);
            chip.write_row(move.map, y, position / move.columns, move.column + position % move.columns, count, words,
                           8);
        });
    }
}

void store_map(Chip &chip, Regions &regions, Command command) {
    const Move move = decode_move(command);
    if (!regions.writable(move.region)) {
        throw Fault{WH_FAULT_READ_ONLY_REGION, move.region};
    }
    check_map(chip, move);
    for (uint32_t y = 0; y < move.rows; y++) {
        for_pieces(chip, move, y, [&](uint32_t position, uint64_t offset, uint32_t count) {
            uint8_t *words = regions.write(move.region, offset, uint64_t{count} * 8);
            chip.read_row(move.map, y, position / move.columns, move.column + position % move.columns, count, 0, words);
        });
    }
}

void load_patch(Chip &chip, Regions &regions, Command command) {
    const Patch patch = decode_patch(chip, command);
    const size_t segment_bytes = patch.kernel_width * patch.channels;
    const size_t channels = patch.kernel_height * segment_bytes;
    const uint32_t blocks = static_cast<uint32_t>((channels + 7) / 8);
    const size_t patch_bytes = size_t{blocks} * 8;
    const size_t step = size_t{patch.stride_x} * patch.channels;
    std::vector<uint8_t> line((patch.columns - 1) * step + segment_bytes);
    const std::unique_ptr<uint8_t[]> patches(new uint8_t[patch.columns * patch_bytes]);
    for (uint32_t row = 0; row < patch.rows; row++) {
        for (uint32_t column = 0; column < patch.columns && channels % 8 != 0; column++) {
            std::memcpy(patches.get() + column * patch_bytes + patch_bytes - 8,
                        chip.word(patch.map, row, blocks - 1, column), 8);
        }
        for (uint32_t ky = 0; ky < patch.kernel_height; ky++) {
            chip.check_stop();
            const int64_t y = int64_t{row} * patch.stride_y + ky - patch.pad_top;
            const uint8_t *source = nullptr;
            if (y >= 0 && y < patch.source_rows) {
                source = regions.read(patch.region, patch.offset + static_cast<uint64_t>(y) * patch.row_pitch,
                                      patch.source_columns * patch.channels);
            }
            fill_line(patch, source, line);
            for (uint32_t column = 0; column < patch.columns; column++) {
                std::memcpy(patches.get() + column * patch_bytes + ky * segment_bytes, line.data() + column * step,
                            segment_bytes);
            }
        }
        for (uint32_t block = 0; block < blocks; block++) {
            chip.check_stop();
            chip.write_row(patch.map, row, block, 0, patch.columns, patches.get() + block * 8, patch_bytes);
        }
    }
}

void load_weights(Chip &chip, Regions &regions, Command command) {
    const uint64_t bytes = static_cast<uint64_t>(wh_load_weights_decoded_bytes(command));
    const uint64_t offset = static_cast<uint64_t>(wh_load_weights_offset(command));
    const uint64_t region = static_cast<uint64_t>(wh_load_weights_region(command));
    const uint64_t address = static_cast<uint64_t>(wh_load_weights_address(command));
    require(wh_load_weights_codec(command) == WH_CODEC_RAW && region < WH_REGIONS);
    require(bytes != 0 && bytes % WH_WEIGHT_WORD_BYTES == 0 && offset % 8 == 0);
    require(wh_load_weights_encoded_bytes(command) == wh_load_weights_decoded_bytes(command));
    if (address * WH_WEIGHT_WORD_BYTES + bytes > chip.weights.size()) {
        throw Fault{WH_FAULT_OUT_OF_MEMORY, chip.configuration.weight_words};
    }
    chip.load_weights(address, regions.read(static_cast<uint32_t>(region), offset, bytes), bytes);
}

void load_table(Chip &chip, Regions &regions, Command command) {
    const int64_t target = wh_load_table_target(command);
    const uint64_t offset = static_cast<uint64_t>(wh_load_table_offset(command));
    const uint64_t region = static_cast<uint64_t>(wh_load_table_region(command));
    require(target == WH_TABLE_TARGET_RESCALE || target == WH_TABLE_TARGET_ACTIVATION);
    require(region < WH_REGIONS && offset % 8 == 0);
    if (target == WH_TABLE_TARGET_RESCALE) {
        std::memcpy(chip.rescale, regions.read(static_cast<uint32_t>(region), offset, WH_RESCALE_TABLE_BYTES),
                    WH_RESCALE_TABLE_BYTES);
    } else {
        std::memcpy(chip.table, regions.read(static_cast<uint32_t>(region), offset, WH_ACTIVATION_TABLE_BYTES),
                    WH_ACTIVATION_TABLE_BYTES);
    }
}

}  // namespace windhover
