// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

/**
 * Where a picture lies in an input: the way back from places in the input, in parts of its width and height, to the
 * picture's pixels.
 *
 * @param pictureWidth in pixels
 * @param pictureHeight in pixels
 * @param left the picture's x at the input's left edge, which may lie beside the picture
 * @param top the picture's y at the input's upper edge
 * @param width of the input, in pixels of the picture
 * @param height of the input, in pixels of the picture
 */
public record View(int pictureWidth, int pictureHeight, double left, double top, double width, double height) {
    /** An input that the picture fills. */
    public static View whole(int width, int height) {
        return new View(width, height, 0, 0, width, height);
    }

    static View of(Placement placement, Pixels image, int inputWidth, int inputHeight) {
        Placement.Rectangle from = placement.from();
        Placement.Rectangle to = placement.to();
        double across = (double) from.width() / to.width();
        double down = (double) from.height() / to.height();
        return new View(
                image.width(),
                image.height(),
                from.x() - to.x() * across,
                from.y() - to.y() * down,
                inputWidth * across,
                inputHeight * down);
    }

    /**
     * The picture's x.
     *
     * @param part of the input's width, 0 at its left edge, 1 at its right one
     */
    public double x(double part) {
        return left + part * width;
    }

    /**
     * The picture's y.
     *
     * @param part of the input's height, 0 at its upper edge, 1 at its lower one
     */
    public double y(double part) {
        return top + part * height;
    }
}
