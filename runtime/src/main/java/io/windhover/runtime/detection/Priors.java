// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import io.windhover.runtime.exception.WindhoverException;
import java.util.List;

/**
 * Priors as TensorFlow's detection models lay them out: in each cell of a few maps, squares and oblongs of that map's
 * scale, and one square between it and the next map's. The first map has three boxes a cell.
 *
 * @param maps height and width of each map, from the largest; two or more
 * @param minimumScale of the first map, in parts of the input
 * @param maximumScale of the last map
 * @param aspectRatios width over height of each box of a cell
 */
record Priors(List<int[]> maps, double minimumScale, double maximumScale, List<Double> aspectRatios) {
    /** More boxes are no detector's. */
    static final int MOST = 1 << 17;

    private static final int BOX = 4;
    private static final double SMALLEST = 0.1;
    private static final int MOST_MAPS = 16;
    private static final int MOST_RATIOS = 16;

    Priors {
        if (maps.size() < 2
                || maps.size() > MOST_MAPS
                || aspectRatios.isEmpty()
                || aspectRatios.size() > MOST_RATIOS
                || !(minimumScale > 0 && minimumScale <= maximumScale && maximumScale <= 1)
                || maps.stream().anyMatch(map -> map[0] < 1 || map[1] < 1 || map[0] > MOST || map[1] > MOST)
                || aspectRatios.stream().anyMatch(ratio -> !(ratio >= 1e-2 && ratio <= 1e2))
                || rows(maps, aspectRatios) > MOST) {
            throw new WindhoverException("Priors are laid out from 2 to " + MOST_MAPS
                    + " maps [height, width], a minimum_scale up to a maximum_scale of at most 1, and 1 to "
                    + MOST_RATIOS
                    + " aspect_ratios of 0.01 to 100, and are no more than " + MOST + "; mend the decode description.");
        }
    }

    private static long rows(List<int[]> maps, List<Double> ratios) {
        long rows = 0;
        for (int i = 0; i < maps.size(); i++) {
            rows += (long) maps.get(i)[0] * maps.get(i)[1] * (i == 0 ? 3 : ratios.size() + 1);
        }
        return rows;
    }

    private double scale(int map) {
        return map == maps.size() ? 1 : minimumScale + (maximumScale - minimumScale) * map / (maps.size() - 1);
    }

    /** For each box y and x of its middle, height and width; rows of a map from the top, cells from the left. */
    float[] lay() {
        float[] all = new float[(int) rows(maps, aspectRatios) * BOX];
        int next = 0;
        for (int map = 0; map < maps.size(); map++) {
            double[] boxes = cell(map);
            int height = maps.get(map)[0];
            int width = maps.get(map)[1];
            for (int cell = 0; cell < height * width; cell++) {
                int row = cell / width;
                int column = cell % width;
                for (int i = 0; i < boxes.length; i += 2) {
                    all[next++] = (float) ((row + 0.5) / height);
                    all[next++] = (float) ((column + 0.5) / width);
                    all[next++] = (float) boxes[i];
                    all[next++] = (float) boxes[i + 1];
                }
            }
        }
        return all;
    }

    /** Height and width of each box. */
    private double[] cell(int map) {
        double scale = scale(map);
        List<Double> ratios = map == 0 ? List.of(1.0, 2.0, 0.5) : aspectRatios;
        double[] boxes = new double[2 * (ratios.size() + (map == 0 ? 0 : 1))];
        for (int i = 0; i < ratios.size(); i++) {
            double of = map == 0 && i == 0 ? SMALLEST : scale;
            boxes[2 * i] = of / Math.sqrt(ratios.get(i));
            boxes[2 * i + 1] = of * Math.sqrt(ratios.get(i));
        }
        if (map > 0) {
            boxes[boxes.length - 1] = Math.sqrt(scale * scale(map + 1));
            boxes[boxes.length - 2] = boxes[boxes.length - 1];
        }
        return boxes;
    }
}
