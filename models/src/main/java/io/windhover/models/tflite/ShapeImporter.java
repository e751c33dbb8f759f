// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** RESHAPE and its relatives, PACK and UNPACK: the same elements under other dimensions. */
final class ShapeImporter {
    private ShapeImporter() {}

    /** EXPAND_DIMS: one more dimension of 1. */
    static void readExpandDimensions(SourceOperator source, Sink sink) {
        Tensor input = sink.operand(source.source(0).index());
        source.requireExtents(input.shape().toArray(), source.output());
        if (!sink.isShapeValue(source.source(1).index())) {
            Shape more = source.output().shape();
            List<Integer> dimensions = new ArrayList<>(input.shape().dimensions());
            source.require(more.rank() == dimensions.size() + 1, "it makes %s of %s.", source.output(), input);
            dimensions.add(source.axis(source.integer(1), more), 1);
            source.requireShape(new Shape(dimensions).toArray());
        }
        sink.reshape(input, source.output());
    }

    /** SQUEEZE: without dimensions of 1, all or those that its options name. */
    static void readSqueeze(SourceOperator source, Sink sink) {
        Tensor input = sink.operand(source.source(0).index());
        source.requireExtents(input.shape().toArray(), source.output());
        Set<Integer> gone = new HashSet<>();
        for (int dimension : source.integerOptions(Schema.SqueezeOptions.DIMENSIONS)) {
            int axis = source.axis(dimension, input.shape());
            source.require(input.shape().dimensions().get(axis) == 1, "it removes dimension %d of %s.", axis, input);
            gone.add(axis);
        }
        if (!gone.isEmpty()) {
            source.requireShape(IntStream.range(0, input.shape().rank())
                    .filter(axis -> !gone.contains(axis))
                    .map(input.shape().dimensions()::get)
                    .toArray());
        }
        sink.reshape(input, source.output());
    }

    /** RESHAPE: to the shape that its second input gives, or else its options. */
    static void readReshape(SourceOperator source, Sink sink) {
        if (!source.hasInput(1)) {
            int[] wanted = source.integerOptions(Schema.ReshapeOptions.NEW_SHAPE);
            boolean scalar = wanted.length == 1 && wanted[0] == 0;
            if (wanted.length > 0) {
                source.requireShape(scalar ? new int[0] : wanted);
            }
        } else if (!sink.isShapeValue(source.source(1).index())) {
            source.requireShape(source.integers(1));
        }
        sink.reshape(sink.operand(source.source(0).index()), source.output());
    }

    /** PACK: inputs of one shape side by side along a new dimension. */
    static void readPack(SourceOperator source, Sink sink) {
        Tensor output = source.output();
        int axis = source.axis(source.option(Schema.PackOptions.AXIS, 0), output.shape());
        int count = source.inputIndexes().length;
        source.requireCount(Schema.PackOptions.COUNT, count, "inputs");
        source.require(count == output.shape().dimensions().get(axis), "it packs %d tensors into %s.", count, output);
        Shape single = with(output.shape(), axis, 1);
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Tensor part = sink.operand(source.source(i).index());
            source.require(part.shape().elements() == single.elements(), "it cannot pack %s into %s.", part, output);
            parts.add(sink.view(part, single));
        }
        Joining.join(sink, parts, axis, output);
    }

    /** UNPACK: one slice per index of a dimension, that dimension dropped. */
    static void readUnpack(SourceOperator source, Sink sink) {
        Tensor input = sink.operand(source.source(0).index());
        int axis = source.axis(source.option(Schema.UnpackOptions.AXIS, 0), input.shape());
        int count = source.outputIndexes().length;
        source.requireCount(Schema.UnpackOptions.COUNT, count, "outputs");
        source.require(count == input.shape().dimensions().get(axis), "it unpacks %s into %d tensors.", input, count);
        for (int i = 0; i < count; i++) {
            Cutting cutting = Cutting.whole(input.shape());
            cutting.dimension(axis, i, 1, 1);
            cutting.apply(source, sink, input, source.output(i));
        }
    }

    static Shape with(Shape shape, int axis, int extent) {
        int[] dimensions = shape.toArray();
        dimensions[axis] = extent;
        return Shape.of(dimensions);
    }
}
