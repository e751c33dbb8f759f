// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import io.windhover.runtime.detection.Decode.Coordinates;
import io.windhover.runtime.exception.DetectionException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * One output with x and y of the middle, width and height of each box, then (YOLOv5) how sure it is that there is an
 * object, then the scores of classes.
 */
final class YoloHead implements Head {
    private static final int BOX = 4;
    /** Of a middle in parts of the input; beyond it they are pixels. */
    private static final double FARTHEST = 2;

    private static final double SMALLEST_PIXELS = 1.5;

    private final Values values;
    private final String model;
    private final YoloShape shape;
    private final boolean objectness;
    private final double width;
    private final double height;
    private final boolean pixels;

    /**
     * @param width of the input
     * @param height of the input
     */
    YoloHead(
            Values values, String model, YoloShape shape, boolean objectness, Coordinates unit, int width, int height) {
        this.values = values;
        this.model = model;
        this.shape = shape;
        this.objectness = objectness;
        this.pixels = unit == Coordinates.PIXELS;
        this.width = pixels ? width : 1;
        this.height = pixels ? height : 1;
    }

    @Override
    public int rows() {
        return shape.rows();
    }

    private int firstClass() {
        return BOX + (objectness ? 1 : 0);
    }

    @Override
    public int classes() {
        return shape.columns() - firstClass();
    }

    @Override
    public void load(IntFunction<ByteBuffer> outputs) {
        values.load(outputs.apply(0));
    }

    @Override
    public void score(float[] best, int[] classOf) {
        Arrays.fill(best, -1);
        int classes = classes();
        if (shape.columnsFirst()) {
            for (int c = 0; c < classes; c++) {
                for (int row = 0; row < best.length; row++) {
                    score(row, c, best, classOf);
                }
            }
        } else {
            for (int row = 0; row < best.length; row++) {
                for (int c = 0; c < classes; c++) {
                    score(row, c, best, classOf);
                }
            }
        }
        for (int row = 0; objectness && row < best.length; row++) {
            best[row] *= (float) values.probability(shape.at(row, BOX));
        }
    }

    private void score(int row, int c, float[] best, int[] classOf) {
        float score = (float) values.probability(shape.at(row, firstClass() + c));
        if (score > best[row]) {
            best[row] = score;
            classOf[row] = c;
        }
    }

    @Override
    public void box(int row, double[] into) {
        double x = values.real(shape.at(row, 0)) / width;
        double y = values.real(shape.at(row, 1)) / height;
        double halfWidth = values.real(shape.at(row, 2)) / width / 2;
        double halfHeight = values.real(shape.at(row, 3)) / height / 2;
        if (!pixels && (Math.abs(x) > FARTHEST || Math.abs(y) > FARTHEST)) {
            throw new DetectionException("Model '" + model + "' puts the middle of a box at " + x + ", " + y
                    + ", which are no parts of its input; if its boxes are in pixels, say so (coordinates pixels).");
        }
        into[0] = x - halfWidth;
        into[1] = y - halfHeight;
        into[2] = x + halfWidth;
        into[3] = y + halfHeight;
    }

    @Override
    public void check(double right, double bottom) {
        if (pixels && right * width <= SMALLEST_PIXELS && bottom * height <= SMALLEST_PIXELS) {
            throw new DetectionException("Model '" + model + "' puts all its boxes within the first " + SMALLEST_PIXELS
                    + " pixels; if they are in parts of its input, say so (coordinates normalised).");
        }
    }
}
