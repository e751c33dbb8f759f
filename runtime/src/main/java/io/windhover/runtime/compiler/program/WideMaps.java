// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Interpolation;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.MirrorPad;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensors;
import io.windhover.models.graph.Window;

/**
 * Which pads, pools, means and resizes read or make a map of more columns than the accelerator holds, and not as a line
 * that can be folded.
 */
final class WideMaps {
    private WideMaps() {}

    static boolean areReadBy(Operator operator, Tensors tensors) {
        if (!(operator instanceof MaxPool
                || operator instanceof AveragePool
                || operator instanceof Mean
                || operator instanceof Pad
                || operator instanceof MirrorPad
                || operator instanceof Resize
                || operator instanceof Interpolation)) {
            return false;
        }
        Shape in = tensors.tensor(operator.input()).shape();
        Shape out = tensors.tensor(operator.output()).shape();
        boolean isLine = isAlong(operator) && in.height() == 1 && out.height() == 1;
        return Math.max(in.width(), out.width()) > FieldLimits.COLUMNS && !isLine;
    }

    /** No window, border or share reaches over the ends of a line's only row. */
    private static boolean isAlong(Operator operator) {
        if (operator instanceof MaxPool pool) {
            return isAlong(pool.window());
        }
        if (operator instanceof AveragePool pool) {
            return isAlong(pool.window());
        }
        if (operator instanceof Mean) {
            return true;
        }
        if (operator instanceof Interpolation) {
            return false;
        }
        if (operator instanceof Resize resize) {
            return resize.mode() == Resize.Mode.NEAREST;
        }
        Padding padding = operator instanceof MirrorPad pad ? pad.padding() : ((Pad) operator).padding();
        return padding.top() + padding.bottom() == 0;
    }

    private static boolean isAlong(Window window) {
        return window.kernelHeight() == 1
                && window.padding().top() + window.padding().bottom() == 0;
    }
}
