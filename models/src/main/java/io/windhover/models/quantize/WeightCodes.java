// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import static io.windhover.models.ModelException.require;

import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.quantize.QuantizationPlan.Weights;
import org.jspecify.annotations.Nullable;

/**
 * A layer's weights and biases as integers.
 *
 * @param codes int8, in the order of the float weights, output channel outermost
 * @param zeroPoint 0 for int8 weights; that of uint8 weights minus 128, their codes being shifted likewise
 * @param scales one per output channel, or one for all
 * @param bias one per output channel
 */
record WeightCodes(byte[] codes, int zeroPoint, float[] scales, int[] bias) {
    private static final int LARGEST_CODE = 127;
    /** Biases stay below this, so that sums cannot overflow beside them. */
    private static final double LARGEST_BIAS = 1 << 29;

    /** The planned codes, or symmetric codes per channel. */
    static WeightCodes of(String layer, @Nullable Weights planned, float[] weights, float[] bias, Tensor input) {
        for (float value : weights) {
            require(Float.isFinite(value), "The weights of layer '%s' hold %s.", layer, value);
        }
        double inputScale = input.requireQuantization().scale();
        if (planned == null) {
            return perChannel(weights, bias, inputScale);
        }
        require(
                planned.codes().length == weights.length
                        && (planned.scales().length == 1 || planned.scales().length == bias.length),
                "The plan has %d weights and %d scales for the %d weights and %d output channels of layer '%s'.",
                planned.codes().length,
                planned.scales().length,
                weights.length,
                bias.length,
                layer);
        int[] integers = planned.bias();
        if (integers == null) {
            integers = new int[bias.length];
            for (int o = 0; o < bias.length; o++) {
                integers[o] = round(bias[o] / (inputScale * planned.scales()[planned.scales().length == 1 ? 0 : o]));
            }
        }
        require(integers.length == bias.length, "The plan has %d biases for layer '%s'.", integers.length, layer);
        boolean unsigned = planned.type() == TensorType.UINT8;
        return new WeightCodes(
                unsigned ? shifted(planned.codes()) : planned.codes(),
                planned.zeroPoint() - (unsigned ? 128 : 0),
                planned.scales(),
                integers);
    }

    /** Symmetric codes with a scale for each output channel. */
    static WeightCodes perChannel(float[] weights, float[] bias, double inputScale) {
        int terms = weights.length / bias.length;
        byte[] codes = new byte[weights.length];
        float[] scales = new float[bias.length];
        int[] integers = new int[bias.length];
        for (int o = 0; o < bias.length; o++) {
            scales[o] = channelScale(weights, o * terms, terms, bias[o], inputScale);
            for (int i = o * terms; i < (o + 1) * terms; i++) {
                codes[i] = (byte)
                        FixedPoint.clamp(Rescaling.roundHalfAway(weights[i] / scales[o]), -LARGEST_CODE, LARGEST_CODE);
            }
            integers[o] = round(bias[o] / (inputScale * scales[o]));
        }
        return new WeightCodes(codes, 0, scales, integers);
    }

    /** Largest magnitude over 127, larger where the bias would not fit otherwise. */
    private static float channelScale(float[] weights, int first, int count, float bias, double inputScale) {
        float largest = 0;
        for (int i = first; i < first + count; i++) {
            largest = Math.max(largest, Math.abs(weights[i]));
        }
        float forBias = (float) (Math.abs(bias) / (inputScale * LARGEST_BIAS));
        float scale = Math.max(largest / LARGEST_CODE, forBias);
        return scale > 0 ? scale : 1;
    }

    private static int round(double bias) {
        return (int) Math.max(-LARGEST_BIAS * 2, Math.min(LARGEST_BIAS * 2, Math.rint(bias)));
    }

    private static byte[] shifted(byte[] codes) {
        byte[] shifted = new byte[codes.length];
        for (int i = 0; i < codes.length; i++) {
            shifted[i] = (byte) (codes[i] ^ 0x80);
        }
        return shifted;
    }

    /**
     * Factors from accumulators to the result; {@code inSinglePrecision} takes the product of the scales in float, as
     * TFLite does.
     */
    PostProcess.Requantize requantize(Quantization input, QuantizationState.Result result, boolean inSinglePrecision) {
        return Rescaling.requantize(
                input.scale(),
                scales,
                bias.length,
                inSinglePrecision,
                result.activation().quantization(),
                result.low(),
                result.high());
    }
}
