package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import java.util.Arrays;

/**
 * How an image becomes the input tensor: resize to the input's height and width, then per channel
 * (pixel - mean) / deviation with pixels 0..255, then the input tensor's own quantisation.
 *
 * @param mean      one value per channel of the input
 * @param deviation one positive value per channel of the input
 */
public record Preprocessing(float[] mean, float[] deviation) {
    public Preprocessing {
        require(mean.length == deviation.length && mean.length > 0,
                "Preprocessing has %d means and %d deviations.", mean.length, deviation.length);
        for (float value : deviation) {
            require(value > 0, "Preprocessing deviation %s is not positive.", value);
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
