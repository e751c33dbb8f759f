/* Random single commands on any transport against the plain loops of naive.cpp, and the ways a job can end.
 *   transport-test LIBRARY [CONFIGURATION] [OPTIONS] [CASES] [SEED]
 * WINDHOVER_ONLY=PART in the environment keeps the tests with PART in their name. */
#include "random_commands.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>

using namespace bench;

namespace {

struct Where {
    std::string library, configuration, options;
};

constexpr uint32_t MAP_COLUMNS = 1024; /* 256 quads: rows of one map that covers the whole activation memory */
constexpr uint64_t DATA_BYTES = 4 << 20;
constexpr uint64_t WEIGHTS_OFFSET = 1 << 20, TABLES_OFFSET = 2 << 20, DUMP_OFFSET = 3 << 20;

class Bench {
public:
    Bench(const std::string &library, const std::string &configuration, const std::string &options, uint64_t seed)
        : device(library, configuration, options) {
        random.engine.seed(seed);
        sizes = {device.read(WH_REGISTER_INT8_REDUCTION), device.read(WH_REGISTER_INT8_PIXELS),
                 device.read(WH_REGISTER_XNOR_LANES), device.read(WH_REGISTER_ACTIVATION_BANK_WORDS),
                 device.read(WH_REGISTER_WEIGHT_WORDS), device.read(WH_REGISTER_LINE_BYTES)};
        data = device.allocate(DATA_BYTES, address);
        rows = 4 * sizes.bank_words / (MAP_COLUMNS / 4);
        whole = {0, 1, MAP_COLUMNS / 4, sizes.bank_words / (MAP_COLUMNS / 4), 0, 0};
        naive.sizes = sizes;
        naive.banks.resize(sizes.bank_words * 16);
        naive.weights.resize(sizes.weight_words * 32);
        naive.rescale.resize(512);
        naive.table.resize(256);
        naive.partial.resize(WH_TILE_POSITIONS * 2 * 8);
    }

    void fill_bytes(uint8_t *to, uint64_t bytes) {
        for (uint64_t i = 0; i < bytes; i += 8) {
            const uint64_t value = random.engine();
            std::memcpy(to + i, &value, 8);
        }
    }

    Command whole_map(uint64_t opcode, uint64_t offset) const {
        Command command(opcode);
        command.words[1] = whole.packed();
        SET(command, load_map_offset, static_cast<int64_t>(offset)).set(wh_load_map_region, 1);
        SET(command, load_map_rows, rows).set(wh_load_map_move_blocks, 1).set(wh_load_map_columns, MAP_COLUMNS);
        SET(command, load_map_row_pitch, MAP_COLUMNS * 8);
        SET(command, load_map_run_words, MAP_COLUMNS).set(wh_load_map_runs, 1);
        return command;
    }

    Command weights_load() const {
        Command command(WH_OPCODE_LOAD_WEIGHTS);
        SET(command, load_weights_offset, WEIGHTS_OFFSET).set(wh_load_weights_region, 1);
        SET(command, load_weights_decoded_bytes, sizes.weight_words * 32);
        SET(command, load_weights_encoded_bytes, sizes.weight_words * 32);
        return command;
    }

    Command table_load(int64_t target, uint64_t offset) const {
        Command command(WH_OPCODE_LOAD_TABLE);
        SET(command, load_table_offset, static_cast<int64_t>(offset)).set(wh_load_table_region, 1);
        SET(command, load_table_target, target);
        return command;
    }

    /* New random content in device memory, and the same in the naive memories. */
    void randomise() {
        fill_bytes(data, WEIGHTS_OFFSET);
        fill_bytes(data + WEIGHTS_OFFSET, sizes.weight_words * 32);
        fill_bytes(data + TABLES_OFFSET, 4096);
        for (uint32_t entry = 0; entry < 512; entry++) {
            const int32_t value = static_cast<int32_t>(random.between(-(1 << 30) + 1, (1 << 30) - 1));
            std::memcpy(data + TABLES_OFFSET + entry * 4, &value, 4);
        }
        for (uint32_t y = 0; y < rows; y++) {
            for (uint32_t x = 0; x < MAP_COLUMNS; x++) {
                std::memcpy(&naive.word(whole, y, 0, x), data + (y * MAP_COLUMNS + x) * 8, 8);
            }
        }
        std::memcpy(naive.rescale.data(), data + TABLES_OFFSET, 2048);
        std::memcpy(naive.table.data(), data + TABLES_OFFSET + 2048, 256);
    }

