// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.FloatActivation;
import io.windhover.models.quantize.SumRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Operators over codes that carry their scales with them: the float operator between a DequantizeLinear and a
 * QuantizeLinear.
 */
final class QLinearNodes {
    private QLinearNodes() {}

    static void convolution(Translation network, SourceNode node) {
        List<String> inputs = new ArrayList<>(List.of(real(network, node, 0), weights(network, node, 3)));
        if (node.hasInput(8)) {
            inputs.add(bias(network, node, 8));
        }
        run(network, node, "Conv", WeightedNodes::convolution, inputs, 6);
    }

    static void matMul(Translation network, SourceNode node) {
        run(
                network,
                node,
                "MatMul",
                WeightedNodes::matMul,
                List.of(real(network, node, 0), weights(network, node, 3)),
                6);
    }

    static void gemm(Translation network, SourceNode node) {
        List<String> inputs = new ArrayList<>(List.of(real(network, node, 0), weights(network, node, 3)));
        if (node.hasInput(6)) {
            int[] weights = network.value(node, 3).dimensions();
            node.require(weights.length == 2, "its weights have %d dimensions instead of 2.", weights.length);
            WeightedNodes.requirePerColumn(
                    node, network.constant(node, 6).dimensions(), weights[node.integer("transB", 0) != 0 ? 0 : 1]);
            inputs.add(bias(network, node, 6));
        }
        run(network, node, "Gemm", WeightedNodes::gemm, inputs, 7);
    }

    static void add(Translation network, SourceNode node) {
        pair(network, node, "Add");
    }

    static void multiply(Translation network, SourceNode node) {
        pair(network, node, "Mul");
    }

    private static void pair(Translation network, SourceNode node, String operator) {
        run(
                network,
                node,
                operator,
                ElementwiseNodes::read,
                List.of(real(network, node, 0), real(network, node, 3)),
                6);
    }

    static void concatenate(Translation network, SourceNode node) {
        List<String> inputs = new ArrayList<>();
        for (int i = 2; i < node.inputs().size(); i += 3) {
            inputs.add(real(network, node, i));
        }
        run(network, node, "Concat", MovingNodes::concatenate, inputs, 0);
    }

    static void average(Translation network, SourceNode node) {
        single(network, node, "AveragePool", PoolNodes::average);
    }

    static void globalAverage(Translation network, SourceNode node) {
        single(network, node, "GlobalAveragePool", PoolNodes::globalAverage);
    }

    static void reduceMean(Translation network, SourceNode node) {
        single(network, node, "ReduceMean", PoolNodes::reduceMean);
    }

    static void sigmoid(Translation network, SourceNode node) {
        single(network, node, "Sigmoid", ActivationNodes.function(FloatActivation.Function.LOGISTIC));
    }

    static void leakyRelu(Translation network, SourceNode node) {
        single(network, node, "LeakyRelu", ActivationNodes::leakyRelu);
    }

    static void softmax(Translation network, SourceNode node) {
        int opset = (int) Math.max(0, Math.min(Integer.MAX_VALUE, node.integer("opset", node.opset())));
        single(network, node, "Softmax", (into, softmax) -> ActivationNodes.softmax(into, softmax.at(opset)));
    }

    private static void single(Translation network, SourceNode node, String operator, NodeImporter importer) {
        run(network, node, operator, importer, List.of(real(network, node, 0)), 3);
    }

    /** The real numbers behind an input whose scale and zero point follow it. */
    private static String real(Translation network, SourceNode node, int input) {
        NamedValue value = network.value(node, input);
        return network.temporary(
                value instanceof Activation activation
                        ? QuantizeNodes.dequantized(network, node, activation, input + 1, input + 2)
                        : QuantizeNodes.constant(network, node, network.constant(node, input), input + 1, input + 2));
    }

    /** Weights run their scales along the first dimension for convolutions, the output dimension for matrices. */
    private static String weights(Translation network, SourceNode node, int input) {
        if (node.operator().equals("QLinearMatMul") && !network.isConstant(node, input)) {
            return real(network, node, input);
        }
        node.require(
                network.isConstant(node, input),
                "its weights '%s' are computed per frame.",
                node.inputs().get(input));
        Constant codes = network.constant(node, input);
        float[] scales = network.constant(node, input + 1).floats();
        int rank = codes.dimensions().length;
        boolean matrix = !node.operator().equals("QLinearConv") && node.integer("transB", 0) == 0;
        int[] zeroPoints = new int[scales.length];
        if (node.hasInput(input + 2)) {
            Constant given = network.constant(node, input + 2);
            node.require(
                    given.count() == scales.length || given.count() == 1,
                    "it has %d zero points for its weights.",
                    given.count());
            for (int i = 0; i < zeroPoints.length; i++) {
                zeroPoints[i] = (int) given.integer(given.count() == 1 ? 0 : i);
            }
        }
        return network.temporary(
                new CodedConstant(codes, scales.length == 1 ? 0 : matrix ? rank - 1 : 0, scales, zeroPoints));
    }

