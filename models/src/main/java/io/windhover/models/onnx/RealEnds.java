package io.windhover.models.onnx;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LogSoftmax;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.ScaleAccumulators;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ends of a quantised network that no codes represent: scores made of the integer sums of a last layer, and joined values whose codes
 * differ, each of which keeps its scale until it is real. What moves or joins real values, and a softmax, may follow. All of it runs on the
 * host.
 */
final class RealEnds {
    private final Translation network;
    private final InheritedCodes codes;
    private final Map<Integer, Boolean> real = new HashMap<>();
    private final Set<Step> steps = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Tensors at which the network of codes ends. */
    private final Set<Integer> frontier = new LinkedHashSet<>();
    /** Graph's FLOAT32 tensors, by handle. */
    private final Map<Integer, Integer> made = new HashMap<>();

    RealEnds(Translation network) {
        this.network = network;
        this.codes = new InheritedCodes(network);
    }

    /** True when the tensor has no codes and cannot borrow any. */
    boolean isReal(int handle) {
        Boolean known = real.get(handle);
        if (known == null) {
            known = network.handle(handle).codes == null && isReal(network.producer(handle));
            real.put(handle, known);
        }
        return known;
    }

    private boolean isReal(@Nullable Step step) {
        if (step instanceof Linear linear) {
            return linear.hasIntegerSums();
        }
        if (!(step instanceof Plain plain)) {
            return false;
        }
        Operator operator = plain.operator();
        if (operator instanceof Concatenation) {
            return Arrays.stream(plain.inputs()).anyMatch(this::isReal) || !codes.areSame(plain.inputs());
        }
        return (InheritedCodes.isMove(operator) || operator instanceof FloatSoftmax || operator instanceof LogSoftmax) && isReal(plain.inputs()[0]);
    }

    /** Makes a real tensor one of this network's ends. */
    void add(int handle) {
        Step step = network.producer(handle);
        if (!isReal(handle)) {
            frontier.add(handle);
        } else if (step != null && steps.add(step)) {
            Arrays.stream(step.inputs()).forEach(step instanceof Linear ? frontier::add : this::add);
        }
    }

    /** Tensors at which the network of codes must end. */
    Set<Integer> frontier() {
        return frontier;
    }

    boolean contains(Step step) {
        return steps.contains(step);
    }

    /** Adds what makes a tensor real to a graph that holds the codes; the FLOAT32 tensor's index. */
    int append(GraphBuilder graph, int handle) {
        Integer known = made.get(handle);
        if (known == null) {
            known = isReal(handle) ? appended(graph, network.producer(handle)) : dequantized(graph, network.handle(handle));
            made.put(handle, known);
        }
        return known;
    }

    private int dequantized(GraphBuilder graph, Handle codes) {
        Tensor tensor = graph.tensor(codes.index);
        if (!tensor.type().isByte()) {
            return codes.index;
        }
        Quantization quantization = tensor.requireQuantization();
        String name = codes.name + " as real numbers";
        int to = graph.tensor(name, TensorType.FLOAT32, tensor.shape(), null);
        graph.operator(new Dequantize(name, new int[] {codes.index}, new int[] {to}, quantization.scale(), quantization.zeroPoint()));
        return to;
    }

    private int appended(GraphBuilder graph, Step step) {
        Handle output = network.handle(step.output());
        if (step instanceof Plain plain) {
            int[] from = Arrays.stream(plain.inputs()).map(input -> append(graph, input)).toArray();
            int to = declared(graph, output);
            graph.operator(plain.factory().make(output.name, from, new int[] {to}));
            return to;
        }
        Linear layer = (Linear) step;
        Quantization input = graph.tensor(network.handle(layer.input()).index).requireQuantization();
        BinaryLowering.Held held = new BinaryLowering.Held(TensorType.INT8, input.scale(), input.zeroPoint());
        LayerLowering lowering = new LayerLowering(network, graph, layer, held, "The last layer '" + output.name + "' cannot be used: ");
        int sums = graph.tensor(output.name + " sums", TensorType.INT32, output.shape, null);
        int to = declared(graph, output);
        ScaleAccumulators scores = lowering.toSums(sums, output.name, to);
        graph.operator(scores);
        return to;
    }

    /** The tensor under its own number, unless the network of codes has it too. */
    private static int declared(GraphBuilder graph, Handle output) {
        if (graph.has(output.index)) {
            return graph.tensor(output.name, TensorType.FLOAT32, output.shape, null);
        }
        graph.tensor(new Tensor(output.index, output.name, TensorType.FLOAT32, output.shape, null, null));
        return output.index;
    }
}
