// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

/** Boxes of one frame in parts of the input, in the order of their scores; arrays of a fixed size. */
final class Found {
    final double[] left;
    final double[] top;
    final double[] right;
    final double[] bottom;
    final double[] score;
    final int[] index;
    int count;

    Found(int most) {
        left = new double[most];
        top = new double[most];
        right = new double[most];
        bottom = new double[most];
        score = new double[most];
        index = new int[most];
    }

    boolean isFull() {
        return count == score.length;
    }

    /** A box after all others. */
    void add(double[] box, double newScore, int newIndex) {
        left[count] = box[0];
        top[count] = box[1];
        right[count] = box[2];
        bottom[count] = box[3];
        score[count] = newScore;
        index[count] = newIndex;
        count++;
    }

    /** Whether a box of this class overlaps one that is here by more than {@code most}. */
    boolean overlaps(double[] box, int of, double most) {
        for (int i = 0; i < count; i++) {
            if (index[i] == of && overlap(box, i) > most) {
                return true;
            }
        }
        return false;
    }

    private double overlap(double[] box, int i) {
        double wide = Math.min(box[2], right[i]) - Math.max(box[0], left[i]);
        double high = Math.min(box[3], bottom[i]) - Math.max(box[1], top[i]);
        if (!(wide > 0 && high > 0)) {
            return 0;
        }
        double both = wide * high;
        double areas = (box[2] - box[0]) * (box[3] - box[1]) + (right[i] - left[i]) * (bottom[i] - top[i]);
        return both / (areas - both);
    }
}
