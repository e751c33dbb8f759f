// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.ArgMax;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Axes;
import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.runtime.Device;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.model.Model;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks with parts on the host between jobs, and with more inputs and outputs than regions. */
class IslandConformanceTest {
    private static final long SEED = 3;
    private static final int SIZE = 9;

    private final NetworkBuilder network = new NetworkBuilder("islands", SEED);

    private int convolution(int input) {
        return network.convolution(input, 6, network.same(input, 3, 1), Activation.RELU);
    }

    /** As exporters leave a function that has no integer form. */
    private int logistic(int codes) {
        GraphBuilder graph = network.graph();
        Shape shape = graph.shape(codes);
        float scale = graph.tensor(codes).requireQuantization().scale();
        int zeroPoint = graph.tensor(codes).requireQuantization().zeroPoint();
        int real = graph.tensor("real", TensorType.FLOAT32, shape, null);
        int curved = graph.tensor("curved", TensorType.FLOAT32, shape, null);
        int back =
                graph.tensor("back", TensorType.INT8, shape, graph.tensor(codes).quantization());
        graph.operator(new Dequantize("real", new int[] {codes}, new int[] {real}, scale, zeroPoint));
        graph.operator(new FloatActivation(
                "curved", new int[] {real}, new int[] {curved}, FloatActivation.Function.LOGISTIC, 0, 0));
        graph.operator(new Quantize(
                "back", new int[] {curved}, new int[] {back}, scale, zeroPoint, Rounding.HALF_AWAY_FROM_ZERO));
        return back;
    }

    private int argMax(int codes) {
        GraphBuilder graph = network.graph();
        Shape shape = graph.shape(codes);
        int classes = graph.tensor("classes", TensorType.INT32, Shape.of(1, shape.height(), shape.width()), null);
        graph.operator(new ArgMax("classes", new int[] {codes}, new int[] {classes}, 3, false, false));
        return classes;
    }

    /** A job, a softmax, a job, real numbers, a job, and the largest channel of each pixel. */
    private Graph islands() {
        int input = network.input(SIZE, SIZE, 3, 0.02f, 1);
        int first = convolution(input);
        int second = convolution(network.elementwise().softmax(first));
        int joined = network.elementwise().add(logistic(second), first, Activation.NONE);
        int last = convolution(joined);
        return network.build(argMax(last), last, second);
    }

    /** A uint8 image as codes of int8 for the host, for a layer and for the caller. */
    private Graph retyped() {
        GraphBuilder graph = network.graph();
        Shape shape = Shape.map(SIZE, SIZE, 3);
        int image = graph.input("image", TensorType.UINT8, shape, Quantization.of(0.02f, 129));
        int codes = graph.tensor("codes", TensorType.INT8, shape, Quantization.of(0.02f, 1));
        byte[] table = new byte[256];
        for (int code = 0; code < 256; code++) {
            table[code] = (byte) (code ^ 0x80);
        }
        graph.operator(new LookupTable("codes", new int[] {image}, new int[] {codes}, "retyping", table));
        return network.build(convolution(network.elementwise().softmax(codes)), convolution(codes), codes);
    }

    private Graph heads(int inputs, int outputs) {
        int[] ends = new int[outputs];
        int[] begins = new int[inputs];
        for (int i = 0; i < inputs; i++) {
            begins[i] = network.input(SIZE, SIZE + i, 1 + i % 3, 0.02f, i);
        }
        for (int i = 0; i < outputs; i++) {
            ends[i] = convolution(begins[i % inputs]);
        }
        return network.build(ends);
    }

    private static void check(Graph graph, int jobs, Accelerator accelerator) {
        CompiledModel compiled = Compiler.compile(graph, accelerator.capabilities());
        assertEquals(jobs, compiled.jobs().size());
        byte[][] inputs = RandomGraphs.inputs(graph, SEED);
        assertEquals("", Comparison.difference(graph, compiled, new Executor(accelerator), inputs));
        CompiledModel dumping = Compiler.compileKeepingEveryTensor(graph, accelerator.capabilities());
        assertEquals("", Comparison.difference(graph, dumping, new Executor(accelerator), inputs));
    }

    @Test
    @Simulated("functional:zynq7020")
    void jobs_between_parts_on_the_host_are_equal(Accelerator accelerator) {
        check(islands(), 3, accelerator);
    }

    @Test
    @Simulated("functional:zynq7020")
    void an_image_of_another_type_of_bytes_is_equal_everywhere(Accelerator accelerator) {
        check(retyped(), 2, accelerator);
    }

