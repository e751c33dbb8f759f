// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Compare;
import io.windhover.models.graph.Logical;
import io.windhover.models.graph.Select;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Nodes that make truth values, combine them and choose by them, with any broadcasting: the host runs them. */
final class TruthNodes {
    private TruthNodes() {}

    static NodeImporter compare(Compare.Function function) {
        return (network, node) -> {
            TensorType type = type(network, node, 0);
            requireType(network, node, 1, type);
            node.require(
                    type != TensorType.BOOL || function == Compare.Function.EQUAL, "it puts truth values in order.");
            emit(
                    network,
                    node,
                    2,
                    TensorType.BOOL,
                    (name, inputs, outputs) -> new Compare(name, inputs, outputs, function, null));
        };
    }

    static NodeImporter logical(Logical.Function function) {
        int count = function == Logical.Function.NOT ? 1 : 2;
        return (network, node) -> {
            for (int i = 0; i < count; i++) {
                requireType(network, node, i, TensorType.BOOL);
            }
            emit(
                    network,
                    node,
                    count,
                    TensorType.BOOL,
                    (name, inputs, outputs) -> new Logical(name, inputs, outputs, function));
        };
    }

    static void choose(Translation network, SourceNode node) {
        requireType(network, node, 0, TensorType.BOOL);
        TensorType type = type(network, node, 1);
        requireType(network, node, 2, type);
        emit(network, node, 3, type, Select::new);
    }

    private static void requireType(Translation network, SourceNode node, int input, TensorType wanted) {
        TensorType type = type(network, node, input);
        node.require(
                type == wanted,
                "its input '%s' holds %s instead of %s.",
                node.inputs().get(input),
                ElementType.of(type),
                ElementType.of(wanted));
    }

    private static TensorType type(Translation network, SourceNode node, int input) {
        if (network.value(node, input) instanceof Constant constant) {
            return node.requirePresent(
                    constant.type().tensorType(),
                    "its input '%s' holds %s; real numbers, int32, int64 and truth values are supported.",
                    node.inputs().get(input),
                    constant.type());
        }
        return network.isConstant(node, input)
                ? TensorType.FLOAT32
                : network.draft(network.activation(node, input)).type;
    }

    private static void emit(
            Translation network, SourceNode node, int count, TensorType type, DirectStep.Factory factory) {
        int[] dimensions = new int[0];
        List<Activation> computed = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            dimensions = Dimensions.broadcast(dimensions, network.value(node, i).dimensions());
            if (!network.isConstant(node, i)) {
                computed.add(network.any(node, i));
            }
        }
        node.require(!computed.isEmpty(), "all that it reads is constant.");
        Layout widest = MovingNodes.widest(computed).layout().padded(dimensions.length);
        int[] order = widest.isPlain() ? widest.order() : Layout.channelsLast(dimensions.length);
        int[] inputs = new int[count];
        for (int i = 0; i < count; i++) {
            inputs[i] = operand(network, node, i, order);
        }
        Activation result = network.emit(
                node, Translation.stored(dimensions, order), Layout.ordered(dimensions, order), factory, inputs);
        network.draft(result).type = type;
    }

    /** The input with as many dimensions as the result, stored in this order. */
    private static int operand(Translation network, SourceNode node, int input, int[] order) {
        int[] padded = Dimensions.padded(network.value(node, input).dimensions(), order.length);
        Shape shape = Translation.stored(padded, order);
        if (!network.isConstant(node, input)) {
            Activation value = network.any(node, input);
            Activation arranged = network.arranged(value.with(value.layout().padded(order.length)), order);
            return network.exactly(arranged.tensorId(), shape);
        }
        Constant constant = network.constant(node, input);
        network.charge(constant.count());
        TensorType type = type(network, node, input);
        Constant typed = type == TensorType.FLOAT32
                ? Constant.ofFloats(padded, constant.floats())
                : Constant.ofIntegers(constant.type(), padded, constant.integers());
        return network.operand("constant " + shape, shape, type, ConstantMoves.transpose(typed, order));
    }
}
