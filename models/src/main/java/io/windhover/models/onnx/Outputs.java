// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;
import static io.windhover.models.ModelException.requirePresent;

import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Outputs of the network, as its caller sees them. */
final class Outputs {
    /** Of a shape of ours. */
    private static final int MOST_DIMENSIONS = 8;

    private static final long[] TO_CHANNELS_LAST = {0, 2, 3, 1};
    private static final Set<String> RESHAPING = Set.of("Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze");

    private final Translation network;
    /** The outputs so far. */
    private final Map<String, Activation> given = new LinkedHashMap<>();

    Outputs(Translation network) {
        this.network = network;
    }

    /** The value of a network output, stored in the order that {@link #order} says. */
    Activation result(String name) {
        require(!given.containsKey(name), "The file lists its output '%s' twice; list it once.", name);
        NamedValue value = requirePresent(network.find(name), "The file never produces its output '%s'.", name);
        require(value instanceof Activation, "Output '%s' is a constant; remove it from the outputs.", name);
        Activation activation = unrounded(network, (Activation) value);
        int[] order = order(name, activation.layout().rank());
        Activation result = fed(name, shaped(network.arranged(activation, order), order));
        boolean isGiven = given.values().stream().anyMatch(other -> other.tensorId() == activation.tensorId());
        if (result.tensorId() != activation.tensorId() && !isGiven) {
            network.renameAuxiliary(activation.tensorId(), name + " as it is made");
        }
        for (Activation other : given.values()) {
            if (isSame(other, result)) {
                result = again(result, network.draft(result).shape);
            }
        }
        given.put(name, result);
        network.nameOutput(result, name);
        return result;
    }

    /** Codes that the caller feeds may leave as real numbers; an input as it is leaves nothing to compute. */
    private Activation fed(String name, Activation value) {
        TensorDraft draft = network.draft(value);
        if (draft.inputType == null) {
            return value;
        }
        require(
                value.codes() == null && draft.codes != null,
                "Output '%s' is the input '%s' as it is, and nothing is left to compute; remove it from the outputs.",
                name,
                draft.name);
        return again(value, draft.shape);
    }

    /** The value in the file's own shape, where that is more than dimensions of 1 away from how it is stored. */
    private Activation shaped(Activation value, int[] order) {
        int[] dimensions = value.dimensions();
        Shape stored = network.draft(value).shape;
        Shape shape = Translation.stored(dimensions, order);
        boolean isFrame = dimensions.length > 1 && dimensions[0] == 1 && dimensions.length <= MOST_DIMENSIONS;
        if (!isFrame || Arrays.equals(beyondOne(stored.toArray()), beyondOne(shape.toArray()))) {
            return value;
        }
        return again(value, shape);
    }

    private static int[] beyondOne(int[] dimensions) {
        return Arrays.stream(dimensions).filter(size -> size != 1).toArray();
    }

    private static boolean isSame(Activation first, Activation second) {
        return first.tensorId() == second.tensorId() && Objects.equals(first.codes(), second.codes());
    }

    /** The same elements once more, under a shape. */
    private Activation again(Activation value, Shape shape) {
        TensorDraft draft = network.draft(value);
        int copy = network.auxiliary(draft.name + " again", shape, draft.type);
        network.draft(copy).node = draft.node;
        network.draft(copy).codes = draft.codes;
        network.add(new DirectStep(new int[] {value.tensorId()}, copy, Reshape::new));
        return new Activation(copy, value.layout(), value.codes());
    }

    /**
     * Channels last for four dimensions, unless the file itself turns them so, and for three that an operator over maps
     * makes; otherwise the output's own order. A value that is an input but for functions of single elements is ordered
     * as that is.
     */
    private int[] order(String output, int rank) {
        int[] rowMajor = new int[rank];
        Arrays.setAll(rowMajor, d -> d);
        if (rank != 3 && rank != 4) {
            return rowMajor;
        }
        Deque<String> open = new ArrayDeque<>(Set.of(output));
        Set<String> seen = new HashSet<>(open);
        while (!open.isEmpty()) {
            String value = open.poll();
            SourceNode producer = network.maker(value);
            if (producer == null) {
                if (network.model.inputs().stream()
                        .anyMatch(input -> input.name().equals(value))) {
                    return Inputs.order(network, value, rank);
                }
            } else if (ChannelsLast.isIn(producer)) {
                return rowMajor;
            } else if (Inputs.SLIDING.contains(producer.operator())) {
                return Layout.channelsLast(rank);
            } else if (producer.operator().equals("Transpose")
                    && Arrays.equals(producer.integers("perm"), TO_CHANNELS_LAST)) {
                return rowMajor;
            } else if (!RESHAPING.contains(producer.operator())) {
                producer.inputs().stream()
                        .filter(input -> isActivation(input, rank) && seen.add(input))
                        .forEach(open::add);
            }
        }
        return rank == 4 ? Layout.channelsLast(rank) : rowMajor;
    }

    private boolean isActivation(String name, int rank) {
        return network.find(name) instanceof Activation activation
                && activation.layout().rank() == rank;
    }

    /**
     * A layer's result that the file hands out as it is although others read its codes: the layer once more, for its
     * sums.
     */
    private static Activation unrounded(Translation network, Activation value) {
        TensorDraft draft = network.draft(value);
        if (value.isQuantized()
                || draft.codes == null
                || !(network.producer(value.tensorId()) instanceof LinearStep layer)
                || !layer.hasIntegerSums()) {
            return value;
        }
        int sums = network.again(draft, draft.name + " unrounded");
        network.add(layer.writing(sums));
        return new Activation(sums, value.layout());
    }
}
