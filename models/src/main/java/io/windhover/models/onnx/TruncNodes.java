// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * QONNX's Trunc, which drops the lowest bits of codes, as Brevitas exports average pools. Version 1 keeps the scale and
 * says nothing of signs; version 2 has the scale of its result and cuts it to its bits.
 */
final class TruncNodes {
    private static final int WIDEST = 32;
    private static final int WIDEST_CODE = 8;
    private static final int LARGEST_CODE = 255;
    /** So few that codes hold more than twice as many levels, rounded up and of either sign. */
    private static final int FEW_BITS = 6;

    /** They make nothing beyond what they read. */
    private static final Set<String> KEEPING_LIMITS = Set.of(
            "AveragePool", "GlobalAveragePool", "MaxPool", "Reshape", "Flatten", "Transpose", "Identity", "Squeeze");

    private TruncNodes() {}

    /** What values, and 0, lie between. */
    private record Limit(double low, double high) {}

    /** The codes x / scale + zero point, over a power of two, rounded by the mode; the result has their scale. */
    static void read(Translation network, SourceNode node) {
        boolean scaled = node.inputs().size() == 6;
        node.require(
                scaled || node.inputs().size() == 5,
                "it has %d inputs instead of 5 or 6.",
                node.inputs().size());
        double scale = number(network, node, 1);
        double zero = number(network, node, 2);
        double made = scaled ? number(network, node, 4) : scale;
        node.require(
                scale > 0 && Double.isFinite(scale) && made > 0 && Double.isFinite(made),
                "its scales are %s and %s.",
                scale,
                made);
        int bits = width(network, node, scaled ? 5 : 4);
        double step = scaled
                ? Math.scalb(1, (int) Math.rint(Math.log(made / scale) / Math.log(2)))
                : Math.scalb(1, width(network, node, 3) - bits);
        double madeZero = scaled ? zero / step : zero;
        boolean signed = node.integer("signed", 1) != 0;

        Composition formula = new Composition(network, node);
        String whole = formula.part(
                "Round",
                formula.part(
                        "Add", formula.part("Div", formula.input(0), formula.number(scale)), formula.number(zero)));
        String fewer = formula.part("Mul", whole, formula.number(1 / step));
        if (scaled) {
            double low = signed ? -Math.scalb(1, bits - 1) + node.integer("narrow", 0) : 0;
            double high = Math.scalb(1, signed ? bits - 1 : bits) - 1;
            fewer = formula.part("Clip", Map.of(), fewer, formula.number(low), formula.number(high));
        }
        String level = formula.part("Sub", formula.part(rounding(node), fewer), formula.number(madeZero));
        Boolean sign = scaled
                ? Boolean.valueOf(signed)
                : sign(limit(network, node.inputs().get(0)), scale, step, madeZero, bits);
        if (bits > WIDEST_CODE || sign == null || madeZero != Math.rint(madeZero)) {
            formula.result("Mul", level, formula.number(made));
            return;
        }
        formula.result(
                "Quant",
                Map.of("signed", Attribute.integer("signed", sign ? 1 : 0)),
                formula.part("Mul", level, formula.number(made)),
                formula.number(made),
                formula.number(madeZero),
                formula.number(scaled ? bits : WIDEST_CODE));
    }

    /** Whether codes that hold all levels of version 1, which cuts none, are signed; null where there are none. */
    private static @Nullable Boolean sign(@Nullable Limit limit, double scale, double step, double zero, int bits) {
        if (limit == null) {
            return bits <= FEW_BITS ? Boolean.TRUE : null;
        }
        double low = Math.floor((limit.low() / scale + zero) / step);
        double high = Math.ceil((limit.high() / scale + zero) / step);
        if (low >= Byte.MIN_VALUE && high <= Byte.MAX_VALUE) {
            return true;
        }
        boolean unsigned = low >= 0 && high <= LARGEST_CODE;
        return unsigned ? false : null;
    }

    private static double number(Translation network, SourceNode node, int input) {
        Constant constant = network.constant(node, input);
        node.require(constant.count() == 1, "its input %d has %d elements instead of one.", input, constant.count());
        return constant.real(0);
    }

    private static int width(Translation network, SourceNode node, int input) {
        double bits = number(network, node, input);
        node.require(
                bits == Math.rint(bits) && bits >= 1 && bits <= WIDEST,
                "its bit width is not a whole number from 1 to %d.",
                WIDEST);
        return (int) bits;
    }

    private static String rounding(SourceNode node) {
        String mode = node.text("rounding_mode", "FLOOR").toUpperCase(Locale.ROOT);
        return switch (mode) {
            case "FLOOR" -> "Floor";
            case "CEIL" -> "Ceil";
            case "ROUND" -> "Round";
            default -> throw node.refuse("it rounds by %s.", mode);
        };
    }

    /** What a quantiser before it limits its values to; null where none is there. */
    private static @Nullable Limit limit(Translation network, String value) {
        double factor = 1;
        SourceNode maker = network.maker(value);
        while (maker != null) {
            if (maker.operator().equals("Quant") || maker.operator().equals("IntQuant")) {
                boolean signed = maker.integer("signed", 1) != 0;
                double codes = Math.scalb(1.0, width(network, maker, 3));
                double unit = number(network, maker, 1) * factor;
                double zero = number(network, maker, 2);
                return new Limit(
                        Math.min(0, ((signed ? -codes / 2 : 0) - zero) * unit),
                        Math.max(0, ((signed ? codes / 2 : codes) - 1 - zero) * unit));
            }
            if (maker.operator().equals("Mul")) {
                if (!(network.find(maker.inputs().get(1)) instanceof Constant by)
                        || by.count() != 1
                        || !(by.real(0) > 0)) {
                    return null;
                }
                factor *= by.real(0);
            } else if (!KEEPING_LIMITS.contains(maker.operator())) {
                return null;
            }
            maker = network.maker(maker.inputs().get(0));
        }
        return null;
    }
}
