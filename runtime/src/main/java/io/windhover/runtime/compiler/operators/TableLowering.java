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
    private final LoweringState lowering;
    private final TensorMaps tensors;
    private final VectorStageBuilder vectors;

    TableLowering(LoweringState lowering, TensorMaps tensors, VectorStageBuilder vectors) {
        this.lowering = lowering;
        this.tensors = tensors;
        this.vectors = vectors;
    }

    void lower(LookupTable operator) {
        int inputOffset = lowering.offset(operator.input());
        int outputOffset = lowering.offset(operator.output());
        TensorValue value = lowering.value(operator, operator.input());
        if (value.isInput() && ActivationTables.isIdentity(operator, inputOffset, outputOffset)) {
            keepForDump(operator, inputOffset, outputOffset);
            lowering.bind(
                    operator.output(),
                    value.reshaped(lowering.tensor(operator.output()).shape()));
            return;
        }
        table(operator, inputOffset, outputOffset);
    }

    /**
     * A table that changes no code on chip (UINT8 to INT8 of the same scale) is the input itself; only a dump needs its
     * tensor.
     */
    private void keepForDump(LookupTable operator, int inputOffset, int outputOffset) {
        if (lowering.everyTensor) {
            table(operator, inputOffset, outputOffset);
            lowering.keepForDump(operator.output());
        }
    }

    private void table(LookupTable operator, int inputOffset, int outputOffset) {
        ChannelView laid = tensors.compact(operator, operator.input());
        vectors.elementwise(
                operator,
                List.of(laid.map()),
                lowering.outputMap(operator.output(), laid),
                vectors.table(ActivationTables.vector(operator, inputOffset, outputOffset)));
    }
}
