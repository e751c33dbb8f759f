// SPDX-License-Identifier: Apache-2.0
/* What the contract says of regions, faults and stops, on any transport. */
#include "fixture.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace bench {

static Command store_to(const Bench &b, int64_t region) {
    Command store = b.whole_map(WH_OPCODE_STORE_MAP, DUMP_OFFSET);
    SET(store, store_map_region, region);
    return store;
}

void a_store_into_a_read_only_region_writes_nothing(Bench &b) {
    b.randomise();
    const std::vector<uint8_t> before(b.data, b.data + DATA_BYTES);
    const auto check = [&](int64_t region) {
        std::vector<Command> program = {b.whole_map(WH_OPCODE_LOAD_MAP, 0), store_to(b, region)};
        Bench::chain(program);
        b.device.start(program, b.address, DATA_BYTES, 200'000);
        const uint32_t fault = b.device.finish();
        expect(fault == WH_FAULT_READ_ONLY_REGION,
               "fault " + std::to_string(fault) + " of a store to region " + std::to_string(region));
        expect(b.device.read(WH_REGISTER_FAULT_COMMAND) == 1,
               "it names command " + std::to_string(b.device.read(WH_REGISTER_FAULT_COMMAND)));
        expect(b.device.read(WH_REGISTER_FAULT_DETAIL) == region, "its detail is not the region");
        expect(std::memcmp(before.data(), b.data, DATA_BYTES) == 0, "the store wrote");
    };
    b.device.region(2, b.address, DATA_BYTES);
    check(2);
    check(0); /* the program's own */
    check(7); /* closed */
    Command illegal = store_to(b, 2);
    SET(illegal, store_map_rows, 0);
    expect(b.device.run({illegal}, b.address, DATA_BYTES) == WH_FAULT_ILLEGAL_COMMAND,
           "an illegal store is not ILLEGAL_COMMAND first");
    expect(b.device.run({store_to(b, 1)}, b.address, DATA_BYTES) == WH_FAULT_NONE,
           "a store into a writable region fails");
}

void a_program_ends_where_its_region_does(Bench &b) {
    const std::vector<Command> tables(5, b.table_load(WH_TABLE_TARGET_ACTIVATION, 0));
    const auto run = [&](uint32_t region, uint32_t offset, uint32_t commands) {
        b.device.start(tables, b.address, DATA_BYTES, 200'000);
        b.device.finish();
        b.device.write(WH_REGISTER_PROGRAM_REGION, region);
        b.device.write(WH_REGISTER_PROGRAM_OFFSET, offset);
        b.device.write(WH_REGISTER_PROGRAM_COMMANDS, commands);
        b.device.write(WH_REGISTER_DOORBELL, WH_DOORBELL_START);
        return b.device.finish();
    };
    const auto check = [&](uint32_t fault, const char *what, uint32_t command) {
        expect(fault == WH_FAULT_OUT_OF_REGION, std::string(what) + ": fault " + std::to_string(fault));
        const uint32_t named = b.device.read(WH_REGISTER_FAULT_COMMAND);
        expect(named == command, std::string(what) + ": at command " + std::to_string(named));
    };
    check(run(0, 0, 6), "one command too many", 5);
    check(run(0, 128, 4), "one too many behind an offset", 3);
    check(run(0, 0, WH_PROGRAM_COMMANDS_LIMIT), "the longest program", 5);
    check(run(0, WH_MASK_PROGRAM_OFFSET, 1), "the last offset", 0);
    check(run(5, 0, 1), "a closed region", 0);
    expect(run(8, 0, 5) == WH_FAULT_NONE, "region 8 is not region 0");
    expect(run(0, 63, 5) == WH_FAULT_NONE, "an offset's low bits exist");
    expect(run(0, 0, WH_PROGRAM_COMMANDS_LIMIT + 1) == WH_FAULT_NONE && b.device.read(WH_REGISTER_COMMANDS_DONE) == 0,
           "2^20 commands are not none");
}

void a_fault_can_be_read_until_the_next_job(Bench &b) {
    const Command table = b.table_load(WH_TABLE_TARGET_ACTIVATION, 0);
    expect(b.device.run({table, Command(15)}, b.address, DATA_BYTES) == WH_FAULT_ILLEGAL_COMMAND, "opcode 15 is legal");
    b.device.region(3, b.address, 64);
    expect(b.device.read(WH_REGISTER_FAULT_CODE) == WH_FAULT_ILLEGAL_COMMAND &&
               b.device.read(WH_REGISTER_FAULT_COMMAND) == 1,
           "the fault is forgotten while the next job is prepared");
    expect(b.device.run({table}, b.address, DATA_BYTES) == WH_FAULT_NONE, "the fault outlives the next job");
    b.device.run({Command(15)}, b.address, DATA_BYTES);
    b.device.write(WH_REGISTER_CONTROL, WH_CONTROL_INTERRUPT_ENABLE | WH_CONTROL_SOFT_RESET);
    b.device.drain();
    expect(b.device.read(WH_REGISTER_STATUS) == 0 && b.device.read(WH_REGISTER_FAULT_CODE) == 0,
           "the fault outlives a reset");
}

/* A 1x1 convolution of one word. */
static Command tiny_xnor(const Bench &b, int64_t post) {
    Command command(WH_OPCODE_XNOR_CONVOLUTION);
    command.words[1] = command.words[2] = MapWord{0, 64, 1, 1, 0, 0}.packed();
    SET(command, xnor_convolution_in_rows, 1).set(wh_xnor_convolution_in_columns, 1);
    SET(command, xnor_convolution_out_rows, 1).set(wh_xnor_convolution_out_columns, 1);
    SET(command, xnor_convolution_kernel_height, 1).set(wh_xnor_convolution_kernel_width, 1);
    SET(command, xnor_convolution_stride_y, 1).set(wh_xnor_convolution_stride_x, 1);
    SET(command, xnor_convolution_dilation_y, 1).set(wh_xnor_convolution_dilation_x, 1);
    SET(command, xnor_convolution_channel_blocks, 1)
        .set(wh_xnor_convolution_groups, 1)
        .set(wh_xnor_convolution_tile, 1);
    SET(command, xnor_convolution_last_bits, 64).set(wh_xnor_convolution_write_blocks, b.sizes.xnor_lanes / 2);
    SET(command, xnor_convolution_post, post);
    return command;
}

void a_fraction_is_for_codes_only(Bench &b) {
    for (int64_t post = WH_POST_REQUANTISE; post <= WH_POST_RAW; post++) {
        for (int64_t fraction = 0; fraction < 16; fraction++) {
            Command command = tiny_xnor(b, post);
            SET(command, xnor_convolution_fraction, fraction);
            const bool legal = fraction <= (post == WH_POST_REQUANTISE ? WH_XNOR_FRACTION_LIMIT : 0);
            const uint32_t fault = b.device.run({command}, b.address, DATA_BYTES);
            expect(fault == (legal ? WH_FAULT_NONE : WH_FAULT_ILLEGAL_COMMAND),
                   "post " + std::to_string(post) + ", fraction " + std::to_string(fraction) + ": fault " +
                       std::to_string(fault));
        }
    }
}

/* Legal, inside the memories, and as good as endless: rows go round their map, and its blocks and columns overlap. */
static std::vector<Command> endless_commands(const Bench &b) {
    const uint64_t point = MapWord{0, 0, 0, 1, 0, 0}.packed(), narrow = MapWord{0, 1, 1, 1, 0, 0}.packed();
    const int64_t most = 4095, columns = std::min<int64_t>(most, 4 * b.sizes.bank_words);
    const int64_t half = std::min<int64_t>(most, 2 * b.sizes.bank_words),
                  blocks = std::min<int64_t>(most, b.sizes.bank_words / 2);
    Command pool(WH_OPCODE_VECTOR);
    SET(pool, vector_in_rows, most)
        .set(wh_vector_in_columns, columns)
        .set(wh_vector_out_rows, most)
        .set(wh_vector_out_columns, columns);
    SET(pool, vector_kernel_height, 255)
        .set(wh_vector_kernel_width, 255)
        .set(wh_vector_stride_y, 1)
        .set(wh_vector_stride_x, 1);
    SET(pool, vector_dilation_y, 1).set(wh_vector_dilation_x, 1).set(wh_vector_channel_blocks, most);
    Command table = pool;
    SET(table, vector_operation, WH_VECTOR_OPERATION_TABLE);
    Command load = b.whole_map(WH_OPCODE_LOAD_MAP, 0);
    SET(load, load_map_rows, most)
        .set(wh_load_map_move_blocks, blocks)
        .set(wh_load_map_columns, half)
        .set(wh_load_map_row_pitch, 0);
    SET(load, load_map_run_words, half).set(wh_load_map_runs, blocks);
    load.words[1] = narrow;
    Command store = load;
    store.words[0] = WH_OPCODE_STORE_MAP;
    Command patch(WH_OPCODE_LOAD_PATCH);
    SET(patch, load_patch_region, 1)
        .set(wh_load_patch_rows, most)
        .set(wh_load_patch_columns, half)
        .set(wh_load_patch_channels, 1);
    SET(patch, load_patch_source_rows, most).set(wh_load_patch_source_columns, 16).set(wh_load_patch_kernel_height, 16);
    SET(patch, load_patch_kernel_width, 16).set(wh_load_patch_stride_y, 1).set(wh_load_patch_stride_x, 1);
    patch.words[1] = narrow;
    Command dense = pool;
    dense.words[0] = WH_OPCODE_INT8_CONVOLUTION;
    dense.words[5] = dense.words[6] = dense.words[7] = 0;
    SET(dense, int8_convolution_kernel_height, 1)
        .set(wh_int8_convolution_kernel_width, 1)
        .set(wh_int8_convolution_channel_blocks, 2);
    SET(dense, int8_convolution_groups, 100).set(wh_int8_convolution_tile, WH_TILE_POSITIONS);
    Command depthwise = dense;
    SET(depthwise, int8_convolution_depthwise, 1).set(wh_int8_convolution_groups, 8);
    SET(depthwise, int8_convolution_window_height, 1).set(wh_int8_convolution_window_width, 1);
    SET(depthwise, int8_convolution_kernel_height, 5).set(wh_int8_convolution_kernel_width, 5);
    Command binary = tiny_xnor(b, WH_POST_BITS);
    SET(binary, xnor_convolution_in_rows, most).set(wh_xnor_convolution_in_columns, columns);
    SET(binary, xnor_convolution_out_rows, most).set(wh_xnor_convolution_out_columns, columns);
    SET(binary, xnor_convolution_channel_blocks, 4).set(wh_xnor_convolution_groups, 4);
    std::vector<Command> commands = {pool, table, dense, depthwise, binary};
    for (Command &command : commands) {
        command.words[1] = command.words[2] = point;
    }
    commands.insert(commands.end(), {load, store, patch});
    return commands;
}

/* The functional model takes up to 50 ms on a quiet machine, most of it to give memory back; a busy one may leave a
 * sanitizer's threads waiting for seconds. The commands themselves would never end. */
constexpr int64_t MOST_STOP_MS = 20'000;

void a_reset_ends_any_command_at_once(Bench &b) {
    for (const Command &command : endless_commands(b)) {
        for (const int64_t sleep_ms : {1, 30}) {
            const std::string what = "opcode " + std::to_string(wh_header_opcode(command.words[0])) + " after " +
                                     std::to_string(sleep_ms) + " ms";
            b.device.start({command}, b.address, DATA_BYTES, 0);
            std::this_thread::sleep_for(std::chrono::milliseconds(sleep_ms));
            expect(b.device.read(WH_REGISTER_STATUS) == WH_STATUS_BUSY,
                   what + ": it ended, FAULT_CODE " + std::to_string(b.device.read(WH_REGISTER_FAULT_CODE)));
            b.device.write(WH_REGISTER_CONTROL, WH_CONTROL_INTERRUPT_ENABLE | WH_CONTROL_SOFT_RESET);
            b.device.drain(MOST_STOP_MS);
        }
        expect(b.device.run({b.table_load(WH_TABLE_TARGET_ACTIVATION, 0)}, b.address, DATA_BYTES) == 0,
               "the job after it fails");
    }
}

}  // namespace bench
