// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Sums of all elements up to each one along a dimension, of FLOAT32, INT32 or INT64. Reals are added in single
 * precision one after another, beginning with 0; integers wrap.
 *
 * @param exclusive an element is no part of its own sum
 * @param reverse sums begin at the end
 */
public record CumulativeSum(String name, int[] inputs, int[] outputs, int axis, boolean exclusive, boolean reverse)
        implements HostOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.type(this, input, TensorType.FLOAT32, TensorType.INT32, TensorType.INT64);
        Checks.type(this, output, input.type());
        HostChecks.axis(this, axis, input);
        Checks.length(
                this,
                "output elements",
                output.shape().elements(),
                input.shape().elements());
    }
}
