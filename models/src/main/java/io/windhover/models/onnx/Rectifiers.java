// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Elementwise;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.FloatPRelu;
import io.windhover.models.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** PRelu: x, or its slope times x below 0. */
final class Rectifiers {
    private Rectifiers() {}

    /** Slopes of any shape that broadcasts; those that are not one per channel, or one for all, are the host's work. */
    static void read(Translation network, SourceNode node) {
        Activation value = network.activation(node, 0);
        Constant slope = network.constant(node, 1);
        int[] dimensions = value.dimensions();
        node.require(
                Arrays.equals(Dimensions.broadcast(dimensions, slope.dimensions()), dimensions),
                "its slopes have shape %s for %s.",
                Arrays.toString(slope.dimensions()),
                Arrays.toString(dimensions));
        for (double number : slope.reals()) {
            node.require(Double.isFinite(number), "it has a slope of %s.", number);
        }
        int[] padded = Dimensions.padded(slope.dimensions(), dimensions.length);
        if (slope.count() == 1 || (dimensions.length > 1 && slope.count() == padded[1])) {
            perChannel(network, node, value, slope);
            return;
        }
        Composition formula = new Composition(network, node);
        String product = formula.part("Mul", formula.input(0), formula.input(1));
        String negative = formula.part("Less", formula.input(0), formula.number(0));
        formula.result("Where", negative, product, formula.input(0));
    }

    private static void perChannel(Translation network, SourceNode node, Activation value, Constant slope) {
        if (slope.count() == 1) {
            float only = (float) slope.real(0);
            network.emit(
                    node,
                    network.draft(value).shape,
                    value.layout(),
                    (name, inputs, outputs) ->
                            new FloatActivation(name, inputs, outputs, FloatActivation.Function.LEAKY_RELU, only, 0),
                    value.tensorId());
            return;
        }
        int channels = slope.count();
        Activation arranged = AffineNodes.last(network, value, 1);
        Shape own = network.draft(arranged).shape;
        Shape shape =
                own.channels() == channels ? own : Shape.map(1, value.layout().elements() / channels, channels);
        float[] slopes = slope.floats();
        network.emit(
                node,
                shape,
                arranged.layout(),
                (name, inputs, outputs) -> new FloatPRelu(name, inputs, outputs, slopes),
                network.viewed(arranged.tensorId(), shape));
    }

    /**
     * Between codes the negative part is a layer with a factor for each channel, to which the positive part is added:
     * one of the two is always 0, so that nothing is rounded twice, and no slope is rounded to a code.
     */
    static void split(Translation network) {
        InheritedCodes inherited = new InheritedCodes(network);
        for (TranslationStep step : network.steps()) {
            if (step instanceof DirectStep direct && direct.operator() instanceof FloatPRelu rectifier) {
                Activation.Codes from = inherited.of(direct.inputs()[0]);
                Activation.Codes to = network.draft(direct.output()).codes;
                if (from != null && to != null && holdsZero(from) && holdsZero(to)) {
                    network.expand(direct, parts(network, direct, rectifier.slope(), from, to));
                }
            }
        }
    }

    private static boolean holdsZero(Activation.Codes codes) {
        return codes.zeroPoint() >= codes.low() && codes.zeroPoint() <= codes.high();
    }

    private static List<TranslationStep> parts(
            Translation network, DirectStep step, float[] slopes, Activation.Codes from, Activation.Codes to) {
        List<TranslationStep> parts = new ArrayList<>();
        int input = step.inputs()[0];
        double[] factor = new double[slopes.length];
        boolean rising = true;
        for (int c = 0; c < slopes.length; c++) {
            factor[c] = slopes[c];
            rising &= slopes[c] >= 0;
        }
        String name = network.draft(step.output()).name;
        Shape shape = network.draft(step.output()).shape;
        int negative = input;
        boolean cuts = rising && to.zeroPoint() > to.low();
        if (!cuts) {
            negative = coded(network, name + " below 0", shape, from);
            parts.add(clamp(input, negative, Float.NEGATIVE_INFINITY, 0));
        }
        int most = cuts ? to.zeroPoint() : to.high();
        Activation.Codes cut = new Activation.Codes(to.type(), to.scale(), to.zeroPoint(), to.low(), most);
        int product = coded(network, name + " times its slope", shape, cut);
        parts.add(LinearStep.affine(negative, product, factor, new double[slopes.length]));
        int positive = coded(network, name + " above 0", shape, to);
        parts.add(clamp(input, positive, 0, Float.POSITIVE_INFINITY));
        parts.add(new DirectStep(
                new int[] {positive, product},
                step.output(),
                (title, inputs, outputs) ->
                        new FloatElementwise(title, inputs, outputs, Elementwise.Function.ADD, false)));
        return parts;
    }

    private static int coded(Translation network, String name, Shape shape, Activation.Codes codes) {
        int tensorId = network.auxiliary(name, shape);
        network.draft(tensorId).codes = codes;
        return tensorId;
    }

    private static DirectStep clamp(int input, int output, float low, float high) {
        return new DirectStep(
                new int[] {input},
                output,
                (name, inputs, outputs) ->
                        new FloatActivation(name, inputs, outputs, FloatActivation.Function.CLAMP, low, high));
    }
}
