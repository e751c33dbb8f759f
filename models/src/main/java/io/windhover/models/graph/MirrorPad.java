// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Surrounds a map with its own reflection.
 *
 * @param padding rows and columns added per side
 * @param symmetric the border itself is repeated (TensorFlow's SYMMETRIC); otherwise the reflection starts beside it
 *     (REFLECT)
 */
public record MirrorPad(String name, int[] inputs, int[] outputs, Padding padding, boolean symmetric)
        implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.moved(this, tensors);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Shape from = input.shape();
        Checks.padded(this, padding, 0, 0, from, output.shape());
        int spare = symmetric ? 0 : 1;
        require(
                Math.max(padding.top(), padding.bottom()) <= from.height() - spare
                        && Math.max(padding.left(), padding.right()) <= from.width() - spare,
                "MirrorPad '%s' reflects %s beyond its far side.",
                name,
                input);
    }
}
