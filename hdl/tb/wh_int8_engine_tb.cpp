// SPDX-License-Identifier: Apache-2.0
// Bench of wh_int8_engine: random commands under random stalls against wh_int8_golden.h, refused commands, and cycle
// counts. Arguments: seed, commands to try (default 400).
#include "Vwh_int8_engine.h"
#include "wh_bench.h"
#include "wh_int8_golden.h"
#include "wh_requantisers_model.h"

namespace {

using wh::Convolution;

class Fixture {
  public:
    Fixture(wh::Bench &bench) : bench_(bench) {
        chip.reduction = INT8_REDUCTION;
        chip.pixels = INT8_PIXELS;
        chip.bank_words = ACTIVATION_BANK_WORDS;
        for (auto &bank : chip.banks) bank.resize(ACTIVATION_BANK_WORDS);
        chip.weights.resize(WEIGHT_WORDS * 32);
        model_.rst_ni = 0;
        wh::tick(model_);
        model_.rst_ni = 1;
        wh::tick(model_);
    }

    wh::Chip chip;
    int stall_percent = 0;
    long active_cycles = 0;

    void randomise() {
        for (auto &bank : chip.banks) {
            for (auto &word : bank) word = bench_.bits();
        }
        for (auto &byte : chip.weights) byte = static_cast<uint8_t>(bench_.bits());
        for (auto &code : chip.table) code = static_cast<int8_t>(bench_.bits());
        for (int i = 0; i < 32; i++) {
            model_.table_valid_i = 1;
            model_.table_target_i = 1;
            model_.table_index_i = static_cast<uint8_t>(i);
            std::memcpy(&model_.table_data_i, &chip.table[i * 8], 8);
            wh::tick(model_);
            model_.table_valid_i = 0;
            while (!model_.table_ready_o) wh::tick(model_);
        }
    }

    // Cycles from command_valid_i to done_o, or -fault code.
    long run(const Convolution &command, long limit = 4'000'000) {
        wh::put_command(command.encode(), model_.command_i);
        model_.command_valid_i = 1;
        active_cycles = 0;
        long cycles = 0, result = 0;
        for (; cycles < limit && result == 0; cycles++) {
            step();
            if (model_.fault_valid_o) result = -static_cast<long>(model_.fault_code_o);
            if (model_.done_o) result = cycles;
        }
        bench_.check(result != 0, "the command ends");
        step();
        model_.command_valid_i = 0;
        for (int64_t i = bench_.between(1, 3); i > 0; i--) step();
        return result;
    }

