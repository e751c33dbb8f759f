package io.windhover.runtime.compiler;

import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.Transpose;

/** Transposes: one that moves nothing is a reshape, one within the channels of every pixel (a channel shuffle) another order of them. */
final class TransposeLowering {
    private final Lowering lowering;

    TransposeLowering(Lowering lowering) {
        this.lowering = lowering;
    }

    void lower(Transpose operator) {
        Tensor input = lowering.tensor(operator.input());
        Value value = lowering.value(operator, operator.input());
        Permutation permutation = Permutation.of(input.shape().dimensions(), operator.permutation());
        if (permutation.movesNothing()) {
            lowering.bind(operator.output(), value.reshaped(lowering.tensor(operator.output()).shape()));
            return;
        }
        int[] order = permutation.within(value.shape().channels());
        if (order == null) {
            throw CompileException.layer(operator.name(), "it exchanges rows, columns or channels.");
        }
        lowering.bind(operator.output(), Value.of(lowering.channels(operator, value).select(order), value.shape(), value.type()));
    }
}
