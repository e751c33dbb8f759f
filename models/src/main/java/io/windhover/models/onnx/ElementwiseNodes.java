// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Elementwise.Function;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sums, products and extremes of two or more values, with broadcasting. */
final class ElementwiseNodes {
    private static final Map<String, Function> FUNCTIONS = Map.of(
            "Add",
            Function.ADD,
            "Sub",
            Function.SUBTRACT,
            "Mul",
            Function.MULTIPLY,
            "Div",
            Function.DIVIDE,
            "Max",
            Function.MAXIMUM,
            "Min",
            Function.MINIMUM,
            "Sum",
            Function.ADD);

    private ElementwiseNodes() {}

    private static Function function(SourceNode node) {
        return Objects.requireNonNull(FUNCTIONS.get(node.operator()));
    }

    static void read(Translation network, SourceNode node) {
        int count = node.inputs().size();
        node.require(count >= 1, "it has no inputs.");
        if (count == 1) {
            network.bind(node, 0, network.activation(node, 0));
            return;
        }
        if (count == 2 && pairWithConstant(network, node)) {
            return;
        }
        NamedValue result = network.value(node, 0);
        for (int i = 1; i < count; i++) {
            result = combined(network, node, result, network.value(node, i), i == count - 1);
        }
        network.bind(node, 0, result);
    }

    private static boolean pairWithConstant(Translation network, SourceNode node) {
        boolean first = network.isConstant(node, 0);
        if (first == network.isConstant(node, 1)
                || function(node) == Function.MAXIMUM
                || function(node) == Function.MINIMUM
                || node.operator().equals("Sum")) {
            return false;
        }
        Activation value = network.activation(node, first ? 1 : 0);
        return AffineNodes.withConstant(network, node, value, network.constant(node, first ? 0 : 1), first);
    }

    private static Activation combined(
            Translation network, SourceNode node, NamedValue first, NamedValue second, boolean last) {
        int[] dimensions = Dimensions.broadcast(first.dimensions(), second.dimensions());
        boolean reversed = !(first instanceof Activation)
                || (second instanceof Activation && !isWhole(first, dimensions) && isWhole(second, dimensions));
        NamedValue whole = reversed ? second : first;
        NamedValue part = reversed ? first : second;
        Activation activation = (Activation) whole;
        node.require(
                activation.codes() == null && (!(part instanceof Activation other) || other.codes() == null),
                "its inputs hold 8-bit codes; a DequantizeLinear must stand before it.");
        Activation large = network.plain(repeated(network, node, activation, dimensions));
        Pair pair = pair(network, node, large, part, dimensions);
        int output = last
                ? network.output(node, 0, network.draft(pair.first()).shape)
                : network.auxiliary(node.outputs().get(0) + " partly", network.draft(pair.first()).shape);
        Function function = function(node);
        DirectStep swish = swish(network, pair, output, function);
        network.add(
                swish != null
                        ? swish
                        : new DirectStep(
                                new int[] {pair.first(), pair.second()},
                                output,
                                (name, inputs, outputs) ->
                                        new FloatElementwise(name, inputs, outputs, function, reversed)));
        return new Activation(output, large.layout());
    }

    private static boolean isWhole(NamedValue value, int[] dimensions) {
        return Arrays.equals(Dimensions.padded(value.dimensions(), dimensions.length), dimensions);
    }

    /** The value once for each element that it is broadcast over. */
    private static Activation repeated(Translation network, SourceNode node, Activation value, int[] dimensions) {
        Activation result = value.with(value.layout().padded(dimensions.length));
        for (int d = 0; d < dimensions.length; d++) {
            if (result.dimensions()[d] < dimensions[d]) {
                result = Selection.of(network, node, result, d, new int[dimensions[d]]);
            }
        }
        return result;
    }

    private static NamedValue whole(Translation network, SourceNode node, NamedValue part, int[] dimensions) {
        if (part instanceof Activation activation) {
            return repeated(network, node, activation, dimensions);
        }
        network.charge(Dimensions.count(dimensions));
        return ConstantMoves.expand(part instanceof CodedConstant coded ? coded.reals() : (Constant) part, dimensions);
    }

