// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

/** TFLite's requantisation from its definition, without our {@code arithmetic} package. */
final class Restated {
    private Restated() {}

    /** A real factor as 31 bits and a power of two, applied with two roundings. */
    record Factor(long multiplier, int shift) {
        static Factor of(double real) {
            int shift = 0;
            double fraction = real;
            while (fraction != 0 && fraction < 0.5) {
                fraction *= 2;
                shift--;
            }
            while (fraction >= 1) {
                fraction /= 2;
                shift++;
            }
            long multiplier = (long) Math.floor(fraction * (1L << 31) + 0.5);
            return multiplier == 1L << 31 ? new Factor(multiplier / 2, shift + 1) : new Factor(multiplier, shift);
        }

        int apply(int value) {
            long product = ((long) value << Math.max(0, shift)) * multiplier;
            long high = product >= 0
                    ? Math.floorDiv(product + (1L << 30), 1L << 31)
                    : -Math.floorDiv(-product + (1L << 30) - 1, 1L << 31);
            long divisor = 1L << Math.max(0, -shift);
            long half = divisor / 2;
            return (int) (high >= 0 ? (high + half) / divisor : -((-high + half) / divisor));
        }
    }

    static int clamp(long value, int low, int high) {
        return (int) Math.max(low, Math.min(high, value));
    }

    /** Nearest integer, half away from zero. */
    static long round(double value) {
        return (long) (Math.signum(value) * Math.floor(Math.abs(value) + 0.5));
    }
}
