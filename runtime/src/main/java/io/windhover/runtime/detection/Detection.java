// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

/**
 * Something that was found in a picture.
 *
 * @param label the name of its class, or "class N" when the model has no names
 * @param index of its class, from 0; a background is not counted
 * @param score 0 to 1
 * @param box in pixels of the upright picture, inside it
 */
public record Detection(String label, int index, double score, Box box) {
    public Detection {
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException("class " + index + " with the score " + score);
        }
    }
}
