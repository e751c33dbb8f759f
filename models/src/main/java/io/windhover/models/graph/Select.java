// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Elements of the second input where the first is true, otherwise of the third; dimensions of 1 are repeated.
 *
 * @param inputs BOOL, and two of the output's type
 */
public record Select(String name, int[] inputs, int[] outputs) implements HostOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 3, 1);
        Tensor output = tensors.tensor(output());
        HostChecks.elements(this, output);
        Checks.type(this, tensors.tensor(inputs[0]), TensorType.BOOL);
        Checks.type(this, tensors.tensor(inputs[1]), output.type());
        Checks.type(this, tensors.tensor(inputs[2]), output.type());
        HostChecks.broadcast(this, tensors);
    }
}
