// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

namespace bench {

void int8_case(Bench &b) {
    RandomCommands draw{b.random, b.sizes};
    b.randomise();
    const Command command = draw.int8();
    std::vector<uint8_t> weights(b.data + WEIGHTS_OFFSET, b.data + WEIGHTS_OFFSET + b.sizes.weight_words * 32);
    draw.fill_parameters(command, weights);
    std::memcpy(b.data + WEIGHTS_OFFSET, weights.data(), weights.size());
    b.naive.weights = weights;
    std::vector<Command> commands = {command};
    const int64_t pixels = wh_int8_convolution_out_rows(command.words) * wh_int8_convolution_out_columns(command.words);
    if (b.random.chance(3) && pixels <= WH_TILE_POSITIONS) {
        SET(commands[0], int8_convolution_groups, 1).set(wh_int8_convolution_tile, WH_TILE_POSITIONS);
        commands.push_back(commands[0]);
        SET(commands[0], int8_convolution_keep, 1);
        SET(commands[1], int8_convolution_accumulate, 1);
    }
    for (const auto &each : commands) {
        b.naive.int8(each);
    }
    b.run_and_compare(commands);
}

void xnor_case(Bench &b) {
    RandomCommands draw{b.random, b.sizes};
    b.randomise();
    const Command command = draw.xnor();
    std::vector<uint8_t> weights(b.data + WEIGHTS_OFFSET, b.data + WEIGHTS_OFFSET + b.sizes.weight_words * 32);
    draw.fill_parameters(command, weights);
    std::memcpy(b.data + WEIGHTS_OFFSET, weights.data(), weights.size());
    b.naive.weights = weights;
    b.naive.xnor(command);
    b.run_and_compare({command});
}

void vector_case(Bench &b) {
    RandomCommands draw{b.random, b.sizes};
    b.randomise();
    const Command command = draw.vector();
    b.naive.vector(command);
    b.run_and_compare({command});
}

void patch_case(Bench &b) {
    b.randomise();
    Random &r = b.random;
    Command command(WH_OPCODE_LOAD_PATCH);
    const int64_t channels = r.between(1, 5), height = r.between(1, 4), width = r.between(1, 4);
    const int64_t source_rows = r.between(1, 8), source_columns = r.between(1, 20), rows = r.between(1, 7),
                  columns = r.between(1, 9);
    const int64_t pitch = source_columns * channels + r.between(0, 9), offset = r.between(0, 999);
    SET(command, load_patch_offset, offset).set(wh_load_patch_region, 1).set(wh_load_patch_row_pitch, pitch);
    SET(command, load_patch_rows, rows).set(wh_load_patch_columns, columns).set(wh_load_patch_channels, channels);
    SET(command, load_patch_source_rows, source_rows).set(wh_load_patch_source_columns, source_columns);
    SET(command, load_patch_kernel_height, height).set(wh_load_patch_kernel_width, width);
    SET(command, load_patch_stride_y, r.between(1, 3)).set(wh_load_patch_stride_x, r.between(1, 3));
    SET(command, load_patch_pad_top, r.between(0, 3)).set(wh_load_patch_pad_left, r.between(0, 3));
    SET(command, load_patch_pad_value, r.between(-128, 127)).set(wh_load_patch_flip_sign, r.between(0, 1));
    const int64_t blocks = (height * width * channels + 7) / 8;
    const MapWord map = {r.below(9), static_cast<uint64_t>(blocks) + 1, 3 + r.below(2), 2, r.below(8), r.below(2)};
    command.words[1] = map.packed();
    for (int64_t i = 0; i < rows * columns * height * width * channels; i++) {
        const int64_t c = i % (height * width * channels), x = i / (height * width * channels) % columns;
        const int64_t y = i / (height * width * channels) / columns;
        const int64_t sy = y * wh_load_patch_stride_y(command.words) + c / (width * channels) -
                           wh_load_patch_pad_top(command.words);
        const int64_t sx = (x * wh_load_patch_stride_x(command.words) - wh_load_patch_pad_left(command.words)) *
                               channels +
                           c % (width * channels);
        uint8_t value = static_cast<uint8_t>(wh_load_patch_pad_value(command.words));
        if (sy >= 0 && sy < source_rows && sx >= 0 && sx < source_columns * channels) {
            value = b.data[offset + sy * pitch + sx] ^
                    static_cast<uint8_t>(wh_load_patch_flip_sign(command.words) << 7);
        }
        b.naive.set_byte(map, y, c, x, value);
    }
    b.run_and_compare({command});
}

void move_case(Bench &b) {
    b.randomise();
    Random &r = b.random;
    const int64_t rows = r.between(1, 7), blocks = r.between(1, 5), columns = r.between(1, 13),
                  column = r.between(0, 6);
    Command load(WH_OPCODE_LOAD_MAP);
    const MapWord map = {r.below(9), static_cast<uint64_t>(blocks) + 1, 5, 2, r.below(8), r.below(2)};
    load.words[1] = map.packed();
    const bool per_block = r.chance(2);
    const int64_t run_words = per_block ? columns : blocks * columns, runs = per_block ? blocks : 1;
    const int64_t run_pitch = run_words * 8 + r.between(0, 3) * 8, row_pitch = run_pitch * runs + r.between(0, 3) * 8;
    SET(load, load_map_offset, r.between(0, 99) * 8).set(wh_load_map_region, 1).set(wh_load_map_port, r.between(0, 1));
    SET(load, load_map_rows, rows).set(wh_load_map_move_blocks, blocks).set(wh_load_map_columns, columns);
    SET(load, load_map_column, column).set(wh_load_map_row_pitch, row_pitch).set(wh_load_map_run_pitch, run_pitch);
    SET(load, load_map_run_words, run_words).set(wh_load_map_runs, runs);
    for (int64_t i = 0; i < rows * blocks * columns; i++) {
        const int64_t x = i % columns, block = i / columns % blocks, y = i / columns / blocks;
        const int64_t position = block * columns + x;
        std::memcpy(&b.naive.word(map, y, block, column + x),
                    b.data + wh_load_map_offset(load.words) + y * row_pitch + position / run_words * run_pitch +
                        position % run_words * 8,
                    8);
    }
    Command store = load;
    store.words[0] = WH_OPCODE_STORE_MAP;
    SET(store, load_map_port, 0).set(wh_load_map_offset, TABLES_OFFSET + 8192);
    b.run_and_compare({load, store});
    for (int64_t i = 0; i < rows * blocks * columns; i++) {
        const int64_t x = i % columns, block = i / columns % blocks, y = i / columns / blocks;
        const int64_t at = y * row_pitch + (block * columns + x) / run_words * run_pitch +
                           (block * columns + x) % run_words * 8;
        expect(std::memcmp(&b.naive.word(map, y, block, column + x), b.data + TABLES_OFFSET + 8192 + at, 8) == 0,
               "STORE_MAP wrote another word than the map holds");
    }
}

}  // namespace bench
