// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.Elementwise;
import io.windhover.models.graph.FloatActivation.Function;
import io.windhover.models.graph.FloatInterpolation;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import io.windhover.models.quantize.QuantizationPlan.Activation;
import io.windhover.models.reference.ReferenceExecutor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each float operator becomes, and how far its results may stray. */
class Int8LoweringTest {
    private static final Window POINT = Window.square(1, 1, 0);
    private static final Window THREE = Window.square(3, 1, 1);

    private static Activation activation(double scale, int zeroPoint) {
        return Activation.of(TensorType.INT8, (float) scale, zeroPoint);
    }

    private static List<String> kinds(Graph graph) {
        return graph.operators().stream().map(Operator::kind).toList();
    }

    @Test
    void a_rectifier_disappears_into_the_layer_before_it() {
        FloatNetwork network = new FloatNetwork("fused", 1);
        int input = network.input(5, 4, 3);
        int output = network.relu(network.convolution(input, 8, THREE, 1));
        Graph lowered = Int8Lowering.lower(
                network.graph.build(output),
                new QuantizationPlan(Map.of(input, activation(0.02, 3), output, activation(0.05, -100)), Map.of()));
        assertEquals(List.of("Convolution"), kinds(lowered));
        Convolution convolution = (Convolution) lowered.operators().get(0);
        PostProcess.Requantize post = (PostProcess.Requantize) convolution.post();
        assertEquals(-100, post.clampMin());
        assertEquals(127, post.clampMax());
        assertEquals(output, convolution.output());
    }

    private static Graph between(float position) {
        FloatNetwork network = new FloatNetwork("between", 1);
        int input = network.input(2, 1, 3);
        int output = network.graph.tensor("between", TensorType.FLOAT32, Shape.map(2, 1, 3), null);
        network.graph.operator(new FloatInterpolation(
                "between", new int[] {input}, new int[] {output}, new float[] {0, position}, new float[] {0}));
        return Int8Lowering.lower(
                network.graph.build(output),
                new QuantizationPlan(Map.of(input, activation(0.02, 3), output, activation(0.05, -100)), Map.of()));
    }

    @Test
    void an_interpolation_is_of_whole_shares_or_refused_with_a_remedy() {
        assertEquals(List.of("Interpolation"), kinds(between(1 / 3f)));
        ModelException problem = assertThrows(ModelException.class, () -> between(1 / 1500f));
        assertTrue(problem.getMessage().contains("scale by a small whole number"), problem.getMessage());
    }

    @Test
    void a_rectifier_with_another_scale_than_its_input_is_a_table() {
        FloatNetwork network = new FloatNetwork("table", 1);
        int input = network.input(5, 4, 3);
        int convolution = network.convolution(input, 8, THREE, 1);
        int output = network.relu(convolution);
        Graph lowered = Int8Lowering.lower(
                network.graph.build(output),
                new QuantizationPlan(
                        Map.of(
                                input,
                                activation(0.02, 3),
                                convolution,
                                activation(0.04, 0),
                                output,
                                activation(0.05, -100)),
                        Map.of()));
        assertEquals(List.of("Convolution", "LookupTable"), kinds(lowered));
    }

    @Test
    void a_chain_of_functions_is_one_table() {
        FloatNetwork network = new FloatNetwork("chain", 1);
        int input = network.input(1, 1, 4);
        int three = network.constant(Shape.of(1), 3);
        int six = network.constant(Shape.of(1), 6);
        int shifted = network.elementwise(input, three, Elementwise.Function.ADD, false);
        int cut = network.activation(shifted, Function.CLAMP, 0, 6);
        int output = network.elementwise(cut, six, Elementwise.Function.DIVIDE, false);
        Graph lowered = Int8Lowering.lower(
                network.graph.build(output),
                new QuantizationPlan(
                        Map.of(input, activation(0.05, 0), output, activation(1 / 256.0, -128)), Map.of()));
        assertEquals(List.of("LookupTable"), kinds(lowered));
        byte[] table = ((LookupTable) lowered.operators().get(0)).table();
        assertEquals(-128, table[(byte) -100 & 0xFF]);
        assertEquals(0, table[0]);
        assertEquals(127, table[100]);
    }

