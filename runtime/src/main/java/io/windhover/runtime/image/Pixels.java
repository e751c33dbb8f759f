// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

/**
 * A decoded image: interleaved 8-bit samples, rows from the top.
 *
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param samples height x width x channels bytes, unsigned
 */
public record Pixels(int width, int height, int channels, byte[] samples) {
    public Pixels {
        if (width < 1 || height < 1 || (channels != 1 && channels != 3)) {
            throw new IllegalArgumentException("an image of " + width + " x " + height + " x " + channels);
        }
        if (samples.length != (long) width * height * channels) {
            throw new IllegalArgumentException(
                    samples.length + " samples for " + width + " x " + height + " x " + channels);
        }
    }
}
