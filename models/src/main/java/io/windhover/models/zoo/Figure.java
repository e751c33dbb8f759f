// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import static io.windhover.models.ModelException.require;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number as publications print it: "569 M", a range such as "1.5-1.6 G", or in full, "22855952".
 *
 * @param low smallest published value
 * @param high largest published value
 * @param rounding half a unit of the last digit that was printed
 */
record Figure(double low, double high, double rounding) {
    private static final Pattern FORM = Pattern.compile("([0-9.]+)(?:-([0-9.]+))?(?: ([kMG]))?");
    private static final double TOLERANCE = 0.02;

    static Figure parse(String text) {
        Matcher matcher = FORM.matcher(text);
        require(matcher.matches(), "'%s' is not a figure such as '569 M' or '1.5-1.6 G'.", text);
        double unit = unit(matcher.group(3));
        BigDecimal low = new BigDecimal(matcher.group(1));
        BigDecimal high = matcher.group(2) == null ? low : new BigDecimal(matcher.group(2));
        double rounding = 0.5 * Math.pow(10, -low.scale()) * unit;
        return new Figure(low.doubleValue() * unit, high.doubleValue() * unit, rounding);
    }

    private static double unit(String letter) {
        if (letter == null) {
            return 1;
        }
        return switch (letter) {
            case "k" -> 1e3;
            case "M" -> 1e6;
            default -> 1e9;
        };
    }

    /** Within 2 % or the published rounding, whichever is wider. */
    boolean agrees(long count) {
        return count >= low - Math.max(rounding, TOLERANCE * low)
                && count <= high + Math.max(rounding, TOLERANCE * high);
    }
}
