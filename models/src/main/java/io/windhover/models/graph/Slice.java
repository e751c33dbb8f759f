// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * A part of a map: output (y, x, c) is input (top + y * strideY, left + x * strideX, channel + c * strideChannel). The
 * output's shape says how much is taken.
 */
public record Slice(
        String name,
        int[] inputs,
        int[] outputs,
        int top,
        int left,
        int channel,
        int strideY,
        int strideX,
        int strideChannel)
        implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.moved(this, tensors);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        within("rows", top, strideY, output.shape().height(), input.shape().height());
        within("columns", left, strideX, output.shape().width(), input.shape().width());
        within(
                "channels",
                channel,
                strideChannel,
                output.shape().channels(),
                input.shape().channels());
    }

    private void within(String what, int first, int stride, int count, int extent) {
        require(
                first >= 0 && stride >= 1 && first + (count - 1L) * stride < extent,
                "Slice '%s' takes %d %s from %d in steps of %d, but there are %d.",
                name,
                count,
                what,
                first,
                stride,
                extent);
    }
}
