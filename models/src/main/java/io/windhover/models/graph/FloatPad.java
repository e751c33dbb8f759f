// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/** Surrounds a map with a constant. */
public record FloatPad(
        String name, int[] inputs, int[] outputs, Padding padding, int channelsBefore, int channelsAfter, float value)
        implements FloatOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.floats(this, tensors, 1);
        Checks.padded(
                this,
                padding,
                channelsBefore,
                channelsAfter,
                tensors.tensor(input()).shape(),
                tensors.tensor(output()).shape());
    }
}
