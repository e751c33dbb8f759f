// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/** Softmax over the channels of beta * x. */
public record FloatSoftmax(String name, int[] inputs, int[] outputs, float beta) implements FloatOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.floats(this, tensors, 1);
        Checks.sameMap(this, tensors.tensor(input()), tensors.tensor(output()));
    }
}
