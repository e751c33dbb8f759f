// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.arithmetic;

/** IEEE 754 half precision as its 16 bits. */
public final class Float16 {
    private static final int INFINITY = 0x7C00;
    private static final int NOT_A_NUMBER = 0x7E00;
    private static final int LEAST_EXPONENT = -14;
    /** Halfway from the largest finite number to what would be the next. */
    private static final double OVERFLOW = 65520;

    private Float16() {}

    /** The number that these bits stand for. */
    public static float real(short bits) {
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        float magnitude = switch (exponent) {
            case 0 -> Math.scalb((float) fraction, -24);
            case 0x1F -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> Math.scalb((float) (fraction + 0x400), exponent - 25);
        };
        return bits < 0 ? -magnitude : magnitude;
    }

    /** The nearest half, of two the even one; infinity beyond the largest. */
    public static short nearest(double value) {
        int sign = Double.doubleToRawLongBits(value) < 0 ? 0x8000 : 0;
        double magnitude = Math.abs(value);
        if (Double.isNaN(value)) {
            return NOT_A_NUMBER;
        }
        if (magnitude >= OVERFLOW) {
            return (short) (sign | INFINITY);
        }
        int exponent = Math.max(Math.getExponent(magnitude), LEAST_EXPONENT);
        int fraction = (int) Math.rint(Math.scalb(magnitude, 10 - exponent));
        return (short) (sign | (((exponent - LEAST_EXPONENT) << 10) + fraction));
    }
}
