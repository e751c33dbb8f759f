// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.stage;

import io.windhover.contract.Contract;
import io.windhover.contract.Int8Convolution;
import io.windhover.runtime.compiler.program.Command;
import io.windhover.runtime.compiler.program.MapAllocation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A convolution with filters of its own at every output position, one piece for each. A command's outputs start at a
 * column that is a multiple of 4, where a map's words start: so the command for column 4q + c makes columns 4q to 4q +
 * c with its filters, and within a quad the columns run from right to left, each leaving the one it is for where the
 * next do not reach it.
 */
public final class LocalStage extends Int8Stage {
    /** Columns in a quad of words. */
    private static final int QUAD = 4;

    private final Map<WeightSlice, Integer> columns = new HashMap<>();

    /** Pieces in the order of {@link #columnAt}, row by row. */
    public LocalStage(
            String name,
            int layer,
            MapNode input,
            MapNode output,
            Geometry geometry,
            Mode mode,
            List<WeightSlice> slices) {
        super(name, layer, input, output, geometry, mode, slices);
        for (int i = 0; i < slices.size(); i++) {
            columns.put(slices.get(i), columnAt(i % output.width, output.width));
        }
    }

    /** The column whose turn is number {@code turn} in a row of {@code width}. */
    public static int columnAt(int turn, int width) {
        int quad = turn / QUAD * QUAD;
        return quad + Math.min(QUAD, width - quad) - 1 - turn % QUAD;
    }

    public List<WeightSlice> slices(int row) {
        return slices().subList(row * output.width, (row + 1) * output.width);
    }

    @Override
    public long cycles(int rows, int pixels, int reduction) {
        long sets = slices().stream()
                .mapToLong(slice -> (long) slice.groups() * sets(slice, reduction))
                .sum();
        return rows * sets / output.height * Math.max(QUAD, reduction / 4);
    }

    private int column(WeightSlice slice) {
        return Objects.requireNonNull(columns.get(slice));
    }

    /** A piece is for one row only. */
    @Override
    public long cycles(int rows, int words, int pixels, int reduction) {
        return super.cycles(rows, words, pixels, reduction) * output.height;
    }

    @Override
    int padLeft(WeightSlice slice) {
        return geometry.padLeft() - column(slice) / QUAD * QUAD * geometry.strideX();
    }

    @Override
    public Command command(
            WeightSlice slice,
            int from,
            int to,
            int low,
            int high,
            int weightAddress,
            MapAllocation in,
            MapAllocation out,
            int pixels) {
        int column = column(slice);
        int within = column % QUAD;
        return super.command(slice, from, to, low, high, weightAddress, in, out.from(column - within), pixels)
                .set(Int8Convolution.OUT_COLUMNS, within + 1)
                .set(Int8Convolution.TILE, CostModel.tile(within + 1, Contract.TILE_POSITIONS))
                .set(Int8Convolution.FLATTEN, 0);
    }
}
