// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.InputShapes;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Transpose;
import io.windhover.models.inspect.FileOperator;
import io.windhover.models.inspect.GraphSummary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxImporterTest {
    private static Graph read(OnnxNetwork network) {
        return OnnxImporter.read("small", ByteBuffer.wrap(network.file()));
    }

    private static OnnxNetwork image() {
        return new OnnxNetwork().input("input", "batch", 3, 8, 8);
    }

    private static OnnxNetwork single(String operator, Object... attributes) {
        OnnxNetwork network = image();
        return network.output(network.node(operator, List.of("input"), attributes));
    }

    private static void assertRefused(OnnxNetwork network, String... words) {
        ModelException problem = assertThrows(ModelException.class, () -> read(network));
        for (String word : words) {
            assertTrue(problem.getMessage().contains(word), problem.getMessage());
        }
    }

    @Test
    void names_that_differ_in_control_characters_are_different_names() {
        OnnxNetwork network = image();
        network.add("", "Relu", List.of("input"), List.of("a\u0007"));
        network.add("", "Sigmoid", List.of("a\u0007"), List.of("a\u0008"));
        Graph graph = read(network.output("a\u0008"));
        assertEquals(
                List.of("a\u0007", "a\u0008"),
                List.of(graph.tensor(0).name(), graph.tensor(1).name()));
    }

    @Test
    void tensors_are_numbered_by_node_output_and_named_as_in_the_file() {
        OnnxNetwork network = image();
        String y = network.node("Identity", List.of("input"));
        String left = network.node("Relu", List.of(y));
        network.add("", "Split", List.of(left, network.ints(1, 2)), List.of("one", "two"), "axis", 1);
        network.output(network.node("Sigmoid", List.of("two")));
        Graph graph = read(network);
        Tensor output = graph.tensor(graph.outputs()[0]);
        assertEquals(4, output.index());
        assertEquals("value2", output.name());
        assertEquals("two", graph.tensor(3).name());
        assertEquals("value1", graph.tensor(1).name());
        assertEquals(5, graph.inputs()[0]);
        assertEquals(
                4,
                GraphSummary.of(graph)
                        .getAsJsonArray("outputs")
                        .get(0)
                        .getAsJsonObject()
                        .get("index")
                        .getAsInt());
    }

    @Test
    void an_image_input_is_channels_last() {
        Graph graph = read(single("Relu"));
        assertEquals(
                List.of(1, 8, 8, 3), graph.tensor(graph.inputs()[0]).shape().dimensions());
    }

    @Test
    void an_input_that_the_file_turns_to_channels_first_itself_is_taken_as_it_is() {
        OnnxNetwork network = new OnnxNetwork().input("input", 1, 8, 6, 3);
        String x = network.node("Transpose", List.of("input"), "perm", new long[] {0, 3, 1, 2});
        x = network.node("Conv", List.of(x, network.constant(new int[] {2, 3, 1, 1}, new double[6])));
        network.output(network.node("Transpose", List.of(x), "perm", new long[] {0, 2, 3, 1}));
        Graph graph = read(network);
        assertEquals(
                List.of(1, 8, 6, 3), graph.tensor(graph.inputs()[0]).shape().dimensions());
        assertEquals(1, graph.operators().size());
    }

    @Test
    void an_input_that_is_added_to_a_map_which_the_file_turns_is_channels_last() {
        for (boolean second : new boolean[] {false, true}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 6, 5, 7).input("other", 1, 6, 5, 7);
            String x = network.node("Conv", List.of("input", network.constant(new int[] {6, 6, 1, 1}, new double[36])));
            String y = network.node("Relu", List.of(network.node("Relu", List.of(x))));
            String sum = network.node("Add", second ? List.of(y, "other") : List.of("other", y));
            network.output(network.node("Transpose", List.of(sum), "perm", new long[] {0, 3, 1, 2}));
            Graph graph = read(network);
            for (int input : graph.inputs()) {
                assertEquals(List.of(1, 5, 7, 6), graph.tensor(input).shape().dimensions());
            }
        }
    }

    @Test
    void a_channel_shuffle_is_a_reshape_a_transpose_and_a_reshape_over_channels_last() {
        List<Operator> operators = read(SmallNetworks.CHANNEL_SHUFFLE.build(1)).operators();
        assertTrue(operators.get(1) instanceof Reshape && operators.get(3) instanceof Reshape, operators.toString());
        assertArrayEquals(new int[] {0, 1, 2, 4, 3}, ((Transpose) operators.get(2)).permutation());
    }

    @Test
    void everything_linear_is_folded_into_the_convolution_before_it() {
        Graph graph = read(SmallNetworks.FOLDED_NORMALISATION.build(1));
        assertEquals(2, graph.operators().size());
        assertTrue(graph.operators().get(0) instanceof FloatConvolution
                && graph.operators().get(1) instanceof FloatActivation);
    }

    @Test
    void gated_activations_are_recognised() {
        OnnxNetwork network = image();
        network.output(network.node("Mul", List.of("input", network.node("Sigmoid", List.of("input")))));
        assertEquals(
                FloatActivation.Function.SWISH,
                ((FloatActivation) read(network).operators().get(0)).function());
    }

    @Test
    void uint8_codes_stay_uint8_at_the_borders_of_the_network() {
        Graph graph = read(LowBitNetworks.qLinear(5));
        assertEquals(TensorType.UINT8, graph.tensor(graph.inputs()[0]).type());
        assertTrue(graph.operators().stream()
                .skip(1)
                .limit(graph.operators().size() - 2L)
                .allMatch(operator -> graph.tensor(operator.output()).type() == TensorType.INT8));
    }

    @Test
    void pixels_cast_to_real_numbers_are_codes_of_scale_one() {
        OnnxNetwork network = image();
        network.inputType = 2;
        String x = network.node("Cast", List.of("input"), "to", 1);
        x = network.node(
                "QuantizeLinear",
                List.of(
                        network.node("Mul", List.of(x, network.constant(new int[0], 1 / 255.0))),
                        network.constant(new int[0], 1 / 128.0),
                        network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[1]))));
        Graph graph = read(network.output(x));
        assertEquals(1f, graph.tensor(graph.inputs()[0]).requireQuantization().scale());
        assertEquals(TensorType.INT8, graph.tensor(graph.outputs()[0]).type());
    }

    @Test
    void an_operator_we_lack_is_refused_by_name_and_index_before_anything_else() {
        assertRefused(single("LSTM"), "Operator 0", "LSTM", "node of value0");
        OnnxNetwork network = image();
        String x = network.node("Relu", List.of("input"));
        assertRefused(
                network.output(network.node("ai.onnx.ml", "TreeEnsembleClassifier", List.of(x))),
                "Operator 1",
                "TreeEnsembleClassifier",
                "ai.onnx.ml");
    }

    @Test
    void open_dimensions_other_than_the_batch_are_refused_by_name() {
        OnnxNetwork network = new OnnxNetwork().input("picture", "batch", 3, "rows", 8);
        assertRefused(network.output(network.node("Relu", List.of("picture"))), "picture", "rows", "fixed");
    }

    private static OnnxNetwork declared(OnnxNetwork network, Object... dimensions) {
        network.output(network.node("MaxPool", List.of("input"), "kernel_shape", new long[] {2, 2}));
        network.outputShapes.put(network.outputs.get(0), dimensions);
        return network;
    }

    @Test
    void an_output_declared_with_another_shape_than_its_operators_make_is_refused() {
        OnnxNetwork fixed = new OnnxNetwork().input("input", 1, 3, 8, 8);
        assertRefused(declared(fixed, 1, 3, 4, 7), "Output 'value0'", "[1, 3, 4, 7]", "[1, 3, 7, 7]");
        assertRefused(declared(image(), "batch", 21, 7), "[batch, 21, 7]");
    }

    @Test
    void an_output_shape_that_is_right_open_or_of_an_open_batch_is_taken() {
        read(declared(new OnnxNetwork().input("input", 1, 3, 8, 8), 1, 3, 7, 7));
        read(declared(image(), "batch", 3, "rows", 7));
        read(declared(image(), 16, 3, 7, 7));
    }

    @Test
    void old_and_new_versions_are_refused() {
        OnnxNetwork network = single("Relu");
        network.opset = 6;
        assertRefused(network, "operator set 6");
        network.opset = 13;
        network.irVersion = 99;
        assertRefused(network, "IR version 99");
    }

    @Test
    void operators_used_beyond_what_we_run_are_refused_with_the_reason() {
        long[] beyond = {10, 10, 10, 10};
        assertRefused(
                single("MaxPool", "kernel_shape", new long[] {2, 2}, "dilations", new long[] {20, 20}, "pads", beyond),
                "Operator 0",
                "MaxPool",
                "padding alone");
        assertRefused(single("Resize", "mode", "cubic"), "Operator 0", "cubic");
        assertRefused(single("Softmax", "axis", 9), "Operator 0", "Softmax", "9");
        OnnxNetwork network = image();
        String weights = network.node("Relu", List.of("input"));
        assertRefused(
                network.output(network.node("Conv", List.of("input", weights))), "Operator 1", "Conv", "constant");
    }

    @Test
    void shapes_that_do_not_fit_their_operator_are_refused() {
        OnnxNetwork network = new OnnxNetwork().input("input", 1, 8, 4, 4);
        String two = network.node("Reshape", List.of("input", network.ints(2, 4, 4, 4)));
        assertRefused(
                network.output(network.node("DepthToSpace", List.of(two), "blocksize", 2, "mode", "CRD")), "batch 2");
        OnnxNetwork scalar = image();
        String one = scalar.constant(new int[0], 1);
        String twice = scalar.node("Unsqueeze", List.of(one, scalar.ints(0, 0)));
        assertRefused(scalar.output(scalar.node("Mul", List.of("input", twice))), "one dimension twice");
    }

    @Test
    void a_constant_without_elements_where_a_number_belongs_is_refused() {
        OnnxNetwork pad = image();
        List<String> padded = List.of("input", pad.ints(0, 0, 1, 1, 0, 0, 1, 1), pad.constant(new int[] {0}));
        assertRefused(pad.output(pad.node("Pad", padded)), "Operator 0", "Pad");
        OnnxNetwork range = image();
        String steps = range.node("Range", List.of(range.constant(new int[] {0}), range.ints(3), range.ints(1)));
        assertRefused(range.output(range.node("Reshape", List.of("input", steps))), "Operator 0", "Range");
        OnnxNetwork dropout = image();
        List<String> inputs = List.of("input", dropout.constant(new int[0], 1), dropout.constant(new int[] {0}));
        assertRefused(dropout.output(dropout.node("Dropout", inputs)), "Operator 0", "Dropout");
    }

    @Test
    void bytes_that_are_no_onnx_file_and_truncated_files_are_refused() {
        assertThrows(ModelException.class, () -> OnnxImporter.read("x", ByteBuffer.allocate(0)));
        assertThrows(ModelException.class, () -> OnnxImporter.read("x", ByteBuffer.allocate(4096)));
        byte[] whole = SmallNetworks.CLASSIFIER.build(2).file();
        for (int length = 0; length < whole.length - 1; length++) {
            ByteBuffer part = ByteBuffer.wrap(Arrays.copyOf(whole, length));
            assertThrows(ModelException.class, () -> OnnxImporter.read("x", part), "at " + length);
        }
    }

    @Test
    void onnx_files_are_recognised_by_their_beginning() throws IOException {
        assertTrue(OnnxImporter.looksLike(SmallNetworks.CLASSIFIER.build(2).file()));
        assertTrue(!OnnxImporter.looksLike(new byte[64]));
    }

    @Test
    void a_file_above_the_limit_is_refused_with_its_name(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("small.onnx");
        Files.write(file, single("Relu").file());
        assertEquals("small", OnnxImporter.read(file).name());
        ModelException problem = assertThrows(ModelException.class, () -> OnnxImporter.read(file, 10));
        assertTrue(problem.getMessage().contains("small.onnx"), problem.getMessage());
    }

    @Test
    void a_pad_beyond_all_bounds_and_one_of_a_dimension_twice_are_refused() {
        OnnxNetwork least = image();
        String amounts = least.ints(0, 0, Long.MIN_VALUE, 0, 0, 0, 0, 0);
        assertRefused(least.output(least.node("Pad", List.of("input", amounts), "mode", "edge")), "it pads by -9223");
        OnnxNetwork twice = image();
        twice.opset = 18;
        assertRefused(
                twice.output(twice.node(
                        "Pad",
                        List.of("input", twice.ints(1, 1, 2, 2), twice.constant(new int[0], 0), twice.ints(2, 2)))),
                "a dimension twice");
    }

    @Test
    void thresholds_are_numbers() {
        OnnxNetwork network = image();
        String thresholds = network.constant(new int[] {1, 3}, 0, Double.NaN, 5);
        assertRefused(
                network.output(network.node("qonnx.custom_op.general", "MultiThreshold", List.of("input", thresholds))),
                "not a number");
    }

    @Test
    void the_operators_of_a_file_are_listed_also_where_some_cannot_be_used() {
        OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 4);
        String x = network.node("Relu", List.of("input"));
        String unknown = network.node("Nonesuch", List.of(x));
        String behind = network.node("Relu", List.of(unknown));
        String other = network.node("Det", List.of(behind));
        network.output(network.node("Sigmoid", List.of(x))).output(other);
        List<FileOperator> operators =
                OnnxImporter.operators(Path.of("some.onnx"), network.file(), 1 << 20, InputShapes.NONE);
        assertEquals(
                List.of(
                        FileOperator.State.SUPPORTED,
                        FileOperator.State.UNSUPPORTED,
                        FileOperator.State.UNKNOWN,
                        FileOperator.State.UNSUPPORTED,
                        FileOperator.State.SUPPORTED),
                operators.stream().map(FileOperator::state).toList());
        assertEquals("it reads what operator 1 makes", operators.get(2).reason());
        assertEquals(
                "Windhover has no such operator; replace it in the model or export another part.",
                operators.get(3).reason());
    }
}
