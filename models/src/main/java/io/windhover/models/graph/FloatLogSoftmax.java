// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Logarithm of the softmax over the channels of a FLOAT32 tensor: single precision, exponential and logarithm correctly
 * rounded.
 */
public record FloatLogSoftmax(String name, int[] inputs, int[] outputs) implements FloatOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.floats(this, tensors, 1);
        Checks.sameMap(this, tensors.tensor(input()), tensors.tensor(output()));
    }
}