    @Test
    @Simulated("rtl:tiny")
    void jobs_between_parts_on_the_host_are_equal_on_the_smallest_hardware(Accelerator accelerator) {
        check(islands(), 3, accelerator);
    }

    @Test
    @Simulated("functional:tiny")
    void a_resize_by_an_odd_ratio_is_equal(Accelerator accelerator) {
        int first = convolution(network.input(SIZE, SIZE, 3, 0.02f, 1));
        GraphBuilder graph = network.graph();
        int resized = graph.tensor(
                "resized",
                TensorType.INT8,
                Shape.map(SIZE + 5, SIZE - 2, graph.shape(first).channels()),
                graph.tensor(first).quantization());
        graph.operator(
                new Resize("resized", new int[] {first}, new int[] {resized}, Resize.Mode.BILINEAR, true, false));
        check(network.build(convolution(resized)), 2, accelerator);
    }

    @Test
    @Simulated("functional:tiny")
    void averages_over_more_than_a_kernel_holds_are_equal(Accelerator accelerator) {
        int tall = convolution(network.input(300, SIZE, 3, 0.02f, 1));
        Shape shape = network.graph().shape(tall);
        Window window = Window.same(shape.height(), shape.width(), 31, 17, 5, 1, 1, 1);
        int pooled = average(tall, window);
        int mean = mean(tall, Axes.SPATIAL);
        int columns = mean(tall, new Axes(true, false, false));
        check(network.build(convolution(mean), convolution(columns), convolution(pooled)), 2, accelerator);
    }

    private int mean(int from, Axes axes) {
        GraphBuilder graph = network.graph();
        Shape in = graph.shape(from);
        Shape out = axes.reduced(in);
        Quantization codes = graph.tensor(from).requireQuantization();
        int to = graph.tensor("mean", TensorType.INT8, out, codes);
        int positions = in.elements() / out.elements();
        graph.operator(new Mean(
                "mean",
                new int[] {from},
                new int[] {to},
                axes,
                codes.zeroPoint(),
                Rescaling.mean(codes.scale(), codes.scale(), positions),
                codes.zeroPoint()));
        return to;
    }

    private int average(int from, Window window) {
        GraphBuilder graph = network.graph();
        Shape in = graph.shape(from);
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), in.channels());
        int to = graph.tensor("pooled", TensorType.INT8, out, graph.tensor(from).quantization());
        graph.operator(new AveragePool("pooled", new int[] {from}, new int[] {to}, window, -128, 127));
        return to;
    }

    @Test
    @Simulated("functional:tiny")
    void many_inputs_and_outputs_share_regions(Accelerator accelerator) {
        check(heads(9, 32), 1, accelerator);
    }

    @Test
    @Simulated("rtl:tiny")
    void many_inputs_and_outputs_share_regions_on_the_smallest_hardware(Accelerator accelerator) {
        check(heads(3, 6), 1, accelerator);
    }

    /** Two frames in flight, twice: what one leaves must not reach the other. */
    @ParameterizedTest
    @ValueSource(strings = {"functional:tiny", "rtl:tiny"})
    void a_session_runs_frames_of_several_jobs(String locator) {
        Graph graph = islands();
        try (Device device = Device.open(locator);
                Session session = device.load(new Model("islands", "0", graph, null), SessionOptions.DEFAULT)) {
            Frame[] frames = new Frame[4];
            for (int i = 0; i < frames.length; i++) {
                if (i >= Session.FRAMES) {
                    verify(graph, session, frames[i - Session.FRAMES], i - Session.FRAMES);
                }
                frames[i] = session.frame();
                session.fill(frames[i], 0, RandomGraphs.inputs(graph, i)[0]);
                session.submit(frames[i]);
            }
            for (int i = frames.length - Session.FRAMES; i < frames.length; i++) {
                verify(graph, session, frames[i], i);
            }
        }
    }

    private static void verify(Graph graph, Session session, Frame frame, int seed) {
        session.await(frame);
        Values expected = new ReferenceExecutor(graph).run(RandomGraphs.inputs(graph, seed));
        for (int i = 0; i < graph.outputs().length; i++) {
            ByteBuffer made = frame.output(i).duplicate();
            byte[] bytes = new byte[made.remaining()];
            made.get(bytes);
            assertArrayEquals(expected.bytes(graph.outputs()[i]), bytes, "output " + i + " of frame " + seed);
        }
    }
}
