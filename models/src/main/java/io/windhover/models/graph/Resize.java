// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Scales a map to the output's height and width, as TFLite's RESIZE_NEAREST_NEIGHBOR and RESIZE_BILINEAR do.
 *
 * @param alignCorners the corner pixels of both maps coincide
 * @param halfPixelCenters pixels are sampled at their centres; not together with {@code alignCorners}
 */
public record Resize(
        String name, int[] inputs, int[] outputs, Mode mode, boolean alignCorners, boolean halfPixelCenters)
        implements Operator {
    /** How positions between pixels are filled. */
    public enum Mode {
        NEAREST,
        BILINEAR
    }

    @Override
    public void check(Tensors tensors) {
        Checks.moved(this, tensors);
        Checks.type(this, tensors.tensor(input()), TensorType.INT8, TensorType.UINT8, TensorType.FLOAT32);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.length(
                this,
                "output channels",
                output.shape().channels(),
                input.shape().channels());
        require(!alignCorners || !halfPixelCenters, "Resize '%s' aligns corners and centres at once.", name);
    }
}
