// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.contract.Contract;
import io.windhover.models.graph.Shape;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.lowering.Int8StageBuilder;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.program.FieldLimits;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import io.windhover.runtime.compiler.weights.Filters;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions whose kernels, strides, dilations or padding no command can name: over a map whose every pixel is part
 * of one window, or over a line whose windows become pixels by way of memory.
 */
final class LongWindows {
    /** Of a map whose rows become pixels. */
    private static final int MOST_ROWS = 64;

    private final LoweringState state;
    private final TensorMaps tensors;
    private final Int8StageBuilder int8;

    LongWindows(LoweringState state, TensorMaps tensors, Int8StageBuilder int8) {
        this.state = state;
        this.tensors = tensors;
        this.int8 = int8;
    }

    /** False, and nothing done, where the convolution is none of these. */
    boolean lower(ConvolutionSpec spec, int source) {
        Shape in = state.tensor(source).shape();
        Shape out = state.tensor(spec.operator().output()).shape();
        Geometry window = spec.geometry();
        if (isNameable(window)) {
            return false;
        }
        if (out.height() * out.width() == 1) {
            whole(spec, source, in);
            return true;
        }
        if (!areAlong(window, in, out)) {
            return false;
        }
        int span = span(window);
        Shape taps = Shape.map(span, 1, in.channels());
        windows(spec, source, spec.filters().covering(window, taps, 1, span, span), out.height(), window.strideY());
        return true;
    }

    /** True when these windows slide along an upright line and do not leave it. */
    static boolean areAlong(Geometry window, Shape in, Shape out) {
        boolean isInside = window.padTop() == 0
                && window.padLeft() == 0
                && (out.height() - 1) * window.strideY() + span(window) <= in.height();
        return in.width() == 1 && out.width() == 1 && window.kernelWidth() == 1 && isInside;
    }

    /** Rows from the first to the last of a window. */
    static int span(Geometry window) {
        return (window.kernelHeight() - 1) * window.dilationY() + 1;
    }

    /** Rows of the filters' kernel as pixels, {@code pitch} pixels of the tensor from one to the next. */
    private void windows(ConvolutionSpec spec, int source, Filters filters, int count, int pitch) {
        int channels = filters.channels();
        MapNode map =
                tensors.windows(spec.operator(), source, count, filters.kernelWidth() * channels, pitch * channels);
        int8.dense(spec.over(filters.overRows(), Geometry.whole(filters.kernelHeight(), 1)), map);
    }

    private static boolean isNameable(Geometry window) {
        return Math.max(window.kernelHeight(), window.kernelWidth()) <= FieldLimits.KERNEL
                && Math.max(window.strideY(), window.strideX()) <= FieldLimits.STRIDE
                && Math.max(window.dilationY(), window.dilationX()) <= FieldLimits.DILATION
                && Math.max(window.padTop(), window.padLeft()) <= FieldLimits.PADDING;
    }

    /** As a kernel over the pixels in other rows where that fits, or else over such rows as pixels. */
    private void whole(ConvolutionSpec spec, int source, Shape in) {
        int pixels = in.height() * in.width();
        int rows = (int) Math.sqrt(pixels);
        while (pixels % rows != 0) {
            rows--;
        }
        Shape as = Shape.map(rows, pixels / rows, in.channels());
        Geometry kernel = Geometry.whole(as.height(), as.width());
        if (int8.fits(kernel)) {
            Filters filters = spec.filters().covering(spec.geometry(), in, rows, as.width(), as.width());
            TensorValue value = tensors.reshaped(spec.operator(), state.value(spec.operator(), source), as);
            int8.dense(spec.over(filters, kernel), tensors.materialise(spec.operator(), value));
        } else {
            int count = rowsOfLeastRoom(pixels);
            int pitch = pixels / count;
            int span = pixels - (count - 1) * pitch;
            windows(spec, source, spec.filters().covering(spec.geometry(), in, count, span, pitch), count, pitch);
        }
    }

    /**
     * A layer that reads all elements of a value once, over a map of them that takes the least room on chip. The window
     * of {@code spec} is a column of as many pixels of one channel.
     */
    void rearranged(ConvolutionSpec spec, TensorValue in) {
        int elements = in.shape().elements();
        int count = rowsOfLeastRoom(elements);
        int pitch = elements / count;
        int span = elements - (count - 1) * pitch;
        Shape as = shapeOfLeastRoom(in);
        if (as == null || room(as) >= room(Shape.map(count, 1, span))) {
            Shape line = Shape.map(elements, 1, 1);
            Filters filters = spec.filters().covering(spec.geometry(), line, count, span, pitch);
            windows(spec, spec.operator().input(), filters, count, pitch);
            return;
        }
        Filters filters = spec.filters().unrolled(as);
        TensorValue value = tensors.reshaped(spec.operator(), in, as);
        int8.dense(
                spec.over(filters, Geometry.whole(as.height(), as.width())),
                tensors.materialise(spec.operator(), value));
    }

    /** Words of every bank that a map of codes takes; rows and columns are kept in fours. */
    static int room(Shape shape) {
        return (shape.height() + 3) / 4 * ((shape.width() + 3) / 4) * ((shape.channels() + 7) / 8);
    }

    /**
     * Of the maps of as many elements, in whole blocks of channels, whose rows the line buffer holds; null without any.
     */
    private @Nullable Shape shapeOfLeastRoom(TensorValue in) {
        int elements = in.shape().elements();
        Shape best = null;
        for (int height = 1; height <= MOST_ROWS; height++) {
            for (int width = 1; width <= MOST_ROWS; width++) {
                int channels = elements / (height * width);
                boolean isWhole = channels % Contract.BLOCK_CHANNELS == 0
                        && channels > 0
                        && channels * height * width == elements
                        && channels * width <= state.capabilities.lineBytes();
                Shape shape = isWhole ? Shape.map(height, width, channels) : null;
                if (shape != null
                        && int8.fits(Geometry.whole(height, width))
                        && (best == null || room(shape) < room(best))) {
                    best = shape;
                }
            }
        }
        return best;
    }

    /** Rows are kept in fours; the last one takes what is left over, and all are as long as it. */
    private static int rowsOfLeastRoom(int pixels) {
        return IntStream.rangeClosed(1, Math.min(MOST_ROWS, pixels))
                .boxed()
                .min(Comparator.comparingInt(rows -> (rows + 3) / 4 * (pixels - (rows - 1) * (pixels / rows))))
                .orElseThrow();
    }
}
