// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Gather;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** REVERSE_V2 and GATHER_ND: elements in another order or by constant positions. */
final class MoveImporters {
    /** Beyond so many elements one list of positions, which the host reads, is less than a slice for each. */
    private static final int MOST_SLICES = 256;

    private MoveImporters() {}

    /** REVERSE_V2. */
    static void readReverse(SourceOperator source, Sink sink) {
        Tensor current = sink.operand(source.source(0).index());
        Tensor output = source.output();
        HostImporters.requireSameCodes(source, current);
        source.requireShape(current.shape().toArray());
        Set<Integer> axes = new HashSet<>();
        for (int written : source.integers(1)) {
            int axis = source.axis(written, current.shape());
            source.require(axes.add(axis), "it turns dimension %d round twice.", axis);
            current = current.shape().dimensions().get(axis) == 1 ? current : turned(source, sink, current, axis);
        }
        sink.reshape(current, output);
    }

    /** All elements along a dimension, the last first. */
    static Tensor turned(SourceOperator source, Sink sink, Tensor tensor, int axis) {
        int extent = tensor.shape().dimensions().get(axis);
        if (extent > MOST_SLICES) {
            Tensor positions = positions(
                    source,
                    sink,
                    IntStream.range(0, extent).map(i -> extent - 1 - i).toArray());
            return gathered(sink, tensor, positions, axis, tensor.shape());
        }
        List<Tensor> parts = new ArrayList<>();
        for (int i = extent - 1; i >= 0; i--) {
            Cutting one = Cutting.whole(tensor.shape());
            one.dimension(axis, i, 1, 1);
            Tensor part = sink.like(tensor, one.part());
            one.apply(source, sink, tensor, part);
            parts.add(sink.operand(part.index()));
        }
        Tensor result = sink.like(tensor, tensor.shape());
        Joining.join(sink, parts, axis, result);
        return sink.operand(result.index());
    }

    private static Tensor positions(SourceOperator source, Sink sink, int[] positions) {
        source.require(
                source.model().budget().spendComputed((long) positions.length * Integer.BYTES),
                "it chooses %d times.",
                positions.length);
        return sink.integers(source.name(), positions);
    }

    private static Tensor gathered(Sink sink, Tensor tensor, Tensor positions, int axis, Shape shape) {
        Tensor result = sink.like(tensor, shape);
        sink.add(new Gather(
                result.name(),
                new int[] {tensor.index(), positions.index()},
                new int[] {result.index()},
                axis,
                0,
                false));
        return sink.operand(result.index());
    }

    /** GATHER_ND: every row of the last dimension of the positions is an index of the data's first dimensions. */
    static void readGatherNd(SourceOperator source, Sink sink) {
        Tensor data = sink.operand(source.source(0).index());
        HostImporters.requireSameCodes(source, data);
        int[] rows = source.source(1).dimensions();
        source.require(rows.length > 0, "its positions are one number.");
        int depth = rows[rows.length - 1];
        source.require(depth >= 1 && depth <= data.shape().rank(), "its positions have %d parts for %s.", depth, data);
        int[] whole = data.shape().toArray();
        int[] rest = Arrays.copyOfRange(whole, depth, whole.length);
        int[] made = Arrays.copyOf(rows, rows.length - 1 + rest.length);
        System.arraycopy(rest, 0, made, rows.length - 1, rest.length);
        source.requireShape(made);
        int[] chosen = flattened(source, whole, depth);
        source.require(chosen.length > 0, "it chooses nothing.");
        Tensor list = sink.reshaped(data, flat(Joining.product(data.shape(), 0, depth), rest));
        Tensor result = gathered(sink, list, positions(source, sink, chosen), 0, flat(chosen.length, rest));
        sink.reshape(result, source.output());
    }

    private static Shape flat(int count, int[] rest) {
        return Shape.of(
                IntStream.concat(IntStream.of(count), IntStream.of(rest)).toArray());
    }

    /** Positions in the first {@code depth} dimensions seen as one. */
    private static int[] flattened(SourceOperator source, int[] whole, int depth) {
        int[] indexes = source.integers(1);
        source.require(indexes.length % depth == 0, "its positions are no rows of %d.", depth);
        int[] chosen = new int[indexes.length / depth];
        for (int i = 0; i < indexes.length; i++) {
            int extent = whole[i % depth];
            source.require(indexes[i] >= 0 && indexes[i] < extent, "it takes element %d of %d.", indexes[i], extent);
            chosen[i / depth] = chosen[i / depth] * extent + indexes[i];
        }
        return chosen;
    }
}
