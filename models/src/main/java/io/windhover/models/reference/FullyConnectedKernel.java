// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.TensorType;

/** Fully-connected layer. */
final class FullyConnectedKernel {
    private FullyConnectedKernel() {}

    static void run(FullyConnected operator, Values values) {
        int[] activations = values.centred(operator.input(), operator.inputZeroPoint());
        int[] weights = Values.centred(operator.weights(), TensorType.INT8, operator.weightZeroPoint());
        int[] accumulators = operator.bias().clone();
        for (int o = 0; o < accumulators.length; o++) {
            accumulators[o] +=
                    ConvolutionKernel.dot(activations, 0, weights, o * activations.length, activations.length);
        }
        Accumulators.into(operator.post(), operator.output(), values).write(0, accumulators);
    }
}
