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

    /** The planned codes, or symmetric codes per channel; either way none of the sums overflows. */
    static WeightCodes of(
            String layer,
            @Nullable Weights planned,
            float[] weights,
            float[] bias,
            Tensor input,
            QuantizationState.Result result) {
        for (float value : weights) {
            require(Float.isFinite(value), "its weights hold %s.", value);
        }
        for (float value : bias) {
            require(Float.isFinite(value), "its biases hold %s.", value);
        }
        Quantization from = input.requireQuantization();
        WeightCodes codes = planned == null
                ? perChannel(weights, bias, from.scale())
                : planned(layer, planned, weights, bias.length);
        ChannelFit fit =
                new ChannelFit("", input.type(), from, result.activation().quantization(), result.low(), result.high());
        return codes.fitted(fit, planned == null ? null : planned.bias(), bias, from.scale(), result.scale());
    }

    private static WeightCodes planned(String layer, Weights planned, float[] weights, int channels) {
        require(
                planned.codes().length == weights.length
                        && (planned.scales().length == 1 || planned.scales().length == channels),
                "The plan has %d weights and %d scales for the %d weights and %d output channels of layer '%s'.",
                planned.codes().length,
                planned.scales().length,
                weights.length,
                channels,
                layer);
        int[] integers = planned.bias();
        require(
                integers == null || integers.length == channels,
                "The plan has %d biases for layer '%s'.",
                integers == null ? 0 : integers.length,
                layer);
        boolean unsigned = planned.type() == TensorType.UINT8;
        return new WeightCodes(
                unsigned ? shifted(planned.codes()) : planned.codes().clone(),
                planned.zeroPoint() - (unsigned ? 128 : 0),
                planned.scales(),
                new int[channels]);
    }

    /** The same layer with its biases: those given as integers, or the real ones. */
    private WeightCodes fitted(
            ChannelFit fit, int @Nullable [] integers, float[] reals, float inputScale, float resultScale) {
        float[] each = new float[bias.length];
        int terms = codes.length / bias.length;
        boolean changed = false;
        for (int o = 0; o < bias.length; o++) {
            each[o] = scales[scales.length == 1 ? 0 : o];
            double unit = (double) inputScale * each[o];
            boolean constant = integers == null && ChannelFit.isZero(o, codes, terms, zeroPoint);
            double step = constant ? 0 : unit / resultScale;
            ChannelFit.Channel channel = fit.of(
                    o,
                    codes,
                    terms,
                    zeroPoint,
                    integers == null ? reals[o] / unit : integers[o],
                    integers == null ? (double) reals[o] / resultScale : integers[o] * step,
                    step);
            bias[o] = channel.bias();
            if (channel.step() != step) {
                each[o] = (float) (channel.step() * resultScale / inputScale);
                changed = true;
            }
        }
        return new WeightCodes(codes, zeroPoint, changed ? each : scales, bias);
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
            integers[o] = (int) Math.rint(bias[o] / (inputScale * scales[o]));
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
