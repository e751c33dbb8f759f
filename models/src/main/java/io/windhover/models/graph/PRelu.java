// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Parametric rectifier: with d = x - inputZeroPoint, d rescaled by {@code positive} where d >= 0, else d * (slope[c] -
 * slopeZeroPoint) rescaled by {@code negative}; plus outputZeroPoint, cut to the type.
 *
 * @param slope one code per channel, of the input's type
 */
public record PRelu(
        String name,
        int[] inputs,
        int[] outputs,
        byte[] slope,
        int slopeZeroPoint,
        int inputZeroPoint,
        Rescale positive,
        Rescale negative,
        int outputZeroPoint)
        implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.bytes(this, input);
        Checks.type(this, output, input.type());
        Checks.sameMap(this, input, output);
        Checks.length(this, "slopes", slope.length, input.shape().channels());
        Checks.zeroPoint(this, slopeZeroPoint, input);
        Checks.zeroPoint(this, inputZeroPoint, input);
        Checks.zeroPoint(this, outputZeroPoint, output);
    }

    @Override
    public long parameters(Tensors tensors) {
        return slope.length;
    }
}
