// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.TensorType;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Resizes against ONNX's definition, with the positions that single precision gives. */
class OnnxResizeTest {
    private static final double STEP = 1.0 / 16;
    /** A factor of fixed point moves a real quotient by less, in steps. */
    private static final double FACTOR_ERROR = 1.0 / 4096;

    private static final int[] SHAPE = {1, 3, 10, 12};
    private static final List<String> PLACES =
            List.of("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric");
    private static final List<String> ROUNDINGS = List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil");

    /** A network whose input has codes of {@link #STEP} around a zero point. */
    private static final class Draw {
        final OnnxNetwork network = new OnnxNetwork().input("input", (Object[]) boxed(SHAPE));
        final String x;

        Draw() {
            x = represented("input", STEP, 3);
        }

        String represented(String value, double scale, int zeroPoint) {
            String step = network.constant(new int[0], scale);
            String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[] {zeroPoint}));
            String codes = network.node("QuantizeLinear", List.of(value, step, zero));
            return network.node("DequantizeLinear", List.of(codes, step, zero));
        }

        String resized(double height, double width, Object... attributes) {
            return network.node(
                    "Resize", List.of(x, "", network.constant(new int[] {4}, 1, 1, height, width)), attributes);
        }

        Graph read() {
            return OnnxImporter.read("resize", ByteBuffer.wrap(network.file()));
        }
    }

    private static Integer[] boxed(int[] values) {
        return Arrays.stream(values).boxed().toArray(Integer[]::new);
    }

    private static NchwValues.Array input(long seed) {
        Random random = new Random(seed);
        double[] values = new double[NchwValues.count(SHAPE)];
        Arrays.setAll(values, i -> (random.nextInt(256) - 131) * STEP);
        return new NchwValues.Array(SHAPE, values);
    }

    /** What the definition gives for the network's only output, channels last. */
    private static double[] wanted(Draw draw, NchwValues.Array input) {
        return NchwMoves.transposed(NchwOracle.run(draw.network, Map.of("input", input)), 0, 2, 3, 1)
                .values();
    }

    private static float[] made(Graph graph, NchwValues.Array input) {
        assertEquals(TensorType.FLOAT32, graph.tensor(graph.outputs()[0]).type());
        double[] values = NchwMoves.transposed(input, 0, 2, 3, 1).values();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(value -> bytes.putFloat((float) value));
        byte[] output = new ReferenceExecutor(graph).infer(bytes.array()).get(0);
        float[] floats = new float[output.length / Float.BYTES];
        ByteBuffer.wrap(output).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    @Test
    void axes_may_be_named() {
        for (String mode : List.of("nearest", "linear")) {
            for (boolean sizes : new boolean[] {false, true}) {
                Draw all = new Draw();
                all.network.output(all.resized(1.5, 2, "mode", mode));
                Draw named = new Draw();
                List<String> inputs = sizes
                        ? List.of(named.x, "", "", named.network.ints(24, 15))
                        : List.of(named.x, "", named.network.constant(new int[] {2}, 2, 1.5));
                named.network.opset = 18;
                named.network.output(named.network.node("Resize", inputs, "mode", mode, "axes", new long[] {-1, 2}));
                assertArrayEquals(made(all.read(), input(1)), made(named.read(), input(1)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0.7f, 1.3f, 1.25f, 0.3f, 0.6f, 2.1f, 3, 1 / 3f, 0.9f})
    void nearest_pixels_are_those_of_single_precision(float scale) {
        for (String places : PLACES) {
            for (String rounding : ROUNDINGS) {
                Draw draw = new Draw();
                draw.network.output(draw.resized(
                        scale,
                        1.3f,
                        "mode",
                        "nearest",
                        "coordinate_transformation_mode",
                        places,
                        "nearest_mode",
                        rounding));
                NchwValues.Array input = input(1);
                float[] made = made(draw.read(), input);
                double[] wanted = wanted(draw, input);
                assertArrayEquals(
                        wanted,
                        IntStream.range(0, made.length)
                                .mapToDouble(i -> made[i])
                                .toArray(),
                        places + " " + rounding);
            }
        }
    }

    /** (3 + 0.5) / 0.7 - 0.5 is a little above 4.5 in double precision, and 4.5 in single. */
    @Test
    void a_position_that_single_precision_rounds_to_a_tie_is_one() {
        assertRows(13, draw -> draw.resized(0.7f, 1, "mode", "nearest"), 0, 2, 3, 4, 6, 7, 9);
    }

    @ParameterizedTest
    @CsvSource({"9, Upsample", "10, Resize"})
    void nearest_pixels_of_old_operator_sets_are_rounded_down_where_a_map_grows(int opset, String operator) {
        assertRows(
                opset,
                draw -> draw.network.node(
                        operator,
                        List.of(draw.x, draw.network.constant(new int[] {4}, 1, 1, 1.3f, 1)),
                        "mode",
                        "nearest"),
                0,
                0,
                1,
                2,
                3,
                3,
                4,
                5,
                6,
                6,
                7,
                8,
                9);
    }

    @Test
    void nearest_pixels_of_old_operator_sets_are_rounded_up_where_a_map_shrinks() {
        assertRows(
                10,
                draw -> draw.network.node(
                        "Resize",
                        List.of(draw.x, draw.network.constant(new int[] {4}, 1, 1, 0.6f, 1)),
                        "mode",
                        "nearest"),
                0,
                2,
                4,
                5,
                7,
                9);
    }

    @FunctionalInterface
    private interface Resized {
        String of(Draw draw);
    }

    /** Checks which rows of the input the network's output has; every row holds its own number. */
    private static void assertRows(int opset, Resized resized, int... rows) {
        Draw draw = new Draw();
        draw.network.opset = opset;
        draw.network.output(resized.of(draw));
        double[] values = new double[NchwValues.count(SHAPE)];
        Arrays.setAll(values, i -> i / SHAPE[3] % SHAPE[2] * STEP);
        float[] made = made(draw.read(), new NchwValues.Array(SHAPE, values));
        int line = SHAPE[1] * SHAPE[3];
        assertEquals(rows.length * line, made.length);
        assertArrayEquals(
                rows,
                IntStream.range(0, rows.length)
                        .map(row -> Math.round(made[row * line] / (float) STEP))
                        .toArray());
    }

    @Test
    void linear_values_at_any_scale_are_those_between_the_pixels() {
        for (String places : PLACES) {
            for (double[] scales : new double[][] {{1.25, 2}, {0.7, 1.3}, {0.37, 3.1}, {1, 1.9}, {0.1, 0.1}}) {
                Draw draw = new Draw();
                OnnxNetwork network = draw.network;
                network.output(network.node(
                        "Resize",
                        List.of("input", "", network.constant(new int[] {4}, 1, 1, scales[0], scales[1])),
                        "mode",
                        "linear",
                        "coordinate_transformation_mode",
                        places));
                NchwValues.Array input = input(2);
                double[] wanted = wanted(draw, input);
                float[] made = made(draw.read(), input);
                String what = places + " " + Arrays.toString(scales);
                assertEquals(wanted.length, made.length, what);
                for (int i = 0; i < made.length; i++) {
                    assertEquals(wanted[i], made[i], 1e-4, what + ", element " + i);
                }
            }
        }
    }

    /** Codes that the reals between the pixels are rounded to once. */
    private static void assertRoundedOnce(String what, Draw draw, String real, double scale, int zeroPoint) {
        NchwValues.Array input = input(3);
        draw.network.output(real);
        double[] wanted = wanted(draw, input);
        draw.network.outputs.clear();
        draw.network.output(draw.represented(real, scale, zeroPoint));
        float[] made = made(draw.read(), input);
        assertEquals(wanted.length, made.length, what);
        for (int i = 0; i < made.length; i++) {
            double held = Math.max(-128 - zeroPoint, Math.min(127 - zeroPoint, wanted[i] / scale));
            assertEquals(held, made[i] / scale, 0.5 + FACTOR_ERROR, what + ", element " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, 2",
        "1.5, 1.5",
        "3, 3",
        "4, 2",
        "0.5, 0.5",
        "1.25, 2",
        "0.7, 1.3",
        "2, 1",
        "1, 3",
        "5, 0.25",
        "1.9, 2.3"
    })
    void linear_values_between_other_codes_are_rounded_once(double height, double width) {
        for (String places : PLACES) {
            for (double scale : new double[] {STEP, 0.9 * STEP, 0.41 * STEP, 1.37 * STEP, 5 * STEP}) {
                Draw draw = new Draw();
                String real = draw.resized(height, width, "mode", "linear", "coordinate_transformation_mode", places);
                assertRoundedOnce(places + " into " + scale, draw, real, scale, -7);
            }
        }
    }

    @Test
    void linear_resizes_by_small_fractions_are_of_codes() {
        for (double[] scales : new double[][] {{2, 2}, {3, 3}, {1.5, 1.5}, {0.5, 0.5}, {1.25, 2}}) {
            List<Float> steps = new ArrayList<>(List.of((float) STEP, 0.05f));
            for (float step : steps) {
                Draw draw = new Draw();
                String real = draw.resized(scales[0], scales[1], "mode", "linear");
                draw.network.output(draw.represented(real, step, 3));
                Graph graph = draw.read();
                long reals = graph.operators().stream()
                        .filter(operator -> graph.tensor(operator.output()).type() == TensorType.FLOAT32)
                        .count();
                assertEquals(1, reals, Arrays.toString(scales) + " into " + step + ": " + graph.operators());
            }
        }
    }

    @Test
    void a_resize_of_other_dimensions_or_beyond_bounds_is_refused_with_the_dimension() {
        assertRefused("dimension 1", 1, 2, 2, 2);
        assertRefused("dimension 2", 1, 1, 0.05, 2);
        assertRefused("dimension 3", 1, 1, 2, 10000);
        assertRefused("dimension 3", 1, 1, 2, -1);
    }

    private static void assertRefused(String words, double... scales) {
        for (String mode : List.of("nearest", "linear")) {
            Draw draw = new Draw();
            draw.network.output(draw.network.node(
                    "Resize", List.of(draw.x, "", draw.network.constant(new int[] {4}, scales)), "mode", mode));
            ModelException problem = assertThrows(ModelException.class, draw::read);
            assertTrue(problem.getMessage().contains(words), problem.getMessage());
        }
    }
}
