// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime;

import io.windhover.runtime.exception.WindhoverException;

/**
 * How much of what comes from outside is accepted.
 *
 * @param modelBytes largest model file
 * @param imagePixels most pixels of one image, checked before it is decoded
 */
public record Limits(long modelBytes, long imagePixels) {
    public static final Limits DEFAULT = new Limits(512L << 20, 64L << 20);

    public Limits {
        if (modelBytes < 1 || imagePixels < 1) {
            throw new WindhoverException(
                    "Limits must be positive, not " + modelBytes + " bytes and " + imagePixels + " pixels.");
        }
    }
}
