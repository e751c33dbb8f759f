// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.arithmetic;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.SquaredDifference;

/** Real factors and activation limits as TFLite's preparation steps compute them. */
public final class Rescaling {
    private static final int ADD_LEFT_SHIFT = 20;
    private static final int LONGEST_SINGLE_SHIFT = 11;

    private Rescaling() {}

    /** QuantizeMultiplier: the fixed-point factor nearest to a non-negative real number. */
    public static Rescale quantizeMultiplier(double real) {
        require(
                real >= 0 && Double.isFinite(real),
                "The factor %s between two scales is not a finite positive number.",
                real);
        if (real == 0) {
            return new Rescale(0, 0);
        }
        if (Math.getExponent(real) < -64) {
            return new Rescale(0, 0);
        }
        int shift = Math.getExponent(real) + 1;
        long multiplier = Math.round(Math.scalb(real, 31 - shift));
        if (multiplier == 1L << 31) {
            multiplier /= 2;
            shift++;
        }
        if (shift < -31) {
            return new Rescale(0, 0);
        }
        return shift > 30 ? new Rescale(Integer.MAX_VALUE, 30) : new Rescale((int) multiplier, shift);
    }

    /**
     * The factor with which {@link FixedPoint#multiplyByQuantizedMultiplier} comes nearest to the real product for
     * results of up to 256. A right shift rounds a second time, which moves results that lie within 2^(shift - 1) below
     * a tie; a multiplier of fewer bits needs none. Takes whichever costs less; no result further than 2^-12 from a tie
     * is rounded to the other side of it.
     */
    public static Rescale roundingOnce(double real) {
        Rescale twice = quantizeMultiplier(real);
        return twice.shift() < 0 && twice.shift() >= -LONGEST_SINGLE_SHIFT
                ? new Rescale((int) Math.rint(Math.scalb(real, 31)), 0)
                : twice;
    }

    /** Factor of an int8 convolution's channel: the product of the scales in double precision. */
    public static Rescale convolution(float inputScale, float weightScale, float outputScale) {
        return quantizeMultiplier((double) inputScale * (double) weightScale / (double) outputScale);
    }

    /** Factor of a per-tensor layer (fully-connected, uint8): the product of the scales in single precision. */
    public static Rescale perTensor(float inputScale, float weightScale, float outputScale) {
        return quantizeMultiplier((double) (inputScale * weightScale) / (double) outputScale);
    }

    /**
     * Requantisation of a layer with weights.
     *
     * @param weightScales one for all output channels, or one for each
     * @param inSinglePrecision {@link #perTensor} rather than {@link #convolution}; codes that round as ONNX does take
     *     {@link #roundingOnce}
     * @param low lowest output code
     * @param high highest output code
     */
    public static PostProcess.Requantize requantize(
            float inputScale,
            float[] weightScales,
            int channels,
            boolean inSinglePrecision,
            Quantization output,
            int low,
            int high) {
        int[] multiplier = new int[channels];
        int[] shift = new int[channels];
        Rescale rescale = new Rescale(0, 0);
        for (int c = 0; c < channels; c++) {
            if (c < weightScales.length) {
                rescale = output.rounding() == Rounding.HALF_TO_EVEN
                        ? roundingOnce((double) inputScale * weightScales[c] / output.scale())
                        : inSinglePrecision
                                ? perTensor(inputScale, weightScales[c], output.scale())
                                : convolution(inputScale, weightScales[c], output.scale());
            }
            multiplier[c] = rescale.multiplier();
            shift[c] = rescale.shift();
        }
        return new PostProcess.Requantize(multiplier, shift, output.zeroPoint(), low, high);
    }

    /** Factor from one activation's codes to another's. */
    public static Rescale ratio(float inputScale, float outputScale) {
        return quantizeMultiplier((double) inputScale / (double) outputScale);
    }

    /**
     * Factor from the input of a stand-alone rectifier, or of ABS, to its output: the ratio is taken in single
     * precision.
     */
    public static Rescale rectifier(float inputScale, float outputScale) {
        return quantizeMultiplier(inputScale / outputScale);
    }

    /**
     * Factor of a product, every step of it in single precision: uint8 files, and the negative side of a leaky
     * rectifier.
     */
    public static Rescale productInSinglePrecision(float firstScale, float secondScale, float outputScale) {
        return quantizeMultiplier(firstScale * secondScale / outputScale);
    }

