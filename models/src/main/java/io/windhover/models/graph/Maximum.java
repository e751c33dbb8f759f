// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/** The larger of two codes, element by element; all three tensors have the same type and quantisation. */
public record Maximum(String name, int[] inputs, int[] outputs) implements Elementwise {
    @Override
    public Function function() {
        return Function.MAXIMUM;
    }

    @Override
    public void check(Tensors tensors) {
        Checks.elementwise(this, tensors);
        Checks.type(this, tensors.tensor(inputs[1]), tensors.tensor(inputs[0]).type());
        Checks.type(this, tensors.tensor(output()), tensors.tensor(inputs[0]).type());
    }
}
