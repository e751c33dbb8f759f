// SPDX-License-Identifier: Apache-2.0
// Loads and stores against a plain model of the banks: random maps, patches, weights and tables under random stalls;
// faults and recovery; and the throughput that hdl/doc/accelerator.md promises.
#include <array>

#include "Vwh_memory_path.h"
#include "wh_bus.h"
#include "wh_command.h"

namespace {

using wh::Bench;
using wh::Command;

enum Queue { LOAD0, LOAD1, STORE };

struct Map : wh::Map {
    // Index of a word among all banks' words, from the formula in accelerator.md.
    int64_t place(int y, int b, int x) const {
        int p = (row + y) % (4 * ring), whole = block + b;
        int64_t address = base + (static_cast<int64_t>(p / 4) * blocks + whole) * quads + x / 4;
        return ((p + whole) % 4 * 4 + x % 4) * int64_t{8192} + address;
    }
};

struct Transfer {
    int rows, blocks, columns, column;
    int64_t offset, row_pitch, run_pitch;
    int run_words, runs;
    Command command(int opcode, const Map &map, int port) const {
        Command command = wh::command_of(opcode);
        uint64_t *words = command.data();
        command[1] = map.word();
        wh_load_map_set_offset(words, offset);
        wh_load_map_set_port(words, port);
        wh_load_map_set_rows(words, rows);
        wh_load_map_set_move_blocks(words, blocks);
        wh_load_map_set_columns(words, columns);
        wh_load_map_set_column(words, column);
        wh_load_map_set_row_pitch(words, row_pitch);
        wh_load_map_set_run_pitch(words, run_pitch);
        wh_load_map_set_run_words(words, run_words);
        wh_load_map_set_runs(words, runs);
        return command;
    }
    template <typename Visit>
    void walk(const Map &map, Visit visit) const {
        for (int y = 0; y < rows; y++) {
            for (int index = 0; index < blocks * columns; index++) {
                int64_t in_memory = offset + y * row_pitch + index / run_words * run_pitch + index % run_words * 8;
                visit(map.place(y, index / columns, column + index % columns), in_memory);
            }
        }
    }
};

struct Patch {
    int rows, columns, source_rows, source_columns, channels, pad_value, pad_top, pad_left;
    int kernel_height, kernel_width, stride_y, stride_x, flip;
    int64_t offset, row_pitch;
    Command command(const Map &map) const {
        Command command = wh::command_of(WH_OPCODE_LOAD_PATCH);
        uint64_t *words = command.data();
        command[1] = map.word();
        wh_load_patch_set_offset(words, offset);
        wh_load_patch_set_rows(words, rows);
        wh_load_patch_set_columns(words, columns);
        wh_load_patch_set_source_rows(words, source_rows);
        wh_load_patch_set_source_columns(words, source_columns);
        wh_load_patch_set_row_pitch(words, row_pitch);
        wh_load_patch_set_channels(words, channels);
        wh_load_patch_set_pad_value(words, pad_value);
        wh_load_patch_set_pad_top(words, pad_top);
        wh_load_patch_set_pad_left(words, pad_left);
        wh_load_patch_set_kernel_height(words, kernel_height);
        wh_load_patch_set_kernel_width(words, kernel_width);
        wh_load_patch_set_stride_y(words, stride_y);
        wh_load_patch_set_stride_x(words, stride_x);
        wh_load_patch_set_flip_sign(words, flip);
        return command;
    }
    int patch_bytes() const { return kernel_height * kernel_width * channels; }
};

class Path {
  public:
    Path(Bench &bench) : bench_(bench), model_(std::make_unique<Vwh_memory_path>()) {
        memory.base = 0x123450000ull + static_cast<uint64_t>(bench.between(0, 511)) * 8;
        memory.bytes.resize(1 << 20);
        for (auto &byte : memory.bytes) byte = static_cast<uint8_t>(bench.bits());
        words.resize(16 * 8192);
        weights.resize(WEIGHT_WORDS * 4);
        model_->rst_ni = 0;
        model_->engine_rst_ni = 0;
        tick();
        tick();
        model_->rst_ni = 1;
        model_->engine_rst_ni = 1;
        tick();
    }

