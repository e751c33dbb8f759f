// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime;

import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.ImageOptions;
import java.time.Duration;

/**
 * How a model is made resident.
 *
 * @param keepAllTensors store every activation, to look at them afterwards; results stay the same
 * @param frameTimeout longest wait for one frame
 * @param limits what is accepted from outside
 * @param image how images become the input
 */
public record SessionOptions(boolean keepAllTensors, Duration frameTimeout, Limits limits, ImageOptions image) {
    /** Outputs only; a frame may take half an hour, which the simulated accelerator needs for large networks. */
    public static final SessionOptions DEFAULT = new SessionOptions(false, Duration.ofMinutes(30), Limits.DEFAULT);

    public SessionOptions {
        if (frameTimeout.isNegative() || frameTimeout.isZero()) {
            throw new WindhoverException("The frame timeout must be positive, not " + frameTimeout + ".");
        }
    }

    /** Images are squashed into the input. */
    public SessionOptions(boolean keepAllTensors, Duration frameTimeout, Limits limits) {
        this(keepAllTensors, frameTimeout, limits, ImageOptions.DEFAULT);
    }

    public SessionOptions withAllTensors(boolean keep) {
        return new SessionOptions(keep, frameTimeout, limits, image);
    }
}