    /* Loads everything, runs the commands one after another, stores the whole activation memory; compares. */
    void run_and_compare(const std::vector<Command> &commands) {
        std::memcpy(naive.weights.data(), data + WEIGHTS_OFFSET, naive.weights.size());
        std::vector<Command> program = {whole_map(WH_OPCODE_LOAD_MAP, 0), weights_load(),
                                        table_load(WH_TABLE_TARGET_RESCALE, TABLES_OFFSET),
                                        table_load(WH_TABLE_TARGET_ACTIVATION, TABLES_OFFSET + 2048)};
        program.insert(program.end(), commands.begin(), commands.end());
        program.push_back(whole_map(WH_OPCODE_STORE_MAP, DUMP_OFFSET));
        chain(program);
        const uint32_t fault = device.run(program, address, DATA_BYTES);
        expect(fault == 0, "fault " + std::to_string(fault) + " at command "
                   + std::to_string(device.read(WH_REGISTER_FAULT_COMMAND)));
        expect(device.read(WH_REGISTER_COMMANDS_DONE) == program.size(), "COMMANDS_DONE is not the program's length");
        compare();
    }

    /* Orders commands by tokens: each waits for the one before it. */
    static void chain(std::vector<Command> &program) {
        for (size_t i = 1; i < program.size(); i++) {
            const unsigned giver = queue(program[i - 1]), taker = queue(program[i]);
            if (giver != taker) {
                program[i - 1].words[0] |= uint64_t{1} << (40 + 4 * taker);
                program[i].words[0] |= uint64_t{1} << (16 + 4 * giver);
            }
        }
    }

    static unsigned queue(const Command &command) {
        switch (command.words[0] & 15) {
        case WH_OPCODE_STORE_MAP: return WH_QUEUE_STORE;
        case WH_OPCODE_INT8_CONVOLUTION: return WH_QUEUE_INT8;
        case WH_OPCODE_XNOR_CONVOLUTION: return WH_QUEUE_XNOR;
        case WH_OPCODE_VECTOR: return WH_QUEUE_VECTOR;
        default: return wh_load_map_port(command.words) != 0 ? WH_QUEUE_LOAD1 : WH_QUEUE_LOAD0;
        }
    }

    void compare() {
        for (uint32_t y = 0; y < rows; y++) {
            for (uint32_t x = 0; x < MAP_COLUMNS; x++) {
                uint64_t got;
                std::memcpy(&got, data + DUMP_OFFSET + (y * MAP_COLUMNS + x) * 8, 8);
                if (got != naive.word(whole, y, 0, x)) {
                    char text[160];
                    std::snprintf(text, sizeof text, "bank %u address %u holds %016llx, should hold %016llx",
                                  y % 4 * 4 + x % 4, y / 4 * (MAP_COLUMNS / 4) + x / 4,
                                  static_cast<unsigned long long>(got),
                                  static_cast<unsigned long long>(naive.word(whole, y, 0, x)));
                    throw std::runtime_error(text);
                }
            }
        }
    }

    Device device;
    Random random;
    Sizes sizes;
    Naive naive;
    MapWord whole;
    uint32_t rows;
    uint8_t *data;
    uint64_t address;
};

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
    const int64_t source_rows = r.between(1, 8), source_columns = r.between(1, 20), rows = r.between(1, 7), columns = r.between(1, 9);
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
        const int64_t sy = y * wh_load_patch_stride_y(command.words) + c / (width * channels) - wh_load_patch_pad_top(command.words);
        const int64_t sx = (x * wh_load_patch_stride_x(command.words) - wh_load_patch_pad_left(command.words)) * channels + c % (width * channels);
        uint8_t value = static_cast<uint8_t>(wh_load_patch_pad_value(command.words));
        if (sy >= 0 && sy < source_rows && sx >= 0 && sx < source_columns * channels) {
            value = b.data[offset + sy * pitch + sx] ^ static_cast<uint8_t>(wh_load_patch_flip_sign(command.words) << 7);
        }
        b.naive.set_byte(map, y, c, x, value);
    }
    b.run_and_compare({command});
}

