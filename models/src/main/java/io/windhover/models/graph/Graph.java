// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import io.windhover.models.ModelException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A whole network: operators in execution order over tensors. Construction checks that every tensor is produced exactly
 * once and before it is used, and that every operator agrees with its tensors.
 *
 * @param tensors operands and activations, in ascending index order
 * @param inputs tensor indexes that the caller supplies
 * @param outputs tensor indexes that the caller receives
 * @param labels class names in channel order of the first output, or empty
 * @param preprocessing how an image becomes the first input, or null when unknown
 * @param batch how many frames its file takes at once, 1 or more; the network here takes one of them
 */
public record Graph(
        String name,
        List<Tensor> tensors,
        List<Operator> operators,
        int[] inputs,
        int[] outputs,
        List<String> labels,
        @Nullable Preprocessing preprocessing,
        int batch)
        implements Tensors {
    private static final int MAXIMUM_BATCH = 65_536;

    public Graph {
        tensors = List.copyOf(tensors);
        operators = List.copyOf(operators);
        labels = List.copyOf(labels);
        require(batch >= 1 && batch <= MAXIMUM_BATCH, "Network '%s' has batch %d.", name, batch);
        require(inputs.length > 0, "Network '%s' has no input.", name);
        require(outputs.length > 0, "Network '%s' has no output.", name);
        Map<Integer, Tensor> byIndex = index(tensors);
        Tensors lookup = index -> find(byIndex, index);
        Set<Integer> ready = initial(byIndex, inputs);
        for (int position = 0; position < operators.size(); position++) {
            connect(operators.get(position), position, lookup, ready);
        }
        for (int output : outputs) {
            require(ready.contains(output), "Network '%s' never produces its output tensor %d.", name, output);
        }
    }

    /** A network whose file takes one frame at a time. */
    public Graph(
            String name,
            List<Tensor> tensors,
            List<Operator> operators,
            int[] inputs,
            int[] outputs,
            List<String> labels,
            @Nullable Preprocessing preprocessing) {
        this(name, tensors, operators, inputs, outputs, labels, preprocessing, 1);
    }

    private static Map<Integer, Tensor> index(List<Tensor> tensors) {
        Map<Integer, Tensor> byIndex = new HashMap<>();
        int previous = -1;
        for (Tensor tensor : tensors) {
            require(
                    tensor.index() > previous,
                    "Tensor %d follows tensor %d; indexes must ascend.",
                    tensor.index(),
                    previous);
            previous = tensor.index();
            byIndex.put(previous, tensor);
        }
        return byIndex;
    }

    private static Set<Integer> initial(Map<Integer, Tensor> byIndex, int[] inputs) {
        Set<Integer> ready = new HashSet<>();
        for (int input : inputs) {
            Tensor tensor = find(byIndex, input);
            require(!tensor.isConstant(), "Network input %s is a constant.", tensor);
            ready.add(input);
        }
        byIndex.values().stream().filter(Tensor::isConstant).forEach(tensor -> ready.add(tensor.index()));
        return ready;
    }

    private static void connect(Operator operator, int position, Tensors lookup, Set<Integer> ready) {
        for (int input : operator.inputs()) {
            require(
                    ready.contains(input),
                    "Operator %d (%s '%s') uses tensor %d before it is produced.",
                    position,
                    operator.kind(),
                    operator.name(),
                    input);
        }
        try {
            operator.check(lookup);
        } catch (ModelException problem) {
            throw new ModelException("Operator " + position + ": " + problem.getMessage(), problem);
        }
        for (int output : operator.outputs()) {
            require(
                    ready.add(output),
                    "Operator %d (%s '%s') produces tensor %d a second time.",
                    position,
                    operator.kind(),
                    operator.name(),
                    output);
        }
    }

    private static Tensor find(Map<Integer, Tensor> byIndex, int index) {
        Tensor tensor = byIndex.get(index);
        if (tensor == null) {
            throw new ModelException("There is no tensor " + index + ".");
        }
        return tensor;
    }

    @Override
    public Tensor tensor(int index) {
        int low = 0;
        int high = tensors.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int candidate = tensors.get(middle).index();
            if (candidate == index) {
                return tensors.get(middle);
            }
            if (candidate < index) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        throw new ModelException("There is no tensor " + index + ".");
    }

    /** The tensors that are computed or fed, in index order. */
    public List<Tensor> activations() {
        return tensors.stream().filter(tensor -> !tensor.isConstant()).toList();
    }

    /** Multiply-accumulates of one inference. */
    public long macs() {
        return operators.stream().mapToLong(operator -> operator.macs(this)).sum();
    }

    /** Learned numbers of the network. */
    public long parameters() {
        return operators.stream()
                .mapToLong(operator -> operator.parameters(this))
                .sum();
    }

    /** The same network with class names and preprocessing attached. */
    public Graph with(List<String> newLabels, @Nullable Preprocessing newPreprocessing) {
        return new Graph(name, tensors, operators, inputs, outputs, newLabels, newPreprocessing, batch);
    }

    /** The same network of a file that takes so many frames at once. */
    public Graph withBatch(int frames) {
        return new Graph(name, tensors, operators, inputs, outputs, labels, preprocessing, frames);
    }
}
