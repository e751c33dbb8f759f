package io.windhover.models.onnx;

import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LogSoftmax;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.ScaleAccumulators;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of a quantised network whose last layer the file leaves unquantised: integer sums that become real scores, and a softmax
 * over these.
 *
 * @param rest steps after the layer, in order
 */
record ScoreTail(Linear layer, List<Plain> rest) {
    /** The tail that makes this tensor, or null where its scores have codes of their own or stem from something else. */
    static @Nullable ScoreTail find(Translation network, int handle) {
        List<Plain> rest = new ArrayList<>();
        Step step = network.producer(handle);
        while (step instanceof Plain plain && network.handle(plain.output()).codes == null && network.handle(plain.output()).readers <= 1) {
            Operator operator = plain.operator();
            if (!(operator instanceof FloatSoftmax || operator instanceof LogSoftmax || operator instanceof Reshape)) {
                return null;
            }
            rest.add(0, plain);
            step = network.producer(plain.inputs()[0]);
        }
        boolean ends = step instanceof Linear linear && network.handle(linear.output()).codes == null
                && network.handle(linear.output()).readers == (rest.isEmpty() ? 0 : 1) && linear.kind() != Linear.Kind.AFFINE
                && linear.weights().codes() != null && linear.weights().zeroPoint() == 0;
        return ends ? new ScoreTail((Linear) step, rest) : null;
    }

    boolean contains(Step step) {
        return step == layer || rest.contains(step);
    }

    /** Adds it to a graph that holds the codes the layer reads. */
    void append(Translation network, GraphBuilder graph) {
        Handle output = network.handle(layer.output());
        Quantization input = graph.tensor(network.handle(layer.input()).index).requireQuantization();
        BinaryLowering.Held held = new BinaryLowering.Held(TensorType.INT8, input.scale(), input.zeroPoint());
        LayerLowering lowering = new LayerLowering(network, graph, layer, held, "The last layer '" + output.name + "' cannot be used: ");
        int sums = graph.tensor(output.name + " sums", TensorType.INT32, output.shape, null);
        graph.tensor(new Tensor(output.index, output.name, TensorType.FLOAT32, output.shape, null, null));
        ScaleAccumulators scores = lowering.toSums(sums, output);
        graph.operator(scores);
        for (Plain plain : rest) {
            Handle result = network.handle(plain.output());
            graph.tensor(new Tensor(result.index, result.name, TensorType.FLOAT32, result.shape, null, null));
            graph.operator(plain.factory().make(result.name, Emission.indexes(network, plain.inputs()), new int[] {result.index}));
        }
    }
}
