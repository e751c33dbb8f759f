// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.evaluation;

import io.windhover.runtime.dataset.BoxFolder.Truth;
import io.windhover.runtime.detection.Box;
import io.windhover.runtime.detection.Detection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Average precision of one class as COCO defines it: boxes of all pictures from the best score down, each right where
 * it overlaps a thing of its picture that no better box took by at least the threshold (of several the one that it
 * overlaps most); the mean over the recalls 0, 0.01, ... 1 of the best precision at that recall or more.
 */
final class AveragePrecision {
    private static final int RECALLS = 101;

    private final List<Found> found = new ArrayList<>();
    private final List<List<Box>> truths = new ArrayList<>();
    private int things;

    private record Found(int picture, double score, Box box) {}

    /** Adds a picture: what of this class was found in it, and what is there. */
    void add(List<Detection> detections, List<Truth> there) {
        int picture = truths.size();
        truths.add(there.stream().map(Truth::box).toList());
        things += there.size();
        detections.forEach(one -> found.add(new Found(picture, one.score(), one.box())));
    }

    /** How many things there are in all pictures. */
    int things() {
        return things;
    }

    /** At a threshold of overlap; not a number where there are no things. */
    double at(double threshold) {
        if (things == 0) {
            return Double.NaN;
        }
        List<Found> order = new ArrayList<>(found);
        order.sort(Comparator.comparingDouble((Found one) -> -one.score()).thenComparingInt(Found::picture));
        List<boolean[]> taken =
                truths.stream().map(there -> new boolean[there.size()]).toList();
        double[] precision = new double[order.size()];
        double[] recall = new double[order.size()];
        int right = 0;
        for (int i = 0; i < order.size(); i++) {
            right += isRight(order.get(i), taken.get(order.get(i).picture()), threshold) ? 1 : 0;
            precision[i] = (double) right / (i + 1);
            recall[i] = (double) right / things;
        }
        return mean(precision, recall);
    }

    private boolean isRight(Found one, boolean[] taken, double threshold) {
        List<Box> there = truths.get(one.picture());
        int best = -1;
        double most = threshold;
        for (int i = 0; i < taken.length; i++) {
            double overlap = one.box().overlap(there.get(i));
            if (!taken[i] && overlap >= most) {
                most = overlap;
                best = i;
            }
        }
        if (best >= 0) {
            taken[best] = true;
        }
        return best >= 0;
    }

    private static double mean(double[] precision, double[] recall) {
        for (int i = precision.length - 2; i >= 0; i--) {
            precision[i] = Math.max(precision[i], precision[i + 1]);
        }
        double sum = 0;
        int place = 0;
        for (int step = 0; step < RECALLS; step++) {
            double least = (double) step / (RECALLS - 1);
            while (place < recall.length && recall[place] < least) {
                place++;
            }
            sum += place < recall.length ? precision[place] : 0;
        }
        return sum / RECALLS;
    }
}
