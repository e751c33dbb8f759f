// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.testing;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Add;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Maximum;
import io.windhover.models.graph.Minimum;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PRelu;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Subtract;
import io.windhover.models.graph.TensorType;

/** Two maps in, one out, with every kind of broadcast and with constant operands; and the rectifier with slopes. */
final class RandomElementwiseLayers {
    private RandomElementwiseLayers() {}

    static Graph broadcastAdd(String name, Draw draw) {
        Pair pair = new Pair(name, draw, broadcasting(draw), false);
        Rescaling.Addition factors = pair.addition();
        return pair.build(new Add(
                "add",
                pair.inputs,
                pair.outputs,
                factors.leftShift(),
                pair.first.zeroPoint(),
                draw.rescale(factors.first()),
                pair.second.zeroPoint(),
                draw.rescale(factors.second()),
                pair.result.zeroPoint(),
                draw.rescale(factors.result()),
                pair.low(),
                pair.high()));
    }

    static Graph broadcastMultiply(String name, Draw draw) {
        Pair pair = new Pair(name, draw, broadcasting(draw), false);
        return pair.build(new Multiply(
                "multiply",
                pair.inputs,
                pair.outputs,
                pair.first.zeroPoint(),
                pair.second.zeroPoint(),
                draw.rescale(Rescaling.product(pair.first.scale(), pair.second.scale(), pair.result.scale())),
                pair.result.zeroPoint(),
                pair.low(),
                pair.high()));
    }

    static Graph subtract(String name, Draw draw) {
        Pair pair = new Pair(name, draw, any(draw), false);
        Rescaling.Addition factors = pair.addition();
        return pair.build(new Subtract(
                "subtract",
                pair.inputs,
                pair.outputs,
                draw.oneIn(2),
                factors.leftShift(),
                pair.first.zeroPoint(),
                draw.rescale(factors.first()),
                pair.second.zeroPoint(),
                draw.rescale(factors.second()),
                pair.result.zeroPoint(),
                draw.rescale(factors.result()),
                pair.low(),
                pair.high()));
    }

    static Graph maximum(String name, Draw draw) {
        Pair pair = new Pair(name, draw, any(draw), true);
        return pair.build(new Maximum("maximum", pair.inputs, pair.outputs));
    }

    static Graph minimum(String name, Draw draw) {
        Pair pair = new Pair(name, draw, any(draw), true);
        return pair.build(new Minimum("minimum", pair.inputs, pair.outputs));
    }

    static Graph pRelu(String name, Draw draw) {
        TensorType type = draw.byteType();
        Shape shape = draw.map();
        Quantization from = draw.quantization(type);
        Quantization slope = draw.quantization(type);
        Quantization to = draw.quantization(type);
        GraphBuilder graph = new GraphBuilder(name);
        int input = graph.input("input", type, shape, from);
        int output = graph.tensor("output", type, shape, to);
        graph.operator(new PRelu(
                "prelu",
                new int[] {input},
                new int[] {output},
                draw.weights(shape.channels()),
                slope.zeroPoint(),
                from.zeroPoint(),
                draw.rescale(Rescaling.ratio(from.scale(), to.scale())),
                draw.rescale(Rescaling.product(from.scale(), slope.scale(), to.scale())),
                to.zeroPoint()));
        return graph.build(output);
    }

    /** Shape of both maps, and of the second operand. */
    private record Shapes(Shape map, Shape second) {}

    private static Shapes any(Draw draw) {
        if (draw.oneIn(3)) {
            return broadcasting(draw);
        }
        Shape map = draw.map();
        return new Shapes(map, map);
    }

    private static Shapes broadcasting(Draw draw) {
        Shape map = draw.map();
        return new Shapes(
                map,
                switch (draw.between(0, 4)) {
                    case 0 -> Shape.map(1, 1, map.channels());
                    case 1 -> Shape.of(map.channels());
                    case 2 -> Shape.map(map.height(), map.width(), 1);
                    case 3 -> Shape.map(1, 1, 1);
                    default -> map;
                });
    }

    /** Two operands, the second one a constant now and then. */
    private static final class Pair {
        final Quantization first;
        final Quantization second;
        final Quantization result;
        final int[] inputs;
        final int[] outputs;
        private final GraphBuilder graph;
        private final TensorType type;
        private final int clamped;

        Pair(String name, Draw draw, Shapes shapes, boolean sameQuantization) {
            graph = new GraphBuilder(name);
            type = draw.byteType();
            first = draw.quantization(type);
            second = sameQuantization ? first : draw.quantization(type);
            result = sameQuantization ? first : draw.quantization(type);
            int left = graph.input("first", type, shapes.map(), first);
            int right = draw.oneIn(4)
                    ? graph.constant(
                            "second",
                            type,
                            shapes.second(),
                            second,
                            draw.weights(shapes.second().elements()))
                    : graph.input("second", type, shapes.second(), second);
            inputs = new int[] {left, right};
            outputs = new int[] {graph.tensor("output", type, shapes.map(), result)};
            clamped = draw.between(0, 2);
        }

        Rescaling.Addition addition() {
            return Rescaling.addition(first.scale(), second.scale(), result.scale());
        }

        int low() {
            return clamped == 0 ? type.minimum() : result.zeroPoint();
        }

        int high() {
            return clamped == 2 ? Math.min(type.maximum(), result.zeroPoint() + 60) : type.maximum();
        }

        Graph build(Operator operator) {
            return graph.operator(operator).build(outputs);
        }
    }
}
