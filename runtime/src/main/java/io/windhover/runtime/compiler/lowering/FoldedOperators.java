// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Axes;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.MirrorPad;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.TransposedConvolution;
import io.windhover.models.graph.Window;
import org.jspecify.annotations.Nullable;

/**
 * Operators on a line of pixels as operators on the same pixels one below the other, or in rows where they slide over
 * none.
 */
final class FoldedOperators {
    private static final Window POINT = Window.square(1, 1, 0);

    private FoldedOperators() {}

    /** The operator's window, or null when it has none that slides over a line. */
    static @Nullable Window window(Operator operator) {
        if (operator instanceof Convolution o) {
            return o.window();
        } else if (operator instanceof DepthwiseConvolution o) {
            return o.window();
        } else if (operator instanceof TransposedConvolution o) {
            return o.window();
        } else if (operator instanceof MaxPool o) {
            return o.window();
        }
        return operator instanceof AveragePool o ? o.window() : null;
    }

    /** True of operators that {@link #along} can lay along a line, if they do not leave it. */
    static boolean slides(Operator operator) {
        return operator instanceof Slice
                || operator instanceof Pad
                || operator instanceof MirrorPad
                || (operator instanceof Resize resize && resize.mode() == Resize.Mode.NEAREST)
                || window(operator) != null;
    }

    /** True when the window, border or cut lies along the line and does not leave it. */
    static boolean isAlong(Operator operator, Shape line) {
        boolean down = line.width() == 1;
        if (operator instanceof Slice slice) {
            return (down ? slice.left() : slice.top()) == 0;
        }
        Window window = window(operator);
        Padding padding = window == null ? Padding.NONE : window.padding();
        if (operator instanceof Pad pad) {
            padding = pad.padding();
        } else if (operator instanceof MirrorPad pad) {
            padding = pad.padding();
        }
        boolean stays = down ? padding.left() + padding.right() == 0 : padding.top() + padding.bottom() == 0;
        return stays && (window == null || (down ? window.kernelWidth() : window.kernelHeight()) == 1);
    }

    static boolean isAlong(Axes axes, Shape line) {
        return line.width() == 1 ? axes.height() : axes.width();
    }

    /** True when every pixel of the output is made of the same pixel of the input alone. */
    static boolean isPixelwise(Operator operator, Shape line, Shape output) {
        Window window = window(operator);
        return window != null
                ? along(window, line).equals(POINT)
                : line.height() * line.width() == output.height() * output.width();
    }

    /** True when that holds whatever rows and columns the pixels lie in, none of which the operator names. */
    static boolean isPointwise(Operator operator, Shape in, Shape out) {
        Window window = window(operator);
        boolean isWhole = in.height() == out.height() && in.width() == out.width();
        return window != null ? window.equals(POINT) : isWhole;
    }

    /** The operator on a line whose pixels now follow one another row by row. */
    static Operator along(Operator operator, Shape line) {
        if (operator instanceof Concatenation o && o.axis() != Concatenation.Axis.CHANNEL) {
            return new Concatenation(o.name(), o.inputs(), o.outputs(), Concatenation.Axis.HEIGHT);
        } else if (operator instanceof Mean o) {
            boolean whole = isAlong(o.axes(), line);
            Axes axes = new Axes(whole, whole, o.axes().channels());
            return new Mean(
                    o.name(), o.inputs(), o.outputs(), axes, o.inputZeroPoint(), o.rescale(), o.outputZeroPoint());
        } else if (operator instanceof Pad o) {
            return new Pad(
                    o.name(),
                    o.inputs(),
                    o.outputs(),
                    along(o.padding(), line),
                    o.channelsBefore(),
                    o.channelsAfter(),
                    o.value());
        } else if (operator instanceof MirrorPad o) {
            return new MirrorPad(o.name(), o.inputs(), o.outputs(), along(o.padding(), line), o.symmetric());
        } else if (operator instanceof Slice o) {
            boolean down = line.width() == 1;
            return new Slice(
                    o.name(),
                    o.inputs(),
                    o.outputs(),
                    down ? o.top() : o.left(),
                    0,
                    o.channel(),
                    down ? o.strideY() : o.strideX(),
                    1,
                    o.strideChannel());
        }
        Window window = window(operator);
        return window == null ? operator : slid(operator, along(window, line));
    }

    private static Operator slid(Operator operator, Window window) {
        if (operator instanceof Convolution o) {
            return new Convolution(
                    o.name(),
                    o.inputs(),
                    o.outputs(),
                    window,
                    o.outputChannels(),
                    o.groups(),
                    o.weights(),
                    o.weightZeroPoint(),
                    o.bias(),
                    o.inputZeroPoint(),
                    o.post());
        } else if (operator instanceof DepthwiseConvolution o) {
            return new DepthwiseConvolution(
                    o.name(),
                    o.inputs(),
                    o.outputs(),
                    window,
                    o.multiplier(),
                    o.weights(),
                    o.weightZeroPoint(),
                    o.bias(),
                    o.inputZeroPoint(),
                    o.post());
        } else if (operator instanceof TransposedConvolution o) {
            return new TransposedConvolution(
                    o.name(),
                    o.inputs(),
                    o.outputs(),
                    window,
                    o.outputChannels(),
                    o.weights(),
                    o.weightZeroPoint(),
                    o.bias(),
                    o.inputZeroPoint(),
                    o.post());
        } else if (operator instanceof MaxPool o) {
            return new MaxPool(o.name(), o.inputs(), o.outputs(), window, o.clampMin(), o.clampMax());
        }
        AveragePool o = (AveragePool) operator;
        return new AveragePool(o.name(), o.inputs(), o.outputs(), window, o.clampMin(), o.clampMax());
    }

    /** The window down a column, where it slides along a line of either direction. */
    private static Window along(Window window, Shape line) {
        Padding padding = along(window.padding(), line);
        if (line.width() == 1) {
            return new Window(window.kernelHeight(), 1, window.strideY(), 1, window.dilationY(), 1, padding);
        }
        return new Window(window.kernelWidth(), 1, window.strideX(), 1, window.dilationX(), 1, padding);
    }

    private static Padding along(Padding padding, Shape line) {
        return line.width() == 1
                ? new Padding(padding.top(), 0, padding.bottom(), 0)
                : new Padding(padding.left(), 0, padding.right(), 0);
    }
}
