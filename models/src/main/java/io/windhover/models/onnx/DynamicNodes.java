// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Dynamic quantisation: codes whose scale is found anew for each frame, integer products of these, and their sums times
 * that scale. It stands for the real layer with weights whose codes are known, and is read as that; quantising the
 * network gives it scales that stay.
 */
final class DynamicNodes {
    private static final Set<String> PRODUCTS = Set.of("ConvInteger", "MatMulInteger");

    private DynamicNodes() {}

    /**
     * The value itself as the codes, at a scale of 1 from 0 on; its readers are checked to multiply them together
     * again.
     */
    static void quantize(Translation network, SourceNode node) {
        Activation value = network.activation(node, 0);
        node.require(
                node.outputs().size() == 3 && node.outputs().stream().noneMatch(String::isEmpty),
                "it has %d outputs instead of 3.",
                node.outputs().size());
        requireScaledProducts(network, node);
        network.bind(node, 0, value);
        network.bind(node, 1, Constant.ofFloats(new int[0], new float[] {1}));
        network.bind(node, 2, new Constant(ElementType.UINT8, new int[0], ByteBuffer.allocate(1)));
    }

    private static void requireScaledProducts(Translation network, SourceNode node) {
        String codes = node.outputs().get(0);
        String scale = node.outputs().get(1);
        String zeroPoint = node.outputs().get(2);
        Set<String> scales = new HashSet<>(Set.of(scale));
        for (SourceNode reader : network.consumers(scale)) {
            if (reader.operator().equals("Mul")
                    && reader.inputs().stream().anyMatch(input -> network.find(input) instanceof Constant)) {
                scales.add(reader.outputs().get(0));
            }
        }
        Set<String> sums = new HashSet<>();
        requireReaders(network, node, Set.of(codes, zeroPoint), reader -> {
            sums.addAll(reader.outputs());
            return PRODUCTS.contains(reader.operator())
                    && reader.inputs().size() > 2
                    && reader.inputs().get(0).equals(codes)
                    && reader.inputs().get(2).equals(zeroPoint)
                    && !Set.of(codes, zeroPoint).contains(reader.inputs().get(1));
        });
        Set<String> reals = new HashSet<>();
        requireReaders(network, node, sums, reader -> {
            reals.addAll(reader.outputs());
            return reader.operator().equals("Cast") && reader.integer("to", 0) == ElementType.FLOAT.code;
        });
        requireReaders(network, node, reals, reader -> isProduct(reader, reals, scales));
        requireReaders(
                network,
                node,
                scales,
                reader -> isProduct(reader, reals, scales)
                        || scales.contains(reader.outputs().get(0)));
    }

    private static boolean isProduct(SourceNode reader, Set<String> reals, Set<String> scales) {
        List<String> inputs = reader.inputs();
        return reader.operator().equals("Mul")
                && inputs.size() == 2
                && ((reals.contains(inputs.get(0)) && scales.contains(inputs.get(1)))
                        || (scales.contains(inputs.get(0)) && reals.contains(inputs.get(1))));
    }

    private static void requireReaders(
            Translation network, SourceNode node, Set<String> values, Predicate<SourceNode> expected) {
        for (String value : values) {
            node.require(
                    !network.isOutput(value)
                            && network.consumers(value).stream().allMatch(expected),
                    "its '%s' is used for something other than an integer product with constant weights that is scaled "
                            + "back; use the model from before its dynamic quantisation.",
                    value);
        }
    }

    static void convolution(Translation network, SourceNode node) {
        layer(network, node, "Conv", WeightedNodes::convolution);
    }

    static void matMul(Translation network, SourceNode node) {
        layer(network, node, "MatMul", WeightedNodes::matMul);
    }

    private static void layer(Translation network, SourceNode node, String operator, NodeImporter importer) {
        Constant codes = network.constant(node, 1);
        int[] zeroPoints = new int[1];
        if (node.hasInput(3)) {
            zeroPoints = Arrays.stream(network.constant(node, 3).integers())
                    .mapToInt(zeroPoint -> (int) zeroPoint)
                    .toArray();
        }
        float[] scales = new float[zeroPoints.length];
        Arrays.fill(scales, 1);
        int axis = operator.equals("Conv") || zeroPoints.length == 1 ? 0 : codes.dimensions().length - 1;
        String weights = network.temporary(new CodedConstant(codes, axis, scales, zeroPoints));
        importer.read(network, node.as(operator, List.of(node.inputs().get(0), weights)));
    }
}
