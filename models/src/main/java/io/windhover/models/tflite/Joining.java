// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Concatenation along any dimension of tensors of any rank. */
final class Joining {
    private Joining() {}

    /**
     * Writes these tensors side by side along a dimension of {@code output}; all have its rank and its other
     * dimensions.
     */
    static void join(Sink sink, List<Tensor> parts, int axis, Tensor output) {
        Concatenation.Axis natural = natural(output.shape(), axis);
        if (natural != null) {
            sink.add(concatenation(parts, natural, output));
            return;
        }
        List<Tensor> views = parts.stream()
                .map(part -> sink.view(part, around(part.shape(), axis)))
                .toList();
        Tensor joined = sink.like(output, around(output.shape(), axis));
        sink.add(concatenation(views, Concatenation.Axis.WIDTH, joined));
        sink.reshape(sink.operand(joined.index()), output);
    }

    private static Concatenation concatenation(List<Tensor> parts, Concatenation.Axis axis, Tensor output) {
        int[] inputs = parts.stream().mapToInt(Tensor::index).toArray();
        return new Concatenation(output.name(), inputs, new int[] {output.index()}, axis);
    }

    /** What a dimension is in the map that a shape stands for, or null when it is only a part of the map's height. */
    static Concatenation.@Nullable Axis natural(Shape shape, int axis) {
        return switch (shape.rank() - 1 - axis) {
            case 0 -> Concatenation.Axis.CHANNEL;
            case 1 -> Concatenation.Axis.WIDTH;
            case 2 -> product(shape, 0, axis) == 1 ? Concatenation.Axis.HEIGHT : null;
            default -> null;
        };
    }

    /** A map whose width is this dimension: what lies before it is the height, what follows it the channels. */
    static Shape around(Shape shape, int axis) {
        return Shape.map(product(shape, 0, axis), shape.dimensions().get(axis), product(shape, axis + 1, shape.rank()));
    }

    static int product(Shape shape, int from, int to) {
        return shape.dimensions().subList(from, to).stream().reduce(1, (a, b) -> a * b);
    }
}
