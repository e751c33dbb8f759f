// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/** One step of a network. Everything a kernel needs is in the record; inputs and outputs are tensor indexes. */
public sealed interface Operator
        permits AveragePool,
                BinaryConvolution,
                BinaryFullyConnected,
                BinaryMaxPool,
                Concatenation,
                Convolution,
                DepthToSpace,
                DepthwiseConvolution,
                Dequantize,
                Elementwise,
                FloatInterpolation,
                FloatOperator,
                FullyConnected,
                HostOperator,
                Interpolation,
                LocallyConnected,
                LogSoftmax,
                LookupTable,
                MaxPool,
                Mean,
                MirrorPad,
                PRelu,
                Pad,
                Quantize,
                Reshape,
                Resize,
                ScaleAccumulators,
                Slice,
                Softmax,
                SpaceToDepth,
                Threshold,
                TransposedConvolution,
                Transpose {
    String name();

    int[] inputs();

    int[] outputs();

    /**
     * Checks types, shapes and parameter lengths against the tensors; throws
     * {@link io.windhover.models.ModelException}.
     */
    void check(Tensors tensors);

    /** Multiply-accumulates of one inference, counted at full size with padding (the literature's convention). */
    default long macs(Tensors tensors) {
        return 0;
    }

    /** Learned numbers: weights and biases. */
    default long parameters(Tensors tensors) {
        return 0;
    }

    default int input() {
        return inputs()[0];
    }

    default int output() {
        return outputs()[0];
    }

    /** What it is, in words: the record's name. */
    default String kind() {
        return getClass().getSimpleName();
    }
}