    /** Factor of a product of two activations. */
    public static Rescale product(float firstScale, float secondScale, float outputScale) {
        return quantizeMultiplier((double) firstScale * (double) secondScale / (double) outputScale);
    }

    /** Factor of a quotient of two activations, every step of it in single precision. */
    public static Rescale quotient(float firstScale, float secondScale, float outputScale) {
        return quantizeMultiplier(firstScale / (secondScale * outputScale));
    }

    /** Factor of a mean over {@code count} positions, with 1 / count folded in. */
    public static Rescale mean(float inputScale, float outputScale, int count) {
        Rescale plain = ratio(inputScale, outputScale);
        int shift = 31 - Integer.numberOfLeadingZeros(count);
        shift = Math.min(shift, 31 + plain.shift());
        int multiplier = (int) (((long) plain.multiplier() << shift) / count);
        return new Rescale(multiplier, plain.shift() - shift);
    }

    /** The three factors of an addition. */
    public record Addition(int leftShift, Rescale first, Rescale second, Rescale result) {}

    /** Factors of an addition: both inputs relative to twice the larger scale, the sum back to the output's. */
    public static Addition addition(float firstScale, float secondScale, float outputScale) {
        double twiceLarger = 2.0 * Math.max(firstScale, secondScale);
        return new Addition(
                ADD_LEFT_SHIFT,
                quantizeMultiplier(firstScale / twiceLarger),
                quantizeMultiplier(secondScale / twiceLarger),
                quantizeMultiplier(twiceLarger / ((1 << ADD_LEFT_SHIFT) * (double) outputScale)));
    }

    /** Factors of an int8 subtraction: those of an addition, the ratios taken in single precision. */
    public static Addition subtraction(float firstScale, float secondScale, float outputScale) {
        float twiceLarger = 2 * Math.max(firstScale, secondScale);
        return new Addition(
                ADD_LEFT_SHIFT,
                quantizeMultiplier(firstScale / twiceLarger),
                quantizeMultiplier(secondScale / twiceLarger),
                quantizeMultiplier(twiceLarger / ((1 << ADD_LEFT_SHIFT) * outputScale)));
    }

    /**
     * Factors of a squared difference: both inputs relative to twice the larger scale, the square back to the output's.
     */
    public static Addition squaredDifference(float firstScale, float secondScale, float outputScale) {
        double twiceLarger = 2.0 * Math.max(firstScale, secondScale);
        int leftShift = SquaredDifference.LEFT_SHIFT;
        return new Addition(
                leftShift,
                quantizeMultiplier(firstScale / twiceLarger),
                quantizeMultiplier(secondScale / twiceLarger),
                quantizeMultiplier(twiceLarger * twiceLarger / ((1 << (2 * leftShift)) * outputScale)));
    }

    /** Softmax's factor to Q5.26 and the difference below which a probability is 0. */
    public record SoftmaxScaling(Rescale input, int differenceMin) {}

    /** Preparation of an 8-bit softmax. */
    public static SoftmaxScaling softmax(float beta, float inputScale) {
        double real = Math.min((double) beta * (double) inputScale * (1 << 26), (1L << 31) - 1.0);
        Rescale input = quantizeMultiplier(real);
        require(
                input.shift() >= 0,
                "Softmax with beta %s and input scale %s is too fine for its fixed-point form.",
                beta,
                inputScale);
        int radius = (int) Math.floor(31.0 * (1L << 26) / (1L << input.shift()));
        return new SoftmaxScaling(input, -radius);
    }

    /** Factor from Q5.26 back to the codes that {@link #softmax} scaled to it. */
    public static Rescale fromSoftmax(Rescale input) {
        require(input.shift() >= 1, "An input scale is too fine for log-softmax's fixed-point form.");
        return quantizeMultiplier((double) (1L << (31 - input.shift())) / input.multiplier());
    }

    /** Code of a real activation limit: zero point + round(limit / scale) in single precision. */
    public static int limitCode(float limit, float scale, int zeroPoint) {
        return zeroPoint + roundHalfAway(limit / scale);
    }

    /** Nearest integer, ties away from zero, cut to -2^30..2^30 so that a zero point can be added. */
    public static int roundHalfAway(double value) {
        return Rounding.HALF_AWAY_FROM_ZERO.nearest(value);
    }
}
