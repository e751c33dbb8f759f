// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.ArgMax;
import io.windhover.models.graph.Axes;
import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.L2Normalization;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private final NetworkBuilder network = new NetworkBuilder("placed", 1);
    private final int input = network.input(4, 4, 3, 0.02f, 1);

    private int convolution(int from) {
        return network.convolution(from, 4, network.same(from, 3, 1), Activation.NONE);
    }

    private int softmax(int from) {
        return network.elementwise().softmax(from);
    }

    private int argMax(int from) {
        int classes = network.graph().tensor("classes", TensorType.INT32, Shape.of(1, 4, 4), null);
        network.graph().operator(new ArgMax("classes", new int[] {from}, new int[] {classes}, 3, false, false));
        return classes;
    }

    private static List<List<Integer>> host(Graph graph) {
        return Placement.of(graph).host();
    }

    @Test
    void a_network_of_the_accelerator_is_one_job() {
        Placement placement = Placement.of(network.build(convolution(convolution(input))));
        assertEquals(List.of(List.of(), List.of()), placement.host());
        assertEquals(1, placement.jobs().size());
        assertEquals(List.of(0, 1), placement.jobs().get(0).operators());
        assertEquals(List.of(input), placement.jobs().get(0).inputs());
    }

    @Test
    void a_softmax_at_the_end_is_behind_the_job() {
        assertEquals(List.of(List.of(), List.of(1)), host(network.build(softmax(convolution(input)))));
    }

    @Test
    void a_softmax_inside_parts_two_jobs() {
        Graph graph = network.build(convolution(softmax(convolution(input))));
        assertEquals(List.of(List.of(), List.of(1), List.of()), host(graph));
    }

    @Test
    void islands_that_wait_for_nothing_of_each_other_share_a_turn() {
        int first = convolution(softmax(convolution(input)));
        int second = convolution(softmax(convolution(input)));
        Graph graph = network.build(network.elementwise().add(first, second, Activation.NONE));
        assertEquals(List.of(List.of(), List.of(1, 4), List.of()), host(graph));
    }

    @Test
    void what_no_job_needs_waits_for_the_end() {
        int first = convolution(input);
        int early = argMax(first);
        Graph graph = network.build(convolution(softmax(first)), early);
        assertEquals(List.of(List.of(), List.of(2), List.of(1)), host(graph));
    }

    @Test
    void inputs_and_outputs_of_jobs_are_what_crosses_their_borders() {
        int first = convolution(input);
        int middle = softmax(first);
        int last = network.elementwise().add(convolution(middle), first, Activation.NONE);
        List<Placement.JobPart> jobs = Placement.of(network.build(last)).jobs();
        assertEquals(List.of(first), jobs.get(0).outputs());
        assertEquals(List.of(middle, first), jobs.get(1).inputs());
        assertEquals(List.of(last), jobs.get(1).outputs());
    }

    /** A layer of real weights over rows of 4, behind a layer of codes. */
    private Graph real(int height, int width) {
        NetworkBuilder rows = new NetworkBuilder("rows", 1);
        int from = rows.convolution(rows.input(height, width, 4, 0.02f, 1), 4, Window.square(1, 1, 0), Activation.NONE);
        GraphBuilder graph = rows.graph();
        Shape shape = graph.shape(from);
        int real = graph.tensor("real", TensorType.FLOAT32, shape, null);
        graph.operator(new Dequantize("real", new int[] {from}, new int[] {real}, 0.02f, 1));
        int mean = graph.tensor("mean", TensorType.FLOAT32, Shape.map(height, width, 1), null);
        graph.operator(new FloatConvolution(
                "mean",
                new int[] {real},
                new int[] {mean},
                Window.square(1, 1, 0),
                1,
                1,
                new float[] {0, 1, 2, 3},
                new float[1]));
        return rows.build(mean);
    }

    @Test
    void a_small_layer_of_real_weights_beside_layers_of_the_accelerator_is_on_the_host() {
        Graph small = real(1024, 1024);
        assertEquals(List.of(List.of(), List.of(1, 2)), host(small));
        assertEquals(HostReason.REAL_NUMBERS, HostReason.of(small.operators().get(2), small));
    }

    @Test
    void a_large_layer_of_real_weights_is_refused_by_its_name() {
        Graph large = real(1024, 1025);
        String why =
                assertThrows(CompileException.class, () -> Placement.of(large)).getMessage();
        assertTrue(why.contains("a layer of real weights, 'mean' (operator 2), of 4,198,400 "), why);
    }

    private int resized(int from, int height, int width) {
        GraphBuilder graph = network.graph();
        int to = graph.tensor(
                "resized",
                TensorType.INT8,
                Shape.map(height, width, graph.shape(from).channels()),
                graph.tensor(from).quantization());
        graph.operator(new Resize("resized", new int[] {from}, new int[] {to}, Resize.Mode.BILINEAR, false, false));
        return to;
    }

    @Test
    void a_resize_is_on_the_host_where_the_accelerator_has_no_such_shares() {
        Graph odd = network.build(convolution(resized(convolution(input), 37, 5)));
        assertEquals(List.of(List.of(), List.of(1), List.of()), host(odd));
        assertEquals(HostReason.SHARES, HostReason.of(odd.operators().get(1), odd));
    }

    @Test
    void a_function_of_codes_that_the_accelerator_lacks_is_on_the_host() {
        int features = convolution(input);
        GraphBuilder graph = network.graph();
        int unit = graph.tensor("unit", TensorType.INT8, graph.shape(features), Quantization.of(1f / 128, 0));
        int zeroPoint = graph.tensor(features).requireQuantization().zeroPoint();
        graph.operator(new L2Normalization("unit", new int[] {features}, new int[] {unit}, zeroPoint));
        Graph embedding = network.build(unit);
        assertEquals(List.of(List.of(), List.of(1)), host(embedding));
        assertEquals(
                "the accelerator has no such operator",
                HostReason.of(embedding.operators().get(1), embedding).words());
    }

    @Test
    void a_resize_by_a_small_power_of_two_is_no_part_of_the_host() {
        assertEquals(List.of(List.of(), List.of()), host(network.build(resized(convolution(input), 8, 16))));
    }

    private Graph averaged(int height, int width) {
        NetworkBuilder large = new NetworkBuilder("large", 1);
        int from = large.input(height, width, 2, 0.02f, 1);
        int to = large.graph().tensor("mean", TensorType.INT8, Shape.map(1, 1, 2), Quantization.of(0.02f, 1));
        large.graph()
                .operator(new Mean(
                        "mean",
                        new int[] {from},
                        new int[] {to},
                        Axes.SPATIAL,
                        1,
                        Rescaling.mean(0.02f, 0.02f, height * width),
                        1));
        return large.build(to);
    }

    @Test
    void a_mean_is_on_the_host_where_no_kernel_holds_it() {
        Graph large = averaged(256, 3);
        assertEquals(List.of(List.of(), List.of(0)), host(large));
        assertEquals(HostReason.WINDOW, HostReason.of(large.operators().get(0), large));
        assertEquals(List.of(List.of(), List.of()), host(averaged(255, 3)));
        assertEquals(List.of(List.of(), List.of()), host(averaged(1000, 1)), "a line becomes a map");
        assertEquals(List.of(List.of(), List.of(0)), host(averaged(1, 1021)), "a prime number of pixels is a line");
        assertEquals(List.of(List.of(), List.of()), host(averaged(180, 180)), "as many pixels as a bank holds");
        assertEquals(List.of(List.of(), List.of(0)), host(averaged(181, 180)), "more than these");
    }

    @Test
    void a_network_of_real_numbers_is_refused() {
        GraphBuilder graph = new GraphBuilder("real");
        int from = graph.input("input", TensorType.FLOAT32, Shape.vector(4), null);
        int to = graph.tensor("output", TensorType.FLOAT32, Shape.vector(4), null);
        graph.operator(
                new FloatActivation("tanh", new int[] {from}, new int[] {to}, FloatActivation.Function.TANH, 0, 0));
        CompileException refusal = assertThrows(CompileException.class, () -> Placement.of(graph.build(to)));
        assertTrue(refusal.getMessage().contains("quantise it first"), refusal.getMessage());
    }

    @Test
    void a_network_of_codes_of_which_the_accelerator_has_nothing_to_compute_is_all_on_the_host() {
        GraphBuilder graph = new GraphBuilder("coded");
        Quantization codes = Quantization.of(0.1f, 3);
        int from = graph.input("input", TensorType.FLOAT32, Shape.vector(4), null);
        int coded = graph.tensor("codes", TensorType.INT8, Shape.vector(4), codes);
        int real = graph.tensor("real", TensorType.FLOAT32, Shape.vector(4), null);
        int to = graph.tensor("output", TensorType.FLOAT32, Shape.vector(4), null);
        graph.operator(new Quantize(
                "codes", new int[] {from}, new int[] {coded}, codes.scale(), codes.zeroPoint(), codes.rounding()));
        graph.operator(new Dequantize("real", new int[] {coded}, new int[] {real}, codes.scale(), codes.zeroPoint()));
        graph.operator(
                new FloatActivation("tanh", new int[] {real}, new int[] {to}, FloatActivation.Function.TANH, 0, 0));
        Placement placement = Placement.of(graph.build(to));
        assertEquals(List.of(0, 1, 2), placement.hostOperators());
        assertTrue(placement.jobs().stream().allMatch(job -> job.operators().isEmpty()));
    }

    @Test
    void what_the_host_computes_beyond_the_ends_is_told() {
        Graph graph = network.build(argMax(convolution(softmax(convolution(input)))));
        List<HostReport.Entry> told = HostReport.beyondEnds(graph, Placement.of(graph));
        assertEquals(
                List.of("Softmax", "ArgMax"),
                told.stream().map(HostReport.Entry::operator).toList());
        assertTrue(HostReport.words(told).contains("Softmax ('softmax"), HostReport.words(told));
        NetworkBuilder plain = new NetworkBuilder("plain", 1);
        int ends = plain.elementwise()
                .softmax(plain.convolution(plain.input(4, 4, 3, 0.02f, 1), 4, plain.same(0, 3, 1), Activation.NONE));
        Graph strict = plain.build(ends);
        assertEquals(List.of(), HostReport.beyondEnds(strict, Placement.of(strict)));
    }
}
