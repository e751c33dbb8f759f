// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import io.windhover.runtime.exception.WindhoverException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the outputs of a detector become boxes; it travels with the model. {@code runtime/doc/detection.md} has the
 * shapes.
 *
 * @param coordinates what the boxes of YOLO are written in; null where that is not known, and for other kinds
 * @param activation what the scores of {@code ssd} and {@code fomo} still lack to be probabilities
 * @param background the first score of {@code ssd} is that of no object
 * @param scales what {@code ssd} divides its y, x, height and width by
 * @param priors of {@code ssd}: for each box its middle's y and x, height and width in parts of the input; null for
 *     those of the graph
 * @param minimumScore boxes below it are left out, 0 to 1
 * @param iou of two boxes of a class that overlap by more, the one with the lower score is left out, 0 to 1
 * @param count most boxes of a picture, 1 to {@link #MOST}
 */
public record Decode(
        Kind kind,
        @Nullable Coordinates coordinates,
        Activation activation,
        boolean background,
        float[] scales,
        float @Nullable [] priors,
        double minimumScore,
        double iou,
        int count) {
    /** Most boxes of one picture. */
    public static final int MOST = 1000;

    private static final int USUAL_COUNT = 100;
    private static final int PRIOR = 4;
    private static final float LARGEST_PRIOR = 16;
    private static final float LARGEST_SCALE = 1000;

    /** A family of detectors. */
    public enum Kind {
        YOLOV8(0.25, 0.45),
        YOLOV5(0.25, 0.45),
        SSD(0.5, 0.6),
        FOMO(0.5, 1),
        /** Not a detector, whatever its outputs look like. */
        NONE(0.5, 1);

        final double minimumScore;
        final double iou;

        Kind(double minimumScore, double iou) {
            this.minimumScore = minimumScore;
            this.iou = iou;
        }

        /** As users write it. */
        public String lower() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean isYolo() {
            return this == YOLOV8 || this == YOLOV5;
        }
    }

    /** Units of a box. */
    public enum Coordinates {
        /** Parts of the input's width and height. */
        NORMALISED,
        /** Of the input. */
        PIXELS
    }

    /** From what the network gives to a probability. */
    public enum Activation {
        NONE,
        SIGMOID,
        SOFTMAX
    }

    public Decode {
        require(minimumScore >= 0 && minimumScore <= 1, "minimum_score", minimumScore, "from 0 to 1");
        require(iou >= 0 && iou <= 1, "iou", iou, "from 0 to 1");
        require(count >= 1 && count <= MOST, "count", count, "from 1 to " + MOST);
        require(scales.length == PRIOR, "scales", scales.length, "four numbers: y, x, height, width");
        for (float scale : scales) {
            require(scale > 0 && scale <= LARGEST_SCALE, "scales", scale, "above 0, at most " + (int) LARGEST_SCALE);
        }
        if (priors != null) {
            require(
                    priors.length > 0 && priors.length % PRIOR == 0,
                    "priors",
                    priors.length,
                    "four numbers for each box");
            for (int i = 0; i < priors.length; i++) {
                boolean size = i % PRIOR >= 2;
                require(
                        Math.abs(priors[i]) <= LARGEST_PRIOR && (!size || priors[i] > 0),
                        "priors",
                        priors[i],
                        "in parts of the input, sizes above 0");
            }
        }
    }

    private static void require(boolean holds, String key, Number value, String right) {
        if (!holds) {
            throw new WindhoverException(
                    "The decode description's " + key + " cannot be " + value + "; it is " + right + ".");
        }
    }

    /** With what is usual for the kind. */
    public static Decode of(Kind kind) {
        return new Decode(
                kind,
                null,
                Activation.NONE,
                true,
                new float[] {10, 10, 5, 5},
                null,
                kind.minimumScore,
                kind.iou,
                USUAL_COUNT);
    }

    public Decode with(@Nullable Coordinates other) {
        return new Decode(kind, other, activation, background, scales, priors, minimumScore, iou, count);
    }

    public Decode withThresholds(double newMinimumScore, double newIou, int newCount) {
        return new Decode(kind, coordinates, activation, background, scales, priors, newMinimumScore, newIou, newCount);
    }

    /** With the priors that boxes are relative to. */
    public Decode withPriors(float[] of) {
        return new Decode(kind, coordinates, activation, background, scales, of, minimumScore, iou, count);
    }

    /** On one line, without the priors themselves. */
    public String summary() {
        StringBuilder text = new StringBuilder(kind.lower());
        if (coordinates != null) {
            text.append(coordinates == Coordinates.PIXELS ? ", boxes in pixels" : ", boxes in parts of the input");
        }
        if (activation != Activation.NONE) {
            text.append(", scores by ").append(activation.name().toLowerCase(Locale.ROOT));
        }
        if (priors != null) {
            text.append(", ").append(priors.length / PRIOR).append(" priors");
        }
        return text.append(String.format(
                        Locale.ROOT, ", minimum score %s, iou %s, at most %d boxes", minimumScore, iou, count))
                .toString();
    }
}
