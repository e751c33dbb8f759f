// SPDX-License-Identifier: Apache-2.0
/* Commands as bits, put together by hand: the one place that says again where the contract's fields are. What is
 * generated from the contract for C is compared with it here; the benches of the hardware use the same readers and
 * writers. */
#include "fixture.hpp"

namespace bench {

namespace {

using Writer = void (*)(uint64_t *, int64_t);

struct Field {
    const char *name;
    Reader reader;
    Writer writer;
    int64_t value;
};

struct Golden {
    const char *name;
    uint64_t words[WH_COMMAND_WORDS];
    std::vector<Field> fields; /* all but the header and the maps */
};

#define FIELD(command, field, value) \
    { #field, wh_##command##_##field, wh_##command##_set_##field, value }

/* A function, so that nothing is built before main. */
const std::vector<Golden> &golden_commands() {
    static const std::vector<Golden> GOLDEN = {
        {"LOAD_MAP",
         {0x1, 0x0, 0x1312345678, 0xABC789456123, 0x1234432187654321, 0x987FEDCB, 0x0, 0x0},
         {FIELD(load_map, offset, 0x12345678), FIELD(load_map, region, 3), FIELD(load_map, port, 1),
          FIELD(load_map, rows, 0x123), FIELD(load_map, move_blocks, 0x456), FIELD(load_map, columns, 0x789),
          FIELD(load_map, column, 0xABC), FIELD(load_map, row_pitch, 0x87654321),
          FIELD(load_map, run_pitch, 0x12344321), FIELD(load_map, run_words, 0xFEDCB), FIELD(load_map, runs, 0x987)}},
        {"LOAD_PATCH",
         {0x2, 0x0, 0x12345678, 0xABC789456123, 0x5FDFEA187654321, 0x178563412, 0x0, 0x0},
         {FIELD(load_patch, offset, 0x12345678), FIELD(load_patch, rows, 0x123), FIELD(load_patch, columns, 0x456),
          FIELD(load_patch, source_rows, 0x789), FIELD(load_patch, source_columns, 0xABC),
          FIELD(load_patch, row_pitch, 0x87654321), FIELD(load_patch, channels, 0xA1), FIELD(load_patch, pad_value, -2),
          FIELD(load_patch, pad_top, -3), FIELD(load_patch, pad_left, 5), FIELD(load_patch, kernel_height, 0x12),
          FIELD(load_patch, kernel_width, 0x34), FIELD(load_patch, stride_y, 0x56), FIELD(load_patch, stride_x, 0x78),
          FIELD(load_patch, flip_sign, 1)}},
        {"LOAD_WEIGHTS",
         {0x3, 0xFEDCB, 0x1312345678, 0x1234432187654321, 0x0, 0x0, 0x0, 0x0},
         {FIELD(load_weights, address, 0xFEDCB), FIELD(load_weights, offset, 0x12345678),
          FIELD(load_weights, region, 3), FIELD(load_weights, port, 1), FIELD(load_weights, decoded_bytes, 0x87654321),
          FIELD(load_weights, encoded_bytes, 0x12344321)}},
        {"LOAD_TABLE",
         {0x4, 0x1, 0x1312345678, 0x0, 0x0, 0x0, 0x0, 0x0},
         {FIELD(load_table, target, 1), FIELD(load_table, offset, 0x12345678), FIELD(load_table, region, 3),
          FIELD(load_table, port, 1)}},
        {"INT8_CONVOLUTION",
         {0x6, 0x0, 0x0, 0x5FDABC789456123, 0x2ACDE9AB87653412, 0x7F80F9FA1D5FEDCB, 0xB, 0x0},
         {FIELD(int8_convolution, in_rows, 0x123),
          FIELD(int8_convolution, in_columns, 0x456),
          FIELD(int8_convolution, out_rows, 0x789),
          FIELD(int8_convolution, out_columns, 0xABC),
          FIELD(int8_convolution, pad_top, -3),
          FIELD(int8_convolution, pad_left, 5),
          FIELD(int8_convolution, kernel_height, 0x12),
          FIELD(int8_convolution, kernel_width, 0x34),
          FIELD(int8_convolution, stride_y, 5),
          FIELD(int8_convolution, stride_x, 6),
          FIELD(int8_convolution, dilation_y, 7),
          FIELD(int8_convolution, dilation_x, 8),
          FIELD(int8_convolution, channel_blocks, 0x9AB),
          FIELD(int8_convolution, groups, 0xCDE),
          FIELD(int8_convolution, tile, 0x2A),
          FIELD(int8_convolution, weight_address, 0xFEDCB),
          FIELD(int8_convolution, depthwise, 1),
          FIELD(int8_convolution, flatten, 0),
          FIELD(int8_convolution, single, 1),
          FIELD(int8_convolution, accumulate, 0),
          FIELD(int8_convolution, keep, 1),
          FIELD(int8_convolution, post, 2),
          FIELD(int8_convolution, activation, 1),
          FIELD(int8_convolution, wide, 1),
          FIELD(int8_convolution, pad_value, -6),
          FIELD(int8_convolution, zero_point, -7),
          FIELD(int8_convolution, clamp_min, -128),
          FIELD(int8_convolution, clamp_max, 127),
          FIELD(int8_convolution, window_height, 3),
          FIELD(int8_convolution, window_width, 2)}},
        {"XNOR_CONVOLUTION",
         {0x7, 0x0, 0x0, 0x5FDABC789456123, 0x2ACDE9AB87653412, 0x7F80F93F022FEDCB, 0xABA9, 0x0},
         {FIELD(xnor_convolution, in_rows, 0x123),
          FIELD(xnor_convolution, in_columns, 0x456),
          FIELD(xnor_convolution, out_rows, 0x789),
          FIELD(xnor_convolution, out_columns, 0xABC),
          FIELD(xnor_convolution, pad_top, -3),
          FIELD(xnor_convolution, pad_left, 5),
          FIELD(xnor_convolution, kernel_height, 0x12),
          FIELD(xnor_convolution, kernel_width, 0x34),
          FIELD(xnor_convolution, stride_y, 5),
          FIELD(xnor_convolution, stride_x, 6),
          FIELD(xnor_convolution, dilation_y, 7),
          FIELD(xnor_convolution, dilation_x, 8),
          FIELD(xnor_convolution, channel_blocks, 0x9AB),
          FIELD(xnor_convolution, groups, 0xCDE),
          FIELD(xnor_convolution, tile, 0x2A),
          FIELD(xnor_convolution, weight_address, 0xFEDCB),
          FIELD(xnor_convolution, padding, 2),
          FIELD(xnor_convolution, post, 1),
          FIELD(xnor_convolution, last_bits, 0x3F),
          FIELD(xnor_convolution, zero_point, -7),
          FIELD(xnor_convolution, clamp_min, -128),
          FIELD(xnor_convolution, clamp_max, 127),
          FIELD(xnor_convolution, write_blocks, 0xBA9),
          FIELD(xnor_convolution, fraction, 10)}},
        {"VECTOR",
         {0x8, 0x0, 0x0, 0x5FDABC789456123, 0x30009AB87653412, 0x7F80F9F77ABCDEF1, 0x0, 0x109FC},
         {FIELD(vector, in_rows, 0x123),
          FIELD(vector, in_columns, 0x456),
          FIELD(vector, out_rows, 0x789),
          FIELD(vector, out_columns, 0xABC),
          FIELD(vector, pad_top, -3),
          FIELD(vector, pad_left, 5),
          FIELD(vector, kernel_height, 0x12),
          FIELD(vector, kernel_width, 0x34),
          FIELD(vector, stride_y, 5),
          FIELD(vector, stride_x, 6),
          FIELD(vector, dilation_y, 7),
          FIELD(vector, dilation_x, 8),
          FIELD(vector, channel_blocks, 0x9AB),
          FIELD(vector, operation, 3),
          FIELD(vector, multiplier, 0x7ABCDEF1),
          FIELD(vector, shift, -9),
          FIELD(vector, zero_point, -7),
          FIELD(vector, clamp_min, -128),
          FIELD(vector, clamp_max, 127),
          FIELD(vector, a_zero, -4),
          FIELD(vector, b_zero, 9),
          FIELD(vector, b_broadcast, 1)}},
    };
    return GOLDEN;
}

/* opcode 5, trace, layer 0x2A5; waits for 1 to 6 tokens of the queues in order, signals 7 to 12. */
constexpr uint64_t HEADER = 0xCBA987654321A955;

/* base 0x1234, blocks 0xABC, quads 0x1A5, ring 0x5A, row 0x2C3, block 0xDEF. */
constexpr uint64_t MAP = 0xDEFB0D6B4B579234;

void check_header() {
    uint64_t written = 0;
    wh_header_set_opcode(&written, WH_OPCODE_STORE_MAP);
    wh_header_set_trace(&written, 1);
    wh_header_set_preemptible(&written, 0);
    wh_header_set_layer(&written, 0x2A5);
    for (unsigned i = 0; i < WH_QUEUES; i++) {
        wh_header_set_waits(&written, i, 1 + i);
        wh_header_set_signals(&written, i, 7 + i);
        expect(wh_header_waits(HEADER, i) == 1 + i && wh_header_signals(HEADER, i) == 7 + i,
               "tokens of queue " + std::to_string(i));
    }
    expect(written == HEADER, "a header is not written as its golden word");
    expect(wh_header_opcode(HEADER) == WH_OPCODE_STORE_MAP && wh_header_trace(HEADER) == 1 &&
               wh_header_preemptible(HEADER) == 0 && wh_header_layer(HEADER) == 0x2A5,
           "a golden header is not read");
}

void check_map() {
    expect(MapWord{0x1234, 0xABC, 0x1A5, 0x5A, 0x2C3, 0xDEF}.packed() == MAP,
           "a map is not written as its golden word");
    expect(wh_map_base(MAP) == 0x1234 && wh_map_blocks(MAP) == 0xABC && wh_map_quads(MAP) == 0x1A5 &&
               wh_map_ring(MAP) == 0x5A && wh_map_row(MAP) == 0x2C3 && wh_map_block(MAP) == 0xDEF,
           "a golden map is not read");
}

}  // namespace

void commands_are_the_golden_bits() {
    check_header();
    check_map();
    for (const Golden &golden : golden_commands()) {
        Command written(golden.words[0]);
        for (const Field &field : golden.fields) {
            field.writer(written.words, field.value);
            expect(field.reader(golden.words) == field.value,
                   std::string(golden.name) + "." + field.name + " is not read");
        }
        expect(std::memcmp(written.words, golden.words, sizeof golden.words) == 0,
               std::string(golden.name) + " is not written as its golden words");
    }
}

}  // namespace bench
