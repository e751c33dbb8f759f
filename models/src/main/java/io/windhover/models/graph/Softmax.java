// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Softmax over the channels of an 8-bit tensor; output scale 1 / 256 and the type's lowest code as zero point.
 *
 * @param inputRescale brings beta * input scale to Q5.26; its shift is 0 or more
 * @param differenceMin differences to the maximum below this give probability 0
 */
public record Softmax(String name, int[] inputs, int[] outputs, Rescale inputRescale, int differenceMin)
        implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.bytes(this, input);
        Checks.type(this, output, input.type());
        Checks.sameMap(this, input, output);
    }
}
