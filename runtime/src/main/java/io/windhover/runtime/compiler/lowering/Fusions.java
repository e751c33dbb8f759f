// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.TensorUses;
import io.windhover.runtime.compiler.program.FieldLimits;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Operators that disappear into their neighbour: a table after a convolution, padding before one. None when every
 * tensor is wanted.
 */
public final class Fusions {
    private final IdentityHashMap<Operator, LookupTable> tables = new IdentityHashMap<>();
    private final IdentityHashMap<Operator, Pad> pads = new IdentityHashMap<>();
    private final Set<Operator> fused = Collections.newSetFromMap(new IdentityHashMap<>());

    public Fusions(Graph graph, boolean everyTensor) {
        TensorUses uses = new TensorUses(graph);
        for (Operator operator : everyTensor ? List.<Operator>of() : graph.operators()) {
            Operator after = operator.outputs().length == 1 ? uses.onlyConsumer(operator.output()) : null;
            if (after instanceof LookupTable table && requantises(operator)) {
                tables.put(operator, table);
                fused.add(table);
            } else if (operator instanceof Pad pad && after != null && absorbs(after, pad)) {
                pads.put(after, pad);
                fused.add(pad);
            }
        }
    }

    @Nullable
    public LookupTable tableAfter(Operator operator) {
        return tables.get(operator);
    }

    @Nullable
    public Pad padBefore(Operator operator) {
        return pads.get(operator);
    }

    public boolean isFused(Operator operator) {
        return fused.contains(operator);
    }

    private static boolean requantises(Operator operator) {
        return (operator instanceof Convolution c && c.post() instanceof PostProcess.Requantize)
                || (operator instanceof DepthwiseConvolution d && d.post() instanceof PostProcess.Requantize)
                || (operator instanceof FullyConnected f && f.post() instanceof PostProcess.Requantize);
    }

    private static boolean absorbs(Operator operator, Pad pad) {
        if (pad.channelsBefore() != 0 || pad.channelsAfter() != 0) {
            return false;
        }
        if (operator instanceof Convolution c) {
            return c.inputZeroPoint() == pad.value()
                    && fits(
                            pad,
                            c.window().padding().top(),
                            c.window().padding().left());
        }
        return operator instanceof DepthwiseConvolution d
                && d.inputZeroPoint() == pad.value()
                && fits(pad, d.window().padding().top(), d.window().padding().left());
    }

    private static boolean fits(Pad pad, int top, int left) {
        return pad.padding().top() + top <= FieldLimits.PADDING && pad.padding().left() + left <= FieldLimits.PADDING;
    }
}