    // One clock cycle with the memories: reads and weights answer a cycle later, data is garbage at all other times.
    void step() {
        model_.read_ready_i = !bench_.chance(stall_percent);
        model_.weight_ready_i = !bench_.chance(stall_percent);
        model_.write_ready_i = (bench_.chance(stall_percent) ? 0 : 1) | (bench_.chance(stall_percent) ? 0 : 2);
        wh::settle(model_);
        if (model_.active_o) active_cycles++;
        uint32_t read_data[32], weight_data[8];
        for (auto &word : read_data) word = 0xDEADBEEF;
        for (auto &word : weight_data) word = 0xBADC0DE5;
        if (model_.read_ready_i && model_.read_valid_o) {
            for (int b = 0; b < 16; b++) {
                if (!(model_.read_enable_o >> b & 1)) continue;
                const uint32_t address = slice(model_.read_address_o, b * 13, 13);
                if (!bench_.check(address < ACTIVATION_BANK_WORDS, "read address")) continue;
                std::memcpy(&read_data[b * 2], &chip.banks[b][address], 8);
            }
        }
        if (model_.weight_ready_i && model_.weight_valid_o) {
            if (bench_.check(model_.weight_address_o < WEIGHT_WORDS, "weight address")) {
                std::memcpy(weight_data, &chip.weights[model_.weight_address_o * 32], 32);
            }
        }
        for (int n = 0; n < 2; n++) {
            if (!(model_.write_valid_o >> n & 1) || !(model_.write_ready_i >> n & 1)) continue;
            const uint32_t bank = model_.write_bank_o >> n * 4 & 15, address = model_.write_address_o >> n * 13 & 8191;
            if (!bench_.check(address < ACTIVATION_BANK_WORDS, "write address")) continue;
            uint8_t data[8];
            std::memcpy(data, &model_.write_data_o[n * 2], 8);
            for (int i = 0; i < 8; i++) {
                if (model_.write_strobe_o >> (n * 8 + i) & 1)
                    reinterpret_cast<uint8_t *>(&chip.banks[bank][address])[i] = data[i];
            }
        }
        Requantisers::Request request;
        request.valid = model_.requantise_valid_o;
        request.wide = model_.requantise_wide_o;
        request.high = model_.requantise_high_o;
        request.range = model_.requantise_range_o;
        for (int lane = 0; lane < 8 * INT8_PIXELS; lane++) {
            const int channel = lane / INT8_PIXELS;
            request.lanes[static_cast<size_t>(lane)] = {
                static_cast<int32_t>(model_.requantise_sums_o[lane]),
                static_cast<int32_t>(model_.requantise_multipliers_o[channel] & INT32_MAX),
                static_cast<int8_t>(wh::slice(model_.requantise_shifts_o, channel * 8, 8))};
        }
        bench_.check(!request.valid || soon_ > 0, "sums that were not announced");
        bench_.check(!request.valid || claimed_ < 17, "sums while the requantisers are claimed");
        soon_ = model_.requantise_soon_o ? 2 : soon_ > 0 ? soon_ - 1 : 0;
        claimed_ = model_.requantise_claimed_i ? claimed_ + 1 : 0;
        wh::edge(model_);
        requantisers_.step(request, model_.codes_i);
        if (claimed_ % 64 == 0) model_.requantise_claimed_i = stall_percent > 0 && bench_.chance(2);
        std::memcpy(&model_.read_data_i[0], read_data, sizeof read_data);
        std::memcpy(&model_.weight_data_i[0], weight_data, sizeof weight_data);
    }

  private:
    using Requantisers = wh::RequantisersModel<8 * INT8_PIXELS>;

    template <typename Wide>
    static uint32_t slice(const Wide &words, int lsb, int width) {
        const uint64_t two = words[lsb / 32] | (lsb / 32 < 6 ? static_cast<uint64_t>(words[lsb / 32 + 1]) << 32 : 0);
        return static_cast<uint32_t>(two >> lsb % 32 & ((1u << width) - 1));
    }

