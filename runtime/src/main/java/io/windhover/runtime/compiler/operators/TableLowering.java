// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.models.graph.LookupTable;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.lowering.VectorStageBuilder;
import io.windhover.runtime.compiler.weights.ActivationTables;
import java.util.List;

/** ActivationTables that no convolution takes along. */
final class TableLowering {
    private final LoweringState state;
    private final TensorMaps tensors;
    private final VectorStageBuilder vectors;

    TableLowering(LoweringState state, TensorMaps tensors, VectorStageBuilder vectors) {
        this.state = state;
        this.tensors = tensors;
        this.vectors = vectors;
    }

    void lower(LookupTable operator) {
        int inputOffset = state.offset(operator.input());
        int outputOffset = state.offset(operator.output());
        TensorValue value = state.value(operator, operator.input());
        if (value.isInput() && ActivationTables.isIdentity(operator, inputOffset, outputOffset)) {
            keepForDump(operator, inputOffset, outputOffset);
            state.bind(
                    operator.output(),
                    value.reshaped(state.tensor(operator.output()).shape()));
            return;
        }
        table(operator, inputOffset, outputOffset);
    }

    /**
     * A table that changes no code on chip (UINT8 to INT8 of the same scale) is the input itself; only a dump needs its
     * tensor.
     */
    private void keepForDump(LookupTable operator, int inputOffset, int outputOffset) {
        if (state.everyTensor) {
            table(operator, inputOffset, outputOffset);
            state.keepForDump(operator.output());
        }
    }

    private void table(LookupTable operator, int inputOffset, int outputOffset) {
        ChannelView view = tensors.compact(operator, operator.input());
        vectors.elementwise(
                operator,
                List.of(view.map()),
                state.outputMap(operator.output(), view),
                vectors.table(ActivationTables.vector(operator, inputOffset, outputOffset)));
    }
}
