package io.windhover.models.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Padding;
import java.io.IOException;
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
        assertEquals(1, read(model -> model.biasQuantizedDimension = 3).operators().size());
    }

    @Test
    void an_unsupported_operator_is_refused_by_name_and_index() {
        assertRefused(model -> model.builtin = 16, "Operator 0", "LSTM");
    }

    @Test
    void a_custom_operator_is_refused_by_its_own_name() {
        assertRefused(model -> {
            model.builtin = BuiltinOperator.CUSTOM;
            model.customName = "AudioFrontEnd";
        }, "Operator 0", "AudioFrontEnd");
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
        assertRefused(model -> model.quantized = false, "0 'input'", "quantis");
    }

    @Test
    void a_batch_above_one_is_refused() {
        assertRefused(model -> model.batch = 2, "batch 2");
    }

    @Test
    void a_fused_activation_we_do_not_have_is_refused() {
        assertRefused(model -> model.activation = 4, "Operator 0", "activation number 4");
    }

    @Test
    void a_bias_of_the_wrong_length_is_refused() {
        assertRefused(model -> model.biasCount = 4, "Operator 0", "4 biases", "5 output channels");
    }

    @Test
    void control_flow_and_old_schemas_are_refused() {
        assertRefused(model -> model.subGraphs = 2, "2 subgraphs");
        assertRefused(model -> model.version = 2, "schema version 2");
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
}
