// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/** 8-bit activations to BITS: bit = (x >= threshold[c]) xor invert[c], on codes. */
public record Threshold(String name, int[] inputs, int[] outputs, PostProcess.Bits bits) implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.bytes(this, input);
        Checks.sameMap(this, input, output);
        bits.check(name, input.shape().channels(), output.type());
    }
}
