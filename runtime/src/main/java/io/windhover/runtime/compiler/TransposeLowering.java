package io.windhover.runtime.compiler;

import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.Transpose;
import java.util.ArrayList;
import java.util.List;

/** Transposes: one that moves nothing is a reshape, one within the channels of every pixel (a channel shuffle) another order of them. */
final class TransposeLowering {
    /** Elements of a pixel of a network input that are shuffled as channels. */
    private static final int LARGEST_SHUFFLE = 512;

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
        if (value.isInput() && permutation.movedElements() <= LARGEST_SHUFFLE) {
            value = value.reshaped(merged(input.shape().dimensions(), permutation.movedElements()));
        }
        int[] order = permutation.within(value.shape().channels());
        if (order == null) {
            throw CompileException.layer(operator.name(), "it exchanges rows, columns or channels.");
        }
        lowering.bind(operator.output(), Value.of(lowering.channels(operator, value).select(order), value.shape(), value.type()));
    }

    /** The same elements with as many of the last dimensions in one as hold {@code channels}. */
    private static Shape merged(List<Integer> dimensions, int channels) {
        List<Integer> merged = new ArrayList<>(dimensions);
        int elements = 1;
        while (elements < channels) {
            elements *= merged.remove(merged.size() - 1);
        }
        merged.add(elements);
        return new Shape(merged);
    }
}
