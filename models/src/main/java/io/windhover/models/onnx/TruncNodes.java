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

    /** What they make has the signs of what they read. */
    private static final Set<String> KEEPING_SIGNS = Set.of(
            "AveragePool", "GlobalAveragePool", "MaxPool", "Reshape", "Flatten", "Transpose", "Identity", "Squeeze");

    private TruncNodes() {}

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
        // Where it rounds up, version 1 makes one level more than its bits hold.
        int held = scaled || rounding(node).equals("Floor") ? bits : bits + 1;
        Boolean sign = scaled
                ? Boolean.valueOf(signed)
                : held < 8 ? Boolean.TRUE : sign(network, node.inputs().get(0));
        int coded = scaled || held >= 8 ? held : held + 1;
        if (coded > 8 || sign == null || madeZero != Math.rint(madeZero)) {
            formula.result("Mul", level, formula.number(made));
            return;
        }
        formula.result(
                "Quant",
                Map.of("signed", Attribute.integer("signed", sign ? 1 : 0)),
                formula.part("Mul", level, formula.number(made)),
                formula.number(made),
                formula.number(madeZero),
                formula.number(coded));
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

    /** Whether a quantiser before it makes signed codes; null where none says so. */
    private static @Nullable Boolean sign(Translation network, String value) {
        String name = value;
        SourceNode maker = network.maker(name);
        while (maker != null) {
            if (maker.operator().equals("Quant") || maker.operator().equals("IntQuant")) {
                return maker.integer("signed", 1) != 0;
            }
            boolean scaled = maker.operator().equals("Mul")
                    && network.find(maker.inputs().get(1)) instanceof Constant factor
                    && factor.count() == 1
                    && factor.real(0) > 0;
            if (!scaled && !KEEPING_SIGNS.contains(maker.operator())) {
                return null;
            }
            name = maker.inputs().get(0);
            maker = network.maker(name);
        }
        return null;
    }
}
