// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Operators over maps with their channels last, which QONNX and ONNX Runtime write: each is the operator of channels
 * first between two transposes. Their constants are as in the standard, but for the weights of QONNX's Conv, whose
 * channels are last as well.
 */
final class ChannelsLast {
    private static final String QONNX = "qonnx.custom_op.channels_last";
    private static final Set<String> OF_QONNX = Set.of("Conv", "MaxPool", "BatchNormalization");
    private static final Set<String> OF_RUNTIME =
            Set.of("QLinearConv", "QLinearAveragePool", "QLinearGlobalAveragePool");
    private static final String MAX_POOL = "NhwcMaxPool";

    /** Attributes that say so. */
    private static final Set<String> FLAGS = Set.of("channels_last", "data_layout");

    private ChannelsLast() {}

    static boolean isIn(SourceNode node) {
        String operator = node.operator();
        return switch (node.domain()) {
            case QONNX -> OF_QONNX.contains(operator);
            case OnnxImporter.MICROSOFT ->
                operator.equals(MAX_POOL) || (OF_RUNTIME.contains(operator) && node.integer("channels_last", 0) != 0);
            default ->
                QonnxNodes.isDomain(node.domain())
                        && operator.equals("MultiThreshold")
                        && Set.of("NHWC", "NWC").contains(node.text("data_layout", ""));
        };
    }

    static void read(Translation network, SourceNode node) {
        int rank = network.any(node, 0).layout().rank();
        node.require(rank >= 3, "its input has %d dimensions.", rank);
        Map<String, Attribute> attributes = new HashMap<>(node.attributes());
        attributes.keySet().removeAll(FLAGS);
        Composition formula = new Composition(network, node);
        String[] operands = new String[node.inputs().size()];
        Arrays.setAll(operands, formula::input);
        operands[0] = formula.part("Transpose", permutation(rank, true), operands[0]);
        if (node.domain().equals(QONNX) && node.operator().equals("Conv")) {
            node.require(network.isConstant(node, 1), "its weights '%s' are computed per frame.", operands[1]);
            operands[1] = network.temporary(ConstantFolder.value(
                    network,
                    new SourceNode(
                            node.index(),
                            "",
                            "Transpose",
                            node.name(),
                            List.of(operands[1]),
                            List.of(""),
                            permutation(network.value(node, 1).dimensions().length, true),
                            node.opset(),
                            node.firstOutput())));
        }
        String operator = node.operator().equals(MAX_POOL) ? "MaxPool" : node.operator();
        formula.result("Transpose", permutation(rank, false), formula.part(operator, attributes, operands));
    }

    private static Map<String, Attribute> permutation(int rank, boolean toFirst) {
        long[] order = new long[rank];
        Arrays.setAll(order, d -> d == 0 ? 0 : toFirst ? (d == 1 ? rank - 1 : d - 1) : d == rank - 1 ? 1 : d + 1);
        return Map.of("perm", Attribute.integers("perm", order));
    }
}
