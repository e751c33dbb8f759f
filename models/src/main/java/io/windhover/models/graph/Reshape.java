// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * The same elements in the same order under another shape. BITS maps may change shape only where no pixel has spare
 * bits.
 */
public record Reshape(String name, int[] inputs, int[] outputs) implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.type(this, output, input.type());
        Checks.length(
                this,
                "output elements",
                output.shape().elements(),
                input.shape().elements());
        require(
                input.type() != TensorType.BITS || input.bytes() == output.bytes(),
                "Reshape '%s' from %s to %s would move bits between bytes.",
                name,
                input,
                output);
    }
}
