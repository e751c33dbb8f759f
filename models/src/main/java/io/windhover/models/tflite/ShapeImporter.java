// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import java.util.ArrayList;
import java.util.List;

/** RESHAPE and its relatives, PACK and UNPACK: the same elements under other dimensions. */
final class ShapeImporter {
    private ShapeImporter() {}

    /** SQUEEZE and EXPAND_DIMS: the output's shape says everything. */
    static void readSingleDimensions(SourceOperator source, Sink sink) {
        Tensor input = sink.operand(source.source(0).index());
        source.requireExtents(
                input.shape().dimensions().stream().mapToInt(Integer::intValue).toArray(), source.output());
        sink.reshape(input, source.output());
    }

    /** RESHAPE: the same. */
    static void readReshape(SourceOperator source, Sink sink) {
        sink.reshape(sink.operand(source.source(0).index()), source.output());
    }

    /** PACK: inputs of one shape side by side along a new dimension. */
    static void readPack(SourceOperator source, Sink sink) {
        Tensor output = source.output();
        int axis = source.axis(source.option(Schema.PackOptions.AXIS, 0), output.shape());
        int count = source.inputIndexes().length;
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
        source.require(count == input.shape().dimensions().get(axis), "it unpacks %s into %d tensors.", input, count);
        for (int i = 0; i < count; i++) {
            Cutting cutting = Cutting.whole(input.shape());
            cutting.dimension(axis, i, 1, 1);
            cutting.apply(source, sink, input, source.output(i));
        }
    }

    static Shape with(Shape shape, int axis, int extent) {
        int[] dimensions =
                shape.dimensions().stream().mapToInt(Integer::intValue).toArray();
        dimensions[axis] = extent;
        return Shape.of(dimensions);
    }
}
