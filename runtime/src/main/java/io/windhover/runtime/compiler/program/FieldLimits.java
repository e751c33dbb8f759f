// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.contract.Contract;
import io.windhover.contract.Field;
import io.windhover.contract.Header;
import io.windhover.contract.Int8Convolution;
import io.windhover.contract.LoadMap;
import io.windhover.contract.MapWord;

/** Greatest values that commands can name; what several commands name has the same width in all of them. */
public final class FieldLimits {
    /** Rows of a map. */
    public static final int ROWS = of(Int8Convolution.IN_ROWS);
    /** Columns of a map on chip, which lies there in groups of four. */
    public static final int COLUMNS = of(MapWord.QUADS) * Contract.COLUMN_BANKS;
    /** Channel blocks of a map. */
    public static final int BLOCKS = of(MapWord.BLOCKS);
    /** Groups of four rows of a map that are kept on chip. */
    public static final int RING = of(MapWord.RING);
    /** Rows or columns of a kernel. */
    public static final int KERNEL = of(Int8Convolution.KERNEL_HEIGHT);

    public static final int STRIDE = of(Int8Convolution.STRIDE_Y);
    public static final int DILATION = of(Int8Convolution.DILATION_Y);
    /** Rows or columns of padding before a map. */
    public static final int PADDING = of(Int8Convolution.PAD_TOP);
    /** Less than none: rows or columns of the map before the window. */
    public static final int LEAST_PADDING = Math.toIntExact(Int8Convolution.PAD_TOP.minimum());
    /** Runs of a row that one transfer moves. */
    public static final int RUNS = of(LoadMap.RUNS);
    /** Number of a layer in the trace. */
    public static final int LAYER = of(Header.LAYER);

    private FieldLimits() {}

    private static int of(Field field) {
        return Math.toIntExact(field.maximum());
    }
}
