// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Window;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A convolution or pool that can be taken with another window, or with a part of its kernel.
 *
 * @param input what it reads, before the border that a pad it has absorbed makes
 * @param window with that border, and without strides that are never taken and dilations between no taps
 */
record SlidingOperator(Operator operator, int input, Window window) {
    /** Null where the operator is none. */
    static @Nullable SlidingOperator of(Operator operator, @Nullable Pad pad, Shape output) {
        Window window = window(operator);
        if (window == null) {
            return null;
        }
        int input = pad == null ? operator.input() : pad.input();
        return new SlidingOperator(operator, input, reduced(pad == null ? window : padded(window, pad), output));
    }

    private static @Nullable Window window(Operator operator) {
        if (operator instanceof Convolution o) {
            return o.window();
        } else if (operator instanceof DepthwiseConvolution o) {
            return o.window();
        } else if (operator instanceof MaxPool o) {
            return o.window();
        }
        return operator instanceof AveragePool o ? o.window() : null;
    }

    private static Window padded(Window window, Pad pad) {
        Padding own = window.padding();
        Padding more = pad.padding();
        return window.withPadding(new Padding(
                own.top() + more.top(),
                own.left() + more.left(),
                own.bottom() + more.bottom(),
                own.right() + more.right()));
    }

    private static Window reduced(Window window, Shape output) {
        return new Window(
                window.kernelHeight(),
                window.kernelWidth(),
                output.height() == 1 ? 1 : window.strideY(),
                output.width() == 1 ? 1 : window.strideX(),
                window.kernelHeight() == 1 ? 1 : window.dilationY(),
                window.kernelWidth() == 1 ? 1 : window.dilationX(),
                window.padding());
    }

    boolean isConvolution() {
        return operator instanceof Convolution || operator instanceof DepthwiseConvolution;
    }

    /** The code outside the map, of a convolution. */
    int inputZeroPoint() {
        return operator instanceof Convolution o
                ? o.inputZeroPoint()
                : ((DepthwiseConvolution) operator).inputZeroPoint();
    }

    /** The same operator with another window of as many taps. */
    Operator over(int from, int to, Window other) {
        if (operator instanceof Convolution o) {
            return convolution(o, from, to, other, o.weights());
        } else if (operator instanceof DepthwiseConvolution o) {
            return depthwise(o, from, to, other, o.weights());
        } else if (operator instanceof MaxPool o) {
            return new MaxPool(o.name(), new int[] {from}, new int[] {to}, other, o.clampMin(), o.clampMax());
        }
        AveragePool o = (AveragePool) operator;
        return new AveragePool(o.name(), new int[] {from}, new int[] {to}, other, o.clampMin(), o.clampMax());
    }

    /** The convolution of one phase of its rows and of its columns; its biases alone where these have no taps. */
    Operator over(int from, int to, WindowPhase rows, WindowPhase columns) {
        boolean taps = rows.taps() > 0 && columns.taps() > 0;
        Window part = new Window(
                taps ? rows.taps() : 1,
                taps ? columns.taps() : 1,
                rows.stride(),
                columns.stride(),
                rows.dilation(),
                columns.dilation(),
                new Padding(rows.before(), columns.before(), rows.after(), columns.after()));
        if (operator instanceof Convolution o) {
            int depth = o.weights().length / (o.outputChannels() * window.kernelHeight() * window.kernelWidth());
            byte[] weights = taps
                    ? taps(o.weights(), o.outputChannels(), depth, rows, columns)
                    : zeros(o.outputChannels() * depth, o.weightZeroPoint());
            return convolution(o, from, to, part, weights);
        }
        DepthwiseConvolution o = (DepthwiseConvolution) operator;
        byte[] weights = taps
                ? taps(o.weights(), 1, o.bias().length, rows, columns)
                : zeros(o.bias().length, o.weightZeroPoint());
        return depthwise(o, from, to, part, weights);
    }

    private static byte[] zeros(int count, int weightZeroPoint) {
        byte[] zeros = new byte[count];
        Arrays.fill(zeros, (byte) weightZeroPoint);
        return zeros;
    }

    /** Those of weights in the order filter, row, column, the rest. */
    private byte[] taps(byte[] weights, int filters, int rest, WindowPhase rows, WindowPhase columns) {
        byte[] part = new byte[filters * rows.taps() * columns.taps() * rest];
        int run = columns.taps() * rest;
        for (int filter = 0; filter < filters; filter++) {
            for (int y = 0; y < rows.taps(); y++) {
                int row = filter * window.kernelHeight() + rows.firstTap() + y;
                int from = (row * window.kernelWidth() + columns.firstTap()) * rest;
                System.arraycopy(weights, from, part, (filter * rows.taps() + y) * run, run);
            }
        }
        return part;
    }

    private static Convolution convolution(Convolution o, int from, int to, Window window, byte[] weights) {
        return new Convolution(
                o.name(),
                new int[] {from},
                new int[] {to},
                window,
                o.outputChannels(),
                o.groups(),
                weights,
                o.weightZeroPoint(),
                o.bias(),
                o.inputZeroPoint(),
                o.post());
    }

    private static DepthwiseConvolution depthwise(
            DepthwiseConvolution o, int from, int to, Window window, byte[] weights) {
        return new DepthwiseConvolution(
                o.name(),
                new int[] {from},
                new int[] {to},
                window,
                o.multiplier(),
                weights,
                o.weightZeroPoint(),
                o.bias(),
                o.inputZeroPoint(),
                o.post());
    }
}
