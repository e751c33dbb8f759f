// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/** Sums, differences, products, quotients and extremes of FLOAT32 tensors, in single precision. */
public record FloatElementwise(String name, int[] inputs, int[] outputs, Function function, boolean reversed)
        implements FloatOperator, Elementwise {
    @Override
    public void check(Tensors tensors) {
        Checks.floats(this, tensors, 2);
        Checks.sameMap(this, tensors.tensor(inputs[0]), tensors.tensor(output()));
        Broadcast.of(this, tensors.tensor(inputs[0]), tensors.tensor(inputs[1]));
    }
}
