// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Moves channels into blocks of pixels: output (y * block + dy, x * block + dx, c) is input (y, x, (dy * block + dx) *
 * C + c).
 */
public record DepthToSpace(String name, int[] inputs, int[] outputs, int block) implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.moved(this, tensors);
        Checks.blocks(this, block, tensors.tensor(output()), tensors.tensor(input()));
    }
}
