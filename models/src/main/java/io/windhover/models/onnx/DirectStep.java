// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Operator;

/** An operator that is complete but for the numbers of its tensors. */
record DirectStep(int[] inputs, int output, Factory factory) implements TranslationStep {
    /** Makes the operator for tensor indexes. */
    @FunctionalInterface
    interface Factory {
        Operator make(String name, int[] inputs, int[] outputs);
    }

    @Override
    public DirectStep writing(int otherOutput) {
        return new DirectStep(inputs, otherOutput, factory);
    }

    /** The operator over tensor ids. */
    Operator operator() {
        return factory.make("", inputs, new int[] {output});
    }
}
