// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import java.util.Arrays;

/** SLICE, SPLIT and SPLIT_V: parts of a tensor. */
final class SliceImporter {
    private SliceImporter() {}

    static void readSlice(SourceOperator source, Sink sink) {
        Tensor input = sink.operand(source.source(0).index());
        int[] begin = source.integers(1);
        int[] size = source.integers(2);
        Shape shape = input.shape();
        source.require(
                begin.length == shape.rank() && size.length == shape.rank(),
                "it cuts %d dimensions of %s.",
                begin.length,
                input);
        Cutting cutting = Cutting.whole(shape);
        for (int axis = 0; axis < shape.rank(); axis++) {
            int extent = shape.dimensions().get(axis);
            int count = size[axis] == -1 ? extent - begin[axis] : size[axis];
            source.require(
                    begin[axis] >= 0 && count >= 1 && count <= extent - begin[axis],
                    "it takes %d of the %d elements of dimension %d " + "from %d.",
                    count,
                    extent,
                    axis,
                    begin[axis]);
            cutting.dimension(axis, begin[axis], 1, count);
        }
        cutting.apply(source, sink, input, source.output());
    }

    /** SPLIT: equal parts along a dimension; the dimension comes before the tensor. */
    static void readSplit(SourceOperator source, Sink sink) {
        Tensor input = sink.operand(source.source(1).index());
        int axis = source.axis(source.integer(0), input.shape());
        int extent = input.shape().dimensions().get(axis);
        int parts = source.outputIndexes().length;
        source.require(parts > 0 && extent % parts == 0, "it splits %d elements into %d parts.", extent, parts);
        int[] sizes = new int[parts];
        Arrays.fill(sizes, extent / parts);
        split(source, sink, input, axis, sizes);
    }

    /** SPLIT_V: parts of given sizes, one of which may be what is left. */
    static void readSplitV(SourceOperator source, Sink sink) {
        Tensor input = sink.operand(source.source(0).index());
        int[] sizes = source.integers(1).clone();
        int axis = source.axis(source.integer(2), input.shape());
        source.require(
                sizes.length == source.outputIndexes().length,
                "it has %d sizes for %d outputs.",
                sizes.length,
                source.outputIndexes().length);
        long left = input.shape().dimensions().get(axis);
        int open = -1;
        for (int i = 0; i < sizes.length; i++) {
            source.require(sizes[i] >= 1 || (sizes[i] == -1 && open < 0), "its part %d has size %d.", i, sizes[i]);
            open = sizes[i] == -1 ? i : open;
            left -= Math.max(sizes[i], 0);
        }
        source.require(open < 0 ? left == 0 : left >= 1, "its parts do not add up to dimension %d of %s.", axis, input);
        if (open >= 0) {
            sizes[open] = (int) left;
        }
        split(source, sink, input, axis, sizes);
    }

    private static void split(SourceOperator source, Sink sink, Tensor input, int axis, int[] sizes) {
        source.requireCount(Schema.SplitOptions.PARTS, sizes.length, "parts");
        int start = 0;
        for (int i = 0; i < sizes.length; i++) {
            Cutting cutting = Cutting.whole(input.shape());
            cutting.dimension(axis, start, 1, sizes[i]);
            cutting.apply(source, sink, input, source.output(i));
            start += sizes[i];
        }
    }
}
