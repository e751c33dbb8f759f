// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime;

import io.windhover.runtime.detection.Box;
import io.windhover.runtime.detection.Detection;
import java.util.List;

/**
 * What a network found in one frame.
 *
 * @param pictureWidth of the upright picture, in pixels
 * @param pictureHeight of the upright picture, in pixels
 * @param found best first
 * @param timings where the time went
 */
public record Detections(int pictureWidth, int pictureHeight, List<Detection> found, Classification.Timings timings) {
    private static final double STEPS = 1e5;

    public Detections {
        found = List.copyOf(found);
    }

    /** Without the boxes of lower scores. */
    public Detections atLeast(double score) {
        return new Detections(
                pictureWidth,
                pictureHeight,
                found.stream().filter(one -> one.score() >= score).toList(),
                timings);
    }

    /** Left, top, right and bottom of a box in parts of the picture's width and height, 0 to 1, to five digits. */
    public List<Double> parts(Box box) {
        return List.of(
                part(box.x(), pictureWidth),
                part(box.y(), pictureHeight),
                part(box.x() + box.width(), pictureWidth),
                part(box.y() + box.height(), pictureHeight));
    }

    private static double part(double pixels, int of) {
        return Math.min(1, Math.max(0, Math.rint(pixels / of * STEPS) / STEPS));
    }
}
