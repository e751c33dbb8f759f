package io.windhover.runtime.compiler;

import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PostProcess;

/**
 * One convolution for the int8 array.
 *
 * @param inputOffset    what codes on chip lack to the tensor's own: 128 for UINT8
 * @param bias           one per output channel
 * @param inputZeroPoint in the tensor's own codes
 */
record ConvolutionJob(
        Operator operator, int inputOffset, Filters filters, Geometry geometry, int[] bias, int inputZeroPoint, PostProcess post) {
    ConvolutionJob over(Filters other, Geometry otherGeometry) {
        return new ConvolutionJob(operator, inputOffset, other, otherGeometry, bias, inputZeroPoint, post);
    }

    ConvolutionJob with(int[] otherBias, PostProcess otherPost) {
        return new ConvolutionJob(operator, inputOffset, filters, geometry, otherBias, inputZeroPoint, otherPost);
    }
}
