// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.FloatActivation;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/** Low-bit operators of QONNX, FINN and Brevitas: Quant, BipolarQuant and MultiThreshold. */
final class QonnxNodes {
    /** By how much of a level two single-precision attributes may miss a whole one. */
    private static final double SAME_LEVEL = 1e-4;

    private static final Set<String> DOMAINS =
            Set.of("qonnx.custom_op.general", "finn.custom_op.general", "onnx.brevitas");
    private static final Set<String> QUANTISERS = Set.of("Quant", "IntQuant");
    private static final Set<String> TO_NEAREST = Set.of("ROUND", "HALF_EVEN");
    private static final int WIDEST = 8;
    /**
     * A value at a threshold has reached it, so levels begin this fraction of their distance below: codes are rounded
     * away from zero.
     */
    private static final double AT_A_THRESHOLD = 0.002;

    private QonnxNodes() {}

    static boolean isDomain(String domain) {
        return DOMAINS.contains(domain);
    }

    /** round(x / scale + zero point), cut to the bits, times scale. */
    static void quant(Translation network, SourceNode node) {
        Constant width = network.constant(node, 3);
        node.require(
                width.count() == 1
                        && width.real(0) == Math.rint(width.real(0))
                        && width.real(0) >= 1
                        && width.real(0) <= 32,
                "its bit width is not a whole number from 1 to 32.");
        int bits = (int) width.real(0);
        boolean signed = node.integer("signed", 1) != 0;
        boolean narrow = node.integer("narrow", 0) != 0;
        if (network.isConstant(node, 0)) {
            network.bind(node, 0, constant(network, node, bits, signed, narrow));
            return;
        }
        node.require(bits <= WIDEST, "it quantises activations to %d bits; at most %d are supported.", bits, WIDEST);
        Constant scale = network.constant(node, 1);
        Constant zeroPoint = network.constant(node, 2);
        node.require(scale.count() == 1 && zeroPoint.count() == 1, "it gives an activation a scale per channel.");
        int low = low(bits, signed, narrow);
        int high = high(bits, signed, narrow);
        ElementType type = low < 0 ? ElementType.INT8 : ElementType.UINT8;
        double zero = zeroPoint.real(0);
        node.require(
                scale.real(0) > 0
                        && Double.isFinite(scale.real(0))
                        && zero == Math.rint(zero)
                        && zero >= type.minimum()
                        && zero <= type.maximum(),
                "its scale is %s and its zero point %s.",
                scale.real(0),
                zero);
        node.require(low < high, "its %d bits have only one value.", bits);
        Activation value = network.activation(node, 0);
        boolean nearest = TO_NEAREST.contains(mode(node));
        boolean same = roundsAsQuantizeLinear(network, node) || (nearest && isOfSums(network, value.tensorId()));
        Activation whole = same ? value : rounded(network, node);
        Activation.Codes codes = new Activation.Codes(type, (float) scale.real(0), (int) zero, low, high);
        network.bind(node, 0, QuantizeNodes.represented(network, node, 0, whole, codes));
    }

    /**
     * False for a Quant of another rounding, and for one whose zero point is odd: QONNX adds that before it rounds,
     * which makes ties even that QuantizeLinear makes odd.
     */
    static boolean roundsAsQuantizeLinear(Translation network, SourceNode node) {
        return !QUANTISERS.contains(node.operator())
                || (TO_NEAREST.contains(mode(node)) && network.constant(node, 2).real(0) % 2 == 0);
    }

    /** True for what a layer makes, clipped or not: beside a tie it may fall on either side anyway. */
    private static boolean isOfSums(Translation network, int tensorId) {
        TranslationStep step = network.draft(tensorId).codes == null ? network.producer(tensorId) : null;
        if (step instanceof DirectStep direct && direct.operator() instanceof FloatActivation) {
            return isOfSums(network, direct.inputs()[0]);
        }
        return step instanceof LinearStep layer && layer.kind() != LinearStep.Kind.AFFINE;
    }

    private static int low(int bits, boolean signed, boolean narrow) {
        return signed ? (int) -(1L << (bits - 1)) + (narrow ? 1 : 0) : 0;
    }

    private static int high(int bits, boolean signed, boolean narrow) {
        return signed
                ? (int) ((1L << (bits - 1)) - 1)
                : (int) Math.min(Integer.MAX_VALUE, (1L << bits) - 1 - (narrow ? 1 : 0));
    }

    private static String mode(SourceNode node) {
        return node.text("rounding_mode", "ROUND").toUpperCase(Locale.ROOT);
    }

