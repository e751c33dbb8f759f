// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Moves blocks of pixels into channels: output (y, x, (dy * block + dx) * C + c) is input (y * block + dy, x * block +
 * dx, c).
 */
public record SpaceToDepth(String name, int[] inputs, int[] outputs, int block) implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.moved(this, tensors);
        Checks.blocks(this, block, tensors.tensor(input()), tensors.tensor(output()));
    }
}
