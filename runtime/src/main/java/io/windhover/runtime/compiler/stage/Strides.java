// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.stage;

import io.windhover.runtime.compiler.program.FieldLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Byte distances of a map in memory: its word (y, block, x) lies at {@code offset + y * row + block * this.block + x *
 * column}.
 */
public record Strides(long offset, long row, long block, long column) {
    /**
     * Words that one command moves in every row.
     *
     * @param runPitch bytes from run to run
     */
    public record Run(int firstBlock, int blocks, long runWords, long runs, long runPitch) {}

    /** The layout of a map that is stored by itself: [height][blocks][width][8]. */
    public static Strides dense(int width, int blocks) {
        return new Strides(0, 8L * width * blocks, 8L * width, 8);
    }

    /**
     * A part of this layout that starts here and takes every {@code rowStep}-th row and {@code columnStep}-th column.
     */
    public Strides part(int firstRow, int rowStep, int firstBlock, int firstColumn, int columnStep) {
        return new Strides(at(firstRow, firstBlock, firstColumn), row * rowStep, block, column * columnStep);
    }

    /** The rows of a map in their order. */
    public static int[] allRows(int height) {
        return IntStream.range(0, height).toArray();
    }

    public long at(long y, long b, long x) {
        return offset + y * row + b * block + x * column;
    }

    /** Bytes from the first to the end of the last of these words. */
    public long span(long rows, long blocks, long columns) {
        return (rows - 1) * row + (blocks - 1) * block + (columns - 1) * column + 8;
    }

    /**
     * Commands that move these blocks and columns, blocks outermost, with as few and as long runs as the distances
     * allow.
     */
    public List<Run> runs(int blocks, int columns) {
        if (column == 8 || columns == 1) {
            boolean whole = blocks == 1 || block == 8L * columns;
            return List.of(
                    whole
                            ? new Run(0, blocks, (long) blocks * columns, 1, 0)
                            : new Run(0, blocks, columns, blocks, block));
        }
        if (block == columns * column && (long) blocks * columns <= FieldLimits.RUNS) {
            return List.of(new Run(0, blocks, 1, (long) blocks * columns, column));
        }
        List<Run> runs = new ArrayList<>();
        for (int b = 0; b < blocks; b++) {
            runs.add(new Run(b, 1, 1, columns, column));
        }
        return runs;
    }
}
