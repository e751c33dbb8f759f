// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import java.util.ArrayList;
import java.util.List;

/** STRIDED_SLICE: Python's indexing of an array, with masks for what is left out, dropped or added. */
final class StridedSliceImporter {
    private final SourceOperator source;
    private final Shape shape;
    private final int[] begin;
    private final int[] end;
    private final int[] stride;
    private final Cutting cutting;
    /** Dimensions that are walked from their end, whose part is turned round. */
    private final List<Integer> backwards = new ArrayList<>();

    private StridedSliceImporter(SourceOperator source, Shape shape) {
        this.source = source;
        this.shape = shape;
        begin = source.integers(1);
        end = source.integers(2);
        stride = source.integers(3);
        cutting = Cutting.whole(shape);
    }

    static void read(SourceOperator source, Sink sink) {
        Tensor input = sink.operand(source.source(0).index());
        StridedSliceImporter importer = new StridedSliceImporter(source, input.shape());
        importer.cut();
        importer.apply(sink, input);
    }

    /** What it makes of a tensor of these dimensions. */
    static int[] shape(SourceOperator source, int[] dimensions) {
        StridedSliceImporter importer = new StridedSliceImporter(source, Shape.of(dimensions));
        importer.cut();
        int[] part = importer.cutting.part().toArray();
        List<Integer> made = new ArrayList<>();
        int axis = 0;
        for (int i = 0; i < importer.begin.length; i++) {
            if (importer.isSet(Schema.StridedSliceOptions.ELLIPSIS_MASK, i)) {
                for (int skipped = importer.skipped(); skipped > 0; skipped--) {
                    made.add(part[axis++]);
                }
            } else if (importer.isSet(Schema.StridedSliceOptions.NEW_AXIS_MASK, i)) {
                made.add(1);
            } else if (importer.isSet(Schema.StridedSliceOptions.SHRINK_AXIS_MASK, i)) {
                axis++;
            } else {
                made.add(part[axis++]);
            }
        }
        while (axis < part.length) {
            made.add(part[axis++]);
        }
        return made.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Which elements it takes of a vector of this many, in its order. */
    static int[] elements(SourceOperator source, int count) {
        StridedSliceImporter importer = new StridedSliceImporter(source, Shape.of(count));
        importer.cut();
        int[] taken = importer.cutting.taken(0);
        int[] ordered = taken.clone();
        for (int i = 0; !importer.backwards.isEmpty() && i < taken.length; i++) {
            ordered[i] = taken[taken.length - 1 - i];
        }
        return ordered;
    }

    private void apply(Sink sink, Tensor input) {
        if (backwards.isEmpty()) {
            cutting.apply(source, sink, input, source.output());
            return;
        }
        Tensor current = sink.like(source.output(), cutting.part());
        cutting.apply(source, sink, input, current);
        for (int axis : backwards) {
            current = MoveImporters.turned(source, sink, sink.operand(current.index()), axis);
        }
        sink.reshape(current, source.output());
    }

    /** Walks the index expressions; each stands for one dimension, none (a new one) or several (an ellipsis). */
    private void cut() {
        source.require(
                begin.length == end.length && begin.length == stride.length,
                "it has %d begins, %d ends and %d strides.",
                begin.length,
                end.length,
                stride.length);
        int axis = 0;
        for (int i = 0; i < begin.length; i++) {
            if (isSet(Schema.StridedSliceOptions.ELLIPSIS_MASK, i)) {
                axis += skipped();
            } else if (!isSet(Schema.StridedSliceOptions.NEW_AXIS_MASK, i)) {
                source.require(axis >= 0 && axis < shape.rank(), "it indexes more dimensions than %s has.", shape);
                cut(i, axis++);
            }
        }
    }

    /** How many dimensions an ellipsis stands for. */
    private int skipped() {
        int newDimensions = Integer.bitCount(mask(Schema.StridedSliceOptions.NEW_AXIS_MASK));
        return shape.rank() - (begin.length - newDimensions - 1);
    }

    private void cut(int i, int axis) {
        int extent = shape.dimensions().get(axis);
        long first = isSet(Schema.StridedSliceOptions.BEGIN_MASK, i) ? 0 : fromStart(begin[i], extent);
        if (isSet(Schema.StridedSliceOptions.SHRINK_AXIS_MASK, i)) {
            source.require(first < extent, "it takes element %d of %d.", first, extent);
            cutting.dimension(axis, (int) first, 1, 1);
            return;
        }
        source.require(stride[i] != 0, "it walks dimension %d in steps of 0.", axis);
        if (stride[i] < 0) {
            cutBackwards(i, axis);
            return;
        }
        boolean relative = source.byteOption(Schema.StridedSliceOptions.OFFSET, 0) != 0;
        long stop = relative ? first + end[i] : fromStart(end[i], extent);
        long last = isSet(Schema.StridedSliceOptions.END_MASK, i) ? extent : Math.min(stop, extent);
        long count = (last - first + stride[i] - 1) / stride[i];
        source.require(first < extent && last > first, "it takes nothing of dimension %d.", axis);
        cutting.dimension(axis, (int) first, stride[i], (int) count);
    }

    /** From the begin down to what follows the end. */
    private void cutBackwards(int i, int axis) {
        source.require(
                source.byteOption(Schema.StridedSliceOptions.OFFSET, 0) == 0,
                "its ends count from its begins, backwards.");
        int extent = shape.dimensions().get(axis);
        long first = isSet(Schema.StridedSliceOptions.BEGIN_MASK, i)
                ? extent - 1
                : Math.min(extent - 1, begin[i] < 0 ? (long) begin[i] + extent : begin[i]);
        long stop = isSet(Schema.StridedSliceOptions.END_MASK, i)
                ? -1
                : Math.max(-1, end[i] < 0 ? (long) end[i] + extent : end[i]);
        long step = -(long) stride[i];
        long count = (first - stop + step - 1) / step;
        source.require(first >= 0 && first > stop, "it takes nothing of dimension %d.", axis);
        cutting.dimension(
                axis, (int) (first - (count - 1) * step), (int) Math.min(step, Integer.MAX_VALUE), (int) count);
        if (count > 1) {
            backwards.add(axis);
        }
    }

    private static long fromStart(int position, int extent) {
        return position < 0 ? Math.max(0, (long) position + extent) : position;
    }

    private int mask(int field) {
        return source.option(field, 0);
    }

    private boolean isSet(int field, int bit) {
        return bit < 32 && (mask(field) >> bit & 1) != 0;
    }
}