void move_case(Bench &b) {
    b.randomise();
    Random &r = b.random;
    const int64_t rows = r.between(1, 7), blocks = r.between(1, 5), columns = r.between(1, 13), column = r.between(0, 6);
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
                    b.data + wh_load_map_offset(load.words) + y * row_pitch + position / run_words * run_pitch + position % run_words * 8, 8);
    }
    Command store = load;
    store.words[0] = WH_OPCODE_STORE_MAP;
    SET(store, load_map_port, 0).set(wh_load_map_offset, TABLES_OFFSET + 8192);
    b.run_and_compare({load, store});
    for (int64_t i = 0; i < rows * blocks * columns; i++) {
        const int64_t x = i % columns, block = i / columns % blocks, y = i / columns / blocks;
        const int64_t at = y * row_pitch + (block * columns + x) / run_words * run_pitch + (block * columns + x) % run_words * 8;
        expect(std::memcmp(&b.naive.word(map, y, block, column + x), b.data + TABLES_OFFSET + 8192 + at, 8) == 0,
               "STORE_MAP wrote another word than the map holds");
    }
}

uint32_t fault_of(Bench &b, std::vector<Command> program, uint32_t data_bytes = DATA_BYTES) {
    return b.device.run(program, b.address, data_bytes);
}

void a_job_ends_in_the_fault_it_deserves(Bench &b) {
    const Command load = b.whole_map(WH_OPCODE_LOAD_MAP, 0);
    const auto check = [&b](const char *what, uint32_t wanted, const std::vector<Command> &program, uint32_t index,
                            uint32_t data_bytes = DATA_BYTES) {
        const uint32_t got = fault_of(b, program, data_bytes);
        expect(got == wanted, std::string(what) + ": fault " + std::to_string(got) + ", should be " + std::to_string(wanted));
        if (wanted != 0) {
            const uint32_t command = b.device.read(WH_REGISTER_FAULT_COMMAND);
            expect(command == index, std::string(what) + ": at command " + std::to_string(command));
        }
    };
    Command table = b.table_load(WH_TABLE_TARGET_ACTIVATION, 0);
    check("a table", WH_FAULT_NONE, {table}, 0);
    check("opcode 15", WH_FAULT_ILLEGAL_COMMAND, {table, Command(15)}, 1);
    Command bad = load;
    SET(bad, load_map_rows, 0);
    check("no rows", WH_FAULT_ILLEGAL_COMMAND, {table, bad}, 1);
    bad = load;
    bad.words[1] &= ~(uint64_t{0xFF} << 34);
    check("ring 0", WH_FAULT_ILLEGAL_COMMAND, {bad}, 0);
    bad = load;
    bad.words[1] |= 1;
    check("beyond the banks", WH_FAULT_OUT_OF_MEMORY, {bad}, 0);
    check("a short region", WH_FAULT_OUT_OF_REGION, {table, table, load}, 2, 4096);
    bad = load;
    SET(bad, load_map_region, 5);
    check("a closed region", WH_FAULT_OUT_OF_REGION, {bad}, 0);
    bad = table;
    SET(bad, load_table_wait_int8, 1);
    check("a token that never comes", WH_FAULT_WATCHDOG, {table, bad}, 1);
    bad = table;
    SET(bad, load_table_signal_int8, 3);
    check("tokens nobody takes", WH_FAULT_TOKENS_LEFT, {bad}, 0);
    SET(bad, load_table_signal_int8, 15);
    check("more tokens than fit", WH_FAULT_TOKEN_OVERFLOW, std::vector<Command>(18, bad), 17);
    check("an empty program", WH_FAULT_NONE, {}, 0);
    check("a table again", WH_FAULT_NONE, {table}, 0);
}

void reset_stops_a_job_that_waits_for_ever(Bench &b) {
    Command waits = b.table_load(WH_TABLE_TARGET_ACTIVATION, 0);
    SET(waits, load_table_wait_vector, 1);
    b.device.start({waits}, b.address, DATA_BYTES, 0);
    expect(b.device.wait(50'000'000) == 0, "a job without watchdog ended");
    expect(b.device.read(WH_REGISTER_STATUS) == 1, "the job is not busy");
    b.device.write(WH_REGISTER_CONTROL, 3);
    expect((b.device.read(WH_REGISTER_STATUS) & 1) == 0, "the job is busy after reset");
    expect(fault_of(b, {b.table_load(WH_TABLE_TARGET_ACTIVATION, 0)}) == 0, "the job after a reset fails");
}

/* Only the simulated RTL can be told to fail a burst. */
class Skipped : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

