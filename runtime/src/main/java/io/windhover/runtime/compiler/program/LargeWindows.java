// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.contract.Contract;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Axes;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensors;
import io.windhover.models.graph.Window;

/** Which pools and means go over more than the accelerator, that of the reference board, reads at once. */
final class LargeWindows {
    /** Of each bank of activations, for the rows that a row of windows reads and the one that it makes. */
    private static final int BANK_WORDS = 2048;
    /** Of the weights of one output, ones; each is for {@value #STEP_CHANNELS} channels of one position. */
    private static final int STEPS = 1000;

    private static final int STEP_CHANNELS = 24;

    private LargeWindows() {}

    static boolean areTakenBy(Operator operator, Tensors tensors) {
        if (operator instanceof Mean mean) {
            return isTooLarge(mean.axes(), tensors.tensor(mean.input()).shape());
        }
        Shape in = tensors.tensor(operator.input()).shape();
        Shape out = tensors.tensor(operator.output()).shape();
        if (operator instanceof AveragePool average) {
            return averagesTooMuch(average.window(), in, out);
        }
        return operator instanceof MaxPool largest && comparesTooMuch(largest.window(), in, out);
    }

    /** A long line may become a map of several rows, whose means are the same. */
    private static boolean isTooLarge(Axes axes, Shape in) {
        Shape map = Math.min(in.height(), in.width()) == 1 ? Rectangles.of(in, axes) : in;
        boolean line = !map.equals(in);
        int rows = line || axes.height() ? map.height() : 1;
        int columns = line || axes.width() ? map.width() : 1;
        int channels = axes.channels() ? map.channels() : 1;
        return isTooLarge(rows, columns, map.width(), axes.width() ? 1 : map.width(), channels)
                || (axes.channels() && (long) rows * columns * parts(channels, STEP_CHANNELS) > STEPS);
    }

    /** Where windows hang over the border, the vector engine divides by what is inside, up to a limit. */
    private static boolean averagesTooMuch(Window window, Shape in, Shape out) {
        Padding padding = window.padding();
        boolean single = out.height() == 1 && out.width() == 1;
        int rows = single ? Math.min(in.height(), window.kernelHeight() - padding.top()) : window.kernelHeight();
        int columns = single ? Math.min(in.width(), window.kernelWidth() - padding.left()) : window.kernelWidth();
        boolean inside = single
                || (padding.top() == 0
                        && padding.left() == 0
                        && (out.height() - 1) * window.strideY() + rows <= in.height()
                        && (out.width() - 1) * window.strideX() + columns <= in.width());
        return isTooLarge(rows, columns, in.width(), out.width(), 1)
                || (rows * columns > Contract.AVERAGE_POSITIONS && !inside);
    }

    /** Sides of the map that a window covers are shortened first. */
    private static boolean comparesTooMuch(Window window, Shape in, Shape out) {
        Padding padding = window.padding();
        boolean rows = out.height() == 1 && window.kernelHeight() - padding.top() >= in.height();
        boolean columns = out.width() == 1 && window.kernelWidth() - padding.left() >= in.width();
        int width = columns ? shortened(in.width()) : in.width();
        return isTooLarge(
                rows ? shortened(in.height()) : window.kernelHeight(),
                columns ? width : window.kernelWidth(),
                width,
                out.width(),
                1);
    }

    private static int shortened(int side) {
        return side > FieldLimits.KERNEL ? shortened(parts(side, FieldLimits.STRIDE)) : side;
    }

    /** @param channels that are read together */
    private static boolean isTooLarge(int rows, int columns, int width, int outputs, int channels) {
        long words = (long) parts(rows, Contract.ACTIVATION_BANKS / Contract.COLUMN_BANKS)
                        * parts(width, Contract.COLUMN_BANKS)
                        * parts(channels, Contract.BLOCK_CHANNELS)
                + parts(outputs, Contract.COLUMN_BANKS);
        return Math.max(rows, columns) > FieldLimits.KERNEL || (rows > 1 && words > BANK_WORDS);
    }

    private static int parts(int count, int size) {
        return (count + size - 1) / size;
    }
}
