// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TfliteImporterTest {
    private static Graph read(Consumer<SmallModel> change) {
        SmallModel model = new SmallModel();
        change.accept(model);
        return TfliteImporter.read("small", model.build());
    }

    private static void assertRefused(Consumer<SmallModel> change, String... words) {
        ModelException problem = assertThrows(ModelException.class, () -> read(change));
        for (String word : words) {
            assertTrue(problem.getMessage().contains(word), problem.getMessage());
        }
    }

    @Test
    void a_convolution_is_read_with_tflites_tensor_numbers_and_parameters() {
        Graph graph = read(model -> {});
        Convolution convolution = (Convolution) graph.operators().get(0);
        assertArrayEquals(new int[] {0}, graph.inputs());
        assertArrayEquals(new int[] {3}, graph.outputs());
        assertEquals(2, graph.tensors().size());
        assertEquals(-3, convolution.inputZeroPoint());
        assertEquals(Padding.NONE, convolution.window().padding());
        assertEquals(1, convolution.groups());
        assertEquals(2 * 2 * 5 * 12, graph.macs());
        assertEquals(65, graph.parameters());
    }

    @Test
    void a_bias_whose_quantised_dimension_is_out_of_range_is_read() {
        assertEquals(
                1, read(model -> model.biasQuantizedDimension = 3).operators().size());
    }

    @Test
    void an_unsupported_operator_is_refused_by_name_and_index() {
        assertRefused(model -> model.builtin = 16, "Operator 0", "LSTM");
    }

    @Test
    void a_custom_operator_is_refused_by_its_own_name() {
        assertRefused(
                model -> {
                    model.builtin = BuiltinOperator.CUSTOM;
                    model.file.customName = "AudioFrontEnd";
                },
                "Operator 0",
                "AudioFrontEnd");
    }

    @Test
    void a_part_compiled_for_another_accelerator_is_refused_with_the_file_to_use() {
        for (String[] kind : new String[][] {{"edgetpu-custom-op", "edgetpu_compiler"}, {"ethos-u", "vela"}}) {
            assertRefused(
                    model -> {
                        model.builtin = BuiltinOperator.CUSTOM;
                        model.file.customName = kind[0];
                    },
                    kind[0],
                    "use the file from before " + kind[1]);
        }
    }

    @Test
    void a_float_model_is_refused_with_the_advice_to_quantise_it() {
        assertRefused(model -> model.inputType = Schema.Type.FLOAT32, "Operator 0", "FLOAT32", "quantise");
    }

    @Test
    void a_type_we_do_not_have_is_refused_by_name() {
        assertRefused(model -> model.inputType = 7, "Tensor 0", "INT16");
    }

    @Test
    void a_missing_quantisation_is_refused_with_the_tensor_named() {
        assertRefused(model -> model.quantized = false, "Tensor 0", "quantis");
    }

    @Test
    void a_fused_activation_we_do_not_have_is_refused() {
        assertRefused(model -> model.activation = 4, "Operator 0", "its fused activation TANH is not supported.");
        assertRefused(model -> model.activation = 5, "its fused activation SIGN_BIT is not supported.");
        assertRefused(model -> model.activation = 6, "its fused activation number 6 is not supported.");
    }

    @Test
    void a_bias_of_the_wrong_length_is_refused() {
        assertRefused(model -> model.biasCount = 4, "Operator 0", "4 biases", "5 output channels");
    }

    @Test
    void only_the_first_subgraph_is_read() {
        Graph graph = read(model -> model.file.subGraphs = 3);
        assertEquals(1, graph.operators().size());
        assertRefused(model -> model.file.subGraphs = 0, "no subgraph");
    }

    @Test
    void what_is_called_once_at_the_start_is_passed_over() {
        Graph graph = read(model -> {
            model.file.subGraphs = 2;
            model.file.operator(BuiltinOperator.CALL_ONCE, new int[] {}, new int[] {}, ModelFile.Options.none());
        });
        assertEquals(1, graph.operators().size());
    }

    @Test
    void contents_of_constants_may_lie_behind_the_flatbuffer() {
        Convolution inside = (Convolution) read(model -> {}).operators().get(0);
        Convolution behind = (Convolution)
                read(model -> model.file.contentsBehind = true).operators().get(0);
        assertArrayEquals(inside.weights(), behind.weights());
        assertArrayEquals(inside.bias(), behind.bias());
        for (long misplaced : new long[] {1 << 20, 1L << 32, Long.MAX_VALUE / 2, Long.MIN_VALUE}) {
            assertRefused(
                    model -> {
                        model.file.contentsBehind = true;
                        model.file.misplaced = misplaced;
                    },
                    misplaced < 0 ? "constant" : "damaged");
        }
    }

    @Test
    void old_schemas_are_refused() {
        assertRefused(model -> model.file.version = 2, "schema version 2");
    }

    @Test
    void bytes_that_are_no_tflite_file_are_refused() {
        assertThrows(ModelException.class, () -> TfliteImporter.read("x", ByteBuffer.allocate(0)));
        assertThrows(ModelException.class, () -> TfliteImporter.read("x", ByteBuffer.allocate(4096)));
    }

    @Test
    void every_truncation_is_refused() {
        byte[] whole = new SmallModel().build().array();
        for (int length = 0; length < whole.length - 64; length++) {
            ByteBuffer part = ByteBuffer.wrap(Arrays.copyOf(whole, length));
            assertThrows(ModelException.class, () -> TfliteImporter.read("x", part), "at " + length);
        }
    }

    @Test
    void a_file_above_the_limit_is_refused_with_its_name(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("small.tflite");
        Files.write(file, new SmallModel().build().array());
        assertEquals("small", TfliteImporter.read(file).name());
        ModelException problem = assertThrows(ModelException.class, () -> TfliteImporter.read(file, 100));
        assertTrue(problem.getMessage().contains("small.tflite"), problem.getMessage());
    }

    @Test
    void every_small_file_is_read_and_the_one_with_an_open_batch_takes_one_image() {
        for (String name : SmallFiles.names()) {
            TfliteImporter.read(name, ByteBuffer.wrap(SmallFiles.bytes(name)));
        }
        Graph graph = TfliteImporter.read("open", ByteBuffer.wrap(SmallFiles.bytes("open batch")));
        assertEquals(Shape.of(1, 4, 4, 3), graph.tensor(graph.inputs()[0]).shape());
        assertEquals(Shape.of(1, 5), graph.tensor(graph.outputs()[0]).shape());
        assertEquals(2, graph.operators().size(), "the shape calculations and the transposed weights are no operators");
    }

    @Test
    void an_operator_we_do_not_have_is_refused_before_anything_else_is_read() {
        ModelFile file = new ModelFile();
        int input = file.tensor(Schema.Type.INT8, 0.5f, 0, 1, 10, 4);
        int broken = file.tensor(Schema.Type.INT8, 0, 0, 1, 10, 4);
        int output = file.tensor(Schema.Type.INT8, 0.5f, 0, 1, 10, 8);
        file.operator(BuiltinOperator.RELU, new int[] {input}, broken);
        file.operator(44, new int[] {broken, -1, -1}, output);
        ModelException problem = assertThrows(
                ModelException.class, () -> TfliteImporter.read("sequence", file.build(new int[] {input}, output)));
        assertTrue(problem.getMessage().startsWith("Operator 1 (UNIDIRECTIONAL_SEQUENCE_LSTM)"), problem.getMessage());
    }

    @Test
    void a_shape_used_as_a_value_is_refused() {
        ModelFile file = new ModelFile();
        int input = file.tensor(Schema.Type.INT8, 0.5f, 0, 1, 4);
        int shape = file.tensor(Schema.Type.INT32, 0, 0, 2);
        int output = file.tensor(Schema.Type.INT8, 0.5f, 0, 1, 4);
        file.operator(BuiltinOperator.SHAPE, new int[] {input}, shape);
        file.operator(BuiltinOperator.QUANTIZE, new int[] {shape}, output);
        ModelException problem = assertThrows(
                ModelException.class, () -> TfliteImporter.read("shape", file.build(new int[] {input}, output)));
        assertTrue(problem.getMessage().contains("Operator 1 (QUANTIZE)"), problem.getMessage());
    }

    @Test
    void pieces_that_are_not_put_together_are_refused() {
        ModelFile file = new ModelFile();
        int input = file.tensor(Schema.Type.INT8, 0.5f, 0, 1, 4, 4, 1);
        int pieces = file.tensor(Schema.Type.INT8, 0.5f, 0, 4, 2, 2, 1);
        file.operator(
                BuiltinOperator.SPACE_TO_BATCH_ND,
                new int[] {input, file.integers(2, 2), file.integers(0, 0, 0, 0)},
                pieces);
        ModelException problem = assertThrows(
                ModelException.class, () -> TfliteImporter.read("pieces", file.build(new int[] {input}, pieces)));
        assertTrue(problem.getMessage().contains("SPACE_TO_BATCH_ND"), problem.getMessage());
    }

    private static void assertMakesAnotherSize(int builtin, int... given) {
        ModelFile file = new ModelFile();
        int input = file.tensor(Schema.Type.INT8, 0.5f, 0, 1, 4, 4, 2);
        int output = file.tensor(Schema.Type.INT8, 0.5f, 0, 1, 8, 8, 2);
        int size = file.integers(given);
        boolean transposed = builtin == BuiltinOperator.TRANSPOSE_CONV;
        int[] inputs = transposed
                ? new int[] {size, file.constant(Schema.Type.INT8, 0.5f, 0, new byte[16], 2, 2, 2, 2), input}
                : new int[] {input, size};
        ModelFile.Options options = transposed
                ? ModelFile.Options.none()
                        .with(Schema.TransposeConvOptions.STRIDE_WIDTH, 2)
                        .with(Schema.TransposeConvOptions.STRIDE_HEIGHT, 2)
                : ModelFile.Options.none();
        file.operator(builtin, inputs, new int[] {output}, options);
        ModelException problem = assertThrows(
                ModelException.class, () -> TfliteImporter.read("sizes", file.build(new int[] {input}, output)));
        assertTrue(problem.getMessage().contains("but its output has"), problem.getMessage());
    }

    @Test
    void a_size_that_is_not_the_outputs_is_refused() {
        assertMakesAnotherSize(BuiltinOperator.RESIZE_BILINEAR, 8, 9);
        assertMakesAnotherSize(BuiltinOperator.RESIZE_NEAREST_NEIGHBOR, 4, 4);
        assertMakesAnotherSize(BuiltinOperator.TRANSPOSE_CONV, 1, 9, 8, 2);
        assertMakesAnotherSize(BuiltinOperator.TRANSPOSE_CONV, 8, 2);
    }

    @Test
    void options_of_another_operator_are_refused() {
        ModelFile file = new ModelFile();
        int input = file.tensor(Schema.Type.INT8, 0.5f, 0, 1, 4, 4, 2);
        int output = file.tensor(Schema.Type.INT8, 0.5f, 0, 1, 8, 8, 2);
        ModelFile.Options options = ModelFile.Options.none()
                .with(Schema.ResizeBilinearOptions.HALF_PIXEL_CENTERS, (byte) 1)
                .ofType(BuiltinOperator.optionsType(BuiltinOperator.RESIZE_NEAREST_NEIGHBOR));
        file.operator(
                BuiltinOperator.RESIZE_BILINEAR, new int[] {input, file.integers(8, 8)}, new int[] {output}, options);
        ModelException problem = assertThrows(
                ModelException.class, () -> TfliteImporter.read("options", file.build(new int[] {input}, output)));
        assertTrue(problem.getMessage().contains("options are of type number 74"), problem.getMessage());
    }

    @Test
    void operator_numbers_agree_with_their_names() throws IllegalAccessException {
        for (Field field : BuiltinOperator.class.getDeclaredFields()) {
            if (field.getType() == int.class) {
                assertEquals(field.getName(), BuiltinOperator.name(field.getInt(null)));
            }
        }
    }
}
