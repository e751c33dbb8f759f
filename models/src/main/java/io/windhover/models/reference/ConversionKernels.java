// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static io.windhover.models.arithmetic.FixedPoint.clamp;

import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.ScaleAccumulators;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Threshold;
import java.nio.ByteBuffer;

/** One element in, one element out: quantisation, tables and thresholds. */
final class ConversionKernels {
    private ConversionKernels() {}

    static void quantize(Quantize operator, Values values) {
        ByteBuffer input = values.words(operator.input());
        byte[] output = values.bytes(operator.output());
        TensorType type = values.tensor(operator.output()).type();
        for (int i = 0; i < output.length; i++) {
            int code = operator.rounding().nearest(input.getFloat(i * Float.BYTES) / operator.scale())
                    + operator.zeroPoint();
            output[i] = (byte) clamp(code, type.minimum(), type.maximum());
        }
    }

    static void dequantize(Dequantize operator, Values values) {
        int[] centred = values.centred(operator.input(), operator.zeroPoint());
        ByteBuffer output = values.words(operator.output());
        for (int i = 0; i < centred.length; i++) {
            output.putFloat(i * Float.BYTES, operator.scale() * centred[i]);
        }
    }

    static void scale(ScaleAccumulators operator, Values values) {
        ByteBuffer input = values.words(operator.input());
        ByteBuffer output = values.words(operator.output());
        int channels = operator.factor().length;
        for (int i = 0; i < values.shape(operator.input()).elements(); i++) {
            double scaled = (double) operator.factor()[i % channels] * input.getInt(i * Integer.BYTES)
                    + operator.offset()[i % channels];
            output.putFloat(i * Float.BYTES, (float) scaled);
        }
    }

    static void lookUp(LookupTable operator, Values values) {
        byte[] input = values.bytes(operator.input());
        byte[] output = values.bytes(operator.output());
        for (int i = 0; i < output.length; i++) {
            output[i] = operator.table()[input[i] & 0xFF];
        }
    }

    static void threshold(Threshold operator, Values values) {
        int[] codes = values.centred(operator.input(), 0);
        int channels = values.shape(operator.input()).channels();
        Accumulators output = Accumulators.into(operator.bits(), operator.output(), values);
        int[] pixelCodes = new int[channels];
        for (int pixel = 0; pixel < codes.length / channels; pixel++) {
            System.arraycopy(codes, pixel * channels, pixelCodes, 0, channels);
            output.write(pixel, pixelCodes);
        }
    }
}
