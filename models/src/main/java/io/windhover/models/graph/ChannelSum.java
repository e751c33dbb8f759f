// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import java.util.Arrays;

/** Sums over neighbouring channels, the middle of local response normalisation, as a convolution. */
public final class ChannelSum {
    /** The weights are a square matrix of the channels. */
    private static final int MOST_CHANNELS = 4096;

    private ChannelSum() {}

    /** A 1x1 convolution with weights of 1 for channels within the radius of an output's own and 0 elsewhere. */
    public static Convolution of(String name, Tensor input, Tensor output, int radius, Rescale rescale) {
        int channels = input.shape().channels();
        require(
                channels <= MOST_CHANNELS,
                "Local response normalisation '%s' is supported for up to %d channels, not %d.",
                name,
                MOST_CHANNELS,
                channels);
        byte[] weights = new byte[channels * channels];
        for (int o = 0; o < channels; o++) {
            int last = (int) Math.min(channels - 1L, (long) o + radius);
            Arrays.fill(weights, o * channels + Math.max(0, o - radius), o * channels + last + 1, (byte) 1);
        }
        return new Convolution(
                name,
                new int[] {input.index()},
                new int[] {output.index()},
                Window.square(1, 1, 0),
                channels,
                1,
                weights,
                0,
                new int[channels],
                input.requireQuantization().zeroPoint(),
                PostProcess.Requantize.uniform(
                        rescale,
                        channels,
                        output.requireQuantization().zeroPoint(),
                        output.type().minimum(),
                        output.type().maximum()));
    }
}
