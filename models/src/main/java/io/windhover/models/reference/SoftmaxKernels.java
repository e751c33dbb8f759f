// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static io.windhover.models.arithmetic.FixedPoint.clamp;
import static io.windhover.models.arithmetic.FixedPoint.multiplyByQuantizedMultiplier;
import static io.windhover.models.arithmetic.FixedPoint.roundingDivideByPowerOfTwo;
import static io.windhover.models.arithmetic.FixedPoint.saturatingRoundingDoublingHighMultiply;

import io.windhover.models.arithmetic.Exponential;
import io.windhover.models.graph.LogSoftmax;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Softmax;
import io.windhover.models.graph.TensorType;

/** Softmax of 8-bit logits and its logarithm, in fixed point. */
final class SoftmaxKernels {
    private static final int SUM_INTEGER_BITS = 12;
    private static final int OUTPUT_BITS = 8;

    /** From Q5.26 to sixteenths. */
    private static final int LOG_FRACTION_BITS = 22;

    private SoftmaxKernels() {}

    static void softmax(Softmax operator, Values values) {
        int[] codes = values.centred(operator.input(), 0);
        byte[] output = values.bytes(operator.output());
        TensorType type = values.tensor(operator.output()).type();
        int channels = values.shape(operator.input()).channels();
        for (int row = 0; row < codes.length; row += channels) {
            softmaxRow(operator, codes, row, channels, output, type);
        }
    }

    private static int maximum(int[] codes, int row, int channels) {
        int maximum = Integer.MIN_VALUE;
        for (int c = 0; c < channels; c++) {
            maximum = Math.max(maximum, codes[row + c]);
        }
        return maximum;
    }

    /** Sum of the exponentials of a row's differences to its maximum, in Q12.19. */
    private static int sum(int[] codes, int row, int channels, int maximum, Rescale rescale, int differenceMin) {
        int sum = 0;
        for (int c = 0; c < channels; c++) {
            int difference = codes[row + c] - maximum;
            if (difference >= differenceMin) {
                sum += roundingDivideByPowerOfTwo(
                        Exponential.ofNegative(scaled(rescale, difference)), SUM_INTEGER_BITS);
            }
        }
        return sum;
    }

    private static int scaled(Rescale rescale, int value) {
        return multiplyByQuantizedMultiplier(value, rescale.multiplier(), rescale.shift());
    }

    private static void softmaxRow(
            Softmax operator, int[] codes, int row, int channels, byte[] output, TensorType type) {
        int maximum = maximum(codes, row, channels);
        int sum = sum(codes, row, channels, maximum, operator.inputRescale(), operator.differenceMin());
        int headroom = Integer.numberOfLeadingZeros(sum);
        int reciprocal = Exponential.reciprocalOfOnePlus((sum << headroom) ^ Integer.MIN_VALUE);
        int shift = SUM_INTEGER_BITS - headroom + 31 - OUTPUT_BITS;
        for (int c = 0; c < channels; c++) {
            int difference = codes[row + c] - maximum;
            int probability = difference < operator.differenceMin()
                    ? 0
                    : roundingDivideByPowerOfTwo(
                            saturatingRoundingDoublingHighMultiply(
                                    reciprocal, Exponential.ofNegative(scaled(operator.inputRescale(), difference))),
                            shift);
            output[row + c] = (byte) clamp(probability + type.minimum(), type.minimum(), type.maximum());
        }
    }

    static void logSoftmax(LogSoftmax operator, Values values) {
        int[] codes = values.centred(operator.input(), 0);
        byte[] output = values.bytes(operator.output());
        TensorType type = values.tensor(operator.output()).type();
        int channels = values.shape(operator.input()).channels();
        for (int row = 0; row < codes.length; row += channels) {
            logSoftmaxRow(operator, codes, row, channels, output, type);
        }
    }

    private static void logSoftmaxRow(
            LogSoftmax operator, int[] codes, int row, int channels, byte[] output, TensorType type) {
        int maximum = maximum(codes, row, channels);
        int logarithm = Exponential.logarithm(
                sum(codes, row, channels, maximum, operator.inputRescale(), operator.differenceMin()));
        int lowest =
                Math.max(operator.differenceMin() - 1, scaled(operator.codeRescale(), logarithm + Integer.MIN_VALUE));
        for (int c = 0; c < channels; c++) {
            int difference = codes[row + c] - maximum;
            int code = difference > lowest
                    ? roundingDivideByPowerOfTwo(
                                    scaled(operator.inputRescale(), difference) - logarithm, LOG_FRACTION_BITS)
                            + type.maximum()
                    : type.minimum();
            output[row + c] = (byte) clamp(code, type.minimum(), type.maximum());
        }
    }
}
