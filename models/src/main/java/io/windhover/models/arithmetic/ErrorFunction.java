// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.arithmetic;

/** The error function and its complement, which StrictMath lacks; the same on every machine. */
public final class ErrorFunction {
    private static final double ROOT_OF_PI = 1.772453850905516;
    /** Below it the series converges fast, above it the continued fraction. */
    private static final double NEAR = 2;

    private static final int TERMS = 100;

    private ErrorFunction() {}

    /** 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x, to 12 digits at least. */
    public static double of(double x) {
        double distance = Math.abs(x);
        return Math.copySign(distance < NEAR ? near(distance) : 1 - far(distance), x);
    }

    /** 1 - erf(x), to 12 digits at least. */
    public static double complementary(double x) {
        if (x < 0) {
            return 2 - complementary(-x);
        }
        return x < NEAR ? 1 - near(x) : far(x);
    }

    /** Abramowitz and Stegun, 7.1.6: all terms have one sign. */
    private static double near(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; term > sum * 1e-17; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / ROOT_OF_PI * StrictMath.exp(-x * x) * sum;
    }

    /** Abramowitz and Stegun, 7.1.14, from its inner end. */
    private static double far(double x) {
        double inner = x;
        for (int n = TERMS; n > 0; n--) {
            inner = x + n / 2.0 / inner;
        }
        return StrictMath.exp(-x * x) / ROOT_OF_PI / inner;
    }
}
