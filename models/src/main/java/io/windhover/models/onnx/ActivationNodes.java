// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Elementwise;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatActivation.Function;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.FloatLocalResponseNormalization;
import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.Shape;
import java.util.Arrays;
import java.util.Map;

/** Functions of one value, and normalisation over channels. */
final class ActivationNodes {
    private static final Map<Double, Function> POWERS =
            Map.of(-1.0, Function.RECIPROCAL, -0.5, Function.RECIPROCAL_SQUARE_ROOT, 0.5, Function.SQUARE_ROOT);

    private ActivationNodes() {}

    static void relu(Translation network, SourceNode node) {
        clamp(network, node, 0, Float.POSITIVE_INFINITY);
    }

    static void leakyRelu(Translation network, SourceNode node) {
        emit(network, node, Function.LEAKY_RELU, node.real("alpha", 0.01f), 0);
    }

    static void elu(Translation network, SourceNode node) {
        emit(network, node, Function.ELU, node.real("alpha", 1), 0);
    }

    static void selu(Translation network, SourceNode node) {
        emit(network, node, Function.SELU, node.real("alpha", 1.6732632f), node.real("gamma", 1.050701f));
    }

    static void celu(Translation network, SourceNode node) {
        float alpha = node.real("alpha", 1);
        node.require(alpha != 0, "it divides by its alpha, which is 0.");
        emit(network, node, Function.CELU, alpha, 0);
    }

    static void thresholdedRelu(Translation network, SourceNode node) {
        emit(network, node, Function.THRESHOLDED_RELU, node.real("alpha", 1), 0);
    }

    static void gelu(Translation network, SourceNode node) {
        boolean exact = node.choice("approximate", "none", "tanh").equals("none");
        emit(network, node, exact ? Function.GELU : Function.GELU_TANH, 0, 0);
    }

    static void hardSigmoid(Translation network, SourceNode node) {
        emit(network, node, Function.HARD_SIGMOID, node.real("alpha", 0.2f), node.real("beta", 0.5f));
    }

    static void swish(Translation network, SourceNode node) {
        node.require(node.real("alpha", 1) == 1, "its alpha is not 1.");
        emit(network, node, Function.SWISH, 0, 0);
    }

    /** A function without parameters. */
    static NodeImporter function(Function function) {
        return (network, node) -> emit(network, node, function, 0, 0);
    }

    /** A power that is one for all elements. */
    static void power(Translation network, SourceNode node) {
        double exponent = exponent(
                node, network.constant(node, 1), network.activation(node, 0).dimensions());
        if (exponent == 1) {
            network.bind(node, 0, network.activation(node, 0));
        } else if (exponent == 2) {
            Activation value = network.activation(node, 0);
            network.emit(
                    node,
                    network.draft(value).shape,
                    value.layout(),
                    (name, inputs, outputs) ->
                            new FloatElementwise(name, inputs, outputs, Elementwise.Function.MULTIPLY, false),
                    value.tensorId(),
                    value.tensorId());
        } else {
            Function function = POWERS.getOrDefault(exponent, Function.POWER);
            emit(network, node, function, function == Function.POWER ? (float) exponent : 0, 0);
        }
    }

    private static double exponent(SourceNode node, Constant exponents, int[] dimensions) {
        double exponent = node.number(exponents);
        node.require(
                Arrays.stream(exponents.reals()).allMatch(other -> other == exponent),
                "its exponents differ; only one for all elements is supported.");
        node.require(
                Arrays.equals(Dimensions.broadcast(dimensions, exponents.dimensions()), dimensions),
                "its exponents have shape %s for %s, which repeats elements; that is not supported.",
                Arrays.toString(exponents.dimensions()),
                Arrays.toString(dimensions));
        return exponent;
    }

    /** Limits are attributes below operator set 11, then optional inputs. */
    static void clip(Translation network, SourceNode node) {
        float low = limit(network, node, "min", 1, Float.NEGATIVE_INFINITY);
        float high = limit(network, node, "max", 2, Float.POSITIVE_INFINITY);
        node.require(low <= high, "it clips to %s..%s.", low, high);
        clamp(network, node, low, high);
    }

    private static void clamp(Translation network, SourceNode node, float low, float high) {
        Activation value = network.any(node, 0);
        if (value.codes() == null) {
            emit(network, node, Function.CLAMP, low, high);
        } else {
            network.bind(node, 0, QuantizeNodes.narrowed(network, node, value, low, high));
        }
    }

    static float limit(Translation network, SourceNode node, String attribute, int input, float otherwise) {
        if (!node.hasInput(input)) {
            return node.real(attribute, otherwise);
        }
        Constant limit = network.constant(node, input);
        node.require(limit.count() == 1, "its limit has %d elements.", limit.count());
        return (float) limit.real(0);
    }

    private static void emit(Translation network, SourceNode node, Function function, float alpha, float beta) {
        node.require(!Float.isNaN(alpha) && !Float.isNaN(beta), "its parameters are no numbers.");
        Activation value = network.activation(node, 0);
        network.emit(
                node,
                network.draft(value).shape,
                value.layout(),
                (name, inputs, outputs) -> new FloatActivation(name, inputs, outputs, function, alpha, beta),
                value.tensorId());
    }

    static void softmax(Translation network, SourceNode node) {
        normalized(network, node, (name, inputs, outputs) -> new FloatSoftmax(name, inputs, outputs, 1));
    }

    static void logSoftmax(Translation network, SourceNode node) {
        normalized(network, node, FloatLogSoftmax::new);
    }

    /** Over one dimension; below operator set 13 over all from the given one on. */
    private static void normalized(Translation network, SourceNode node, DirectStep.Factory factory) {
        Activation value = network.activation(node, 0);
        int rank = value.layout().rank();
        int axis = Dimensions.axis(node.integer("axis", node.opset() < 13 ? 1 : -1), rank);
        if (node.opset() < 13) {
            int together = Dimensions.count(Arrays.copyOfRange(value.dimensions(), axis, rank));
            if (together == value.layout().elements()) {
                over(network, node, value, together, factory);
                return;
            }
            node.require(together == value.dimensions()[axis], "it normalises over several dimensions at once.");
        }
        over(network, node, AffineNodes.last(network, value, axis), value.dimensions()[axis], factory);
    }

    private static void over(
            Translation network, SourceNode node, Activation value, int count, DirectStep.Factory factory) {
        Shape own = network.draft(value).shape;
        int others = value.layout().elements() / count;
        Shape shape = own.channels() == count ? own : others == 1 ? Shape.vector(count) : Shape.map(1, others, count);
        network.emit(node, shape, value.layout(), factory, network.viewed(value.tensorId(), shape));
    }

    static void localResponse(Translation network, SourceNode node) {
        long size = node.integer("size", 0);
        node.require(
                size >= 1 && size <= 1 << 16 && size % 2 == 1, "its size is %d; only odd sizes are supported.", size);
        MapView map = MapView.of(network, node, network.activation(node, 0));
        float alpha = node.real("alpha", 1e-4f) / size;
        network.emit(
                node,
                network.draft(map.tensorId()).shape,
                map.layout(map.height(), map.width(), map.channels()),
                (name, inputs, outputs) -> new FloatLocalResponseNormalization(
                        name, inputs, outputs, (int) size / 2, node.real("bias", 1), alpha, node.real("beta", 0.75f)),
                map.tensorId());
    }
}