    void tick() {
        model_->region_base_i = memory.base;
        model_->region_bytes_i = static_cast<uint32_t>(region_bytes ? region_bytes : memory.bytes.size());
        model_->region_writable_i = region_writable;
        model_->arready_i = model_->rvalid_i = model_->rlast_i = model_->rerror_i = 0;
        for (unsigned port = 0; port < 2; port++) {
            reads[port].drive(bench_, memory, cycle);
            model_->arready_i |= reads[port].arready << port;
            model_->rvalid_i |= reads[port].rvalid << port;
            model_->rlast_i |= reads[port].rlast << port;
            model_->rerror_i |= reads[port].rerror << port;
        }
        model_->rdata0_i = reads[0].rdata;
        model_->rdata1_i = reads[1].rdata;
        write.drive(bench_, cycle);
        model_->awready_i = write.awready;
        model_->wready_i = write.wready;
        model_->bvalid_i = write.bvalid;
        model_->berror_i = write.berror;
        model_->table_ready_i = bench_.chance(70) ? 3 : 0;
        wh::settle(*model_);
        if (model_->rst_ni) learn();
        wh::edge(*model_);
        cycle++;
    }

    // Runs one command a queue (nullptr for none) side by side; returns the fault code, 0 if all were done.
    int run(const Command *load0, const Command *load1, const Command *store) {
        const Command *commands[3] = {load0, load1, store};
        uint32_t *ports[3] = {model_->load0_command_i.data(), model_->load1_command_i.data(),
                              model_->store_command_i.data()};
        unsigned pending = 0;
        for (unsigned queue = 0; queue < 3; queue++) {
            if (!commands[queue]) continue;
            wh::put_command(*commands[queue], ports[queue]);
            pending |= 1u << queue;
        }
        uint64_t began = cycle;
        table_words.clear();
        while (pending) {
            model_->command_valid_i = static_cast<CData>(pending);
            model_->clk_i = 0;
            tick();
            pending &= ~done_;
            for (unsigned queue = 0; queue < 3; queue++) {
                if (faults_ >> queue & 1) return recover(static_cast<int>(codes_ >> (4 * queue) & 15));
            }
            if (!bench_.check(cycle - began < 400000, "a command ends")) return recover(15);
        }
        model_->command_valid_i = 0;
        tick();
        bench_.check(write.idle(), "a store is done when every write is answered");
        return 0;
    }

    int recover(int code) {
        model_->command_valid_i = 0;
        model_->engine_rst_ni = 0;
        model_->flush_i = 1;
        uint64_t began = cycle;
        do tick();
        while (!model_->idle_o && cycle - began < 5000);
        bench_.check(model_->idle_o && reads[0].idle() && reads[1].idle() && write.idle(), "a flush empties the ports");
        model_->engine_rst_ni = 1;
        model_->flush_i = 0;
        tick();
        return code;
    }

    void check_weights() {
        for (unsigned index = 0; index < WEIGHT_WORDS; index++) {
            if (!known_weights[index]) continue;
            model_->weight_valid_i = 1;
            model_->weight_address_i = index;
            tick();
            for (unsigned lane = 0; lane < 4; lane++) {
                uint64_t read = model_->weight_data_o[2 * lane] | uint64_t{model_->weight_data_o[2 * lane + 1]} << 32;
                bench_.equal(weights[index * 4 + lane], read, "weight word");
            }
        }
        model_->weight_valid_i = 0;
    }

    wh::Memory memory;
    uint64_t region_bytes = 0;
    bool region_writable = true;
    wh::ReadPort reads[2];
    wh::WritePort write;
    uint64_t cycle = 0;
    std::vector<uint64_t> words;
    std::vector<uint64_t> weights;
    std::array<bool, WEIGHT_WORDS> known_weights{};
    std::vector<std::pair<unsigned, uint64_t>> table_words;

