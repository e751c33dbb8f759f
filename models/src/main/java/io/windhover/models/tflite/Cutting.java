// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Taking a part of a tensor of any rank: per dimension where it starts, how far apart and how many elements are taken.
 */
final class Cutting {
    private final Shape whole;
    private final int[] starts;
    private final int[] strides;
    private final int[] counts;

    private Cutting(Shape whole) {
        this.whole = whole;
        starts = new int[whole.rank()];
        strides = new int[whole.rank()];
        Arrays.fill(strides, 1);
        counts = whole.toArray();
    }

    /** Everything; to be narrowed with {@link #dimension}. */
    static Cutting whole(Shape shape) {
        return new Cutting(shape);
    }

    void dimension(int axis, int start, int stride, int count) {
        starts[axis] = start;
        strides[axis] = stride;
        counts[axis] = count;
    }

    /** What is left. */
    Shape part() {
        return Shape.of(counts);
    }

    /** Which elements of a dimension are taken. */
    int[] taken(int axis) {
        return IntStream.range(0, counts[axis])
                .map(i -> starts[axis] + i * strides[axis])
                .toArray();
    }

    private boolean cuts(int axis) {
        return axis >= 0
                && (starts[axis] != 0
                        || strides[axis] != 1
                        || counts[axis] != whole.dimensions().get(axis));
    }

    /** Writes the part of {@code input} to {@code output}, whose shape may have lost or gained dimensions of 1. */
    void apply(SourceOperator source, Sink sink, Tensor input, Tensor output) {
        source.requireExtents(counts, output);
        int rank = whole.rank();
        boolean plain = true;
        for (int axis = 0; axis < rank - 2; axis++) {
            plain &= !cuts(axis) || (axis == rank - 3 && Joining.product(whole, 0, axis) == 1);
        }
        if (plain) {
            Shape part = Shape.of(counts);
            boolean direct = part.sameMap(output.shape());
            Tensor target = direct ? output : sink.like(output, part);
            sink.add(slice(input, target));
            if (!direct) {
                sink.reshape(sink.operand(target.index()), output);
            }
        } else {
            oneByOne(sink, input, output);
        }
    }

    private Slice slice(Tensor input, Tensor output) {
        int rank = whole.rank();
        boolean rows = cuts(rank - 3);
        boolean columns = rank >= 2;
        boolean channels = rank >= 1;
        return new Slice(
                output.name(),
                new int[] {input.index()},
                new int[] {output.index()},
                rows ? starts[rank - 3] : 0,
                columns ? starts[rank - 2] : 0,
                channels ? starts[rank - 1] : 0,
                rows ? strides[rank - 3] : 1,
                columns ? strides[rank - 2] : 1,
                channels ? strides[rank - 1] : 1);
    }

    /** Cuts dimension after dimension, each seen as the width of a map. */
    private void oneByOne(Sink sink, Tensor input, Tensor output) {
        Tensor current = input;
        Shape shape = whole;
        for (int axis = 0; axis < whole.rank(); axis++) {
            if (cuts(axis)) {
                Tensor view = sink.view(current, Joining.around(shape, axis));
                shape = ShapeImporter.with(shape, axis, counts[axis]);
                Tensor part = sink.like(output, Joining.around(shape, axis));
                sink.add(new Slice(
                        part.name(),
                        new int[] {view.index()},
                        new int[] {part.index()},
                        0,
                        starts[axis],
                        0,
                        1,
                        strides[axis],
                        1));
                current = sink.operand(part.index());
            }
        }
        sink.reshape(current, output);
    }
}
