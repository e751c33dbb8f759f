// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * A map of codes sampled between its pixels, into codes of any scale: (sum of (x - inputZeroPoint) * shares of its row
 * * shares of its column) rescaled once, plus outputZeroPoint, clamped.
 *
 * @param rescale holds 1 / (shares of rows * shares of columns) as well as the scales' ratio
 */
public record Interpolation(
        String name,
        int[] inputs,
        int[] outputs,
        NeighbourShares rows,
        NeighbourShares columns,
        int inputZeroPoint,
        Rescale rescale,
        int outputZeroPoint,
        int clampMin,
        int clampMax)
        implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.bytes(this, input, output);
        Checks.length(
                this,
                "output channels",
                output.shape().channels(),
                input.shape().channels());
        Checks.length(this, "rows", rows.size(), output.shape().height());
        Checks.length(this, "columns", columns.size(), output.shape().width());
        require(
                rows.areWithin(input.shape().height())
                        && columns.areWithin(input.shape().width()),
                "Interpolation '%s' samples outside its input of %s.",
                name,
                input);
        Checks.zeroPoint(this, inputZeroPoint, input);
        Checks.zeroPoint(this, outputZeroPoint, output);
        Checks.clamp(this, clampMin, clampMax, output);
    }
}