    private static DoubleUnaryOperator rounding(SourceNode node) {
        return switch (mode(node)) {
            case "ROUND", "HALF_EVEN" -> Math::rint;
            case "FLOOR" -> Math::floor;
            case "CEIL" -> Math::ceil;
            case "ROUND_TO_ZERO", "DOWN" -> x -> Math.signum(x) * Math.floor(Math.abs(x));
            case "UP" -> x -> Math.signum(x) * Math.ceil(Math.abs(x));
            case "HALF_UP" -> x -> Math.signum(x) * Math.floor(Math.abs(x) + 0.5);
            case "HALF_DOWN" -> x -> Math.signum(x) * Math.ceil(Math.abs(x) - 0.5);
            default -> throw node.refuse("it rounds by %s.", mode(node));
        };
    }

    /** The real numbers behind codes that no Quantize makes. */
    private static Activation rounded(Translation network, SourceNode node) {
        Composition formula = new Composition(network, node);
        String code = formula.part("Add", formula.part("Div", formula.input(0), formula.input(1)), formula.input(2));
        String size = formula.part("Abs", code);
        String whole = switch (mode(node)) {
            case "ROUND", "HALF_EVEN" -> formula.part("Round", code);
            case "FLOOR" -> formula.part("Floor", code);
            case "CEIL" -> formula.part("Ceil", code);
            case "ROUND_TO_ZERO", "DOWN" -> signed(formula, code, formula.part("Floor", size));
            case "UP" -> signed(formula, code, formula.part("Ceil", size));
            case "HALF_UP" ->
                signed(formula, code, formula.part("Floor", formula.part("Add", size, formula.number(0.5))));
            case "HALF_DOWN" ->
                signed(formula, code, formula.part("Ceil", formula.part("Sub", size, formula.number(0.5))));
            default -> throw node.refuse("it rounds by %s.", mode(node));
        };
        return formula.value("Mul", formula.part("Sub", whole, formula.input(2)), formula.input(1));
    }

    private static String signed(Composition formula, String code, String size) {
        return formula.part("Mul", formula.part("Sign", code), size);
    }

    private static NamedValue constant(Translation network, SourceNode node, int bits, boolean signed, boolean narrow) {
        Constant reals = network.constant(node, 0);
        CodedConstant parameters = parameters(network, node, reals, network.constant(node, 2));
        DoubleUnaryOperator rounding = rounding(node);
        CodedConstant coded = QuantizeNodes.rounded(
                network,
                reals,
                parameters,
                low(bits, signed, narrow),
                high(bits, signed, narrow),
                (x, zero) -> rounding.applyAsDouble(x + zero));
        return bits <= WIDEST ? coded : coded.reals();
    }

    /** Scales per tensor or along one dimension, as their shape says; zero points may be one for all. */
    private static CodedConstant parameters(Translation network, SourceNode node, Constant reals, Constant zeroPoint) {
        Constant scale = network.constant(node, 1);
        int rank = Math.max(reals.dimensions().length, scale.dimensions().length);
        int[] shape = Dimensions.padded(scale.dimensions(), rank);
        int axis = 0;
        for (int d = 0; d < rank; d++) {
            axis = shape[d] > 1 ? d : axis;
        }
        node.require(
                (scale.count() >= 1 && shape.length == reals.dimensions().length) || scale.count() == 1,
                "its scale has shape %s.",
                Arrays.toString(scale.dimensions()));
        node.require(scale.count() == 1 || shape[axis] == scale.count(), "its scales run along several dimensions.");
        node.require(
                zeroPoint.count() == 1 || zeroPoint.count() == scale.count(),
                "it has %d zero points for %d scales.",
                zeroPoint.count(),
                scale.count());
        int[] zeroPoints = new int[scale.count()];
        Arrays.setAll(zeroPoints, i -> (int) zeroPoint.integer(zeroPoint.count() == 1 ? 0 : i));
        for (double value : scale.reals()) {
            node.require(value > 0, "its scale is %s.", value);
        }
        return new CodedConstant(reals, axis, scale.floats(), zeroPoints);
    }

    /** +scale for 0 and more, otherwise -scale. */
    static void bipolar(Translation network, SourceNode node) {
        if (network.isConstant(node, 0)) {
            Constant reals = network.constant(node, 0);
            CodedConstant parameters = parameters(network, node, reals, Constant.vector(0));
            network.charge(reals.count());
            float[] signs = new float[reals.count()];
            for (int i = 0; i < signs.length; i++) {
                signs[i] = reals.real(i) >= 0 ? 1 : -1;
            }
            network.bind(
                    node,
                    0,
                    new CodedConstant(
                            Constant.ofFloats(reals.dimensions(), signs),
                            parameters.axis(),
                            parameters.scales(),
                            parameters.zeroPoints()));
            return;
        }
        Constant scale = network.constant(node, 1);
        node.require(
                scale.count() == 1 && scale.real(0) > 0 && Double.isFinite(scale.real(0)),
                "its scale is not one positive number.");
        binarize(network, node, network.activation(node, 0), scale.real(0));
    }

