// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/** The dimensions of a map that a reduction goes over; at least one. */
public record Axes(boolean height, boolean width, boolean channels) {
    /** Height and width: what global pooling reduces. */
    public static final Axes SPATIAL = new Axes(true, true, false);

    public Axes {
        require(height || width || channels, "A reduction needs at least one axis.");
    }

    /** Elements of this shape that one output stands for. */
    public int count(Shape shape) {
        return (height ? shape.height() : 1) * (width ? shape.width() : 1) * (channels ? shape.channels() : 1);
    }

    /** What is left of a map, reduced dimensions being 1. */
    public Shape reduced(Shape shape) {
        return Shape.map(height ? 1 : shape.height(), width ? 1 : shape.width(), channels ? 1 : shape.channels());
    }
}
