package io.windhover.models.synthetic;

/** Real functions that tables are made of; the same results on every machine. */
final class Functions {
    private Functions() {}

    static double logistic(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    /** relu6(x + 3) / 6. */
    static double hardSigmoid(double x) {
        return Math.max(0, Math.min(6, x + 3)) / 6;
    }
}
