// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/** Mean over some dimensions. */
public record FloatMean(String name, int[] inputs, int[] outputs, Axes axes) implements FloatOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.floats(this, tensors, 1);
        Checks.length(
                this,
                "output elements",
                tensors.tensor(output()).shape().elements(),
                axes.reduced(tensors.tensor(input()).shape()).elements());
    }
}
