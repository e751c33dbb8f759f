// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the codes stand for that the caller feeds. ONNX says so only where they become real numbers, which may be behind
 * nodes that move or select them.
 */
final class InputCodes {
    private static final Set<String> KEEPING = Set.of(
            "Max",
            "Min",
            "MaxPool",
            "NhwcMaxPool",
            "GlobalMaxPool",
            "ReduceMax",
            "ReduceMin",
            "Clip",
            "Relu",
            "Slice",
            "Split",
            "Gather",
            "Concat",
            "Pad",
            "Tile",
            "Expand",
            "Resize",
            "Upsample",
            "DepthToSpace",
            "SpaceToDepth",
            "Transpose",
            "Reshape",
            "Flatten",
            "Squeeze",
            "Unsqueeze",
            "Identity",
            "Dropout");

    /** Nodes that choose by size, which the scale does not change. */
    private static final Set<String> COMPARING = Set.of("ArgMax", "ArgMin", "TopK");

    /** Nodes whose operands each have a scale and a zero point behind them. */
    private static final Pattern READING = Pattern.compile("DequantizeLinear|QGemm|QLinear.*");

    private final Translation network;
    private final ElementType type;
    private final Set<Activation.Codes> found = new HashSet<>();
    private final Deque<String> open = new ArrayDeque<>();
    private boolean isOnlyMoved = true;

    private InputCodes(Translation network, ElementType type) {
        this.network = network;
        this.type = type;
    }

    /** Whole numbers, as a Cast makes them real. */
    static Activation.Codes numbers(ElementType type) {
        return new Activation.Codes(type, 1, 0, type.minimum(), type.maximum());
    }

    /** Of an input that moving nodes read; null where the file does not say. */
    static Activation.@Nullable Codes behindMoves(Translation network, String input, ElementType type) {
        boolean moves = network.consumers(input).stream()
                .anyMatch(node -> isKeeping(node) || COMPARING.contains(node.operator()));
        return moves ? new InputCodes(network, type).of(input) : null;
    }

    private static boolean isKeeping(SourceNode node) {
        return KEEPING.contains(node.operator())
                && (node.domain().isEmpty() || node.domain().equals(OnnxImporter.MICROSOFT));
    }

    private Activation.@Nullable Codes of(String input) {
        Set<String> seen = new HashSet<>();
        open.add(input);
        while (!open.isEmpty()) {
            String name = open.poll();
            if (seen.add(name)) {
                network.consumers(name).forEach(node -> look(node, name));
            }
        }
        if (found.isEmpty() && isOnlyMoved) {
            return numbers(type);
        }
        require(found.size() <= 1, "Input '%s' is read with two different scales or zero points.", input);
        return found.isEmpty() ? null : found.iterator().next();
    }

    private void look(SourceNode node, String name) {
        if (isKeeping(node)) {
            open.addAll(node.outputs());
        } else if (node.operator().equals("TopK")) {
            open.add(node.outputs().get(0));
        } else if (READING.matcher(node.operator()).matches()) {
            read(node, node.inputs().indexOf(name));
        } else if (node.operator().equals("Cast")) {
            found.add(numbers(type));
        } else {
            isOnlyMoved &= COMPARING.contains(node.operator());
        }
    }

    /** Scale and zero point follow the codes. */
    private void read(SourceNode node, int position) {
        List<String> inputs = new ArrayList<>(node.inputs());
        for (int i = position + 1; i < Math.min(position + 3, inputs.size()); i++) {
            SourceNode maker = network.maker(inputs.get(i));
            if (maker != null && maker.operator().equals("Constant") && network.find(inputs.get(i)) == null) {
                inputs.set(i, network.temporary(ConstantFolder.value(network, maker)));
            }
        }
        SourceNode reader = node.as(node.operator(), inputs);
        boolean isKnown = reader.hasInput(position + 1)
                && network.find(inputs.get(position + 1)) instanceof Constant scale
                && scale.count() == 1
                && (!reader.hasInput(position + 2) || network.find(inputs.get(position + 2)) instanceof Constant);
        isOnlyMoved = false;
        if (isKnown) {
            found.add(QuantizeNodes.codes(network, reader, position + 1, position + 2, type));
        }
    }
}