    @Test
    void grouped_convolutions_of_single_channels_are_depthwise_with_weights_transposed() {
        FloatNetwork network = new FloatNetwork("depthwise", 5);
        int input = network.input(6, 6, 4);
        int output = network.convolution(input, 8, THREE, 4);
        Graph graph = network.graph.build(output);
        Graph lowered = Int8Lowering.lower(
                graph, new QuantizationPlan(Map.of(input, activation(0.03, 0), output, activation(0.05, 0)), Map.of()));
        assertInstanceOf(DepthwiseConvolution.class, lowered.operators().get(0));
        assertTrue(decibels(network, graph) > 30);
    }

    @Test
    void sums_and_products_with_a_constant_for_each_channel_are_depthwise_layers() {
        FloatNetwork network = new FloatNetwork("affine", 6);
        int map = network.input(4, 4, 6);
        int constant = network.constant(Shape.of(6), 0.001f, -3, 20, 1, 0.5f, 100);
        map = network.elementwise(map, constant, Elementwise.Function.MULTIPLY, false);
        map = network.elementwise(
                map, network.constant(Shape.of(6), 1, 2, 3, 4, 5, -60), Elementwise.Function.SUBTRACT, true);
        Graph graph = network.graph.build(map);
        assertTrue(decibels(network, graph) > 30);
        Graph lowered =
                Quantizer.quantize(graph, network.inputs(graph, 2), () -> {}).graph();
        assertEquals(List.of("DepthwiseConvolution", "DepthwiseConvolution"), kinds(lowered));
    }

    @Test
    void operands_of_other_scales_are_requantised_once_before_a_maximum() {
        FloatNetwork network = new FloatNetwork("maximum", 7);
        int input = network.input(3, 3, 4);
        int other = network.relu(input);
        int output = network.elementwise(input, other, Elementwise.Function.MAXIMUM, false);
        int second = network.elementwise(other, input, Elementwise.Function.MINIMUM, false);
        Graph lowered = Int8Lowering.lower(
                network.graph.build(output, second),
                new QuantizationPlan(
                        Map.of(
                                input,
                                activation(0.03, 0),
                                other,
                                activation(0.02, -128),
                                output,
                                activation(0.03, 0),
                                second,
                                activation(0.03, 0)),
                        Map.of()));
        assertEquals(List.of("LookupTable", "LookupTable", "Maximum", "Minimum"), kinds(lowered));
    }

    @Test
    void an_average_that_counts_its_border_gets_a_border() {
        FloatNetwork network = new FloatNetwork("average", 8);
        int output = network.pool(network.input(5, 5, 3), false, THREE, true);
        Graph graph = network.graph.build(output);
        assertTrue(decibels(network, graph) > 28);
    }

    @Test
    void planned_weights_are_taken_as_they_are() {
        FloatNetwork network = new FloatNetwork("planned", 9);
        int input = network.input(1, 1, 2);
        int output = network.convolution(input, 1, POINT, 1);
        Graph graph = network.graph.build(output);
        QuantizationPlan.Weights weights = new QuantizationPlan.Weights(
                new byte[] {(byte) 200, 100}, TensorType.UINT8, new float[] {0.01f}, 120, new int[] {7});
        Graph lowered = Int8Lowering.lower(
                graph,
                new QuantizationPlan(
                        Map.of(input, activation(1, 0), output, activation(0.5, 0)),
                        Map.of(graph.operators().get(0).name(), weights)));
        Convolution convolution = (Convolution) lowered.operators().get(0);
        assertArrayEquals(new byte[] {72, -28}, convolution.weights());
        assertEquals(-8, convolution.weightZeroPoint());
        assertArrayEquals(new int[] {7}, convolution.bias());
        // (10 * 80 + 20 * -20 + 7) * 0.01 / 0.5 = 8.14
        assertArrayEquals(
                new byte[] {8},
                new ReferenceExecutor(lowered).infer(new byte[] {10, 20}).get(0));
    }

