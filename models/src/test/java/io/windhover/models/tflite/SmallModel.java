// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import java.nio.ByteBuffer;

/**
 * A TFLite file with one 2x2 convolution, 4x4x3 to 2x2x5. Fields may be changed before {@link #build()} to make it
 * something that must be refused.
 */
final class SmallModel {
    final ModelFile file = new ModelFile();
    int builtin = BuiltinOperator.CONV_2D;
    int inputType = Schema.Type.INT8;
    int biasQuantizedDimension = 0;
    int activation = Schema.ActivationFunction.NONE;
    int biasCount = 5;
    boolean quantized = true;

    ByteBuffer build() {
        int input = file.tensor(inputType, quantized ? 0.5f : 0, -3, 1, 4, 4, 3);
        int weights = file.constant(Schema.Type.INT8, 0.01f, 0, weights(), 5, 2, 2, 3);
        int bias = file.quantizedAlong(
                biasQuantizedDimension, Schema.Type.INT32, 0.005f, new byte[4 * biasCount], biasCount);
        int output = file.tensor(Schema.Type.INT8, 0.25f, 4, 1, 2, 2, 5);
        file.operator(
                builtin,
                new int[] {input, weights, bias},
                new int[] {output},
                ModelFile.Options.none()
                        .with(Schema.Conv2DOptions.PADDING, (byte) Schema.Padding.SAME)
                        .with(Schema.Conv2DOptions.STRIDE_WIDTH, 2)
                        .with(Schema.Conv2DOptions.STRIDE_HEIGHT, 2)
                        .with(Schema.Conv2DOptions.ACTIVATION, (byte) activation));
        return file.build(new int[] {input}, output);
    }

    private static byte[] weights() {
        byte[] weights = new byte[5 * 2 * 2 * 3];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (byte) (i * 7 - 100);
        }
        return weights;
    }
}