    wh::Bench &bench_;
    Vwh_int8_engine model_;
    Requantisers requantisers_;
    int soon_ = 0, claimed_ = 0;
};

int words_of(const wh::Map &map) { return map.ring * map.blocks * map.quads; }

// A map for rows x blocks x columns: random extra blocks, ring and start row.
wh::PlacedMap random_map(wh::Bench &bench, int rows, int blocks, int columns) {
    wh::PlacedMap map;
    map.block = static_cast<int>(bench.between(0, 2));
    map.blocks = map.block + blocks + static_cast<int>(bench.between(0, 1));
    map.quads = (columns + 3) / 4 + static_cast<int>(bench.between(0, 1));
    map.ring = (rows + 3) / 4 + static_cast<int>(bench.between(0, 1));
    map.row = static_cast<int>(bench.between(0, 4 * map.ring - 1));
    return map;
}

void random_parameters(wh::Bench &bench, wh::Chip &chip, const Convolution &c) {
    for (int g = 0; g < c.groups; g++) {
        uint8_t *parameters = &chip.weights[(c.weight_address + g * c.group_words(chip.reduction)) * 32];
        for (int lane = 0; lane < 8; lane++) {
            const int32_t bias = static_cast<int32_t>(bench.bits()) >> bench.between(0, 31);
            int32_t multiplier = static_cast<int32_t>(bench.bits() & INT32_MAX);
            if (bench.chance(10)) multiplier = bench.chance(50) ? INT32_MAX : 0;
            if (c.post == WH_POST_BITS && bench.chance(50)) multiplier |= INT32_MIN;
            std::memcpy(parameters + lane * 4, &bias, 4);
            std::memcpy(parameters + 32 + lane * 4, &multiplier, 4);
            parameters[64 + lane] = static_cast<uint8_t>(bench.chance(80) ? -bench.between(0, 16)
                                                                          : bench.between(-31, 31));
        }
        for (int set = 0; set < (c.depthwise ? c.sets(chip.reduction) : 0); set++) {
            const int windows = (c.kernel_width + c.window_width - 1) / c.window_width;
            const int ky0 = set / windows * c.window_height, kx0 = set % windows * c.window_width;
            for (int r = 0; r < chip.reduction; r++) {
                const int wy = r / 3, wx = r % 3;
                const bool used = wy < c.window_height && wx < c.window_width && ky0 + wy < c.kernel_height &&
                                  kx0 + wx < c.kernel_width;
                if (!used) std::memset(parameters + 96 + (set * chip.reduction + r) * 8, 0, 8);
            }
        }
    }
}

// A legal command that fits the memories, small enough for the golden model.
bool random_command(wh::Bench &bench, Convolution &c) {
    const auto between = [&](int least, int greatest) { return static_cast<int>(bench.between(least, greatest)); };
    c = Convolution{};
    c.depthwise = bench.chance(40);
    c.single = bench.chance(20);
    c.flatten = bench.chance(15);
    const bool pairs = c.pairs(INT8_PIXELS);
    const auto distinct = [](int count, int step) {
        return count == 1 || (count == 2 ? step % 4 != 0 : step % 2 == 1);
    };
    if (!c.flatten) {
        const int shape = between(0, 3);
        c.kernel_height = shape == 0 ? 1 : between(1, c.depthwise ? 7 : 5);
        c.kernel_width = shape == 0 || shape == 1 ? c.kernel_height : between(1, 5);
        c.stride_y = between(1, 3);
        c.stride_x = c.depthwise && pairs ? 1 : between(1, bench.chance(10) ? 15 : 3);
        if (!c.depthwise && pairs && c.stride_x % 4 == 0) c.stride_x = 1;
        c.dilation_y = bench.chance(30) ? between(1, 5) : 1;
        c.dilation_x = c.depthwise && pairs ? 1 : bench.chance(30) ? between(1, 5) : 1;
        c.pad_top = between(-2, 3);
        c.pad_left = between(-2, 3);
        do {
            c.window_height = between(1, 3);
            c.window_width = between(1, 3);
        } while (!distinct(c.window_height, c.dilation_y) || !distinct(c.window_width, c.dilation_x));
    } else {
        c.window_height = c.window_width = bench.chance(50) ? 1 : 3;
    }
    c.in_rows = between(1, 14);
    c.in_columns = between(1, 20);
    c.out_rows = between(1, 9);
    c.out_columns = between(1, 17);
    if (c.flatten) {
        c.out_rows = std::min(c.out_rows, c.in_rows);
        if (c.out_columns % 4 == 1) c.out_columns++;
    }
    c.groups = between(1, bench.chance(20) ? 17 : 4);
    c.channel_blocks = c.depthwise ? between(0, 3) : between(1, bench.chance(20) ? 12 : 5);
    c.tile = bench.chance(30) ? between(1, 6) : between(1, 32);
    c.post = bench.chance(60) ? 0 : between(1, 2);
    c.wide = (c.single || c.post != WH_POST_REQUANTISE) && bench.chance(50);
    c.table = bench.chance(30);
    c.one_set = c.depthwise && c.single && bench.chance(50);
    c.pad_value = c.one_set ? 0 : between(-128, 127);
    c.zero_point = between(-128, 127);
    if (bench.chance(50)) {
        c.clamp_min = between(-128, 127);
        c.clamp_max = between(c.clamp_min, 127);
    }
    c.in = random_map(bench, c.in_rows, c.depthwise ? c.groups : c.channel_blocks, c.in_columns);
    c.out = random_map(bench, c.out_rows,
                       c.post == WH_POST_REQUANTISE ? c.groups
                       : c.post == WH_POST_BITS     ? (c.groups + 7) / 8
                                                    : 4 * c.groups,
                       c.out_columns);
    const int slack = static_cast<int>(ACTIVATION_BANK_WORDS) - words_of(c.in) - words_of(c.out);
    const int weight_slack = static_cast<int>(WEIGHT_WORDS) - c.groups * c.group_words(INT8_REDUCTION);
    if (slack < 0 || weight_slack < 0) return false;
    const bool in_first = bench.chance(50);
    c.in.base = (in_first ? 0 : words_of(c.out)) + between(0, slack);
    c.out.base = in_first ? c.in.base + words_of(c.in) : between(0, c.in.base - words_of(c.out));
    c.weight_address = between(0, weight_slack);
    return true;
}

void compare(wh::Bench &bench, const Convolution &c, Fixture &fixture, const wh::Chip &before) {
    wh::Chip expected = before;
    expected.run(c);
    fixture.chip.kept = expected.kept;
    int wrong = 0;
    for (int b = 0; b < 16; b++) {
        for (int a = 0; a < static_cast<int>(ACTIVATION_BANK_WORDS); a++) {
            if (expected.banks[b][a] == fixture.chip.banks[b][a]) continue;
            bench.equal(expected.banks[b][a], fixture.chip.banks[b][a], "word");
            if (wrong++ == 0) {
                std::printf(
                    "  bank %d address %d: depthwise %d flatten %d single %d kernel %dx%d stride %d,%d dilation %d,%d "
                    "pad %d,%d in %dx%d "
                    "out %dx%d blocks %d groups %d tile %d post %d wide %d table %d accumulate %d window %dx%d\n",
                    b, a, c.depthwise, c.flatten, c.single, c.kernel_height, c.kernel_width, c.stride_y, c.stride_x,
                    c.dilation_y, c.dilation_x, c.pad_top, c.pad_left, c.in_rows, c.in_columns, c.out_rows,
                    c.out_columns, c.channel_blocks, c.groups, c.tile, c.post, c.wide, c.table, c.accumulate,
                    c.window_height, c.window_width);
            }
        }
    }
}

void run_and_compare(wh::Bench &bench, Fixture &fixture, const Convolution &c) {
    const wh::Chip before = fixture.chip;
    bench.check(fixture.run(c) > 0, "a legal command ends without a fault");
    compare(bench, c, fixture, before);
}

// keep, then accumulate and keep some more, then accumulate and write.
void random_accumulation(wh::Bench &bench, Fixture &fixture) {
    Convolution c;
    do {
        while (!random_command(bench, c)) {
        }
        c.groups = 1;
        c.out_rows = std::min(c.out_rows, 2);
        c.out_columns = std::min(c.out_columns, 10);
        if (c.out_columns % 4 == 1) c.flatten = false;
        c.tile = 32;
    } while (c.positions(INT8_PIXELS) > 32);
    random_parameters(bench, fixture.chip, c);
    for (int part = 0; part < 3; part++) {
        c.accumulate = part > 0;
        c.keep = part < 2;
        run_and_compare(bench, fixture, c);
    }
}

void refused_commands(wh::Bench &bench, Fixture &fixture) {
    const wh::Chip before = fixture.chip;
    Convolution good;
    good.in_rows = good.in_columns = good.out_rows = good.out_columns = 8;
    good.in.quads = good.out.quads = good.in.ring = good.out.ring = 2;
    good.out.base = 32;
    const auto refuse = [&](const char *what, long code, auto &&change) {
        Convolution c = good;
        change(c);
        bench.check(fixture.run(c) == -code, what);
    };
    refuse("wide without single", WH_FAULT_ILLEGAL_COMMAND,
           [](Convolution &c) { c.wide = true, c.single = false, c.post = WH_POST_REQUANTISE; });
    refuse("tile 0", WH_FAULT_ILLEGAL_COMMAND, [](Convolution &c) { c.tile = 0; });
    refuse("tile 33", WH_FAULT_ILLEGAL_COMMAND, [](Convolution &c) { c.tile = 33; });
    refuse("no groups", WH_FAULT_ILLEGAL_COMMAND, [](Convolution &c) { c.groups = 0; });
    refuse("no kernel", WH_FAULT_ILLEGAL_COMMAND, [](Convolution &c) { c.kernel_width = 0; });
    refuse("no blocks", WH_FAULT_ILLEGAL_COMMAND, [](Convolution &c) { c.channel_blocks = 0; });
    refuse("post 3", WH_FAULT_ILLEGAL_COMMAND, [](Convolution &c) { c.post = 3; });
    refuse("no ring", WH_FAULT_ILLEGAL_COMMAND, [](Convolution &c) { c.in.ring = 0; });
    refuse("row beyond the ring", WH_FAULT_ILLEGAL_COMMAND, [](Convolution &c) { c.out.row = 8; });
    refuse("flatten with padding", WH_FAULT_ILLEGAL_COMMAND, [](Convolution &c) { c.flatten = true, c.pad_left = 1; });
    refuse("flatten with 5 columns", WH_FAULT_ILLEGAL_COMMAND,
           [](Convolution &c) { c.flatten = true, c.out_columns = 5; });
    refuse("keep with two tiles", WH_FAULT_ILLEGAL_COMMAND, [](Convolution &c) { c.keep = true, c.tile = 31; });
    refuse("accumulate with two groups", WH_FAULT_ILLEGAL_COMMAND,
           [](Convolution &c) { c.accumulate = true, c.out_rows = 1, c.groups = 2; });
    refuse("window 0", WH_FAULT_ILLEGAL_COMMAND, [](Convolution &c) { c.depthwise = true, c.window_height = 0; });
    refuse("three rows, dilation 2", WH_FAULT_ILLEGAL_COMMAND,
           [](Convolution &c) { c.depthwise = true, c.window_height = 3, c.dilation_y = 2; });
    const auto one_set = [](Convolution &c) { c.one_set = c.depthwise = c.single = true, c.pad_value = 0; };
    refuse("one set, dense", WH_FAULT_ILLEGAL_COMMAND, [&](Convolution &c) { one_set(c), c.depthwise = false; });
    refuse("one set in pairs", WH_FAULT_ILLEGAL_COMMAND, [&](Convolution &c) { one_set(c), c.single = false; });
    refuse("one set, padding 1", WH_FAULT_ILLEGAL_COMMAND, [&](Convolution &c) { one_set(c), c.pad_value = 1; });
    if (INT8_PIXELS == 2) {
        refuse("pairs with stride 4", WH_FAULT_ILLEGAL_COMMAND, [](Convolution &c) { c.stride_x = 4; });
        refuse("depthwise pairs with stride 2", WH_FAULT_ILLEGAL_COMMAND,
               [](Convolution &c) { c.depthwise = true, c.stride_x = 2; });
    }
    bench.check(before.banks == fixture.chip.banks, "refused commands write nothing");
    refuse("input beyond the banks", WH_FAULT_OUT_OF_MEMORY,
           [](Convolution &c) { c.in.base = ACTIVATION_BANK_WORDS - 3; });
    refuse("weights beyond their memory", WH_FAULT_OUT_OF_MEMORY,
           [](Convolution &c) { c.weight_address = WEIGHT_WORDS - 1; });
    refuse("output beyond the banks", WH_FAULT_OUT_OF_MEMORY,
           [](Convolution &c) { c.out.base = ACTIVATION_BANK_WORDS - 3; });
}

// Without stalls a command takes at most 5 percent more than sets * positions, plus a fixed start and end.
void timed(wh::Bench &bench, Fixture &fixture, const char *name, const Convolution &c, long ideal) {
    random_parameters(bench, fixture.chip, c);
    const wh::Chip before = fixture.chip;
    const long cycles = fixture.run(c);
    std::printf("  %s: %ld cycles, ideal %ld (%.1f %% over), issued %ld\n", name, cycles, ideal,
                100.0 * static_cast<double>(cycles - ideal) / static_cast<double>(ideal), fixture.active_cycles);
    bench.check(cycles > 0 && cycles <= ideal + 45, name, static_cast<uint64_t>(ideal), static_cast<uint64_t>(cycles));
    compare(bench, c, fixture, before);
}

Convolution square(int size, int in_blocks, int groups) {
    Convolution c;
    c.in_rows = c.in_columns = c.out_rows = c.out_columns = size;
    c.in.quads = c.out.quads = c.in.ring = c.out.ring = (size + 3) / 4;
    c.in.blocks = in_blocks;
    c.out.blocks = groups;
    c.out.base = words_of(c.in);
    c.channel_blocks = in_blocks;
    c.groups = groups;
    return c;
}

void timings(wh::Bench &bench, Fixture &fixture) {
    const int pixels = INT8_PIXELS;
    const auto chunks = [](int blocks) { return (blocks * 8 + INT8_REDUCTION - 1) / INT8_REDUCTION; };
    Convolution pointwise = square(14, 8, 8);
    pointwise.flatten = true;
    pointwise.tile = 28;
    timed(bench, fixture, "1x1 64 to 64 on 14x14", pointwise, 8L * chunks(8) * 196 / pixels);
    Convolution small_tiles = pointwise;
    small_tiles.tile = INT8_REDUCTION / 4;
    timed(bench, fixture, "1x1 64 to 64 on 14x14, smallest tiles without waiting", small_tiles,
          8L * chunks(8) *
                  (196 / pixels +
                   (196 / pixels % small_tiles.tile ? small_tiles.tile - 196 / pixels % small_tiles.tile : 0)) +
              24);
    Convolution depthwise = square(ACTIVATION_BANK_WORDS >= 2048 ? 28 : 14, ACTIVATION_BANK_WORDS >= 2048 ? 8 : 4,
                                   ACTIVATION_BANK_WORDS >= 2048 ? 8 : 4);
    depthwise.depthwise = true;
    depthwise.kernel_height = depthwise.kernel_width = depthwise.window_height = depthwise.window_width = 3;
    depthwise.pad_top = depthwise.pad_left = 1;
    timed(bench, fixture, "depthwise 3x3", depthwise,
          static_cast<long>(depthwise.groups) * depthwise.positions(INT8_PIXELS));
    Convolution dense = square(8, 4, 4);
    dense.kernel_height = dense.kernel_width = 3;
    dense.pad_top = dense.pad_left = 1;
    timed(bench, fixture, "3x3 32 to 32 on 8x8", dense, 4L * 9 * chunks(4) * 64 / pixels);
    Convolution late = square(8, 1, 4);
    late.wide = late.single = true;
    timed(bench, fixture, "wide 1x1 8 to 32 on 8x8", late, 2L * 4 * 64);
    late.single = false;
    late.post = 2;
    late.out.blocks = 16;
    timed(bench, fixture, "raw 1x1 8 to 32 on 8x8", late, 4L * 4 * 64 / pixels);
    Convolution one = square(1, 8, 8);
    timed(bench, fixture, "1x1 64 to 64 on one pixel", one, 8L * (chunks(8) * INT8_REDUCTION / 4 + 3));
}

}  // namespace

int main(int argc, char **argv) {
    wh::Bench bench("wh_int8_engine", argc, argv);
    const long commands = argc > 2 ? std::strtol(argv[2], nullptr, 10) : 400;
    auto fixture = std::make_unique<Fixture>(bench);
    fixture->randomise();
    refused_commands(bench, *fixture);
    timings(bench, *fixture);
    const int stalls[] = {0, 0, 10, 50};
    int compared = 0;
    for (long i = 0; i < commands && bench.failures() < 20; i++) {
        Convolution c;
        fixture->stall_percent = stalls[bench.between(0, 3)];
        if (i % 50 == 0) fixture->randomise();
        if (bench.chance(15)) {
            random_accumulation(bench, *fixture);
        } else if (random_command(bench, c)) {
            random_parameters(bench, fixture->chip, c);
            run_and_compare(bench, *fixture, c);
            compared++;
        }
    }
    std::printf("  %d single commands compared\n", compared);
    return bench.verdict();
}
