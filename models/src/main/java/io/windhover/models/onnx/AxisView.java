// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Concatenation.Axis;
import io.windhover.models.graph.Shape;
import java.util.Arrays;

/** A stored value of any dimensions, seen so that one of them is its rows, its columns or its channels. */
record AxisView(int[] dimensions, int[] order, int dimension) {
    private static final Axis[] AXES = {Axis.CHANNEL, Axis.WIDTH, Axis.HEIGHT};
    private static final int HEIGHT = 2;

    /** 0 for channels, 1 for columns, 2 for rows. */
    int role() {
        int role = MovingNodes.role(order, dimension);
        return role < HEIGHT ? role : product(0, order.length - 1 - role) == 1 ? HEIGHT : 1;
    }

    Axis axis() {
        return AXES[role()];
    }

    Shape shape() {
        return shape(dimensions[dimension]);
    }

    /** With another size of the dimension. */
    Shape shape(int size) {
        int position = order.length - 1 - MovingNodes.role(order, dimension);
        if (order.length - 1 - position <= HEIGHT && product(0, order.length - 1 - HEIGHT) == 1) {
            int[] shape = dimensions.clone();
            shape[dimension] = size;
            return Translation.stored(shape, order);
        }
        int before = product(0, position);
        int after = product(position + 1, order.length);
        return switch (role()) {
            case 0 -> Shape.map(product(0, position - 1), dimensions[order[position - 1]], size);
            case 1 -> Shape.map(before, size, after);
            default ->
                Shape.map(size, after / dimensions[order[order.length - 1]], dimensions[order[order.length - 1]]);
        };
    }

    private int product(int from, int to) {
        return Arrays.stream(order, from, Math.max(from, to))
                .map(d -> dimensions[d])
                .reduce(1, Math::multiplyExact);
    }
}
