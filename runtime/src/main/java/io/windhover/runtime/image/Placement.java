// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

/**
 * Which part of an image goes to which part of an input, in pixels. One of the two is all there is.
 *
 * @param from the part of the image
 * @param to the part of the input
 */
record Placement(Rectangle from, Rectangle to) {
    record Rectangle(int x, int y, int width, int height) {
        /** The largest one of these proportions in the middle of a plane. */
        static Rectangle inside(int planeWidth, int planeHeight, int width, int height) {
            long wide = (long) planeWidth * height;
            long high = (long) planeHeight * width;
            int innerWidth = wide > high ? rounded(high, height) : planeWidth;
            int innerHeight = wide < high ? rounded(wide, width) : planeHeight;
            return new Rectangle(
                    (planeWidth - innerWidth) / 2, (planeHeight - innerHeight) / 2, innerWidth, innerHeight);
        }

        private static int rounded(long dividend, int divisor) {
            return (int) Math.max(1, (dividend + divisor / 2) / divisor);
        }
    }

    static Placement of(Fit fit, Pixels image, int width, int height) {
        Rectangle wholeImage = new Rectangle(0, 0, image.width(), image.height());
        Rectangle wholeInput = new Rectangle(0, 0, width, height);
        return switch (fit) {
            case SQUASH -> new Placement(wholeImage, wholeInput);
            case CROP -> new Placement(Rectangle.inside(image.width(), image.height(), width, height), wholeInput);
            case LETTERBOX -> new Placement(wholeImage, Rectangle.inside(width, height, image.width(), image.height()));
        };
    }
}
