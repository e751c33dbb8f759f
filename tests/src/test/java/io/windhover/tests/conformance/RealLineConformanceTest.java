// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.ArgMax;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.ScaleAccumulators;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.TopK;
import io.windhover.models.graph.Window;
import io.windhover.models.onnx.OnnxImporter;
import io.windhover.models.onnx.OnnxNetwork;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Long lines of pixels that the host hands over or takes: real numbers, softmaxes, choices and integer sums. */
class RealLineConformanceTest {
    private static final long SEED = 11;
    private static final int PIXELS = 8000;
    private static final Quantization CODES = Quantization.of(0.05f, -7);

    private final NetworkBuilder network = new NetworkBuilder("line", SEED);
    private final GraphBuilder graph = network.graph();

    /** Codes of a real input. */
    private int quantized(Shape shape) {
        int real = graph.input("input", TensorType.FLOAT32, shape, null);
        int codes = graph.tensor("codes", TensorType.INT8, shape, CODES);
        graph.operator(new Quantize(
                "quantize",
                new int[] {real},
                new int[] {codes},
                CODES.scale(),
                CODES.zeroPoint(),
                Rounding.HALF_AWAY_FROM_ZERO));
        return codes;
    }

    private int dequantized(int codes) {
        Quantization quantization = graph.tensor(codes).requireQuantization();
        int real = graph.tensor("real", TensorType.FLOAT32, graph.shape(codes), null);
        graph.operator(new Dequantize(
                "dequantize", new int[] {codes}, new int[] {real}, quantization.scale(), quantization.zeroPoint()));
        return real;
    }

    private int convolution(int input, int kernel) {
        return network.convolution(input, 5, network.same(input, 1, kernel, 1, 1), Activation.RELU);
    }

    /** The integer sums of a layer. */
    private int sums(int input) {
        Shape in = graph.shape(input);
        int output = graph.tensor("sums", TensorType.INT32, Shape.map(in.height(), in.width(), 3), null);
        byte[] weights = new byte[3 * in.channels()];
        new Random(SEED).nextBytes(weights);
        Window point = Window.square(1, 1, 0);
        graph.operator(new Convolution(
                "sums",
                new int[] {input},
                new int[] {output},
                point,
                3,
                1,
                weights,
                0,
                new int[3],
                4,
                new PostProcess.Raw()));
        return output;
    }

    /** Codes of any value, real numbers between -5 and 5. */
    private static byte[][] inputs(Graph graph) {
        byte[][] inputs = RandomGraphs.inputs(graph, SEED);
        for (int i = 0; i < inputs.length; i++) {
            if (graph.tensor(graph.inputs()[i]).type() == TensorType.FLOAT32) {
                ByteBuffer reals = ByteBuffer.wrap(inputs[i]).order(ByteOrder.LITTLE_ENDIAN);
                Random random = new Random(i);
                while (reals.hasRemaining()) {
                    reals.putFloat(10 * random.nextFloat() - 5);
                }
            }
        }
        return inputs;
    }

    private static void check(Graph graph, int jobs, Accelerator accelerator) {
        byte[][] inputs = inputs(graph);
        for (CompiledModel model : List.of(
                Compiler.compile(graph, accelerator.capabilities()),
                Compiler.compileKeepingEveryTensor(graph, accelerator.capabilities()))) {
            assertEquals(jobs, model.jobs().size());
            assertEquals("", Comparison.difference(graph, model, new Executor(accelerator), inputs));
        }
    }

    private void ends(Shape shape, int kernel, Accelerator accelerator) {
        int first = convolution(quantized(shape), kernel);
        int second = convolution(first, 1);
        check(network.build(dequantized(network.elementwise().add(first, second, Activation.NONE))), 1, accelerator);
    }

    @Test
    @Simulated("functional:tiny")
    void lines_of_real_numbers_are_equal(Accelerator accelerator) {
        ends(Shape.of(1, PIXELS, 4), 1, accelerator);
    }

    @Test
    @Simulated("functional:zynq7020")
    void sound_of_real_numbers_is_equal(Accelerator accelerator) {
        ends(Shape.map(1, 2 * PIXELS, 1), 9, accelerator);
    }

    @Test
    @Simulated("rtl:tiny")
    void lines_of_real_numbers_are_equal_on_the_smallest_hardware(Accelerator accelerator) {
        ends(Shape.map(1, 2100, 3), 3, accelerator);
    }

