// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensors;

/** Which pads and pools read a map of more columns than the accelerator holds, and not as a line that can be folded. */
final class WideMaps {
    private WideMaps() {}

    static boolean areReadBy(Operator operator, Tensors tensors) {
        if (!(operator instanceof MaxPool || operator instanceof Pad)) {
            return false;
        }
        Shape in = tensors.tensor(operator.input()).shape();
        Shape out = tensors.tensor(operator.output()).shape();
        return in.width() > FieldLimits.COLUMNS && !(isAlong(operator) && in.height() == 1 && out.height() == 1);
    }

    /** No window or border reaches over the ends of a line's only row. */
    private static boolean isAlong(Operator operator) {
        Padding padding = operator instanceof MaxPool pool ? pool.window().padding() : ((Pad) operator).padding();
        boolean flat = !(operator instanceof MaxPool pool) || pool.window().kernelHeight() == 1;
        return flat && padding.top() + padding.bottom() == 0;
    }
}
