// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import io.windhover.runtime.detection.Decode.Activation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * One output [1, H, W, classes + 1], a score of each class (the first is that of no object) in each cell of the input.
 * Neighbouring cells, at corners too, whose best class is the same and likely enough are one object: its middle is the
 * mean of theirs weighted by scores, its size that of the rectangle around them, its score the best of theirs.
 */
final class Fomo implements Decoder {
    private static final int BACKGROUND = 1;

    private final Values values;
    private final float minimumScore;
    private final Activated activated;
    private final int width;
    private final int height;
    private final float[] scores;
    private final int[] classOf;
    /** 0 for cells of no object, else the object's number and 1. */
    private final int[] objectOf;

    private final int[] waiting;
    private final Best best;
    /** First cell of each object. */
    private final int[] start;

    private final double[] box = new double[4];
    private int objects;

    Fomo(Values values, Activation activation, double minimumScore) {
        this.values = values;
        this.minimumScore = (float) minimumScore;
        this.width = values.tensor().shape().width();
        this.height = values.tensor().shape().height();
        this.activated =
                new Activated(values, activation, values.tensor().shape().channels());
        int cells = width * height;
        this.scores = new float[cells];
        this.classOf = new int[cells];
        this.objectOf = new int[cells];
        this.waiting = new int[cells];
        this.start = new int[cells];
        this.best = new Best(cells);
    }

    @Override
    public int classes() {
        return values.tensor().shape().channels() - BACKGROUND;
    }

    @Override
    public void decode(IntFunction<ByteBuffer> outputs, Found found) {
        values.load(outputs.apply(0));
        score();
        Arrays.fill(objectOf, 0);
        objects = 0;
        best.clear();
        for (int cell = 0; cell < scores.length; cell++) {
            if (isLikely(cell) && objectOf[cell] == 0) {
                start[objects++] = cell;
                best.add(objects - 1, fuse(cell));
            }
        }
        found.count = 0;
        int places = best.sort(objects);
        for (int place = 0; place < places && !found.isFull(); place++) {
            int first = start[best.row(place)];
            measure(first);
            found.add(box, best.score(place), classOf[first]);
        }
    }

    private void score() {
        for (int cell = 0; cell < scores.length; cell++) {
            double[] row = activated.row(cell);
            scores[cell] = -1;
            for (int c = BACKGROUND; c < row.length; c++) {
                if ((float) row[c] > scores[cell]) {
                    scores[cell] = (float) row[c];
                    classOf[cell] = c - BACKGROUND;
                }
            }
        }
    }

    private boolean isLikely(int cell) {
        return scores[cell] >= minimumScore && scores[cell] > 0;
    }

    /** Gives a cell's object, the latest, all its cells; its best score. They stay in {@link #waiting}. */
    private float fuse(int first) {
        float most = 0;
        int count = reach(first, 0, objects);
        for (int i = 0; i < count; i++) {
            most = Math.max(most, scores[waiting[i]]);
        }
        return most;
    }

    /** Fills {@link #waiting} with the cells that belong to the first and are marked so; marks them anew. */
    private int reach(int first, int from, int to) {
        int count = 0;
        waiting[count++] = first;
        objectOf[first] = to;
        for (int next = 0; next < count; next++) {
            int x = waiting[next] % width;
            int y = waiting[next] / width;
            for (int ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
                for (int nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
                    int cell = ny * width + nx;
                    if (objectOf[cell] == from && isLikely(cell) && classOf[cell] == classOf[first]) {
                        objectOf[cell] = to;
                        waiting[count++] = cell;
                    }
                }
            }
        }
        return count;
    }

    private void measure(int first) {
        int count = reach(first, objectOf[first], -1);
        int left = width;
        int top = height;
        int right = 0;
        int bottom = 0;
        double x = 0;
        double y = 0;
        double weight = 0;
        for (int i = 0; i < count; i++) {
            int column = waiting[i] % width;
            int row = waiting[i] / width;
            left = Math.min(left, column);
            top = Math.min(top, row);
            right = Math.max(right, column + 1);
            bottom = Math.max(bottom, row + 1);
            double score = scores[waiting[i]];
            x += score * (column + 0.5);
            y += score * (row + 0.5);
            weight += score;
        }
        double halfWidth = (right - left) / 2.0;
        double halfHeight = (bottom - top) / 2.0;
        box[0] = (x / weight - halfWidth) / width;
        box[1] = (y / weight - halfHeight) / height;
        box[2] = (x / weight + halfWidth) / width;
        box[3] = (y / weight + halfHeight) / height;
    }
}
