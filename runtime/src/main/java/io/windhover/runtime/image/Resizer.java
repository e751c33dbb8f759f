// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import java.util.Arrays;

/**
 * Resizes along one axis with a triangle filter: bilinear when enlarging, averaging when shrinking, pixel centres at
 * halves. Weights are computed once for a pair of lengths.
 */
final class Resizer {
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
            float[] filter = weights[output];
            for (int channel = 0; channel < channels; channel++) {
                float sum = 0;
                int position = offset + first[output] * channels + channel;
                for (float weight : filter) {
                    sum += weight * (source[position] & 255);
                    position += channels;
                }
                target[output * channels + channel] = sum;
            }
        }
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
