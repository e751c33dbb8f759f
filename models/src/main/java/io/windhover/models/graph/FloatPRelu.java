// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * x, or slope[c] * x below 0.
 *
 * @param slope one per channel
 */
public record FloatPRelu(String name, int[] inputs, int[] outputs, float[] slope) implements FloatOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.floats(this, tensors, 1);
        Checks.sameMap(this, tensors.tensor(input()), tensors.tensor(output()));
        Checks.length(
                this, "slopes", slope.length, tensors.tensor(input()).shape().channels());
    }

    @Override
    public long parameters(Tensors tensors) {
        return slope.length;
    }
}
