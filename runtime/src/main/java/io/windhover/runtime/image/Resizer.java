// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import java.util.Arrays;

/**
 * Resizes along one axis with a triangle filter: bilinear when enlarging, averaging when shrinking, pixel centres at
 * halves. Weights are computed once for a pair of lengths.
 */
final class Resizer {
    private static final int COLOURS = 3;
    /** Each level as a float: looking it up is quicker than converting it. */
    private static final float[] LEVELS = new float[256];

    static {
        for (int level = 0; level < LEVELS.length; level++) {
            LEVELS[level] = level;
        }
    }

    private final int start;
    private final int outputLength;
    /** Of each output, the first sample that counts; then, twice, the end of the last output's samples. */
    private final int[] first;
    /** Of each output, from its first sample to its last one that counts. */
    private final float[][] weights;
    /**
     * Triangles overlap in pairs when shrinking: of each input sample, its weight in the latest output that has begun,
     * and in the output before. Of no use where {@link #overlapInPairs} is false.
     */
    private final float[] rising;

    private final float[] falling;
    /**
     * Of each output, the weight of the sample at which the next but one begins; in shrinking, rounding left it of 0.
     */
    private final float[] left;

    private final boolean overlapInPairs;

    /** From {@code inputLength} samples, the first of which is {@code start}. */
    Resizer(int start, int inputLength, int outputLength) {
        this.start = start;
        this.outputLength = outputLength;
        this.first = new int[outputLength + 2];
        this.weights = new float[outputLength][];
        double scale = (double) inputLength / outputLength;
        double support = Math.max(scale, 1.0);
        for (int output = 0; output < outputLength; output++) {
            double centre = (output + 0.5) * scale;
            int low = Math.max(0, (int) Math.floor(centre - support));
            int high = Math.min(inputLength, (int) Math.ceil(centre + support));
            setWeights(output, low, triangle(low, high, centre, support));
        }
        Arrays.fill(first, outputLength, first.length, end(outputLength - 1));
        this.rising = new float[inputLength];
        this.falling = new float[inputLength];
        this.left = new float[outputLength];
        this.overlapInPairs = pair();
    }

    private static float[] triangle(int low, int high, double centre, double support) {
        double[] raw = new double[high - low];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = Math.max(0, 1 - Math.abs((low + i + 0.5 - centre) / support));
        }
        double sum = Arrays.stream(raw).sum();
        float[] normal = new float[raw.length];
        for (int i = 0; i < raw.length; i++) {
            normal[i] = (float) (raw[i] / sum);
        }
        return normal;
    }

    /** Keeps the weights without the zeros at their ends. */
    private void setWeights(int output, int low, float[] all) {
        int from = 0;
        while (all[from] == 0) {
            from++;
        }
        int to = all.length;
        while (all[to - 1] == 0) {
            to--;
        }
        first[output] = low + from;
        weights[output] = Arrays.copyOfRange(all, from, to);
    }

    private int end(int output) {
        return first[output] + weights[output].length;
    }

    /** Fills {@link #rising}, {@link #falling} and {@link #left}; false where more than two outputs overlap. */
    private boolean pair() {
        for (int output = 0; output < outputLength; output++) {
            int nextButOne = first[output + 2];
            if (end(output) > nextButOne + 1) {
                return false;
            }
            for (int i = first[output]; i < end(output); i++) {
                float weight = weights[output][i - first[output]];
                if (i < first[output + 1]) {
                    rising[i] = weight;
                } else if (i < nextButOne) {
                    falling[i] = weight;
                } else {
                    left[output] = weight;
                }
            }
        }
        return true;
    }

    /** One row: width x channels unsigned bytes from {@code offset} to outputLength x channels floats. */
    void horizontal(byte[] source, int offset, int channels, float[] target) {
        if (channels == COLOURS && overlapInPairs) {
            horizontalColours(source, offset, target);
            return;
        }
        for (int output = 0; output < outputLength; output++) {
            int position = offset + firstRow(output) * channels;
            for (int channel = 0; channel < channels; channel++) {
                target[output * channels + channel] = sum(source, position + channel, channels, weights[output]);
            }
        }
    }

    private static float sum(byte[] source, int start, int step, float[] filter) {
        float[] levels = LEVELS;
        float sum = 0;
        int position = start;
        for (float weight : filter) {
            sum += weight * levels[source[position] & 255];
            position += step;
        }
        return sum;
    }

    /**
     * The six sums that a pixel goes into at once: a camera's frames are all in colour and larger than the input, and
     * this is what their time goes to.
     */
    private void horizontalColours(byte[] source, int offset, float[] target) {
        float[] levels = LEVELS;
        float[] up = rising;
        float[] down = falling;
        float red = 0;
        float green = 0;
        float blue = 0;
        for (int output = 0; output <= outputLength; output++) {
            float nextRed = 0;
            float nextGreen = 0;
            float nextBlue = 0;
            int position = offset + firstRow(output) * COLOURS;
            int end = first[output + 1];
            for (int i = first[output]; i < end; i++) {
                float r = levels[source[position] & 255];
                float g = levels[source[position + 1] & 255];
                float b = levels[source[position + 2] & 255];
                red += down[i] * r;
                green += down[i] * g;
                blue += down[i] * b;
                nextRed += up[i] * r;
                nextGreen += up[i] * g;
                nextBlue += up[i] * b;
                position += COLOURS;
            }
            if (output > 0) {
                float weight = left[output - 1];
                if (weight != 0) {
                    red += weight * levels[source[position] & 255];
                    green += weight * levels[source[position + 1] & 255];
                    blue += weight * levels[source[position + 2] & 255];
                }
                int before = (output - 1) * COLOURS;
                target[before] = red;
                target[before + 1] = green;
                target[before + 2] = blue;
            }
            red = nextRed;
            green = nextGreen;
            blue = nextBlue;
        }
    }

    /** First source row that output row {@code output} reads. */
    int firstRow(int output) {
        return start + first[output];
    }

    /** One weight for each source row that output row {@code output} reads. */
    float[] rowWeights(int output) {
        return weights[output];
    }
}
