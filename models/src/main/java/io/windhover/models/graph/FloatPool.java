// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Maximum or average of each window.
 *
 * @param countPadding averages divide by the whole window, positions outside counting as 0; otherwise by the valid
 *     positions
 */
public record FloatPool(String name, int[] inputs, int[] outputs, boolean maximum, Window window, boolean countPadding)
        implements FloatOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.floats(this, tensors, 1);
        Tensor input = tensors.tensor(input());
        Checks.windowed(
                this,
                window,
                input.shape(),
                tensors.tensor(output()),
                input.shape().channels());
        Checks.windowsReadMap(this, window, input.shape());
    }
}
