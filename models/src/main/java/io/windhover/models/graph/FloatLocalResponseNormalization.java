// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/** x / (bias + alpha * sum of x^2 over the 2 * radius + 1 channels around its own)^beta, as TensorFlow defines it. */
public record FloatLocalResponseNormalization(
        String name, int[] inputs, int[] outputs, int radius, float bias, float alpha, float beta)
        implements FloatOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.floats(this, tensors, 1);
        Checks.sameMap(this, tensors.tensor(input()), tensors.tensor(output()));
        require(radius >= 0, "FloatLocalResponseNormalization '%s' has the negative radius %d.", name, radius);
    }
}
