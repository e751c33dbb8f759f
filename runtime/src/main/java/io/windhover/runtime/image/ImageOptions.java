// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

/**
 * How an image becomes an input, beside its scale.
 *
 * @param fit for images of other proportions
 * @param bgr the input's three channels are blue, green, red
 */
public record ImageOptions(Fit fit, boolean bgr) {
    public static final ImageOptions DEFAULT = new ImageOptions(Fit.SQUASH, false);
}
