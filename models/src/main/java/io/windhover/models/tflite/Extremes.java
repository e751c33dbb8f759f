// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Axes;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.Window;

/**
 * Largest codes over any dimensions, by pools one after the other: the largest of the largest is the largest of all.
 */
final class Extremes {
    /** Elements that one pool of a view goes over; more are taken in two steps where they can be divided so. */
    private static final int LONG = 255;

    private final SourceOperator source;
    private final Sink sink;

    Extremes(SourceOperator source, Sink sink) {
        this.source = source;
        this.sink = sink;
    }

    /** The input with these dimensions reduced to 1. */
    Tensor largest(Tensor input, boolean[] reduced) {
        Tensor current = input;
        Shape shape = input.shape();
        for (int first = 0; first < reduced.length; first++) {
            if (reduced[first]) {
                int end = end(shape, reduced, first);
                Shape left = without(shape, first, end);
                current = sink.view(along(current, shape, first, end), left);
                shape = left;
                first = end - 1;
            }
        }
        return current;
    }

    /** Where the dimensions end that go in one step: before the last one, which becomes channels, or the next kept. */
    private static int end(Shape shape, boolean[] reduced, int first) {
        int last = reduced.length - 1;
        int end = first + 1;
        while (end < last && (reduced[end] || shape.dimensions().get(end) == 1)) {
            end++;
        }
        return end;
    }

    private static Shape without(Shape shape, int first, int end) {
        int[] left = shape.toArray();
        for (int d = first; d < end; d++) {
            left[d] = 1;
        }
        return Shape.of(left);
    }

    private Tensor along(Tensor input, Shape shape, int first, int end) {
        boolean[] reduced = new boolean[shape.rank()];
        for (int d = first; d < end; d++) {
            reduced[d] = shape.dimensions().get(d) > 1;
        }
        Axes axes = MeanImporter.axes(shape, reduced);
        if (axes != null && !axes.channels()) {
            return pool(input, axes.height(), axes.width());
        }
        int before = Joining.product(shape, 0, first);
        int after = Joining.product(shape, end, shape.rank());
        int elements = Joining.product(shape, first, end);
        int step = step(elements);
        Tensor steps = pool(sink.view(input, Shape.map(before, elements / step, step * after)), false, true);
        return step == 1 ? steps : pool(sink.view(steps, Shape.map(before, step, after)), false, true);
    }

    /** How many elements lie side by side in the first of two pools; 1 when a single one does. */
    private static int step(int elements) {
        for (int step = 2; elements > LONG && step <= LONG; step++) {
            if (elements % step == 0 && elements / step <= LONG) {
                return step;
            }
        }
        return 1;
    }

    private Tensor pool(Tensor map, boolean rows, boolean columns) {
        Shape shape = map.shape();
        int height = rows ? shape.height() : 1;
        int width = columns ? shape.width() : 1;
        Tensor most =
                sink.like(map, Shape.map(rows ? 1 : shape.height(), columns ? 1 : shape.width(), shape.channels()));
        sink.add(new MaxPool(
                source.name(),
                new int[] {map.index()},
                new int[] {most.index()},
                new Window(height, width, height, width, 1, 1, Padding.NONE),
                map.type().minimum(),
                map.type().maximum()));
        return most;
    }
}
