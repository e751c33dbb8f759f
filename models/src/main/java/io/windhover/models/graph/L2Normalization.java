// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * x / sqrt(sum of x^2 over the last dimension) of an 8-bit tensor, x being code - inputZeroPoint; output scale 1 / 128
 * and its zero point in the middle of the type. A sum of 0 divides by 1.
 */
public record L2Normalization(String name, int[] inputs, int[] outputs, int inputZeroPoint) implements HostOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.bytes(this, input);
        Checks.type(this, output, input.type());
        Checks.sameMap(this, input, output);
        Checks.zeroPoint(this, inputZeroPoint, input);
        TensorType type = input.type();
        long largest = Math.max(inputZeroPoint - type.minimum(), type.maximum() - inputZeroPoint);
        int count = input.shape().channels();
        require(
                count * largest * largest <= Integer.MAX_VALUE,
                "L2Normalization '%s' sums %d squares of up to %d, which overflow 32 bits.",
                name,
                count,
                largest);
    }
}
