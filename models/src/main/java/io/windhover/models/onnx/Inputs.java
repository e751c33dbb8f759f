// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.InputShapes;
import io.windhover.models.graph.TensorType;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Inputs of the network, as its caller sees them. */
final class Inputs {
    /** Operators whose operand and result are maps, the channels being dimension 1. */
    static final Set<String> SLIDING = Set.of(
            "Conv",
            "ConvTranspose",
            "MaxPool",
            "AveragePool",
            "GlobalAveragePool",
            "GlobalMaxPool",
            "BatchNormalization",
            "QLinearConv",
            "QLinearAveragePool",
            "QLinearGlobalAveragePool",
            "Resize",
            "Upsample",
            "DepthToSpace",
            "SpaceToDepth",
            "LRN");

    private static final Set<String> MOVING = Set.of("Transpose", "Reshape", "Flatten");
    private static final long[] TO_CHANNELS_FIRST = {0, 3, 1, 2};

    private Inputs() {}

    static void feed(Translation network, InputShapes shapes) {
        List<SourceValue> inputs = network.model.inputs();
        shapes.requireNames(inputs.stream().map(SourceValue::name).toList());
        int position = 0;
        for (SourceValue input : inputs) {
            int[] shape = ofOneFrame(network, input.name(), input.shape(shapes.of(input.name(), inputs.size() == 1)));
            TensorType type = type(input);
            int[] order = order(network, input.name(), shape.length);
            Layout layout = Layout.ordered(shape, order);
            int tensorId = network.input(input.name(), position++, Translation.stored(shape, order), type);
            network.feed(input.name(), fed(network, input.name(), new Activation(tensorId, layout), type));
        }
    }

    private static Activation fed(Translation network, String name, Activation input, TensorType type) {
        if (type == TensorType.FLOAT32) {
            return input;
        }
        ElementType element = type == TensorType.INT8 ? ElementType.INT8 : ElementType.UINT8;
        Activation.Codes codes = InputCodes.behindMoves(network, name, element);
        return codes == null
                ? input.with(new Activation.Codes(element, 0, 0, 0, 0))
                : network.codedInput(input, codes).with(codes);
    }

    /** The shape without the batch, which all inputs share. */
    private static int[] ofOneFrame(Translation network, String name, int[] shape) {
        int batch = shape.length < 2 ? 1 : shape[0];
        if (network.drafts().isEmpty()) {
            network.setBatch(batch);
        }
        require(
                batch == network.batch(),
                "Input '%s' has batch %d beside another of %d; export the model with batch 1.",
                name,
                batch,
                network.batch());
        int[] one = shape.clone();
        if (batch > 1) {
            one[0] = 1;
        }
        return one;
    }

    private static TensorType type(SourceValue input) {
        ElementType type = ElementType.of(input.elementType(), "Input '" + input.name() + "'");
        require(
                type == ElementType.FLOAT || type == ElementType.UINT8 || type == ElementType.INT8,
                "Input '%s' has element type %s; float, uint8 and int8 are supported.",
                input.name(),
                type);
        return type == ElementType.FLOAT
                ? TensorType.FLOAT32
                : type == ElementType.UINT8 ? TensorType.UINT8 : TensorType.INT8;
    }

    /**
     * Channels last for images, which ONNX has channels first, unless the file itself turns its input round before
     * anything of channels first has part in it.
     */
    static int[] order(Translation network, String input, int rank) {
        int[] rowMajor = new int[rank];
        Arrays.setAll(rowMajor, d -> d);
        if (rank != 3 && rank != 4) {
            return rowMajor;
        }
        Deque<String> open = new ArrayDeque<>(Set.of(input));
        Set<String> seen = new HashSet<>(open);
        Set<SourceNode> walked = Collections.newSetFromMap(new IdentityHashMap<>());
        while (!open.isEmpty()) {
            for (SourceNode node : network.consumers(open.poll())) {
                boolean turns = ChannelsLast.isIn(node)
                        || (node.operator().equals("Transpose")
                                && Arrays.equals(node.integers("perm"), TO_CHANNELS_FIRST));
                if (turns) {
                    return rowMajor;
                }
                if (SLIDING.contains(node.operator()) || joinsMap(network, node, walked)) {
                    return Layout.channelsLast(rank);
                }
                if (!MOVING.contains(node.operator())) {
                    node.outputs().stream().filter(seen::add).forEach(open::add);
                }
            }
        }
        return rank == 4 ? Layout.channelsLast(rank) : rowMajor;
    }

    /**
     * Whether a node also reads what an operator over maps makes, functions of single elements between them.
     *
     * @param walked nodes before which there is no such operator
     */
    private static boolean joinsMap(Translation network, SourceNode node, Set<SourceNode> walked) {
        Deque<SourceNode> open = new ArrayDeque<>(List.of(node));
        while (!open.isEmpty()) {
            for (String input : open.poll().inputs()) {
                SourceNode maker = network.maker(input);
                if (maker != null && SLIDING.contains(maker.operator())) {
                    return true;
                }
                if (maker != null && !MOVING.contains(maker.operator()) && walked.add(maker)) {
                    open.add(maker);
                }
            }
        }
        return false;
    }
}