uint32_t fault_with(const Where &where, const std::string &option) {
    std::unique_ptr<Bench> b;
    try {
        b = std::make_unique<Bench>(where.library, where.configuration, option, 1);
    } catch (const std::runtime_error &error) {
        throw Skipped(error.what());
    }
    Command load = b->whole_map(WH_OPCODE_LOAD_MAP, 0), store = b->whole_map(WH_OPCODE_STORE_MAP, DUMP_OFFSET);
    std::vector<Command> program = {load, store};
    Bench::chain(program);
    const uint32_t fault = fault_of(*b, program);
    const uint32_t command = b->device.read(WH_REGISTER_FAULT_COMMAND);
    expect(fault != WH_FAULT_READ_ERROR || command == 0, "a failed read names command " + std::to_string(command));
    expect(fault != WH_FAULT_WRITE_ERROR || command == 1, "a failed write names command " + std::to_string(command));
    expect(fault_of(*b, program) == 0, "the job after a failed burst fails too");
    return fault;
}

void a_failed_burst_is_a_fault_of_its_command(const Where &where) {
    expect(fault_with(where, "read_error=9") == WH_FAULT_READ_ERROR, "a failed read is not READ_ERROR");
    expect(fault_with(where, "write_error=5") == WH_FAULT_WRITE_ERROR, "a failed write is not WRITE_ERROR");
}

void the_device_says_what_it_is(Bench &b) {
    expect(b.device.read(WH_REGISTER_IDENTITY) == 0x57484F56, "IDENTITY is not WHOV");
    const uint64_t digest =
        b.device.read(WH_REGISTER_DIGEST_LOW) | uint64_t{b.device.read(WH_REGISTER_DIGEST_HIGH)} << 32;
    expect(digest == WH_CONTRACT_DIGEST, "the device follows another contract");
}

}

int main(int count, char **arguments) {
    const auto argument = [&](int index, const char *absent) {
        return std::string(index < count ? arguments[index] : absent);
    };
    const Where where = {argument(1, ""), argument(2, "zynq7020"), argument(3, "")};
    const uint64_t cases = std::stoull(argument(4, "100"));
    const uint64_t first_seed = std::stoull(argument(5, "1"));
    const char *only = std::getenv("WINDHOVER_ONLY");
    const auto on_device = [&where](void (*test)(Bench &)) {
        return [&where, test](uint64_t seed) {
            Bench bench(where.library, where.configuration, where.options, seed);
            test(bench);
        };
    };
    struct Test {
        const char *name;
        std::function<void(uint64_t)> run;
        uint64_t times;
    };
    const std::vector<Test> tests = {
        {"the_device_says_what_it_is", on_device(the_device_says_what_it_is), 1},
        {"a_job_ends_in_the_fault_it_deserves", on_device(a_job_ends_in_the_fault_it_deserves), 1},
        {"reset_stops_a_job_that_waits_for_ever", on_device(reset_stops_a_job_that_waits_for_ever), 1},
        {"a_failed_burst_is_a_fault_of_its_command", [&where](uint64_t) { a_failed_burst_is_a_fault_of_its_command(where); }, 1},
        {"moved_maps_equal_the_naive_model", on_device(move_case), cases},
        {"patches_equal_the_naive_model", on_device(patch_case), cases},
        {"int8_convolution_equals_the_naive_model", on_device(int8_case), cases},
        {"xnor_convolution_equals_the_naive_model", on_device(xnor_case), cases},
        {"vector_operators_equal_the_naive_model", on_device(vector_case), cases}};
    int failures = 0;
    for (const auto &test : tests) {
        if (only != nullptr && std::string(test.name).find(only) == std::string::npos) {
            continue;
        }
        uint64_t seed = first_seed;
        try {
            for (uint64_t i = 0; i < test.times; i++, seed++) {
                test.run(seed);
            }
            std::printf("ok    %s (%llu, seeds from %llu)\n", test.name, static_cast<unsigned long long>(test.times),
                        static_cast<unsigned long long>(first_seed));
        } catch (const Skipped &reason) {
            std::printf("skip  %s: %s\n", test.name, reason.what());
        } catch (const std::exception &error) {
            std::printf("FAIL  %s, seed %llu: %s\n", test.name, static_cast<unsigned long long>(seed), error.what());
            failures++;
        }
        std::fflush(stdout);
    }
    return failures == 0 ? 0 : 1;
}
