// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "random_commands.hpp"

#include <cstdio>
#include <stdexcept>

namespace bench {

struct Where {
    std::string library, configuration, options;
};

constexpr uint32_t MAP_COLUMNS = 1024; /* 256 quads: rows of one map that covers the whole activation memory */
constexpr uint64_t DATA_BYTES = 4 << 20;
constexpr uint64_t WEIGHTS_OFFSET = 1 << 20, TABLES_OFFSET = 2 << 20, DUMP_OFFSET = 3 << 20;

/* A device, its memories filled at random, and the naive model with the same content. */
class Bench {
  public:
    Bench(const std::string &library, const std::string &configuration, const std::string &options, uint64_t seed)
        : device(library, configuration, options) {
        random.engine.seed(seed);
        sizes = {device.read(WH_REGISTER_INT8_REDUCTION), device.read(WH_REGISTER_INT8_PIXELS),
                 device.read(WH_REGISTER_XNOR_LANES),     device.read(WH_REGISTER_ACTIVATION_BANK_WORDS),
                 device.read(WH_REGISTER_WEIGHT_WORDS),   device.read(WH_REGISTER_LINE_BYTES)};
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
        expect(fault == 0, "fault " + std::to_string(fault) + " at command " +
                               std::to_string(device.read(WH_REGISTER_FAULT_COMMAND)));
        expect(device.read(WH_REGISTER_COMMANDS_DONE) == program.size(), "COMMANDS_DONE is not the program's length");
        compare();
    }

    /* Orders commands by tokens: each waits for the one before it. */
    static void chain(std::vector<Command> &program) {
        for (size_t i = 1; i < program.size(); i++) {
            const unsigned giver = queue(program[i - 1]), taker = queue(program[i]);
            if (giver != taker) {
                wh_header_set_signals(&program[i - 1].words[0], taker, 1);
                wh_header_set_waits(&program[i].words[0], giver, 1);
            }
        }
    }

    static unsigned queue(const Command &command) {
        switch (wh_header_opcode(command.words[0])) {
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

/* One random command each, compared with the naive model. */
void int8_case(Bench &bench);
void xnor_case(Bench &bench);
void vector_case(Bench &bench);
void patch_case(Bench &bench);
void move_case(Bench &bench);

/* What is generated from the contract for C. */
void commands_are_the_golden_bits();

/* How jobs begin and end. */
void the_device_says_what_it_is(Bench &bench);
void a_job_ends_in_the_fault_it_deserves(Bench &bench);
void random_commands_end(Bench &bench);
void reset_stops_a_job_that_waits_for_ever(Bench &bench);
void a_doorbell_right_after_a_reset_starts_its_job(Bench &bench);
void a_doorbell_while_busy_starts_the_next_job(Bench &bench);
void registers_keep_the_bits_of_the_contract(Bench &bench);
void a_store_into_a_read_only_region_writes_nothing(Bench &bench);
void a_program_ends_where_its_region_does(Bench &bench);
void a_fault_can_be_read_until_the_next_job(Bench &bench);
void a_fraction_is_for_codes_only(Bench &bench);
void a_reset_ends_any_command_at_once(Bench &bench);
void a_memory_that_does_not_answer_is_dead(const Where &where);
void a_failed_burst_is_a_fault_of_its_command(const Where &where);

}  // namespace bench