  private:
    void learn() {
        done_ = model_->done_o;
        faults_ = model_->fault_valid_o;
        codes_ = model_->fault_code_o;
        if (model_->table_valid_o & model_->table_ready_i & 1) {
            table_words.emplace_back((model_->table_target_o & 15) << 8 | (model_->table_index_o & 255),
                                     model_->table_data0_o);
        }
        const uint64_t addresses[2] = {model_->araddr0_o, model_->araddr1_o};
        for (unsigned port = 0; port < 2; port++) {
            reads[port].learn(bench_, memory, cycle, model_->arvalid_o >> port & 1, addresses[port],
                              model_->arlen_o >> (4 * port) & 15, model_->rready_o >> port & 1);
        }
        write.learn(bench_, memory, cycle, model_->awvalid_o, model_->awaddr_o, model_->awlen_o, model_->wvalid_o,
                    model_->wdata_o, model_->wstrb_o, model_->wlast_o);
    }

    Bench &bench_;
    std::unique_ptr<Vwh_memory_path> model_;
    unsigned done_ = 0, faults_ = 0, codes_ = 0;
};

// A map of at most `limit` words a bank from `base` on.
Map random_map(Bench &bench, int base, int limit) {
    for (;;) {
        Map map{};
        map.ring = static_cast<int>(bench.between(1, 4));
        map.blocks = static_cast<int>(bench.between(1, 7));
        map.quads = static_cast<int>(bench.between(1, 9));
        int words = map.ring * map.blocks * map.quads;
        if (words > limit) continue;
        map.base = base + static_cast<int>(bench.between(0, limit - words));
        map.row = static_cast<int>(bench.between(0, 4 * map.ring - 1));
        map.block = static_cast<int>(bench.between(0, map.blocks - 1));
        return map;
    }
}

Transfer random_transfer(Bench &bench, const Map &map, int64_t from, int64_t to) {
    Transfer transfer{};
    transfer.rows = static_cast<int>(bench.between(1, 4 * map.ring));
    transfer.blocks = static_cast<int>(bench.between(1, map.blocks - map.block));
    transfer.column = static_cast<int>(bench.between(0, 4 * map.quads - 1));
    transfer.columns = static_cast<int>(bench.between(1, 4 * map.quads - transfer.column));
    int row_words = transfer.blocks * transfer.columns;
    transfer.runs = bench.chance(50) ? 1 : bench.chance(50) ? transfer.blocks : row_words;
    transfer.run_words = row_words / transfer.runs;
    transfer.run_pitch = transfer.run_words * 8 + bench.between(0, 3) * 8;
    transfer.row_pitch = transfer.runs * transfer.run_pitch + bench.between(0, 9) * 8;
    int64_t bytes = transfer.rows * transfer.row_pitch;
    transfer.offset = from + bench.between(0, (to - from - bytes) / 8) * 8;
    return transfer;
}

void stall(Bench &bench, Path &path) {
    int percent = bench.chance(30) ? 0 : static_cast<int>(bench.between(5, 70));
    for (auto &read : path.reads) {
        read.stall_percent = percent;
        read.latency = static_cast<int>(bench.between(1, 60));
    }
    path.write.stall_percent = percent;
    path.write.latency = static_cast<int>(bench.between(1, 60));
}

void check_memory(Bench &bench, const Path &path, const std::vector<uint8_t> &expected) {
    for (size_t offset = 0; offset < expected.size(); offset += 8) {
        uint64_t value;
        std::memcpy(&value, &expected[offset], 8);
        if (!bench.equal(value, path.memory.word(offset), "memory after a store")) return;
    }
}

// Two loads side by side into the two halves of the banks, then a store out of one of them.
void loads_then_store(Bench &bench, Path &path) {
    const int half = ACTIVATION_BANK_WORDS / 2;
    stall(bench, path);
    Map maps[2] = {random_map(bench, 0, half), random_map(bench, half, half)};
    Command commands[2];
    for (int port = 0; port < 2; port++) {
        Transfer transfer = random_transfer(bench, maps[port], 0, 512 * 1024);
        commands[port] = transfer.command(WH_OPCODE_LOAD_MAP, maps[port], port);
        transfer.walk(maps[port], [&](int64_t place, int64_t offset) {
            path.words[static_cast<size_t>(place)] = path.memory.word(static_cast<uint64_t>(offset));
        });
    }
    bench.equal(0, static_cast<uint64_t>(path.run(&commands[0], &commands[1], nullptr)), "loads are done");
    const Map &map = maps[bench.between(0, 1)];
    Transfer transfer = random_transfer(bench, map, 512 * 1024, 1024 * 1024);
    Command store = transfer.command(WH_OPCODE_STORE_MAP, map, 0);
    std::vector<uint8_t> expected = path.memory.bytes;
    transfer.walk(map, [&](int64_t place, int64_t offset) {
        std::memcpy(&expected[static_cast<size_t>(offset)], &path.words[static_cast<size_t>(place)], 8);
    });
    bench.equal(0, static_cast<uint64_t>(path.run(nullptr, nullptr, &store)), "a store is done");
    check_memory(bench, path, expected);
}

// Every word of the banks gets a known value, so that stores may read any of them.
void fill(Bench &bench, Path &path) {
    const int groups = ACTIVATION_BANK_WORDS / 8;
    Map map{0, 1, 8, std::min(groups, 255), 0, 0};
    Transfer transfer{16, 1, 32, 0, 0, 256, 0, 32, 1};
    for (int group = 0; group * 4 < groups; group++) {
        map.base = group * 32;
        map.ring = 4;
        transfer.offset = bench.between(0, 1000) * 8;
        Command load = transfer.command(WH_OPCODE_LOAD_MAP, map, 0);
        bench.equal(0, static_cast<uint64_t>(path.run(&load, nullptr, nullptr)), "a fill is done");
        transfer.walk(map, [&](int64_t place, int64_t offset) {
            path.words[static_cast<size_t>(place)] = path.memory.word(static_cast<uint64_t>(offset));
        });
    }
}

void apply_patch(Path &path, const Map &map, const Patch &patch) {
    int segment = patch.kernel_width * patch.channels;
    for (int r = 0; r < patch.rows; r++) {
        for (int ky = 0; ky < patch.kernel_height; ky++) {
            for (int c = 0; c < patch.columns; c++) {
                for (int i = 0; i < segment; i++) {
                    int row = r * patch.stride_y + ky - patch.pad_top;
                    int byte = (c * patch.stride_x - patch.pad_left) * patch.channels + i;
                    uint8_t value = static_cast<uint8_t>(patch.pad_value);
                    if (row >= 0 && row < patch.source_rows && byte >= 0 &&
                        byte < patch.source_columns * patch.channels) {
                        value = path.memory.bytes[static_cast<size_t>(patch.offset + row * patch.row_pitch + byte)];
                        value ^= static_cast<uint8_t>(patch.flip << 7);
                    }
                    int channel = ky * segment + i;
                    auto *word = reinterpret_cast<uint8_t *>(
                        &path.words[static_cast<size_t>(map.place(r, channel / 8, c))]);
                    word[channel % 8] = value;
                }
            }
        }
    }
}

void patch_then_store(Bench &bench, Path &path) {
    stall(bench, path);
    Patch patch{};
    Map map{};
    do {
        patch.kernel_height = static_cast<int>(bench.between(1, bench.chance(20) ? 7 : 3));
        patch.kernel_width = static_cast<int>(bench.between(1, bench.chance(20) ? 7 : 3));
        patch.channels = static_cast<int>(bench.between(1, bench.chance(20) ? 36 : 5));
        patch.rows = static_cast<int>(bench.between(1, 6));
        patch.columns = static_cast<int>(bench.between(1, 24));
        patch.source_rows = static_cast<int>(bench.between(1, 12));
        int most_columns = std::min(4095, LINE_BYTES / patch.channels);
        patch.source_columns = static_cast<int>(
            bench.between(1, bench.chance(10) ? most_columns : std::min(60, most_columns)));
        map.blocks = (patch.patch_bytes() + 7) / 8 + static_cast<int>(bench.between(0, 2));
        map.block = map.blocks - (patch.patch_bytes() + 7) / 8;
        map.quads = (patch.columns + 3) / 4;
        map.ring = (patch.rows + 3) / 4;
        map.row = static_cast<int>(bench.between(0, 4 * map.ring - 1));
    } while (map.ring * map.blocks * map.quads > ACTIVATION_BANK_WORDS);
    patch.pad_value = static_cast<int>(bench.between(-128, 127));
    patch.pad_top = static_cast<int>(bench.between(-3, 3));
    patch.pad_left = static_cast<int>(bench.between(-3, 3));
    patch.stride_y = static_cast<int>(bench.between(1, 3));
    patch.stride_x = static_cast<int>(bench.between(1, 3));
    patch.flip = bench.chance(50);
    patch.offset = bench.between(0, 9999);
    patch.row_pitch = patch.source_columns * patch.channels + bench.between(0, 9);
    Command load = patch.command(map);
    bench.equal(0, static_cast<uint64_t>(path.run(&load, nullptr, nullptr)), "a patch load is done");
    apply_patch(path, map, patch);
    int blocks = (patch.patch_bytes() + 7) / 8;
    Transfer transfer{
        patch.rows, blocks, patch.columns, 0, 512 * 1024, blocks * patch.columns * 8, 0, blocks * patch.columns, 1};
    if (transfer.rows * transfer.row_pitch > 512 * 1024) return;
    Command store = transfer.command(WH_OPCODE_STORE_MAP, map, 0);
    std::vector<uint8_t> expected = path.memory.bytes;
    transfer.walk(map, [&](int64_t place, int64_t offset) {
        std::memcpy(&expected[static_cast<size_t>(offset)], &path.words[static_cast<size_t>(place)], 8);
    });
    bench.equal(0, static_cast<uint64_t>(path.run(nullptr, nullptr, &store)), "a store of patches is done");
    check_memory(bench, path, expected);
}

Command weights_command(int address, int count, int64_t offset, int port) {
    Command command = wh::command_of(WH_OPCODE_LOAD_WEIGHTS);
    wh_load_weights_set_address(command.data(), address);
    wh_load_weights_set_offset(command.data(), offset);
    wh_load_weights_set_port(command.data(), port);
    wh_load_weights_set_decoded_bytes(command.data(), count * WH_WEIGHT_WORD_BYTES);
    wh_load_weights_set_encoded_bytes(command.data(), count * WH_WEIGHT_WORD_BYTES);
    return command;
}

void weights_and_tables(Bench &bench, Path &path) {
    stall(bench, path);
    const int half = WEIGHT_WORDS / 2;
    Command commands[2];
    for (int port = 0; port < 2; port++) {
        int count = static_cast<int>(bench.between(1, 200));
        int address = port * half + static_cast<int>(bench.between(0, half - count));
        int64_t offset = bench.between(0, 60000) * 8;
        commands[port] = weights_command(address, count, offset, port);
        for (int64_t index = 0; index < count * 4; index++) {
            path.weights[static_cast<size_t>(address * int64_t{4} + index)] = path.memory.word(
                static_cast<uint64_t>(offset + index * 8));
            path.known_weights[static_cast<size_t>(address + index / 4)] = true;
        }
    }
    bench.equal(0, static_cast<uint64_t>(path.run(&commands[0], &commands[1], nullptr)), "weight loads are done");

    unsigned target = static_cast<unsigned>(bench.between(0, 1));
    int64_t offset = bench.between(0, 60000) * 8;
    Command table = wh::command_of(WH_OPCODE_LOAD_TABLE);
    wh_load_table_set_target(table.data(), target);
    wh_load_table_set_offset(table.data(), offset);
    bench.equal(0, static_cast<uint64_t>(path.run(&table, nullptr, nullptr)), "a table load is done");
    bench.equal((target == WH_TABLE_TARGET_ACTIVATION ? WH_ACTIVATION_TABLE_BYTES : WH_RESCALE_TABLE_BYTES) / 8,
                path.table_words.size(), "words of the table");
    for (unsigned index = 0; index < path.table_words.size(); index++) {
        bench.equal(target << 8 | index, path.table_words[index].first, "table target and index");
        bench.equal(path.memory.word(static_cast<uint64_t>(offset) + index * 8), path.table_words[index].second,
                    "table word");
    }
}

void faults(Bench &bench, Path &path) {
    Map map{0, 4, 4, 2, 0, 0};
    Transfer good{4, 4, 16, 0, 0, 512, 0, 64, 1};
    auto fault = [&](const Command &command, Queue queue, int code, const char *what) {
        int found = path.run(queue == LOAD0 ? &command : nullptr, queue == LOAD1 ? &command : nullptr,
                             queue == STORE ? &command : nullptr);
        bench.equal(static_cast<uint64_t>(code), static_cast<uint64_t>(found), what);
    };
    for (int round = 0; round < 3; round++) {
        for (Queue queue : {LOAD0, LOAD1, STORE}) {
            const int opcode = queue == STORE ? WH_OPCODE_STORE_MAP : WH_OPCODE_LOAD_MAP;
            stall(bench, path);
            Transfer transfer = good;
            transfer.run_words = 63;
            fault(transfer.command(opcode, map, 0), queue, WH_FAULT_ILLEGAL_COMMAND, "run words that do not add up");
            Map broken = map;
            broken.ring = 0;
            fault(good.command(opcode, broken, 0), queue, WH_FAULT_ILLEGAL_COMMAND, "a ring of no rows");
            broken = map;
            broken.row = 8;
            fault(good.command(opcode, broken, 0), queue, WH_FAULT_ILLEGAL_COMMAND, "a row beyond the ring");
            transfer = good;
            transfer.offset = 4;
            fault(transfer.command(opcode, map, 0), queue, WH_FAULT_ILLEGAL_COMMAND, "an offset between words");
            broken = map;
            broken.base = ACTIVATION_BANK_WORDS - 8;
            fault(good.command(opcode, broken, 0), queue, WH_FAULT_OUT_OF_MEMORY, "a map beyond the banks");
            path.region_bytes = 4 * 512 - 8;
            fault(good.command(opcode, map, 0), queue, WH_FAULT_OUT_OF_REGION, "a region one word short");
            path.region_bytes = 4 * 512;
            fault(good.command(opcode, map, 0), queue, 0, "a region just long enough");
            path.region_bytes = 0;
            if (queue == STORE) {
                path.write.answer_error = true;
                fault(good.command(opcode, map, 0), queue, WH_FAULT_WRITE_ERROR, "a write answered with an error");
                path.write.answer_error = false;
                const std::vector<uint8_t> before = path.memory.bytes;
                path.region_writable = false;
                fault(good.command(opcode, map, 0), queue, WH_FAULT_READ_ONLY_REGION,
                      "a store into a region that is not writable");
                transfer = good;
                transfer.offset = 4;
                fault(transfer.command(opcode, map, 0), queue, WH_FAULT_ILLEGAL_COMMAND,
                      "an illegal store into a region that is not writable");
                path.region_writable = true;
                check_memory(bench, path, before);
            } else {
                path.reads[queue].error_at_beat = static_cast<int64_t>(path.reads[queue].beats) + bench.between(0, 200);
                fault(good.command(opcode, map, 0), queue, WH_FAULT_READ_ERROR, "a read answered with an error");
                path.reads[queue].error_at_beat = -1;
            }
            fault(good.command(opcode, map, 0), queue, 0, "the same command after the fault");
        }
        fault(weights_command(WEIGHT_WORDS - 3, 4, 0, 0), LOAD0, WH_FAULT_OUT_OF_MEMORY, "weights beyond the memory");
        Patch patch{1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 8};
        fault(patch.command(map), LOAD1, WH_FAULT_ILLEGAL_COMMAND, "a patch load on LOAD1");
        path.region_bytes = 9;
        patch.offset = 8;
        fault(patch.command(map), LOAD0, 0, "a patch load of the region's last byte");
        path.region_bytes = 8;
        fault(patch.command(map), LOAD0, WH_FAULT_OUT_OF_REGION, "a patch load of a byte beyond the region");
        path.region_bytes = 0;
        patch.stride_x = 0;
        fault(patch.command(map), LOAD0, WH_FAULT_ILLEGAL_COMMAND, "a patch load without a stride");
        patch.stride_x = 1;
        patch.source_columns = LINE_BYTES + 1 > 4095 ? 4095 : LINE_BYTES + 1;
        patch.channels = 2;
        fault(patch.command(map), LOAD0, WH_FAULT_ILLEGAL_COMMAND, "a source row longer than the line");
    }
}

void throughput(Bench &bench, Path &path) {
    for (auto &read : path.reads) read.stall_percent = 0, read.latency = 40;
    path.write.stall_percent = 0;
    path.write.latency = 30;
    Map map{0, 4, 16, 4, 0, 0};
    Transfer transfer{16, 4, 64, 0, 0, 2048, 0, 256, 1};
    auto measure = [&](const Command &command, Queue queue, uint64_t most, const char *what) {
        uint64_t began = path.cycle;
        path.run(queue == LOAD0 ? &command : nullptr, queue == LOAD1 ? &command : nullptr,
                 queue == STORE ? &command : nullptr);
        std::printf("  %s: %llu cycles, at most %llu\n", what, static_cast<unsigned long long>(path.cycle - began),
                    static_cast<unsigned long long>(most));
        bench.check(path.cycle - began <= most, what, most, path.cycle - began);
    };
    measure(transfer.command(WH_OPCODE_LOAD_MAP, map, 0), LOAD0, 4096 + 70, "load of 4096 words, LOAD0");
    measure(transfer.command(WH_OPCODE_LOAD_MAP, map, 1), LOAD1, 4096 + 70, "load of 4096 words, LOAD1");
    measure(transfer.command(WH_OPCODE_STORE_MAP, map, 0), STORE, 4096 + 70, "store of 4096 words");
    Patch patch{8, 56, 17, 112, 3, 0, 0, 0, 3, 3, 2, 2, 1, 5, 336};
    Map patches{0, 4, 14, 2, 0, 0};
    measure(patch.command(patches), LOAD0, 8 * 3 * 56 + 130, "patches 3x3x3 of 8 x 56 outputs");
}

}  // namespace

int main(int argc, char **argv) {
    Bench bench("wh_memory_path", argc, argv);
    Path path(bench);
    fill(bench, path);
    for (int round = 0; round < 60 && !bench.failures(); round++) loads_then_store(bench, path);
    for (int round = 0; round < 120 && !bench.failures(); round++) patch_then_store(bench, path);
    for (int round = 0; round < 10 && !bench.failures(); round++) weights_and_tables(bench, path);
    path.check_weights();
    faults(bench, path);
    fill(bench, path);  // commands that failed leave words behind that no model knows
    for (int round = 0; round < 10 && !bench.failures(); round++) loads_then_store(bench, path);
    throughput(bench, path);
    return bench.verdict();
}
