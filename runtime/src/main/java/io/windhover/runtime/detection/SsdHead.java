// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/**
 * Two outputs, boxes [1, N, 4] and scores [1, N, classes]. A box is written relative to its prior: y, x of the middle
 * by the prior's height and width, then the logarithms of height and width over the prior's, each times a scale.
 */
final class SsdHead implements Head {
    private static final int BOX = 4;
    /** A box of e^20 times its prior is none; beyond e^709 there is no number. */
    private static final double LARGEST_LOGARITHM = 20;

    private final Values boxes;
    private final Values scores;
    private final Ssd.Outputs places;
    private final Decode decode;
    private final float[] priors;
    private final Activated activated;

    SsdHead(Values boxes, Values scores, Ssd.Outputs places, Decode decode, float[] priors) {
        this.boxes = boxes;
        this.scores = scores;
        this.places = places;
        this.decode = decode;
        this.priors = priors;
        this.activated = new Activated(scores, decode.activation(), columns());
    }

    private int columns() {
        return scores.tensor().shape().channels();
    }

    @Override
    public int rows() {
        return priors.length / BOX;
    }

    @Override
    public int classes() {
        return columns() - (decode.background() ? 1 : 0);
    }

    @Override
    public void load(IntFunction<ByteBuffer> outputs) {
        boxes.load(outputs.apply(places.boxes()));
        scores.load(outputs.apply(places.scores()));
    }

    @Override
    public void score(float[] best, int[] classOf) {
        int first = decode.background() ? 1 : 0;
        for (int row = 0; row < best.length; row++) {
            double[] of = activated.row(row);
            best[row] = -1;
            for (int c = first; c < of.length; c++) {
                if ((float) of[c] > best[row]) {
                    best[row] = (float) of[c];
                    classOf[row] = c - first;
                }
            }
        }
    }

    @Override
    public void box(int row, double[] into) {
        int at = row * BOX;
        float[] scales = decode.scales();
        double y = boxes.real(at) / scales[0] * priors[at + 2] + priors[at];
        double x = boxes.real(at + 1) / scales[1] * priors[at + 3] + priors[at + 1];
        double halfHeight = exponential(boxes.real(at + 2) / scales[2]) * priors[at + 2] / 2;
        double halfWidth = exponential(boxes.real(at + 3) / scales[3]) * priors[at + 3] / 2;
        into[0] = x - halfWidth;
        into[1] = y - halfHeight;
        into[2] = x + halfWidth;
        into[3] = y + halfHeight;
    }

    private static double exponential(double logarithm) {
        return Math.exp(Math.min(LARGEST_LOGARITHM, logarithm));
    }
}