    private static void binarize(Translation network, SourceNode node, Activation value, double scale) {
        int output = network.output(node, 0, network.draft(value).shape);
        network.add(new BinarizeStep(value.tensorId(), output, scale, value.isQuantized()));
        network.bind(node, 0, new Activation(output, value.layout()));
    }

    /** out_bias + out_scale * (number of thresholds that the value reaches). */
    static void multiThreshold(Translation network, SourceNode node) {
        Activation value = network.activation(node, 0);
        Constant thresholds = network.constant(node, 1);
        int rank = value.layout().rank();
        node.choice("data_layout", "NCHW", "NCW", "NC");
        node.require(rank >= 2, "its input has one dimension.");
        int channels = value.dimensions()[1];
        int[] shape = thresholds.dimensions();
        node.require(
                shape.length == 2 && (shape[0] == channels || shape[0] == 1) && shape[1] >= 1,
                "its thresholds have shape %s for %d channels.",
                Arrays.toString(shape),
                channels);
        node.require(
                Arrays.stream(thresholds.reals()).noneMatch(Double::isNaN), "one of its thresholds is not a number.");
        double scale = node.real("out_scale", 1);
        double bias = node.real("out_bias", 0);
        boolean bipolar = node.text("out_dtype", "").equals("BIPOLAR") && !node.has("out_scale");
        if (shape[1] == 1 && (bipolar || bias == -scale / 2)) {
            double[] offset = new double[shape[0]];
            Arrays.setAll(offset, c -> -thresholds.real(c));
            Activation shifted = AffineNodes.shifted(network, node, value, LinearStep.ones(offset.length), offset);
            network.renameAuxiliary(shifted.tensorId(), node.outputs().get(0) + " before its sign");
            binarize(network, node, shifted, bipolar ? 1 : scale / 2);
            return;
        }
        levels(network, node, value, thresholds, scale, bias);
    }

    /**
     * Thresholds at equal distances are a quantisation, the distance and the first threshold an affine function before
     * it.
     */
    private static void levels(
            Translation network, SourceNode node, Activation value, Constant thresholds, double scale, double bias) {
        int rows = thresholds.dimensions()[0];
        int count = thresholds.dimensions()[1];
        node.require(count <= 255, "it has %d thresholds, more than 255.", count);
        node.require(scale > 0, "its out_scale is %s; only positive ones are supported.", scale);
        double lowest = Math.rint(bias / scale);
        node.require(
                Math.abs(lowest - bias / scale) <= SAME_LEVEL && lowest >= -255 && lowest + count <= 255,
                "its levels %s + %s * 0..%d are no multiples of their scale within 8 bits; give it another out_bias.",
                bias,
                scale,
                count);
        int low = (int) lowest;
        Activation.Codes codes = low >= Byte.MIN_VALUE && low + count <= Byte.MAX_VALUE && low < 0
                ? new Activation.Codes(ElementType.INT8, (float) scale, 0, low, low + count)
                : new Activation.Codes(
                        ElementType.UINT8,
                        (float) scale,
                        Math.max(0, -low),
                        Math.max(0, low),
                        Math.max(0, low) + count);
        // One threshold alone says no distance, of which a value may be a fraction below it.
        if (count == 1 || !areEqual(thresholds)) {
            UnequalLevels.bind(network, node, value, thresholds, codes);
            return;
        }
        double[] factor = new double[rows];
        double[] offset = new double[rows];
        for (int c = 0; c < rows; c++) {
            double first = thresholds.real(c * count);
            factor[c] = scale / distance(thresholds, c);
            offset[c] = bias + (0.5 + AT_A_THRESHOLD) * scale - first * factor[c];
        }
        Activation shifted = AffineNodes.shifted(network, node, value, factor, offset);
        network.bind(node, 0, QuantizeNodes.represented(network, node, 0, shifted, codes));
    }

    private static double distance(Constant thresholds, int channel) {
        int count = thresholds.dimensions()[1];
        double first = thresholds.real(channel * count);
        return (thresholds.real(channel * count + count - 1) - first) / (count - 1);
    }

    private static boolean areEqual(Constant thresholds) {
        int count = thresholds.dimensions()[1];
        for (int i = 0; i < thresholds.count(); i++) {
            int channel = i / count;
            double step = distance(thresholds, channel);
            double expected = thresholds.real(channel * count) + i % count * step;
            if (!(step > 0 && Math.abs(expected - thresholds.real(i)) <= 1e-3 * step)) {
                return false;
            }
        }
        return true;
    }
}
