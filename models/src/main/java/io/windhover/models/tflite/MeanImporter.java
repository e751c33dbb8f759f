// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Axes;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * MEAN and SUM over any of height, width and channels, or over dimensions that follow one another; the largest and
 * smallest code over any dimensions.
 */
final class MeanImporter {
    private MeanImporter() {}

    static void read(SourceOperator source, Sink sink) {
        read(source, sink, false);
    }

    /** A mean that is not divided. */
    static void readSum(SourceOperator source, Sink sink) {
        read(source, sink, true);
    }

    private static void read(SourceOperator source, Sink sink, boolean sum) {
        Reduction reduction = Reduction.of(source, sink);
        Quantization from = source.quantization(reduction.input());
        Quantization to = source.quantization(source.output());
        Rescale rescale = sum
                ? Rescaling.ratio(from.scale(), to.scale())
                : Rescaling.mean(from.scale(), to.scale(), reduction.positions());
        if (reduction.positions() == 1) {
            LookupTable table = RectifierImporter.limited(
                    source,
                    "requantise",
                    rescale,
                    SourceOperator.Clamp.of(source.output().type()));
            int[] view = {sink.view(reduction.input(), source.output().shape()).index()};
            sink.add(new LookupTable(table.name(), view, table.outputs(), table.function(), table.table()));
            return;
        }
        sink.add(new Mean(
                source.name(),
                new int[] {reduction.map(source, sink).index()},
                source.outputIndexes(),
                reduction.axes(),
                from.zeroPoint(),
                rescale,
                to.zeroPoint()));
    }

    static void readLargest(SourceOperator source, Sink sink) {
        readExtreme(source, sink, false);
    }

    static void readSmallest(SourceOperator source, Sink sink) {
        readExtreme(source, sink, true);
    }

    /** The smallest code is the largest of the complements, which order codes the other way. */
    private static void readExtreme(SourceOperator source, Sink sink, boolean smallest) {
        Reduction reduction = Reduction.of(source, sink);
        Quantization from = source.quantization(reduction.input());
        Quantization to = source.quantization(source.output());
        source.require(
                from.scale() == to.scale() && from.zeroPoint() == to.zeroPoint(),
                "its input and output have other scales or zero points.");
        Tensor extreme = reduction.input();
        if (reduction.positions() > 1) {
            Extremes extremes = new Extremes(source, sink);
            extreme = smallest ? complement(source, extreme, sink) : extreme;
            extreme = extremes.largest(extreme, reduction.reduced());
            extreme = smallest ? complement(source, extreme, sink) : extreme;
        }
        sink.reshape(extreme, source.output());
    }

    private static Tensor complement(SourceOperator source, Tensor of, Sink sink) {
        byte[] table = new byte[256];
        for (int code = 0; code < table.length; code++) {
            table[code] = (byte) ~code;
        }
        Tensor turned = sink.like(of, of.shape());
        sink.add(new LookupTable(
                source.name(), new int[] {of.index()}, new int[] {turned.index()}, "complement", table));
        return turned;
    }

    /** What a mean goes over, and how many positions make one. */
    record Reduction(Tensor input, boolean[] reduced, int positions) {
        static Reduction of(SourceOperator source, Sink sink) {
            Tensor input = sink.operand(source.source(0).index());
            boolean[] reduced = MeanImporter.reduced(source, input.shape());
            int positions = 1;
            for (int d = 0; d < reduced.length; d++) {
                positions *= reduced[d] ? input.shape().dimensions().get(d) : 1;
            }
            int[] left = input.shape().dimensions().stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int d = 0; d < left.length; d++) {
                left[d] = reduced[d] ? 1 : left[d];
            }
            source.requireExtents(left, source.output());
            return new Reduction(input, reduced, positions);
        }

        /** The dimensions of {@link #map}; for more than one position. */
        Axes axes() {
            Axes axes = MeanImporter.axes(input.shape(), reduced);
            return axes == null ? new Axes(false, true, false) : axes;
        }

        /** The input, or a view of it where what is reduced is only a part of its height. */
        Tensor map(SourceOperator source, Sink sink) {
            boolean natural = MeanImporter.axes(input.shape(), reduced) != null;
            return natural ? input : sink.view(input, around(source, input.shape(), reduced));
        }
    }

    /** Which dimensions go; those of 1 may as well stay. */
    private static boolean[] reduced(SourceOperator source, Shape shape) {
        boolean[] reduced = new boolean[shape.rank()];
        for (int axis : source.integers(1)) {
            int resolved = source.axis(axis, shape);
            reduced[resolved] = shape.dimensions().get(resolved) > 1;
        }
        return reduced;
    }

    /** The same dimensions of the map that the shape stands for, or null when they are only a part of its height. */
    static @Nullable Axes axes(Shape shape, boolean[] reduced) {
        int rank = shape.rank();
        boolean rows = rank >= 3 && reduced[rank - 3];
        if (rows && Joining.product(shape, 0, rank - 3) > 1) {
            return null;
        }
        for (int d = 0; d < rank - 3; d++) {
            if (reduced[d]) {
                return null;
            }
        }
        return new Axes(rows, rank >= 2 && reduced[rank - 2], reduced[rank - 1]);
    }

    /** A map whose width is all that is reduced. */
    private static Shape around(SourceOperator source, Shape shape, boolean[] reduced) {
        int first = 0;
        while (!reduced[first]) {
            first++;
        }
        int end = first;
        while (end < reduced.length && (reduced[end] || shape.dimensions().get(end) == 1)) {
            end++;
        }
        for (int d = end; d < reduced.length; d++) {
            source.require(!reduced[d], "it goes over dimensions of %s that do not follow one another.", shape);
        }
        return Shape.map(
                Joining.product(shape, 0, first),
                Joining.product(shape, first, end),
                Joining.product(shape, end, shape.rank()));
    }
}
