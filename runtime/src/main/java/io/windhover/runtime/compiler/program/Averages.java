// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.contract.Contract;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Axes;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensors;
import io.windhover.models.graph.Window;

/** Which means and average pools go over more than a kernel of the accelerator holds. */
final class Averages {
    private Averages() {}

    static boolean areTooLarge(Operator operator, Tensors tensors) {
        if (operator instanceof Mean mean) {
            return isTooLarge(mean.axes(), tensors.tensor(mean.input()).shape());
        }
        return operator instanceof AveragePool pool
                && isTooLarge(
                        pool.window(),
                        tensors.tensor(pool.input()).shape(),
                        tensors.tensor(pool.output()).shape());
    }

    /** A long line may become a map of several rows, whose means are the same. */
    private static boolean isTooLarge(Axes axes, Shape in) {
        Shape map = Math.min(in.height(), in.width()) == 1 ? Rectangles.of(in, axes) : in;
        return Math.max(axes.height() ? map.height() : 1, axes.width() ? map.width() : 1) > FieldLimits.KERNEL;
    }

    /** Where windows hang over the border, the vector engine divides by what is inside, up to a limit. */
    private static boolean isTooLarge(Window window, Shape in, Shape out) {
        Padding padding = window.padding();
        boolean single = out.height() == 1 && out.width() == 1;
        int rows = single ? Math.min(in.height(), window.kernelHeight() - padding.top()) : window.kernelHeight();
        int columns = single ? Math.min(in.width(), window.kernelWidth() - padding.left()) : window.kernelWidth();
        boolean inside = single
                || (padding.top() == 0
                        && padding.left() == 0
                        && (out.height() - 1) * window.strideY() + rows <= in.height()
                        && (out.width() - 1) * window.strideX() + columns <= in.width());
        return Math.max(rows, columns) > FieldLimits.KERNEL || (rows * columns > Contract.AVERAGE_POSITIONS && !inside);
    }
}
