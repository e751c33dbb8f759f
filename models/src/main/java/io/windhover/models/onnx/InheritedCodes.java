// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.DepthToSpace;
import io.windhover.models.graph.FloatInterpolation;
import io.windhover.models.graph.FloatPad;
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
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The codes of tensors, their own or those of what they are made of without a change of scale. */
final class InheritedCodes {
    private final Map<Integer, Activation.Codes> codes = new HashMap<>();
    /** Averages without codes of their own, and what is made of them: they lie between the codes that they inherit. */
    private final Set<Integer> between = new HashSet<>();

    InheritedCodes(Translation network) {
        for (int tensorId = 0; tensorId < network.drafts().size(); tensorId++) {
            put(tensorId, network.draft(tensorId).codes);
        }
        for (TranslationStep step : network.steps()) {
            if (step instanceof DirectStep direct && !codes.containsKey(direct.output())) {
                Operator operator = direct.operator();
                boolean joins = operator instanceof Concatenation && areSame(direct.inputs());
                boolean pads = operator instanceof FloatPad pad && isCode(pad.value(), direct.inputs()[0]);
                boolean keeps = joins || pads || isMove(operator) || operator instanceof FloatPool;
                put(direct.output(), keeps ? of(direct.inputs()[0]) : null);
                if (SharedAverages.isAverage(step)
                        || Arrays.stream(direct.inputs()).anyMatch(between::contains)) {
                    between.add(direct.output());
                }
            }
        }
    }

    private void put(int tensorId, Activation.@Nullable Codes known) {
        if (known != null) {
            codes.put(tensorId, known);
        }
    }

    Activation.@Nullable Codes of(int tensorId) {
        return codes.get(tensorId);
    }

    /** True for codes to which the value would be rounded, though the file does not say so. */
    boolean rounds(int tensorId) {
        return between.contains(tensorId);
    }

    /** Whether the number is one that a tensor's codes stand for. */
    boolean isCode(float number, int tensorId) {
        Activation.Codes own = of(tensorId);
        return own != null && own.isCode(number);
    }

    /** True when all these tensors have the same codes. */
    boolean areSame(int[] tensorIds) {
        Activation.Codes first = of(tensorIds[0]);
        return first != null && Arrays.stream(tensorIds).allMatch(tensorId -> first.equals(of(tensorId)));
    }

    /** True when all these tensors have codes of one scale and zero point, whichever of them occur. */
    boolean areOfOneScale(int[] tensorIds) {
        Activation.Codes first = of(tensorIds[0]);
        return first != null && Arrays.stream(tensorIds).allMatch(tensorId -> isOfScale(tensorId, first));
    }

    private boolean isOfScale(int tensorId, Activation.Codes wanted) {
        Activation.Codes own = of(tensorId);
        return own != null
                && own.scale() == wanted.scale()
                && own.zeroPoint() - own.type().minimum()
                        == wanted.zeroPoint() - wanted.type().minimum();
    }

    static boolean isMove(Operator operator) {
        return operator instanceof Reshape
                || operator instanceof Transpose
                || operator instanceof Slice
                || operator instanceof MirrorPad
                || operator instanceof Resize
                || operator instanceof FloatInterpolation
                || operator instanceof SpaceToDepth
                || operator instanceof DepthToSpace;
    }
}
