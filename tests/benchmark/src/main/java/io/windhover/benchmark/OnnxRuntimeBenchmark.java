// SPDX-License-Identifier: Apache-2.0
package io.windhover.benchmark;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.windhover.models.graph.BinaryConvolution.Outside;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.BinaryLayers;
import io.windhover.models.synthetic.NetworkBuilder;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.Device;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.model.Model;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;

/**
 * The functional model of the accelerator beside ONNX Runtime's int8 kernels, one thread each, in turn in one run. The
 * machine's speed drops out of the ratio; the best of several rounds is compared, so that what else the machine does
 * hardly counts. It states no limit: ratios differ between processors.
 */
public final class OnnxRuntimeBenchmark {
    private static final int ROUNDS = 9;
    private static final long ROUND_NANOS = 60_000_000;
    private static final int LAYERS = 8;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

    /** Something that can be run again and again. */
    private interface Step {
        void run() throws OrtException;
    }

    public static void main(String[] arguments) {
        try {
            new OnnxRuntimeBenchmark().measureAll();
        } catch (OrtException | RuntimeException | LinkageError failure) {
            System.err.println("windhover: the benchmark could not measure ("
                    + String.valueOf(failure.getMessage()).lines().findFirst().orElse("") + ").");
            System.exit(1);
        }
    }

    private void measureAll() throws OrtException {
        System.out.printf("%-28s %14s %14s %9s%n", "microseconds a frame", "windhover", "ONNX Runtime", "ratio");
        for (String network : new String[] {"mobilenet_v1_1.0_224", "mobilenet_v2_1.0_224", "mobilenet_v1_0.25_96"}) {
            Graph graph = Zoo.load(network);
            compare(network, graph, graph);
        }
        layer("pointwise, 14x14, 512", 14, 512, 1, false);
        layer("pointwise, 56x56, 64", 56, 64, 1, false);
        layer("depthwise 3x3, 56x56, 128", 56, 128, 3, true);
        layer("depthwise 3x3, 14x14, 512", 14, 512, 3, true);
        for (int channels : new int[] {128, 256, 512}) {
            compare("binary 3x3, 14x14, " + channels, binaryLayers(14, channels), layers(14, channels, 3, false));
        }
        System.out.println(
                "A ratio of 2 is twice ONNX Runtime's speed; binary layers stand beside int8 layers of the same shape.");
    }

    private void layer(String name, int size, int channels, int kernel, boolean depthwise) throws OrtException {
        Graph graph = layers(size, channels, kernel, depthwise);
        compare(name, graph, graph);
    }

    /** Layers of one kind in a row, as they come in networks, so that unpacking the input counts little. */
    private static Graph layers(int size, int channels, int kernel, boolean depthwise) {
        NetworkBuilder network = new NetworkBuilder("layers", 1);
        int map = network.input(size, size, channels, 1f / 128, 0);
        Window window = Window.square(kernel, 1, kernel / 2);
        for (int layer = 0; layer < LAYERS; layer++) {
            map = depthwise
                    ? network.depthwise(map, 1, window, Activation.RELU)
                    : network.convolution(map, channels, window, Activation.RELU);
        }
        return network.build(map);
    }

    private static Graph binaryLayers(int size, int channels) {
        NetworkBuilder network = new NetworkBuilder("binary_layers", 1);
        int map = network.inputBits(size, size, channels);
        for (int layer = 0; layer < LAYERS; layer++) {
            map = network.binary()
                    .convolution(map, channels, Window.square(3, 1, 1), Outside.NOTHING, BinaryLayers.Result.BITS);
        }
        return network.build(map);
    }

    /** Prints how many times as fast the functional model runs {@code ours} as ONNX Runtime runs {@code theirs}. */
    private void compare(String name, Graph ours, Graph theirs) throws OrtException {
        try (Device device = Device.open("functional:zynq7020?threads=1");
                Session session = device.load(new Model("benchmark", "0", ours, null), SessionOptions.DEFAULT);
                OrtSession.SessionOptions options = options();
                OrtSession other = environment.createSession(QuantizedOnnx.of(theirs), options);
                OnnxTensor input = input(theirs)) {
            Map<String, OnnxTensor> inputs =
                    Map.of(other.getInputNames().iterator().next(), input);
            Step windhover = () -> frame(session);
            Step onnxRuntime = () -> other.run(inputs).close();
            double best = Double.MAX_VALUE;
            double bestOther = Double.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                best = Math.min(best, nanos(windhover));
                bestOther = Math.min(bestOther, nanos(onnxRuntime));
            }
            System.out.printf(
                    Locale.ROOT, "%-28s %14.1f %14.1f %9.2f%n", name, best / 1e3, bestOther / 1e3, bestOther / best);
        }
    }

    private static void frame(Session session) {
        Frame frame = session.frame();
        session.submit(frame);
        session.await(frame);
    }

    private static double nanos(Step step) throws OrtException {
        long start = System.nanoTime();
        int runs = 0;
        long passed;
        do {
            step.run();
            runs++;
            passed = System.nanoTime() - start;
        } while (passed < ROUND_NANOS);
        return (double) passed / runs;
    }

    private static OrtSession.SessionOptions options() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        return options;
    }

    private OnnxTensor input(Graph graph) throws OrtException {
        Shape shape = graph.tensor(graph.inputs()[0]).shape();
        ByteBuffer bytes = ByteBuffer.allocateDirect(shape.elements());
        return OnnxTensor.createTensor(
                environment,
                bytes,
                new long[] {1, shape.channels(), shape.height(), shape.width()},
                OnnxJavaType.UINT8);
    }
}
