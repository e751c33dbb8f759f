// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Nodes that are formulas of other operators, on the host where nothing quantises their parts. */
final class FormulaNodes {
    private FormulaNodes() {}

    /** The sum of magnitudes. */
    static void l1(Translation network, SourceNode node) {
        Composition formula = reduction(network, node);
        formula.result("ReduceSum", summed(formula, node, formula.part("Abs", formula.input(0))));
    }

    /** The root of the sum of squares. */
    static void l2(Translation network, SourceNode node) {
        Composition formula = reduction(network, node);
        String squares = formula.part("Mul", formula.input(0), formula.input(0));
        formula.result("Sqrt", formula.part("ReduceSum", summed(formula, node, squares)));
    }

    static void sumSquare(Translation network, SourceNode node) {
        Composition formula = reduction(network, node);
        String squares = formula.part("Mul", formula.input(0), formula.input(0));
        formula.result("ReduceSum", summed(formula, node, squares));
    }

    private static Composition reduction(Translation network, SourceNode node) {
        long[] axes = node.hasInput(1) ? network.constant(node, 1).integers() : node.integers("axes");
        node.require(
                node.integer("noop_with_empty_axes", 0) == 0 || (axes != null && axes.length > 0),
                "it reduces no dimension.");
        return new Composition(network, node);
    }

    /** What a ReduceSum of this value reads, with the node's axes where these are an input. */
    private static String[] summed(Composition formula, SourceNode node, String value) {
        return node.hasInput(1) ? new String[] {value, formula.input(1)} : new String[] {value};
    }

    static void mean(Translation network, SourceNode node) {
        int count = node.inputs().size();
        if (count == 1) {
            network.bind(node, 0, network.activation(node, 0));
            return;
        }
        Composition formula = new Composition(network, node);
        String sum = formula.part("Sum", node.inputs().toArray(String[]::new));
        formula.result("Div", sum, formula.number(count));
    }

    /** Every channel by itself. */
    static void instanceNormalization(Translation network, SourceNode node) {
        int[] dimensions = network.activation(node, 0).dimensions();
        node.require(dimensions.length >= 3, "its input has %d dimensions.", dimensions.length);
        int[] perChannel = new int[dimensions.length - 1];
        Arrays.fill(perChannel, 1);
        perChannel[0] = dimensions[1];
        Composition formula = new Composition(network, node);
        String[] parameters = new String[2];
        for (int i = 0; i < 2; i++) {
            float[] given = network.constant(node, i + 1).floats();
            node.require(
                    given.length == dimensions[1],
                    "its input %d has %d elements for %d channels.",
                    i + 1,
                    given.length,
                    dimensions[1]);
            parameters[i] = formula.constant(perChannel, given);
        }
        String normal = normalised(formula, node, IntStream.range(2, dimensions.length));
        formula.result("Add", formula.part("Mul", normal, parameters[0]), parameters[1]);
    }

    /** The last dimensions together. */
    static void layerNormalization(Translation network, SourceNode node) {
        int[] dimensions = network.activation(node, 0).dimensions();
        int axis = Dimensions.axis(node.integer("axis", -1), dimensions.length);
        node.require(!node.hasOutput(1) && !node.hasOutput(2), "its mean or deviation is an output.");
        for (int i = 1; i < node.inputs().size() && node.hasInput(i); i++) {
            int[] given = network.value(node, i).dimensions();
            node.require(
                    Arrays.equals(Dimensions.broadcast(dimensions, given), dimensions),
                    "its input %d has shape %s for %s.",
                    i,
                    Arrays.toString(given),
                    Arrays.toString(dimensions));
        }
        Composition formula = new Composition(network, node);
        String normal = normalised(formula, node, IntStream.range(axis, dimensions.length));
        if (node.hasInput(2)) {
            formula.result("Add", formula.part("Mul", normal, formula.input(1)), formula.input(2));
        } else {
            formula.result("Mul", normal, formula.input(1));
        }
    }

    /** The first input less its mean over some dimensions, over the root of its variance there. */
    private static String normalised(Composition formula, SourceNode node, IntStream dimensions) {
        Map<String, Attribute> mean = new HashMap<>();
        mean.put("axes", Attribute.integers("axes", dimensions.asLongStream().toArray()));
        String distance = formula.part("Sub", formula.input(0), formula.part("ReduceMean", mean, formula.input(0)));
        String variance = formula.part("ReduceMean", mean, formula.part("Mul", distance, distance));
        String shifted = formula.part("Add", variance, formula.number(node.real("epsilon", 1e-5f)));
        return formula.part("Div", distance, formula.part("Sqrt", shifted));
    }

    /** Every dimension so many times, one after the other. */
    static void tile(Translation network, SourceNode node) {
        Activation value = network.any(node, 0);
        int[] from = value.dimensions();
        long[] repeats = network.constant(node, 1).integers();
        node.require(
                repeats.length == from.length,
                "its repeats are %s for %d dimensions.",
                Arrays.toString(repeats),
                from.length);
        node.require(
                Arrays.stream(repeats).allMatch(count -> count >= 1 && count <= Short.MAX_VALUE),
                "its repeats are %s; each must be 1 to %d.",
                Arrays.toString(repeats),
                Short.MAX_VALUE);
        repeated(
                network,
                node,
                value,
                Arrays.stream(repeats).mapToInt(count -> (int) count).toArray());
    }

    /** Dimensions of size 1 as often as a shape says. */
    static void expand(Translation network, SourceNode node) {
        Activation value = network.any(node, 0);
        long[] asked = network.constant(node, 1).integers();
        node.require(
                asked.length <= Constant.MAXIMUM_RANK
                        && Arrays.stream(asked).allMatch(size -> size >= 1 && size <= Integer.MAX_VALUE),
                "it asks for the shape %s.",
                Arrays.toString(asked));
        int[] wanted = Dimensions.broadcast(
                value.dimensions(),
                Arrays.stream(asked).mapToInt(size -> (int) size).toArray());
        Activation padded = value.with(value.layout().padded(wanted.length));
        int[] repeats = new int[wanted.length];
        Arrays.setAll(repeats, d -> wanted[d] / padded.dimensions()[d]);
        repeated(network, node, padded, repeats);
    }

    private static void repeated(Translation network, SourceNode node, Activation value, int[] repeats) {
        Activation result = value;
        for (int d = 0; d < repeats.length; d++) {
            int size = value.dimensions()[d];
            node.require((long) size * repeats[d] <= 1 << 20, "it makes %d of dimension %d.", repeats[d], d);
            int[] indexes = new int[size * repeats[d]];
            Arrays.setAll(indexes, i -> i % size);
            result = Selection.of(network, node, result, d, indexes);
        }
        MovingNodes.finish(network, node, value, result);
    }
}