    /** The softmax lies between two jobs, the choice of the best pixels takes the line in another form. */
    @Test
    @Simulated("functional:tiny")
    void lines_between_parts_on_the_host_are_equal(Accelerator accelerator) {
        int first = convolution(quantized(Shape.map(1, PIXELS, 4)), 1);
        int second = convolution(network.elementwise().softmax(first), 3);
        int real = dequantized(second);
        int flat = graph.tensor("flat", TensorType.FLOAT32, Shape.vector(PIXELS * 5), null);
        graph.operator(new Reshape("flat", new int[] {real}, new int[] {flat}));
        int best = graph.tensor("best", TensorType.FLOAT32, Shape.vector(20), null);
        int where = graph.tensor("where", TensorType.INT32, Shape.vector(20), null);
        graph.operator(new TopK("best", new int[] {flat}, new int[] {best, where}, 1, true));
        int classes = graph.tensor("classes", TensorType.INT32, Shape.of(1, 1, PIXELS), null);
        graph.operator(new ArgMax("classes", new int[] {second}, new int[] {classes}, 3, false, false));
        check(network.build(best, where, classes, first), 2, accelerator);
    }

    @Test
    @Simulated("functional:tiny")
    void integer_sums_of_lines_are_equal(Accelerator accelerator) {
        int sums = sums(convolution(network.input(1, PIXELS, 4, 0.05f, 3), 1));
        int scores = graph.tensor("scores", TensorType.FLOAT32, graph.shape(sums), null);
        graph.operator(new ScaleAccumulators(
                "scores", new int[] {sums}, new int[] {scores}, new float[] {0.01f}, new float[] {0}));
        int upright = graph.tensor("upright", TensorType.INT32, Shape.map(PIXELS, 1, 3), null);
        graph.operator(new Reshape("upright", new int[] {sums}, new int[] {upright}));
        check(network.build(scores, sums, upright), 1, accelerator);
    }

    /** Tails of a detector: each is made of real numbers, and all are handed back as such. */
    @Test
    @Simulated("functional:zynq7020")
    void joined_tails_of_real_numbers_are_equal(Accelerator accelerator) {
        int[] parts = {
            convolution(quantized(Shape.map(1, 6400, 4)), 1),
            network.like(2).convolution(quantized(Shape.map(1, 1600, 4)), 5, Window.square(1, 1, 0), Activation.RELU)
        };
        int joined = graph.tensor(
                "joined",
                TensorType.INT8,
                Shape.map(1, PIXELS, 5),
                graph.tensor(parts[0]).quantization());
        graph.operator(new Concatenation("joined", parts, new int[] {joined}, Concatenation.Axis.WIDTH));
        check(network.build(dequantized(joined)), 1, accelerator);
    }

    private static String requantized(OnnxNetwork onnx, String value) {
        String scale = onnx.constant(new int[0], 0.02);
        return onnx.node("DequantizeLinear", List.of(onnx.node("QuantizeLinear", List.of(value, scale)), scale));
    }

    /** Weights of every dimension, channels first, between quantisers. */
    private static Graph channelsFirst(String last, Object... shape) {
        OnnxNetwork onnx = new OnnxNetwork().input("line", shape);
        int[] weights = new int[shape.length];
        Arrays.fill(weights, 1);
        weights[0] = 6;
        weights[1] = 4;
        double[] values = new Random(SEED).doubles(24).toArray();
        List<String> operands = new ArrayList<>();
        operands.add(requantized(onnx, "line"));
        operands.add(requantized(onnx, onnx.constant(weights, values)));
        String made = requantized(onnx, onnx.node("Conv", operands));
        onnx.output(last.isEmpty() ? made : onnx.node(last, List.of(made), "axis", 1L));
        return OnnxImporter.read("line", ByteBuffer.wrap(onnx.file()));
    }

    @Test
    @Simulated("functional:tiny")
    void onnx_lines_are_equal(Accelerator accelerator) {
        for (String last : List.of("", "Softmax", "ArgMax")) {
            check(channelsFirst(last, 1, 4, PIXELS), 1, accelerator);
            check(channelsFirst(last, 1, 4, 1, PIXELS), 1, accelerator);
            check(channelsFirst(last, 1, 4, PIXELS, 1), 1, accelerator);
        }
    }
}
