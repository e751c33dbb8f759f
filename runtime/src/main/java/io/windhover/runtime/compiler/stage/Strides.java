// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.stage;

import io.windhover.runtime.compiler.program.FieldLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Byte distances of a map in memory: its word (y, block, x) lies at {@code offset + y * row + block * this.block + (x /
 * together) * column + (x % together) * 8}. Groups of columns may overlap: a load then repeats words.
 *
 * @param together columns of a group, whose words follow one another
 */
public record Strides(long offset, long row, long block, long column, int together) {
    /**
     * Words that one command moves in every row.
     *
     * @param runPitch bytes from run to run
     */
    public record Run(int firstBlock, int blocks, long runWords, long runs, long runPitch) {}

    public Strides(long offset, long row, long block, long column) {
        this(offset, row, block, column, 1);
    }

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

    /** Every {@code step}-th row of this layout. */
    public Strides everyRow(int step) {
        return new Strides(offset, row * step, block, column, together);
    }

    /** A layout that has {@code count} columns for each of this one's: its word and those after it. */
    public Strides together(int count) {
        return new Strides(offset, row, block, column, count);
    }

    /** The rows of a map in their order. */
    public static int[] allRows(int height) {
        return IntStream.range(0, height).toArray();
    }

    public long at(long y, long b, long x) {
        return offset + y * row + b * block + (x / together) * column + (x % together) * 8;
    }

    /** Bytes from the first to the end of the last of these words. */
    public long span(long rows, long blocks, long columns) {
        return at(rows - 1, blocks - 1, columns - 1) - offset + 8;
    }

    /**
     * Commands that move these blocks and columns, blocks outermost, with as few and as long runs as the distances
     * allow.
     */
    public List<Run> runs(int blocks, int columns) {
        int groups = columns / together;
        if (column == 8L * together || columns == 1) {
            boolean whole = blocks == 1 || block == 8L * columns;
            return List.of(
                    whole
                            ? new Run(0, blocks, (long) blocks * columns, 1, 0)
                            : new Run(0, blocks, columns, blocks, block));
        }
        if (block == groups * column && (long) blocks * groups <= FieldLimits.RUNS) {
            return List.of(new Run(0, blocks, together, (long) blocks * groups, column));
        }
        List<Run> runs = new ArrayList<>();
        for (int b = 0; b < blocks; b++) {
            runs.add(new Run(b, 1, together, groups, column));
        }
        return runs;
    }
}
