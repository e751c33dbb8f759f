// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/**
 * Greedy non-maximum suppression within each class: from the best score down, a box stays that overlaps none that
 * stayed by more than the threshold. A row counts with its best class only. Of equal scores the earlier row is first.
 */
final class Suppression implements Decoder {
    /** Rows with lower scores are not looked at, so that the time does not grow with what a network makes up. */
    static final int MOST_CANDIDATES = 4096;

    private final Head head;
    private final float minimumScore;
    private final double iou;
    private final float[] scores;
    private final int[] classOf;
    private final Best best;
    private final double[] box = new double[4];

    Suppression(Head head, double minimumScore, double iou) {
        this.head = head;
        this.minimumScore = (float) minimumScore;
        this.iou = iou;
        this.scores = new float[head.rows()];
        this.classOf = new int[head.rows()];
        this.best = new Best(head.rows());
    }

    @Override
    public int classes() {
        return head.classes();
    }

    @Override
    public void decode(IntFunction<ByteBuffer> outputs, Found found) {
        head.load(outputs);
        head.score(scores, classOf);
        best.clear();
        for (int row = 0; row < scores.length; row++) {
            if (scores[row] >= minimumScore && scores[row] > 0) {
                best.add(row, scores[row]);
            }
        }
        suppress(best.sort(MOST_CANDIDATES), found);
    }

    private void suppress(int candidates, Found found) {
        double right = 0;
        double bottom = 0;
        found.count = 0;
        for (int place = 0; place < candidates && !found.isFull(); place++) {
            int row = best.row(place);
            head.box(row, box);
            right = Math.max(right, box[2]);
            bottom = Math.max(bottom, box[3]);
            boolean isBox = box[2] > box[0] && box[3] > box[1];
            if (isBox && !found.overlaps(box, classOf[row], iou)) {
                found.add(box, best.score(place), classOf[row]);
            }
        }
        if (candidates > 0) {
            head.check(right, bottom);
        }
    }
}
