// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldTest {
    /**
     * LOAD_MAP by hand: opcode 1, trace, layer 5, waits 2 of INT8, signals 1 to STORE; quads 3, ring 2, row 6, block 4.
     */
    private static final long[] LOAD = {
        1L | 1L << 4 | 5L << 6 | 2L << 24 | 1L << 60,
        100L | 9L << 13 | 3L << 25 | 2L << 34 | 6L << 42 | 4L << 52,
        0xFFFF_FFF8L | 7L << 32 | 1L << 36,
        4095L | 12L << 12 | 2044L << 24 | 1L << 36,
        0,
        0xFFFFFL | 3L << 20,
        0,
        0
    };

    @Test
    void fields_lie_where_a_command_written_by_hand_has_them() {
        long[] words = new long[2 * Contract.COMMAND_WORDS];
        int offset = Contract.COMMAND_WORDS;
        Header.OPCODE.put(words, offset, LoadMap.OPCODE);
        Header.TRACE.put(words, offset, 1);
        Header.LAYER.put(words, offset, 5);
        Header.WAITS.elements().get(Queue.INT8.ordinal()).put(words, offset, 2);
        Header.SIGNALS.elements().get(Queue.STORE.ordinal()).put(words, offset, 1);
        long[] map = {100, 9, 3, 2, 6, 4};
        Field[] fields = {MapWord.BASE, MapWord.BLOCKS, MapWord.QUADS, MapWord.RING, MapWord.ROW, MapWord.BLOCK};
        for (int i = 0; i < fields.length; i++) {
            fields[i].in("chip_map", LoadMap.CHIP_MAP).put(words, offset, map[i]);
        }
        LoadMap.OFFSET.put(words, offset, 0xFFFF_FFF8L);
        LoadMap.REGION.put(words, offset, 7);
        LoadMap.PORT.put(words, offset, 1);
        LoadMap.ROWS.put(words, offset, 4095);
        LoadMap.MOVE_BLOCKS.put(words, offset, 12);
        LoadMap.COLUMNS.put(words, offset, 2044);
        LoadMap.COLUMN.put(words, offset, 1);
        LoadMap.RUN_WORDS.put(words, offset, LoadMap.RUN_WORDS.maximum());
        LoadMap.RUNS.put(words, offset, 3);
        assertArrayEquals(LOAD, Arrays.copyOfRange(words, offset, words.length));
    }

    private static final List<Class<?>> WORDS = List.of(
            Header.class,
            MapWord.class,
            LoadMap.class,
            LoadPatch.class,
            LoadWeights.class,
            LoadTable.class,
            StoreMap.class,
            Int8Convolution.class,
            XnorConvolution.class,
            Vector.class);

    private static List<Field> fields() throws IllegalAccessException {
        List<Field> fields = new ArrayList<>();
        for (Class<?> words : WORDS) {
            for (var constant : words.getFields()) {
                if (constant.get(null) instanceof Field field) {
                    fields.addAll(field.elements());
                }
            }
        }
        return fields;
    }

    @Test
    void a_field_reads_what_was_put_and_leaves_its_neighbours() throws IllegalAccessException {
        long[] ones = new long[Contract.COMMAND_WORDS];
        Arrays.fill(ones, -1);
        for (Field field : fields()) {
            for (long value : new long[] {field.minimum(), field.maximum(), field.signed() ? -1 : 1}) {
                long[] words = ones.clone();
                field.put(words, 0, value);
                assertEquals(value, field.get(words, 0), field.toString());
                field.put(words, 0, -1);
                assertArrayEquals(ones, words, field.toString());
            }
        }
    }

    @Test
    void the_fields_of_a_command_are_all_that_are_neither_its_header_nor_unused() {
        assertEquals(
                List.of("address", "codec", "offset", "region", "port", "decoded_bytes", "encoded_bytes"),
                Commands.fieldsOf(LoadWeights.OPCODE).stream().map(Field::name).toList());
        List<Field> load = Commands.fieldsOf(LoadMap.OPCODE);
        assertEquals(MapWord.BASE.in("chip_map", LoadMap.CHIP_MAP), load.get(0));
        long[] words = LOAD.clone();
        load.forEach(field -> field.put(words, 0, 0));
        assertArrayEquals(new long[] {LOAD[0], 0, 0, 0, 0, 0, 0, 0}, words);
        assertEquals(List.of(), Commands.fieldsOf(0));
    }
}
