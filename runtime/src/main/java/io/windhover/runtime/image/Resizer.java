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

    private final int outputLength;
    private final int[] first;
    private final float[][] weights;

    /** From {@code inputLength} samples, the first of which is {@code start}. */
    Resizer(int start, int inputLength, int outputLength) {
        this.outputLength = outputLength;
        this.first = new int[outputLength];
        this.weights = new float[outputLength][];
        double scale = (double) inputLength / outputLength;
        double support = Math.max(scale, 1.0);
        for (int output = 0; output < outputLength; output++) {
            double centre = (output + 0.5) * scale;
            int low = Math.max(0, (int) Math.floor(centre - support));
            int high = Math.min(inputLength, (int) Math.ceil(centre + support));
            first[output] = start + low;
            weights[output] = triangle(low, high, centre, support);
        }
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

    /** One row: width x channels unsigned bytes from {@code offset} to outputLength x channels floats. */
    void horizontal(byte[] source, int offset, int channels, float[] target) {
        for (int output = 0; output < outputLength; output++) {
            int position = offset + first[output] * channels;
            if (channels == COLOURS) {
                horizontalColours(source, position, weights[output], target, output * COLOURS);
            } else {
                for (int channel = 0; channel < channels; channel++) {
                    target[output * channels + channel] = sum(source, position + channel, channels, weights[output]);
                }
            }
        }
    }

    private static float sum(byte[] source, int start, int step, float[] filter) {
        float sum = 0;
        int position = start;
        for (float weight : filter) {
            sum += weight * (source[position] & 255);
            position += step;
        }
        return sum;
    }

    /**
     * The three sums of one pixel at once: a camera's frames are all in colour, and this is what their time goes to.
     */
    private static void horizontalColours(byte[] source, int start, float[] filter, float[] target, int at) {
        float[] levels = LEVELS;
        float red = 0;
        float green = 0;
        float blue = 0;
        int position = start;
        for (float weight : filter) {
            red += weight * levels[source[position] & 255];
            green += weight * levels[source[position + 1] & 255];
            blue += weight * levels[source[position + 2] & 255];
            position += COLOURS;
        }
        target[at] = red;
        target[at + 1] = green;
        target[at + 2] = blue;
    }

    /** First source row that output row {@code output} reads. */
    int firstRow(int output) {
        return first[output];
    }

    /** One weight for each source row that output row {@code output} reads. */
    float[] rowWeights(int output) {
        return weights[output];
    }
}
