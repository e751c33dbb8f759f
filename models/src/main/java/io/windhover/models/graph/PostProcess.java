// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import java.util.Arrays;

/** What becomes of an int32 accumulator (bias included) of output channel c. */
public sealed interface PostProcess {
    /** Checks that it fits this many output channels and writes this type. */
    void check(String operator, int channels, TensorType output);

    /**
     * 8-bit output: clamp(MultiplyByQuantizedMultiplier(accumulator, multiplier[c], shift[c]) + zeroPoint).
     *
     * @param multiplier per output channel, 0 or 2^30..2^31-1
     * @param shift per output channel, -31..30; positive shifts left before the multiplication, negative right after it
     */
    record Requantize(int[] multiplier, int[] shift, int zeroPoint, int clampMin, int clampMax) implements PostProcess {
        public Requantize {
            require(
                    multiplier.length == shift.length,
                    "%d multipliers but %d shifts.",
                    multiplier.length,
                    shift.length);
            require(clampMin <= clampMax, "Clamp %d..%d is empty.", clampMin, clampMax);
            for (int c = 0; c < shift.length; c++) {
                require(multiplier[c] >= 0, "Multiplier %d of channel %d is negative.", multiplier[c], c);
                require(shift[c] >= -31 && shift[c] <= 30, "Shift %d of channel %d is outside -31..30.", shift[c], c);
            }
        }

        /** The same factor for every channel. */
        public static Requantize uniform(Rescale rescale, int channels, int zeroPoint, int clampMin, int clampMax) {
            int[] multiplier = new int[channels];
            int[] shift = new int[channels];
            Arrays.fill(multiplier, rescale.multiplier());
            Arrays.fill(shift, rescale.shift());
            return new Requantize(multiplier, shift, zeroPoint, clampMin, clampMax);
        }

        @Override
        public void check(String operator, int channels, TensorType output) {
            require(
                    multiplier.length == channels,
                    "Operator '%s' has %d multipliers for %d channels.",
                    operator,
                    multiplier.length,
                    channels);
            require(output.isByte(), "Operator '%s' requantises to %s, which is not an 8-bit type.", operator, output);
            require(
                    clampMin >= output.minimum() && clampMax <= output.maximum(),
                    "Operator '%s' clamps to %d..%d, outside %s.",
                    operator,
                    clampMin,
                    clampMax,
                    output);
        }
    }

    /** BITS output: bit = (accumulator >= threshold[c]) xor invert[c]. */
    record Bits(int[] threshold, boolean[] invert) implements PostProcess {
        public Bits {
            require(
                    threshold.length == invert.length,
                    "%d thresholds but %d directions.",
                    threshold.length,
                    invert.length);
        }

        @Override
        public void check(String operator, int channels, TensorType output) {
            require(
                    threshold.length == channels,
                    "Operator '%s' has %d thresholds for %d channels.",
                    operator,
                    threshold.length,
                    channels);
            require(output == TensorType.BITS, "Operator '%s' thresholds to %s instead of BITS.", operator, output);
        }
    }

    /** INT32 output: the accumulator itself. */
    record Raw() implements PostProcess {
        @Override
        public void check(String operator, int channels, TensorType output) {
            require(
                    output == TensorType.INT32,
                    "Operator '%s' writes raw accumulators to %s instead of INT32.",
                    operator,
                    output);
        }
    }
}
