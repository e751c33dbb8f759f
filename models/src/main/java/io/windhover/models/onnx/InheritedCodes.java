// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.DepthToSpace;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.MirrorPad;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.SpaceToDepth;
import io.windhover.models.graph.Transpose;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The codes of tensors, their own or those of what they are made of without a change of scale. */
final class InheritedCodes {
    private final Map<Integer, Activation.Codes> codes = new HashMap<>();

    InheritedCodes(Translation network) {
        for (int handle = 0; handle < network.handles().size(); handle++) {
            put(handle, network.handle(handle).codes);
        }
        for (TranslationStep step : network.steps()) {
            if (step instanceof DirectStep plain && !codes.containsKey(plain.output())) {
                Operator operator = plain.operator();
                boolean joins = operator instanceof Concatenation && areSame(plain.inputs());
                put(
                        plain.output(),
                        joins || isMove(operator) || operator instanceof FloatPool ? of(plain.inputs()[0]) : null);
            }
        }
    }

    private void put(int handle, Activation.@Nullable Codes known) {
        if (known != null) {
            codes.put(handle, known);
        }
    }

    Activation.@Nullable Codes of(int handle) {
        return codes.get(handle);
    }

    /** True when all these tensors have the same codes. */
    boolean areSame(int[] handles) {
        Activation.Codes first = of(handles[0]);
        return first != null && Arrays.stream(handles).allMatch(handle -> first.equals(of(handle)));
    }

    static boolean isMove(Operator operator) {
        return operator instanceof Reshape
                || operator instanceof Transpose
                || operator instanceof Slice
                || operator instanceof MirrorPad
                || operator instanceof Resize
                || operator instanceof SpaceToDepth
                || operator instanceof DepthToSpace;
    }
}
