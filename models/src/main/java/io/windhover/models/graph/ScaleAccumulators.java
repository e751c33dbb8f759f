// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Raw accumulators to FLOAT32 scores: factor[c] * accumulator + offset[c], computed in double precision and rounded
 * once. Runs on the host.
 *
 * @param factor one per channel, or one for all
 * @param offset as many as factors
 */
public record ScaleAccumulators(String name, int[] inputs, int[] outputs, float[] factor, float[] offset)
        implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.type(this, input, TensorType.INT32);
        Checks.type(this, output, TensorType.FLOAT32);
        Checks.sameMap(this, input, output);
        Checks.length(
                this,
                "factors",
                factor.length,
                factor.length == 1 ? 1 : input.shape().channels());
        Checks.length(this, "offsets", offset.length, factor.length);
        for (int c = 0; c < factor.length; c++) {
            require(
                    Float.isFinite(factor[c]) && Float.isFinite(offset[c]),
                    "ScaleAccumulators '%s' has the factor %s and the offset %s.",
                    name,
                    factor[c],
                    offset[c]);
        }
    }

    @Override
    public long parameters(Tensors tensors) {
        return (long) factor.length + offset.length;
    }
}
