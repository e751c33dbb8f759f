// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import java.util.Arrays;

/**
 * How an image becomes the input tensor: resize to the input's height and width, then per channel (pixel - mean) /
 * deviation with pixels 0..255, then the input tensor's own quantisation.
 *
 * @param mean one value per channel of the input, -100,000 to 100,000
 * @param deviation one value per channel of the input, 0.00001 to 100,000
 */
public record Preprocessing(float[] mean, float[] deviation) {
    private static final float LARGEST = 100_000;

    public Preprocessing {
        require(
                mean.length == deviation.length && mean.length > 0,
                "Preprocessing has %d means and %d deviations.",
                mean.length,
                deviation.length);
        for (float value : mean) {
            require(
                    Math.abs(value) <= LARGEST,
                    "A preprocessing mean of %s is none that pixels can have; it is within %s of 0.",
                    value,
                    LARGEST);
        }
        for (float value : deviation) {
            require(
                    value >= 1 / LARGEST && value <= LARGEST,
                    "A preprocessing deviation of %s is none that pixels can have; it is from %s to %s.",
                    value,
                    1 / LARGEST,
                    LARGEST);
        }
    }

    /** The same mean and deviation for every channel. */
    public static Preprocessing uniform(int channels, float mean, float deviation) {
        float[] means = new float[channels];
        float[] deviations = new float[channels];
        Arrays.fill(means, mean);
        Arrays.fill(deviations, deviation);
        return new Preprocessing(means, deviations);
    }
}
