// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.models.graph.Operator;
import io.windhover.runtime.compiler.lowering.Assembly;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.lowering.VectorStageBuilder;
import io.windhover.runtime.compiler.program.FieldLimits;
import io.windhover.runtime.compiler.program.Strided;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.Strides;
import java.util.Arrays;

/**
 * Every so many pixels of a map: a pool of single pixels, several in turn where no command can name the strides, and by
 * way of memory where these cannot be divided.
 */
final class Crops {
    private final TensorMaps tensors;
    private final VectorStageBuilder vectors;

    Crops(TensorMaps tensors, VectorStageBuilder vectors) {
        this.tensors = tensors;
        this.vectors = vectors;
    }

    /** The pixels from this row and column on; {@code like} is a map to make of their number, or one like it. */
    MapNode of(Operator operator, MapNode map, MapNode like, int top, int left, int strideY, int strideX) {
        int wholeY = like.height == 1 ? 1 : strideY;
        int wholeX = like.width == 1 ? 1 : strideX;
        int y = Strided.step(wholeY);
        int x = Strided.step(wholeX);
        if (y * x == 1 && Math.max(wholeY, wholeX) > FieldLimits.STRIDE) {
            return loaded(operator, map, like, top, left, wholeY, wholeX);
        }
        int rows = wholeY / y;
        int columns = wholeX / x;
        boolean isLast = rows * columns == 1;
        MapNode cropped = isLast
                ? like
                : new MapNode(
                        like.name, (like.height - 1) * rows + 1, (like.width - 1) * columns + 1, map.blocks, null);
        vectors.pick(operator, map, cropped, new Geometry(1, 1, y, x, 1, 1, -top, -left));
        return isLast ? cropped : of(operator, cropped, like, 0, 0, rows, columns);
    }

    /** The map is stored, and only these pixels are loaded again. */
    private MapNode loaded(Operator operator, MapNode map, MapNode like, int top, int left, int strideY, int strideX) {
        Strides dense = Strides.dense(map.width, map.blocks);
        Assembly assembly = tensors.assembly(operator, map.bytes());
        assembly.add(map, dense);
        int[] rows = new int[like.height];
        Arrays.setAll(rows, row -> top + row * strideY);
        return assembly.map(like.name, like.width, map.blocks, dense.part(0, 1, 0, left, strideX), rows);
    }
}
