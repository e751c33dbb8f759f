// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Operator;

/** An operator that is complete but for the numbers of its tensors. */
record Plain(int[] inputs, int output, Factory factory) implements Step {
    /** Makes the operator for tensor indexes. */
    @FunctionalInterface
    interface Factory {
        Operator make(String name, int[] inputs, int[] outputs);
    }

    @Override
    public Plain writing(int otherOutput) {
        return new Plain(inputs, otherOutput, factory);
    }

    /** The operator over handles. */
    Operator operator() {
        return factory.make("", inputs, new int[] {output});
    }
}
