// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * The same numbers in another type, codes as they are. Reals lose their fraction and are cut to the range of INT32 or
 * INT64 (NaN is 0); integers then lose their upper bits. Anything but 0 is true.
 */
public record Cast(String name, int[] inputs, int[] outputs) implements HostOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        HostChecks.elements(this, input);
        HostChecks.elements(this, output);
        Checks.length(
                this,
                "output elements",
                output.shape().elements(),
                input.shape().elements());
    }
}
