// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import io.windhover.models.ModelException;

/** How the second operand of an element-wise operator covers the first. */
public enum Broadcast {
    /** One element for each. */
    NONE,
    /** One value per channel, repeated over all pixels. */
    CHANNEL,
    /** One value per pixel, repeated over all channels. */
    PIXEL,
    /** One value for the whole map. */
    SCALAR;

    /** Index of the second operand's element that meets element {@code first} of the first operand's map. */
    public int partner(int first, int channels) {
        return switch (this) {
            case NONE -> first;
            case CHANNEL -> first % channels;
            case PIXEL -> first / channels;
            case SCALAR -> 0;
        };
    }

    /** How {@code second} covers {@code first}; throws when it does not. */
    public static Broadcast of(Operator operator, Tensor first, Tensor second) {
        Shape shape = second.shape();
        if (first.shape().sameMap(shape)) {
            return NONE;
        }
        if (shape.elements() == 1) {
            return SCALAR;
        }
        if (shape.elements() == shape.channels()
                && shape.channels() == first.shape().channels()) {
            return CHANNEL;
        }
        if (shape.channels() == 1
                && shape.height() == first.shape().height()
                && shape.width() == first.shape().width()) {
            return PIXEL;
        }
        throw new ModelException(
                String.format("%s '%s' cannot broadcast %s over %s.", operator.kind(), operator.name(), second, first));
    }
}
