// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.weights;

import io.windhover.contract.Post;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Rescale;
import io.windhover.runtime.compiler.program.CompileException;
import java.util.Arrays;

/**
 * Per-channel numbers of a convolution as the int8 array takes them: zero points folded into the bias, padded to whole
 * groups.
 */
public record ChannelParameters(
        WeightPacker.PackedParameters packed, Post post, boolean wide, int zeroPoint, int clampMin, int clampMax) {
    /** Sums below this magnitude pass the narrow requantiser unclamped. */
    private static final long NARROW_LIMIT = 1L << 24;
    /** Bias that no sum can outweigh: the bit is constant. */
    public static final long DECISIVE = 1L << 30;

    /** {@code outputOffset} is what codes on chip lack to the output's own: 128 for UINT8. */
    public static ChannelParameters of(ConvolutionSpec spec, int outputOffset) {
        Filters filters = spec.filters();
        int inputOffset = spec.inputOffset();
        int padded = (filters.outputs() + 7) / 8 * 8;
        long[] bias = new long[filters.outputs()];
        long[] magnitude = new long[filters.outputs()];
        for (int o = 0; o < filters.outputs(); o++) {
            Sums sums = Sums.of(spec, o);
            bias[o] = (int) (spec.bias()[o] - (long) (spec.inputZeroPoint() - inputOffset) * sums.total);
            magnitude[o] = Math.max(Math.abs(bias[o] + sums.greatest), Math.abs(bias[o] + sums.least));
        }
        if (spec.post() instanceof PostProcess.Requantize requantize) {
            return requantised(spec.operator().name(), requantize, bias, magnitude, padded, outputOffset);
        }
        if (spec.post() instanceof PostProcess.Bits bits) {
            return thresholded(bits, bias, padded);
        }
        return new ChannelParameters(
                new WeightPacker.PackedParameters(ints(bias, padded, 0), new int[padded], new int[padded]),
                Post.RAW,
                false,
                0,
                -128,
                127);
    }

    /** The same for outputs in another order; -1 stands for a byte without an output. */
    public ChannelParameters arranged(int[] outputs) {
        int[] bias = new int[outputs.length];
        int[] multiplier = new int[outputs.length];
        int[] shift = new int[outputs.length];
        for (int o = 0; o < outputs.length; o++) {
            bias[o] = outputs[o] < 0 ? post == Post.BITS ? -1 : 0 : packed.bias()[outputs[o]];
            multiplier[o] = outputs[o] < 0 ? 0 : packed.multiplier()[outputs[o]];
            shift[o] = outputs[o] < 0 ? 0 : packed.shift()[outputs[o]];
        }
        return new ChannelParameters(
                new WeightPacker.PackedParameters(bias, multiplier, shift), post, wide, zeroPoint, clampMin, clampMax);
    }

    private static ChannelParameters requantised(
            String layer, PostProcess.Requantize post, long[] bias, long[] magnitude, int padded, int offset) {
        boolean wide = false;
        int[] multiplier = new int[padded];
        int[] shift = new int[padded];
        for (int o = 0; o < bias.length; o++) {
            requireRoom(layer, magnitude[o], post.shift()[o]);
            Rescale factor = normalised(new Rescale(post.multiplier()[o], post.shift()[o]));
            multiplier[o] = factor.multiplier();
            shift[o] = factor.shift();
            wide |= !isNarrow(magnitude[o], multiplier[o], shift[o]);
        }
        return new ChannelParameters(
                new WeightPacker.PackedParameters(ints(bias, padded, 0), multiplier, shift),
                Post.REQUANTISE,
                wide,
                post.zeroPoint() - offset,
                post.clampMin() - offset,
                post.clampMax() - offset);
    }

    /** TFLite's left shifts wrap and the accelerator's saturate: they must do neither. */
    public static void requireRoom(String layer, long magnitude, int shift) {
        if (shift > 0 && magnitude > Integer.MAX_VALUE >> shift) {
            throw CompileException.layer(
                    layer,
                    "its factor shifts numbers of up to %d left by %d, beyond 32 bits; use scales that lie closer together.",
                    magnitude,
                    shift);
        }
    }

    /**
     * The same factor and the same rounding with a multiplier of at least 2^30 where it shifts left: the accelerator
     * cuts such sums to 10 bits, which changes no code only then. A mean's multiplier, divided by the count, is less.
     * What is shifted must have room for the greater shift ({@link #requireRoom}).
     */
    public static Rescale normalised(Rescale factor) {
        int bits = factor.multiplier() == 0
                ? 0
                : Math.min(Math.max(factor.shift(), 0), Integer.numberOfLeadingZeros(factor.multiplier()) - 1);
        return new Rescale(factor.multiplier() << bits, factor.shift() - bits);
    }

    /** True when cutting sums of up to this magnitude to 25 bits changes no code. */
    public static boolean isNarrow(long magnitude, int multiplier, int shift) {
        return magnitude << Math.max(shift, 0) < NARROW_LIMIT || saturatesAnyway(multiplier, shift);
    }

    /** True when a sum cut to 25 bits still lands beyond every code. */
    private static boolean saturatesAnyway(int multiplier, int shift) {
        return multiplier == 0 || Math.scalb((double) multiplier, Math.min(shift, 0) + 24 - 31) >= 512;
    }

    private static ChannelParameters thresholded(PostProcess.Bits bits, long[] bias, int padded) {
        int[] multiplier = new int[padded];
        for (int o = 0; o < bias.length; o++) {
            bias[o] = Math.max(-DECISIVE, Math.min(DECISIVE, bias[o] - bits.threshold()[o]));
            multiplier[o] = bits.invert()[o] ? -1 : 0;
        }
        return new ChannelParameters(
                new WeightPacker.PackedParameters(ints(bias, padded, -1), multiplier, new int[padded]),
                Post.BITS,
                false,
                0,
                -128,
                127);
    }

    private static int[] ints(long[] values, int length, int filler) {
        int[] result = new int[length];
        Arrays.fill(result, filler);
        for (int i = 0; i < values.length; i++) {
            result[i] = (int) values[i];
        }
        return result;
    }

    /** Sum of an output's weights, and the least and greatest sum of products with int8 codes. */
    private record Sums(long total, long least, long greatest) {
        static Sums of(ConvolutionSpec spec, int o) {
            Filters filters = spec.filters();
            long total = 0;
            long absolute = 0;
            for (int ky = 0; ky < filters.kernelHeight(); ky++) {
                for (int kx = 0; kx < filters.kernelWidth(); kx++) {
                    for (int i = 0; i < filters.perGroup(); i++) {
                        int weight = filters.value(o, ky, kx, i);
                        total += weight;
                        absolute += Math.abs(weight);
                    }
                }
            }
            return new Sums(total, -128 * absolute, 128 * absolute);
        }
    }
}
