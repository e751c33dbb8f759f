// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import io.windhover.runtime.detection.Decode.Activation;

/** The scores of a row once its activation was applied. */
final class Activated {
    private final Values scores;
    private final Activation activation;
    private final double[] row;

    Activated(Values scores, Activation activation, int columns) {
        this.scores = scores;
        this.activation = activation;
        this.row = new double[columns];
    }

    /** Valid until the next row is asked for. */
    double[] row(int index) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < row.length; c++) {
            int element = index * row.length + c;
            row[c] = activation == Activation.NONE ? scores.probability(element) : scores.real(element);
            largest = Math.max(largest, row[c]);
        }
        if (activation == Activation.SIGMOID) {
            for (int c = 0; c < row.length; c++) {
                row[c] = 1 / (1 + Math.exp(-row[c]));
            }
        } else if (activation == Activation.SOFTMAX) {
            softmax(largest);
        }
        return row;
    }

    private void softmax(double largest) {
        double sum = 0;
        for (int c = 0; c < row.length; c++) {
            row[c] = Math.exp(row[c] - largest);
            sum += row[c];
        }
        for (int c = 0; c < row.length; c++) {
            row[c] /= sum;
        }
    }
}
