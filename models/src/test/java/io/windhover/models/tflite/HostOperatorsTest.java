// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.flatbuffers.FlexBuffersBuilder;
import io.windhover.models.ModelException;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.HostOperator;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.tflite.Layer.Codes;
import io.windhover.models.tflite.ModelFile.Options;
import io.windhover.models.tflite.Restated.Factor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators that order, choose and compare: what files of them become, and what that computes. */
class HostOperatorsTest {
    private static final int FLOAT = Schema.Type.FLOAT32;
    private static final int INT = Schema.Type.INT32;
    private static final int LONG = Schema.Type.INT64;
    private static final int BOOL = Schema.Type.BOOL;

    private final ModelFile file = new ModelFile();

    private int real(int... shape) {
        return file.tensor(FLOAT, 0, 0, shape);
    }

    private int constant(float... values) {
        return file.constant(FLOAT, 0, 0, bytes(values), values.length);
    }

    private static byte[] bytes(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static float[] floats(byte[] bytes) {
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    private static int[] ints(byte[] bytes) {
        int[] values = new int[bytes.length / Integer.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
        return values;
    }

    private Graph graph(int input, int... outputs) {
        return TfliteImporter.read("host", file.build(new int[] {input}, outputs));
    }

    private List<byte[]> run(byte[] contents, int input, int... outputs) {
        return new ReferenceExecutor(graph(input, outputs)).infer(contents);
    }

    @Test
    void the_first_of_equal_elements_is_the_largest() {
        int input = real(1, 2, 4);
        int along = file.tensor(INT, 0, 0, 1, 2);
        int across = file.tensor(LONG, 0, 0, 1, 4);
        file.operator(BuiltinOperator.ARG_MAX, new int[] {input, file.integers(-1)}, along);
        file.operator(BuiltinOperator.ARG_MIN, new int[] {input, file.integers(1)}, across);
        List<byte[]> results = run(bytes(1, 3, 3, 2, 5, 0, 9, 9), input, along, across);
        assertArrayEquals(new int[] {1, 2}, ints(results.get(0)));
        long[] smallest = new long[4];
        ByteBuffer.wrap(results.get(1))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .get(smallest);
        assertArrayEquals(new long[] {0, 1, 0, 0}, smallest);
    }

    @Test
    void positions_of_the_largest_choose_elements() {
        int input = real(1, 5);
        int values = real(1, 2);
        int positions = file.tensor(INT, 0, 0, 1, 2);
        int chosen = real(1, 2);
        int table = file.constant(FLOAT, 0, 0, bytes(10, 11, 12, 13, 14), 5);
        file.operator(
                BuiltinOperator.TOPK_V2,
                new int[] {input, file.integers(2)},
                new int[] {values, positions},
                Options.none());
        file.operator(BuiltinOperator.GATHER, new int[] {table, positions}, chosen);
        List<byte[]> results = run(bytes(1, 7, 3, 7, 9), input, values, positions, chosen);
        assertArrayEquals(new float[] {9, 7}, floats(results.get(0)));
        assertArrayEquals(new int[] {4, 1}, ints(results.get(1)));
        assertArrayEquals(new float[] {14, 11}, floats(results.get(2)));
    }

    @Test
    void comparisons_select() {
        int input = real(1, 4);
        int above = file.tensor(BOOL, 0, 0, 1, 4);
        int selected = real(1, 4);
        int rounded = file.tensor(INT, 0, 0, 1, 4);
        int doubled = file.tensor(INT, 0, 0, 1, 4);
        file.operator(BuiltinOperator.GREATER_EQUAL, new int[] {input, constant(2)}, above);
        file.operator(BuiltinOperator.SELECT_V2, new int[] {above, input, constant(-1)}, selected);
        file.operator(
                BuiltinOperator.CAST,
                new int[] {
                    selected,
                },
                rounded);
        file.operator(BuiltinOperator.MUL, new int[] {rounded, file.integers(2)}, new int[] {doubled}, Options.none());
        List<byte[]> results = run(bytes(1, 2, Float.NaN, 3.75f), input, above, selected, doubled);
        assertArrayEquals(new byte[] {0, 1, 0, 1}, results.get(0));
        assertArrayEquals(new float[] {-1, 2, -1, 3.75f}, floats(results.get(1)));
        assertArrayEquals(new int[] {-2, 4, -2, 6}, ints(results.get(2)));
    }

    @Test
    void reals_are_reduced() {
        int input = real(1, 2, 3);
        int sum = real(1, 3);
        int product = real(1, 2);
        int power = real(1, 2);
        file.operator(BuiltinOperator.SUM, new int[] {input, file.integers(1)}, sum);
        file.operator(BuiltinOperator.REDUCE_PROD, new int[] {input, file.integers(2)}, product);
        file.operator(BuiltinOperator.POW, new int[] {product, constant(2)}, power);
        List<byte[]> results = run(bytes(1, 2, 3, 4, 5, 6), input, sum, product, power);
        assertArrayEquals(new float[] {5, 7, 9}, floats(results.get(0)));
        assertArrayEquals(new float[] {6, 120}, floats(results.get(1)));
        assertArrayEquals(new float[] {36, 14_400}, floats(results.get(2)));
    }

    @ParameterizedTest
    @ValueSource(ints = {BuiltinOperator.SQUARE, BuiltinOperator.SIN, BuiltinOperator.FLOOR})
    void functions_of_real_numbers_alone_are_refused_of_codes(int builtin) {
        int input = file.tensor(Schema.Type.INT8, 0.05f, 3, 1, 4);
        int output = file.tensor(Schema.Type.INT8, 0.05f, 3, 1, 4);
        file.operator(builtin, new int[] {input}, output);
        ModelException problem = assertThrows(ModelException.class, () -> graph(input, output));
        assertEquals(
                "Operator 0 (" + BuiltinOperator.name(builtin)
                        + ") cannot be used: its output has type INT8; Windhover "
                        + "computes it of FLOAT32 only, so keep it between DEQUANTIZE and QUANTIZE.",
                problem.getMessage());
    }

    @Test
    void powers_are_refused_of_codes() {
        int input = file.tensor(Schema.Type.UINT8, 0.05f, 3, 1, 4);
        int output = file.tensor(Schema.Type.UINT8, 0.05f, 3, 1, 4);
        file.operator(BuiltinOperator.POW, new int[] {input, input}, output);
        String message =
                assertThrows(ModelException.class, () -> graph(input, output)).getMessage();
        assertTrue(message.contains("type UINT8; Windhover computes it of FLOAT32, INT32 and INT64 only"), message);
    }

    /** A mean that is not divided, and no work for the host. */
    @Test
    void codes_are_summed_and_rescaled() {
        for (long seed = 0; seed < 200; seed++) {
            Layer layer = new Layer(seed, false);
            Codes input = layer.input(1, layer.between(1, 5), layer.between(1, 5), 3);
            int[] shape = input.array().shape();
            float scale = layer.scale();
            int zeroPoint = layer.zeroPoint();
            int output = layer.output(scale, zeroPoint, 1, 3);
            layer.file.operator(BuiltinOperator.SUM, new int[] {input.index(), layer.file.integers(1, 2)}, output);
            Factor factor = Factor.of((double) input.scale() / scale);
            NdArray expected = NdArray.generate(new int[] {1, 3}, index -> {
                int sum = 0;
                for (int y = 0; y < shape[1]; y++) {
                    for (int x = 0; x < shape[2]; x++) {
                        sum += input.array().at(0, y, x, index[1]) - input.zeroPoint();
                    }
                }
                return Restated.clamp(factor.apply(sum) + zeroPoint, -128, 127);
            });
            assertArrayEquals(expected.codes(), layer.run(output).get(0), "seed " + seed);
        }
    }

    @Test
    void codes_are_repeated_on_the_accelerator() {
        for (long seed = 0; seed < 100; seed++) {
            Layer layer = new Layer(seed, seed % 3 == 0);
            Codes input = layer.input(layer.shape(4));
            int[] times = {1, layer.between(1, 3), layer.between(1, 3), layer.between(1, 3)};
            int[] from = input.array().shape();
            int[] shape = {1, from[1] * times[1], from[2] * times[2], from[3] * times[3]};
            int output = layer.output(input.scale(), input.zeroPoint(), shape);
            layer.file.operator(BuiltinOperator.TILE, new int[] {input.index(), layer.file.integers(times)}, output);
            NdArray expected = NdArray.generate(
                    shape, index -> input.array().at(0, index[1] % from[1], index[2] % from[2], index[3] % from[3]));
            assertArrayEquals(expected.codes(), layer.run(output).get(0), "seed " + seed);
        }
        int codes = file.tensor(Schema.Type.INT8, 0.5f, 0, 1, 2, 2, 1);
        int tiled = file.tensor(Schema.Type.INT8, 0.5f, 0, 1, 2, 6, 1);
        file.operator(BuiltinOperator.TILE, new int[] {codes, file.integers(1, 1, 3, 1)}, tiled);
        assertTrue(graph(codes, tiled).operators().stream().anyMatch(Concatenation.class::isInstance));
        assertTrue(graph(codes, tiled).operators().stream().noneMatch(HostOperator.class::isInstance));
    }

    @Test
    void absolute_values_exponentials_and_negatives_of_codes_are_tables() {
        int input = file.tensor(Schema.Type.INT8, 0.05f, 3, 1, 1, 1, 5);
        int[] outputs = new int[3];
        int[] builtins = {BuiltinOperator.ABS, BuiltinOperator.EXP, BuiltinOperator.NEG};
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = file.tensor(Schema.Type.INT8, 0.1f, -10, 1, 1, 1, 5);
            file.operator(builtins[i], new int[] {input}, outputs[i]);
        }
        Graph graph = graph(input, outputs);
        assertTrue(graph.operators().stream().allMatch(LookupTable.class::isInstance));
        List<byte[]> results = new ReferenceExecutor(graph).infer(new byte[] {3, 43, -37, 127, -128});
        assertArrayEquals(new byte[] {-10, 10, 10, 52, 56}, results.get(0));
        assertArrayEquals(new byte[] {0, 64, -9, 127, -10}, results.get(1));
        assertArrayEquals(new byte[] {-10, -30, 10, -72, 56}, results.get(2));
    }

    @Test
    void sums_run_along_a_dimension_either_way() {
        int input = real(1, 2, 3);
        int[] outputs = {real(1, 2, 3), real(1, 2, 3), real(1, 2, 3)};
        Options[] options = {
            Options.none(),
            Options.none().with(Schema.CumsumOptions.EXCLUSIVE, (byte) 1),
            Options.none().with(Schema.CumsumOptions.REVERSE, (byte) 1)
        };
        int[] axes = {-1, 2, 1};
        for (int i = 0; i < outputs.length; i++) {
            int[] operands = {input, file.integers(axes[i])};
            file.operator(BuiltinOperator.CUMSUM, operands, new int[] {outputs[i]}, options[i]);
        }
        List<byte[]> results = run(bytes(1, 2, 3, 4, 5, 6), input, outputs);
        assertArrayEquals(new float[] {1, 3, 6, 4, 9, 15}, floats(results.get(0)));
        assertArrayEquals(new float[] {0, 1, 3, 0, 4, 9}, floats(results.get(1)));
        assertArrayEquals(new float[] {5, 7, 9, 4, 5, 6}, floats(results.get(2)));
    }

    @Test
    void running_sums_are_refused_of_codes() {
        int input = file.tensor(Schema.Type.INT8, 0.05f, 3, 1, 4);
        int output = file.tensor(Schema.Type.INT8, 0.05f, 3, 1, 4);
        file.operator(BuiltinOperator.CUMSUM, new int[] {input, file.integers(1)}, output);
        String message =
                assertThrows(ModelException.class, () -> graph(input, output)).getMessage();
        assertTrue(message.contains("type INT8; Windhover computes it of FLOAT32, INT32 and INT64 only"), message);
    }

    @Test
    void weights_of_half_precision_are_read_as_they_are() {
        ByteBuffer halves = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        halves.putShort((short) 0x3C00)
                .putShort((short) 0xC000)
                .putShort((short) 0x3800)
                .putShort((short) 0x0001);
        int half = file.constant(Schema.Type.FLOAT16, 0, 0, halves.array(), 2, 2);
        int weights = real(2, 2);
        int input = real(1, 2);
        int output = real(1, 2);
        file.operator(BuiltinOperator.DEQUANTIZE, new int[] {half}, weights);
        file.operator(BuiltinOperator.FULLY_CONNECTED, new int[] {input, weights, -1}, output);
        assertArrayEquals(
                new float[] {1 * 3 - 2 * 5, 0.5f * 3 + 0x1p-24f * 5},
                floats(run(bytes(3, 5), input, output).get(0)));
    }

    @Test
    void boxes_that_overlap_a_better_one_go() {
        int boxes = real(3, 4);
        int scores = real(3);
        int chosen = file.tensor(INT, 0, 0, 2);
        int count = file.tensor(INT, 0, 0);
        file.operator(
                BuiltinOperator.NON_MAX_SUPPRESSION_V4,
                new int[] {boxes, scores, file.integers(2), constant(0.5f), constant(0.1f)},
                new int[] {chosen, count},
                Options.none());
        Graph graph = TfliteImporter.read("boxes", file.build(new int[] {boxes, scores}, chosen, count));
        List<byte[]> results = new ReferenceExecutor(graph)
                .infer(bytes(0, 0, 1, 1, 0, 0, 1, 0.9f, 0, 2, 1, 3), bytes(0.5f, 0.75f, 0.25f));
        assertArrayEquals(new int[] {1, 2}, ints(results.get(0)));
        assertArrayEquals(new int[] {2}, ints(results.get(1)));
    }

    /** A small file may hold many boxes, and each is compared with each. */
    @Test
    void constant_boxes_are_not_compared_while_the_file_is_read() {
        int boxes = file.constant(FLOAT, 0, 0, new byte[3 * 4 * Float.BYTES], 3, 4);
        int chosen = file.tensor(INT, 0, 0, 2);
        int count = file.tensor(INT, 0, 0);
        file.operator(
                BuiltinOperator.NON_MAX_SUPPRESSION_V4,
                new int[] {boxes, constant(1, 2, 3), file.integers(2), constant(0.5f), constant(0.1f)},
                new int[] {chosen, count},
                Options.none());
        assertTrue(graph(real(1, 3), chosen).operators().stream().anyMatch(HostOperator.class::isInstance));
    }

    private Graph postProcess(String key, Object value) {
        Map<String, Object> options = new TreeMap<>(Map.of(
                "max_detections", 3,
                "max_classes_per_detection", 1,
                "num_classes", 2,
                "nms_score_threshold", 0.2f,
                "nms_iou_threshold", 0.5f,
                "y_scale", 10f,
                "x_scale", 10f,
                "h_scale", 5f,
                "w_scale", 5f));
        options.put(key, value);
        FlexBuffersBuilder builder = new FlexBuffersBuilder();
        int start = builder.startMap();
        options.forEach((name, option) -> {
            if (option instanceof Integer number) {
                builder.putInt(name, number);
            } else if (option instanceof Float number) {
                builder.putFloat(name, number);
            } else {
                builder.putString(name, option.toString());
            }
        });
        builder.endMap(null, start);
        ByteBuffer written = builder.finish();
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        file.customName = "TFLite_Detection_PostProcess";
        file.customOptions = bytes;
        int encodings = real(1, 2, 4);
        int scores = real(1, 2, 3);
        int anchors = file.constant(FLOAT, 0, 0, bytes(0.5f, 0.5f, 1, 1, 2, 2, 2, 2), 2, 4);
        int[] outputs = {real(), real(), real(), real()};
        file.operator(BuiltinOperator.CUSTOM, new int[] {encodings, scores, anchors}, outputs, Options.none());
        return TfliteImporter.read("ssd", file.build(new int[] {encodings, scores}, outputs));
    }

    @Test
    void the_boxes_of_an_ssd_are_decoded_from_their_anchors() {
        Graph graph = postProcess("detections_per_class", 100);
        assertEquals(List.of(1, 3, 4), graph.tensor(graph.outputs()[0]).shape().dimensions());
        List<byte[]> results = new ReferenceExecutor(graph)
                .infer(bytes(0, 0, 0, 0, 5, -5, 0, 0), bytes(0.9f, 0.25f, 0.1f, 0, 0.3f, 0.75f));
        assertArrayEquals(new float[] {2, 0, 4, 2, 0, 0, 1, 1, 0, 0, 0, 0}, floats(results.get(0)), 1e-6f);
        assertArrayEquals(new float[] {1, 0, 0}, floats(results.get(1)));
        assertArrayEquals(new float[] {0.75f, 0.25f, 0}, floats(results.get(2)));
        assertArrayEquals(new float[] {2}, floats(results.get(3)));
    }

    @Test
    void options_that_are_missing_or_mean_something_else_are_refused() {
        assertRefused("it keeps 2 classes of a box", "max_classes_per_detection", 2);
        assertRefused("its option y_scale is missing or no number", "y_scale", "ten");
        assertRefused("it keeps 0 detections", "max_detections", 0);
        assertRefused("has 7 classes", "num_classes", 7);
    }

    private static void assertRefused(String words, String key, Object value) {
        HostOperatorsTest fresh = new HostOperatorsTest();
        ModelException problem = assertThrows(ModelException.class, () -> fresh.postProcess(key, value));
        assertTrue(problem.getMessage().contains(words), problem.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 17})
    void damaged_options_are_refused_in_a_sentence(int length) {
        file.customName = "TFLite_Detection_PostProcess";
        byte[] junk = new byte[length];
        Arrays.fill(junk, (byte) 0xA7);
        file.customOptions = junk;
        int encodings = real(1, 2, 4);
        int scores = real(1, 2, 3);
        int anchors = file.constant(FLOAT, 0, 0, new byte[32], 2, 4);
        int[] outputs = {real(), real(), real(), real()};
        file.operator(BuiltinOperator.CUSTOM, new int[] {encodings, scores, anchors}, outputs, Options.none());
        ByteBuffer built = file.build(new int[] {encodings, scores}, outputs);
        ModelException problem = assertThrows(ModelException.class, () -> TfliteImporter.read("ssd", built));
        assertTrue(problem.getMessage().contains("its option"), problem.getMessage());
    }
}