    @Test
    void fewer_codes_than_the_type_has_are_enough_for_low_precision() {
        FloatNetwork network = new FloatNetwork("four bits", 10);
        int input = network.input(2, 2, 3);
        int output = network.convolution(input, 4, POINT, 1);
        Activation fourBits =
                new Activation(TensorType.INT8, activation(0.25, 0).quantization(), -8, 7);
        Graph lowered = Int8Lowering.lower(
                network.graph.build(output),
                new QuantizationPlan(Map.of(input, activation(0.05, 0), output, fourBits), Map.of()));
        PostProcess.Requantize post =
                (PostProcess.Requantize) ((Convolution) lowered.operators().get(0)).post();
        assertEquals(-8, post.clampMin());
        assertEquals(7, post.clampMax());
    }

    @Test
    void a_tensor_without_a_plan_is_named() {
        FloatNetwork network = new FloatNetwork("unplanned", 11);
        int input = network.input(2, 2, 3);
        int output = network.convolution(input, 4, POINT, 1);
        Graph graph = network.graph.build(output);
        ModelException problem = assertThrows(
                ModelException.class,
                () -> Int8Lowering.lower(graph, new QuantizationPlan(Map.of(input, activation(0.05, 0)), Map.of())));
        assertTrue(
                problem.getMessage().contains("Operator 0 (FloatConvolution 'convolution_1')"), problem.getMessage());
        assertTrue(problem.getMessage().contains("tensor 1 'convolution'"), problem.getMessage());
    }

    @ParameterizedTest
    @EnumSource(Function.class)
    void every_activation_function_follows_its_float_form(Function function) {
        FloatNetwork network = new FloatNetwork("activation", function.ordinal());
        int map = network.input(6, 6, 4);
        map = switch (function) {
            case SQUARE_ROOT, POWER -> network.activation(map, Function.ABS, 0, 0);
            case LOG, RECIPROCAL, RECIPROCAL_SQUARE_ROOT -> network.activation(map, Function.LOGISTIC, 0, 0);
            default -> map;
        };
        float alpha = function == Function.CLAMP ? -0.5f : 0.2f;
        Graph graph =
                network.graph.build(network.activation(map, function, alpha, function == Function.CLAMP ? 1 : 0.5f));
        // Beside a jump the nearest code may be on its other side.
        boolean jumps = function == Function.FLOOR
                || function == Function.CEILING
                || function == Function.ROUND
                || function == Function.SIGN;
        assertTrue(decibels(network, graph) > (jumps ? 15 : 25), function + " " + decibels(network, graph));
    }

    @ParameterizedTest
    @EnumSource(Elementwise.Function.class)
    void every_element_wise_function_follows_its_float_form(Elementwise.Function function) {
        FloatNetwork network = new FloatNetwork("elementwise", function.ordinal());
        int input = network.input(6, 6, 4);
        boolean divides = function == Elementwise.Function.DIVIDE;
        int second = divides
                ? network.constant(Shape.map(6, 6, 1), network.normal(36, 1))
                : network.convolution(input, 4, POINT, 1);
        Graph graph = network.graph.build(network.elementwise(input, second, function, !divides));
        Quantizer.Result result = quantized(network, graph);
        assertTrue(result.decibels() > 25, function + " " + result.decibels());
        Elementwise integers = result.graph().operators().stream()
                .filter(Elementwise.class::isInstance)
                .map(Elementwise.class::cast)
                .findFirst()
                .orElseThrow();
        assertEquals(divides ? Elementwise.Function.MULTIPLY : function, integers.function());
    }

    @Test
    void local_response_normalisation_follows_its_float_form() {
        FloatNetwork network = new FloatNetwork("normalisation", 12);
        int map = network.relu(network.convolution(network.input(6, 6, 4), 12, THREE, 1));
        Graph graph = network.graph.build(network.normalization(map, 2, 0.2f));
        assertTrue(decibels(network, graph) > 25, "" + decibels(network, graph));
    }

    @Test
    void a_parametric_rectifier_follows_its_float_form() {
        FloatNetwork network = new FloatNetwork("prelu", 13);
        Graph graph = network.graph.build(network.prelu(network.input(6, 6, 5)));
        assertTrue(decibels(network, graph) > 30, "" + decibels(network, graph));
    }

    private static double decibels(FloatNetwork network, Graph graph) {
        return quantized(network, graph).decibels();
    }

    private static Quantizer.Result quantized(FloatNetwork network, Graph graph) {
        return Quantizer.quantize(graph, network.inputs(graph, 8), () -> {});
    }
}
