// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Operator;
import java.util.stream.IntStream;

/**
 * An operator that is complete but for the numbers of its tensors.
 *
 * @param further results behind the first
 */
record DirectStep(int[] inputs, int output, int[] further, Factory factory) implements TranslationStep {
    DirectStep(int[] inputs, int output, Factory factory) {
        this(inputs, output, new int[0], factory);
    }

    /** Makes the operator for tensor indexes. */
    @FunctionalInterface
    interface Factory {
        Operator make(String name, int[] inputs, int[] outputs);
    }

    @Override
    public DirectStep writing(int otherOutput) {
        return new DirectStep(inputs, otherOutput, further, factory);
    }

    @Override
    public int[] outputs() {
        return IntStream.concat(IntStream.of(output), IntStream.of(further)).toArray();
    }

    /** The operator over tensor ids. */
    Operator operator() {
        return factory.make("", inputs, outputs());
    }
}
