// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Operators over FLOAT32 activations: what float files hold before they are quantised. Only the reference executor runs
 * them.
 */
public sealed interface FloatOperator extends Operator
        permits FloatActivation,
                FloatConvolution,
                FloatElementwise,
                FloatFullyConnected,
                FloatLocalResponseNormalization,
                FloatLogSoftmax,
                FloatMean,
                FloatPRelu,
                FloatPad,
                FloatPool,
                FloatSoftmax,
                FloatTransposedConvolution {}