    private record Pair(int first, int second) {}

    /**
     * Both tensors in shapes that broadcast as our operators do: second is all, one per channel, one per pixel or one
     * number.
     */
    private static Pair pair(
            Translation network, SourceNode node, Activation large, NamedValue part, int[] dimensions) {
        int[] order = large.layout().order();
        int[] small = Dimensions.padded(part.dimensions(), dimensions.length);
        boolean innermost = false;
        boolean previous = false;
        boolean any = false;
        int changes = 0;
        int inner = 1;
        for (int i = order.length - 1; i >= 0; i--) {
            if (dimensions[order[i]] > 1) {
                boolean here = small[order[i]] > 1;
                innermost = any ? innermost : here;
                changes += any && here != previous ? 1 : 0;
                inner *= changes == 0 ? dimensions[order[i]] : 1;
                previous = here;
                any = true;
            }
        }
        if (changes > 1) {
            return pair(network, node, large, whole(network, node, part, dimensions), dimensions);
        }
        int first = large.tensorId();
        int total = large.layout().elements();
        if (changes == 0) {
            Shape shape = innermost ? network.draft(first).shape : Shape.vector(1);
            return new Pair(first, tensor(network, part, order, shape));
        }
        Shape own = network.draft(first).shape;
        Shape split = own.channels() == inner ? own : Shape.map(1, total / inner, inner);
        Shape smaller = innermost ? Shape.map(1, 1, inner) : Shape.map(split.height(), split.width(), 1);
        return new Pair(network.viewed(first, split), tensor(network, part, order, smaller));
    }

    private static int tensor(Translation network, NamedValue part, int[] order, Shape shape) {
        if (part instanceof Activation activation) {
            Activation padded = activation.with(activation.layout().padded(order.length));
            return network.viewed(network.arranged(padded, order).tensorId(), shape);
        }
        Constant constant = part instanceof CodedConstant coded ? coded.reals() : (Constant) part;
        network.charge(constant.count());
        int[] padded = Dimensions.padded(part.dimensions(), order.length);
        float[] stored =
                ConstantMoves.transpose(constant.reshaped(padded), order).floats();
        int tensorId = network.operand("constant " + shape, shape, stored);
        if (part instanceof CodedConstant coded) {
            network.draft(tensorId).codes = QuantizeNodes.codes(coded);
        }
        return tensorId;
    }

    /** x * sigmoid(x) and x * hard sigmoid(x) are functions of their own. */
    private static @Nullable DirectStep swish(Translation network, Pair pair, int output, Function function) {
        if (function != Function.MULTIPLY) {
            return null;
        }
        for (int[] candidate : new int[][] {{pair.first(), pair.second()}, {pair.second(), pair.first()}}) {
            TensorDraft gate = network.draft(candidate[1]);
            if (gate.isReadOnce()
                    && network.producer(candidate[1]) instanceof DirectStep direct
                    && direct.inputs()[0] == candidate[0]
                    && direct.operator() instanceof FloatActivation activation) {
                FloatActivation.Function found = gated(activation);
                if (found != null) {
                    network.remove(direct);
                    return new DirectStep(
                            new int[] {candidate[0]},
                            output,
                            (name, inputs, outputs) -> new FloatActivation(name, inputs, outputs, found, 0, 0));
                }
            }
        }
        return null;
    }

    private static FloatActivation.@Nullable Function gated(FloatActivation activation) {
        boolean hard = activation.function() == FloatActivation.Function.HARD_SIGMOID
                && Math.abs(activation.alpha() - 1 / 6.0) < 1e-6
                && activation.beta() == 0.5f;
        return activation.function() == FloatActivation.Function.LOGISTIC
                ? FloatActivation.Function.SWISH
                : hard ? FloatActivation.Function.HARD_SWISH : null;
    }
}
