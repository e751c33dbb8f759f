// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.arithmetic;

/** Which rows or columns of a map make up a resized one, as TFLite's reference kernels compute them. */
public final class Resampling {
    /** One pixel's distance in fixed point. */
    public static final int ONE = 1 << 10;

    private Resampling() {}

    /** The input position that an output position repeats. */
    public static int nearest(
            int output, int inputSize, int outputSize, boolean alignCorners, boolean halfPixelCenters) {
        float offset = halfPixelCenters ? 0.5f : 0;
        float position = (output + offset) * scale(inputSize, outputSize, alignCorners);
        int nearest = alignCorners ? Rescaling.roundHalfAway(position) : (int) Math.floor(position);
        return Math.max(0, Math.min(nearest, inputSize - 1));
    }

    private static float scale(int inputSize, int outputSize, boolean alignCorners) {
        return alignCorners && outputSize > 1
                ? (inputSize - 1) / (float) (outputSize - 1)
                : inputSize / (float) outputSize;
    }

    /**
     * The two positions that an output position lies between.
     *
     * @param upperWeight share of the upper one in units of 1 / {@link #ONE}; the lower one has the rest, which may
     *     exceed {@link #ONE} at the borders, where both are the same position
     */
    public record Position(int lower, int upper, int upperWeight) {
        public int lowerWeight() {
            return ONE - upperWeight;
        }
    }

    /** Position in fixed point with 10 fraction bits, for INT8 maps. */
    public static Position between(
            int output, int inputSize, int outputSize, boolean alignCorners, boolean halfPixelCenters) {
        boolean aligned = alignCorners && outputSize > 1;
        long inputSpan = aligned ? inputSize - 1L : inputSize;
        long outputSpan = aligned ? outputSize - 1L : outputSize;
        long scale = (ONE * inputSpan + outputSpan / 2) / outputSpan;
        long position = output * scale + (halfPixelCenters ? scale / 2 - ONE / 2 : 0);
        int lower = (int) Math.min(Math.max(position / ONE, 0), inputSize - 1);
        int upper = (int) Math.min((position + ONE - 1) / ONE, inputSize - 1);
        return new Position(lower, upper, (int) (position - (long) ONE * lower));
    }

    /** As {@link Position}, the upper one's share as a fraction. */
    public record RealPosition(int lower, int upper, float upperWeight) {
        public float lowerWeight() {
            return 1 - upperWeight;
        }

        /** Within the map. */
        public float position() {
            return lower == upper ? lower : lower + upperWeight;
        }
    }

    /** Position in single precision, for UINT8 and FLOAT32 maps. */
    public static RealPosition betweenReal(
            int output, int inputSize, int outputSize, boolean alignCorners, boolean halfPixelCenters) {
        float scale = scale(inputSize, outputSize, alignCorners);
        float position = halfPixelCenters ? (output + 0.5f) * scale - 0.5f : output * scale;
        int lower = Math.min(Math.max((int) Math.floor(position), 0), inputSize - 1);
        int upper = Math.min((int) Math.ceil(position), inputSize - 1);
        return new RealPosition(lower, upper, position - lower);
    }
}
