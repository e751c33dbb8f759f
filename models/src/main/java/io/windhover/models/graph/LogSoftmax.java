// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Logarithm of the softmax over the channels of an 8-bit tensor, in fixed point; output scale 1 / 16 and the type's
 * highest code as zero point.
 *
 * @param inputRescale brings the input scale to Q5.26; its shift is 1 or more
 * @param differenceMin differences to the maximum below this add nothing to the sum
 * @param codeRescale brings Q5.26 back to input codes
 */
public record LogSoftmax(
        String name, int[] inputs, int[] outputs, Rescale inputRescale, int differenceMin, Rescale codeRescale)
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
