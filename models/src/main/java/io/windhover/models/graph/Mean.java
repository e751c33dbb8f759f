// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Mean over some dimensions: (sum of x - inputZeroPoint * positions) rescaled, plus outputZeroPoint, cut to the type.
 *
 * @param rescale holds 1 / positions as well as the scales' ratio
 */
public record Mean(
        String name, int[] inputs, int[] outputs, Axes axes, int inputZeroPoint, Rescale rescale, int outputZeroPoint)
        implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.bytes(this, input, output);
        Checks.length(
                this,
                "output elements",
                output.shape().elements(),
                axes.reduced(input.shape()).elements());
        Checks.zeroPoint(this, inputZeroPoint, input);
        Checks.zeroPoint(this, outputZeroPoint, output);
    }
}
