// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.weights;

import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Rescale;
import io.windhover.runtime.compiler.stage.Geometry;

/**
 * One convolution for the int8 array.
 *
 * @param inputOffset what codes on chip lack to the tensor's own: 128 for UINT8
 * @param bias one per output channel
 * @param inputZeroPoint in the tensor's own codes
 */
public record ConvolutionSpec(
        Operator operator,
        int inputOffset,
        Filters filters,
        Geometry geometry,
        int[] bias,
        int inputZeroPoint,
        PostProcess post) {
    /** The factor that leaves a sum as it is. */
    public static final Rescale ONE = new Rescale(1 << 30, 1);

    /**
     * A job on the operator's behalf over codes as they are on chip, whatever their type: their weighted sums,
     * rescaled, are codes again, {@code outputOffset} below the output's own.
     */
    public static ConvolutionSpec ofCodes(
            Operator operator, int outputOffset, Filters filters, Geometry geometry, Rescale rescale) {
        PostProcess post = PostProcess.Requantize.uniform(
                rescale, filters.outputs(), outputOffset, outputOffset - 128, outputOffset + 127);
        return new ConvolutionSpec(operator, 0, filters, geometry, new int[filters.outputs()], 0, post);
    }

    public ConvolutionSpec over(Filters other, Geometry otherGeometry) {
        return new ConvolutionSpec(operator, inputOffset, other, otherGeometry, bias, inputZeroPoint, post);
    }

    public ConvolutionSpec with(int[] otherBias, PostProcess otherPost) {
        return new ConvolutionSpec(operator, inputOffset, filters, geometry, otherBias, inputZeroPoint, otherPost);
    }
}
