// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.stage;

import io.windhover.driver.contract.Contract;
import io.windhover.driver.contract.Fields.Int8Convolution;
import io.windhover.runtime.compiler.program.Command;
import io.windhover.runtime.compiler.program.MapAllocation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
            List<WeightSlice> pieces) {
        super(name, layer, input, output, geometry, mode, pieces);
        for (int i = 0; i < pieces.size(); i++) {
            columns.put(pieces.get(i), columnAt(i % output.width, output.width));
        }
    }

    /** The column whose turn is number {@code turn} in a row of {@code width}. */
    public static int columnAt(int turn, int width) {
        int quad = turn / QUAD * QUAD;
        return quad + Math.min(QUAD, width - quad) - 1 - turn % QUAD;
    }

    public List<WeightSlice> pieces(int row) {
        return pieces().subList(row * output.width, (row + 1) * output.width);
    }

    @Override
    public long cycles(int rows, int pixels, int reduction) {
        long sets = pieces().stream()
                .mapToLong(piece -> (long) piece.groups() * sets(piece, reduction))
                .sum();
        return rows * sets / output.height * Math.max(QUAD, reduction / 4);
    }

    /** A piece is for one row only. */
    @Override
    public long cycles(int rows, int words, int pixels, int reduction) {
        return super.cycles(rows, words, pixels, reduction) * output.height;
    }

    @Override
    int padLeft(WeightSlice piece) {
        return geometry.padLeft() - columns.get(piece) / QUAD * QUAD * geometry.strideX();
    }

    @Override
    public Command command(
            WeightSlice piece,
            int from,
            int to,
            int low,
            int high,
            int weightAddress,
            MapAllocation in,
            MapAllocation out,
            int pixels) {
        int column = columns.get(piece);
        int within = column % QUAD;
        return super.command(piece, from, to, low, high, weightAddress, in, out.from(column - within), pixels)
                .set(Int8Convolution.OUT_COLUMNS, within + 1)
                .set(Int8Convolution.TILE, CostModel.tile(within + 1, Contract.TILE_POSITIONS))
                .set(Int8Convolution.FLATTEN, 0);
    }
}