    /** A bias has the scale of the input times that of the weights, times the factor that QGemm has. */
    private static String bias(Translation network, SourceNode node, int input) {
        Constant codes = network.constant(node, input);
        double scale = node.number(network.constant(node, 1));
        float[] scales = network.constant(node, 4).floats();
        double alpha = node.real("alpha", 1);
        if (alpha != 1) {
            float[] reals = new float[Math.max(codes.count(), scales.length)];
            for (int i = 0; i < reals.length; i++) {
                long code = codes.integer(codes.count() == 1 ? 0 : i);
                reals[i] = (float) (alpha * scale * scales[scales.length == 1 ? 0 : i] * code);
            }
            return network.temporary(Constant.ofFloats(new int[] {reals.length}, reals));
        }
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (float) (scale * scales[i]);
        }
        return network.temporary(new CodedConstant(codes.reshaped(codes.count()), 0, scales, new int[scales.length]));
    }

    /** Runs the float operator and gives its result the node's representation; without one it stays real. */
    private static void run(
            Translation network,
            SourceNode node,
            String operator,
            NodeImporter importer,
            List<String> inputs,
            int scaleInput) {
        Map<String, Attribute> attributes = new HashMap<>(node.attributes());
        String result = "\0result " + node.index();
        importer.read(
                network,
                new SourceNode(
                        node.index(),
                        "",
                        operator,
                        node.name(),
                        inputs,
                        List.of(result),
                        attributes,
                        node.opset(),
                        node.firstOutput()));
        if (!(network.find(result) instanceof Activation value)) {
            throw node.refuse("all its inputs are constants.");
        }
        if (network.producer(value.tensorId()) instanceof LinearStep layer && layer.hasIntegerSums()) {
            requireDefined(network, node, layer, inputs.size() > 2 ? network.find(inputs.get(2)) : null);
        }
        if (!node.hasInput(scaleInput)) {
            network.rename(value.tensorId(), node, 0);
            network.bind(node, 0, value);
            return;
        }
        Activation.Codes codes =
                QuantizeNodes.codes(network, node, scaleInput, scaleInput + 1, type(network, node, scaleInput + 1));
        network.bind(
                node,
                0,
                QuantizeNodes.represented(network, node, 0, value, codes).with(codes));
    }

    /** These operators add up in int32, and say nothing of sums beyond it. */
    private static void requireDefined(
            Translation network, SourceNode node, LinearStep layer, @Nullable NamedValue bias) {
        ElementType inputType =
                Objects.requireNonNull(network.any(node, 0).codes()).type();
        Activation.Codes input = QuantizeNodes.codes(network, node, 1, 2, inputType);
        byte[] weights = Objects.requireNonNull(layer.weights().codes());
        int terms = weights.length / layer.outputChannels();
        for (int o = 0; o < layer.outputChannels(); o++) {
            SumRange sums = SumRange.of(
                    weights, o, terms, 0, input.low() - input.zeroPoint(), input.high() - input.zeroPoint());
            long offset = bias instanceof CodedConstant coded
                    ? coded.codes().integer(coded.codes().count() == 1 ? 0 : o)
                    : 0;
            node.require(
                    sums.fits((double) offset),
                    "the sums of its output channel %d reach %d..%d, beyond int32, where its result is not defined; "
                            + "export it as Conv or MatMul between DequantizeLinear and QuantizeLinear.",
                    o,
                    Math.min(0, offset) + sums.low(),
                    Math.max(0, offset) + sums.high());
        }
    }

    /** The type of its zero point; where that is left out, that of the codes it reads. */
    private static ElementType type(Translation network, SourceNode node, int zeroPointInput) {
        if (node.hasInput(zeroPointInput)) {
            return network.constant(node, zeroPointInput).type();
        }
        int first = node.operator().equals("QLinearConcat") ? 2 : 0;
        return network.value(node, first) instanceof Activation activation
                ? Objects.requireNonNull(activation.codes()).type()
                : network.constant(node, first).type();
    }
}
