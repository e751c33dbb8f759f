// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.BinaryConvolution.Outside;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthToSpace;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.MirrorPad;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.SpaceToDepth;
import io.windhover.models.graph.TensorUses;
import io.windhover.models.graph.Transpose;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which tensors of an integer graph hold nothing but +1 and -1, and which of these need only be bits. */
final class OneBitTensors {
    private final Graph graph;
    private final TensorUses uses;
    private final Set<String> signs;
    private final Predicate<Operator> takesBits;
    private final Set<Integer> oneBit = new HashSet<>();
    private final Set<Integer> bits = new HashSet<>();
    private final Set<Integer> spare = new HashSet<>();

    /** A border of one value that the layer behind it counts by itself. */
    record Border(int input, Padding padding, Outside outside) {}

    /**
     * @param signs names of the operators that make signs
     * @param takesBits true for layers of one-bit weights
     */
    OneBitTensors(Graph graph, Set<String> signs, Predicate<Operator> takesBits) {
        this.graph = graph;
        this.signs = signs;
        this.takesBits = takesBits;
        uses = new TensorUses(graph);
        for (Operator operator : graph.operators()) {
            if (makesSigns(operator) || keepsSigns(operator)) {
                oneBit.add(operator.output());
            }
        }
        for (Operator operator : graph.operators()) {
            if (border(operator) != null) {
                spare.add(operator.input());
            }
        }
        oneBit.stream().filter(this::mayBeBits).forEach(bits::add);
        while (bits.removeIf(tensor -> !staysBits(tensor))) {
            // each tensor that needs codes may take others with it
        }
    }

    /** False for a layer that clips its signs too. */
    private boolean makesSigns(Operator operator) {
        return signs.contains(operator.name())
                && OneBitGraph.post(operator) instanceof PostProcess.Requantize range
                && range.clampMin() <= -1
                && range.clampMax() >= 1;
    }

    private boolean keepsSigns(Operator operator) {
        boolean all = Arrays.stream(operator.inputs()).allMatch(oneBit::contains);
        return all
                && (operator instanceof Reshape
                        || operator instanceof Transpose
                        || operator instanceof Slice
                        || operator instanceof Concatenation
                        || operator instanceof MirrorPad
                        || operator instanceof SpaceToDepth
                        || operator instanceof DepthToSpace
                        || (operator instanceof Resize resize && resize.mode() == Resize.Mode.NEAREST)
                        || (operator instanceof MaxPool pool && pool.clampMin() <= -1 && pool.clampMax() >= 1)
                        || (operator instanceof Pad pad && Math.abs(pad.value()) == 1));
    }

    /** True when a tensor is in the graph as bits only. */
    boolean areBits(int tensor) {
        return bits.contains(tensor);
    }

    /** True when a tensor has disappeared into the layer behind it. */
    boolean isSpare(int tensor) {
        return spare.contains(tensor);
    }

    /** True for layers of one-bit weights over one-bit values. */
    boolean isXnor(Operator operator) {
        return takesBits.test(operator) && (oneBit.contains(operator.input()) || border(operator) != null);
    }

    /** The border in front of a layer of one-bit weights, where the layer counts it as it is; or null. */
    @Nullable
    Border border(Operator layer) {
        if (!takesBits.test(layer)
                || !(layer instanceof Convolution convolution)
                || !convolution.window().padding().isNone()
                || !(uses.producer(layer.input()) instanceof Pad pad)
                || uses.onlyConsumer(layer.input()) == null
                || !oneBit.contains(pad.input())
                || pad.channelsBefore() + pad.channelsAfter() > 0
                || Math.abs(pad.value()) > 1) {
            return null;
        }
        Padding padding = pad.padding();
        int height = convolution.window().kernelHeight();
        int width = convolution.window().kernelWidth();
        boolean within =
                Math.max(padding.top(), padding.bottom()) < height && Math.max(padding.left(), padding.right()) < width;
        Outside outside = pad.value() == 0 ? Outside.NOTHING : pad.value() > 0 ? Outside.PLUS_ONE : Outside.MINUS_ONE;
        return within ? new Border(pad.input(), padding, outside) : null;
    }

    /** True when a fully-connected layer must find the bits of a map without gaps between its pixels. */
    static boolean readsFlat(Operator reader, Shape shape) {
        return reader instanceof FullyConnected && shape.channels() % 8 != 0 && shape.channels() < shape.elements();
    }

    private boolean mayBeBits(int tensor) {
        Operator producer = uses.producer(tensor);
        return !uses.isOutput(tensor)
                && !uses.consumers(tensor).isEmpty()
                && producer != null
                && (makesSigns(producer) || handsBitsOn(producer));
    }

    private boolean handsBitsOn(Operator operator) {
        return operator instanceof MaxPool
                || (operator instanceof Reshape
                        && graph.tensor(operator.input()).shape().channels() % 8 == 0
                        && graph.tensor(operator.output()).shape().channels() % 8 == 0);
    }

    private boolean staysBits(int tensor) {
        Operator producer = uses.producer(tensor);
        boolean made = producer != null && (makesSigns(producer) || bits.contains(producer.input()));
        return made && readers(tensor).stream().allMatch(reader -> readsBits(reader, tensor));
    }

    /** What reads a tensor, through a border that disappears too. */
    private List<Operator> readers(int tensor) {
        return uses.consumers(tensor).stream()
                .map(reader -> spare.contains(reader.output())
                        ? uses.consumers(reader.output()).get(0)
                        : reader)
                .toList();
    }

    private boolean readsBits(Operator reader, int tensor) {
        return isXnor(reader)
                ? !readsFlat(reader, graph.tensor(tensor).shape())
                : handsBitsOn(reader) && bits.contains(reader.output());
    }
}
