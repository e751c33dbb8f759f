// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs around one-bit activations are exactly what their files define. */
class OnnxBinaryGraphsTest {
    private static final String QONNX = "qonnx.custom_op.general";

    @Test
    void random_graphs_are_exactly_what_they_say() {
        int binary = 0;
        for (long seed = 0; seed < 400; seed++) {
            BinaryNetworks draw = new BinaryNetworks(seed);
            OnnxNetwork network = draw.graph();
            Graph graph = check("seed " + seed, network, draw.inputs());
            binary += (int) graph.operators().stream()
                    .filter(BinaryConvolution.class::isInstance)
                    .count();
        }
        assertTrue(binary > 200, "layers on bits: " + binary);
    }

    /** The limit itself is on the side of +1, whether a chain of layers follows or a graph. */
    @Test
    void inputs_at_and_beside_their_limit_have_the_sign_of_the_definition() {
        for (double limit : new double[] {-0.25, 0.25, -3, 0, 1}) {
            float at = (float) limit;
            float above = at == 0 ? Float.MIN_NORMAL : Math.nextUp(at);
            float below = at == 0 ? -Float.MIN_NORMAL : Math.nextDown(at);
            double[] values = {at, above, below, at + 0.25f, at - 0.25f, 9 * at, -9 * at, 0};
            for (boolean chain : new boolean[] {true, false}) {
                OnnxNetwork network = new OnnxNetwork().input("input", 1, 8, 1, 1);
                String one = network.constant(new int[0], 1);
                String shifted = network.node("Sub", List.of("input", network.constant(new int[0], limit)));
                String bits = network.node(QONNX, "BipolarQuant", List.of(shifted, one));
                String weights = network.node(
                        QONNX,
                        "BipolarQuant",
                        List.of(
                                network.constant(
                                        new int[] {2, 8, 1, 1}, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, 1, -1, 1, 1, 1),
                                one));
                String sums = network.node("Conv", List.of(bits, weights));
                network.output(sums);
                if (!chain) {
                    network.output(bits);
                }
                check("limit " + limit + (chain ? "" : ", as a graph"), network, values);
            }
        }
    }

    /** QONNX's own form of channels last is the standard operators' between transposes. */
    @Test
    void channels_last_are_the_same_network() {
        List<byte[]> outputs = new ArrayList<>();
        for (String form : List.of("first", "turned", "last")) {
            boolean last = !form.equals("first");
            Random random = new Random(5);
            OnnxNetwork network = form.equals("last")
                    ? new OnnxNetwork().input("input", 1, 6, 6, 4)
                    : new OnnxNetwork().input("input", 1, 4, 6, 6);
            String one = network.constant(new int[0], 1);
            String x = network.node(QONNX, "BipolarQuant", List.of("input", one));
            if (form.equals("turned")) {
                x = network.node("Transpose", List.of(x), "perm", new long[] {0, 2, 3, 1});
            }
            double[] weights = new double[3 * 4 * 9];
            Arrays.setAll(weights, i -> random.nextBoolean() ? 1 : -1);
            double[] thresholds = new double[3 * 3];
            Arrays.setAll(thresholds, i -> 4 * (i % 3) - 5 + i / 3);
            String domain = last ? "qonnx.custom_op.channels_last" : "";
            NchwValues.Array first = new NchwValues.Array(new int[] {3, 4, 3, 3}, weights);
            NchwValues.Array held = last ? NchwMoves.transposed(first, 0, 2, 3, 1) : first;
            String signs =
                    network.node(QONNX, "BipolarQuant", List.of(network.constant(held.shape(), held.values()), one));
            x = network.node(domain, "Conv", List.of(x, signs), "pads", new long[] {1, 1, 1, 1});
            x = network.node(
                    QONNX,
                    "MultiThreshold",
                    List.of(x, network.constant(new int[] {3, 3}, thresholds)),
                    "data_layout",
                    last ? "NHWC" : "NCHW");
            x = network.node(domain, "MaxPool", List.of(x), "kernel_shape", new long[] {2, 2});
            network.output(last ? network.node("Transpose", List.of(x), "perm", new long[] {0, 3, 1, 2}) : x);
            ByteBuffer values = ByteBuffer.allocate(4 * 36 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (values.hasRemaining()) {
                values.putFloat(random.nextInt(9) - 4);
            }
            Graph graph = OnnxImporter.read("channels", ByteBuffer.wrap(network.file()));
            outputs.add(new ReferenceExecutor(graph).infer(values.array()).get(0));
        }
        assertArrayEquals(outputs.get(0), outputs.get(1));
        assertArrayEquals(outputs.get(0), outputs.get(2));
    }

    /**
     * As in Bi-Real nets: the sums of residual branches stay real numbers, and their signs are the next layer's input.
     */
    @Test
    void signs_of_residual_sums_that_nothing_quantises_are_taken_of_real_numbers() {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 4, 6, 6);
            String one = network.constant(new int[0], 1);
            String x = quantised(network, "input", 0.25, 8);
            for (int block = 0; block < 3; block++) {
                double[] weights = new double[4 * 4 * 9];
                Arrays.setAll(weights, i -> random.nextBoolean() ? 1 : -1);
                String sums = network.node(
                        "Conv",
                        List.of(
                                network.node(QONNX, "BipolarQuant", List.of(x, one)),
                                network.node(
                                        QONNX,
                                        "BipolarQuant",
                                        List.of(network.constant(new int[] {4, 4, 3, 3}, weights), one))),
                        "pads",
                        new long[] {1, 1, 1, 1});
                double[] factors = new double[4];
                double[] offsets = new double[4];
                Arrays.setAll(factors, i -> (random.nextInt(7) - 3) / 8.0);
                Arrays.setAll(offsets, i -> (random.nextInt(9) - 4) / 16.0);
                String normalised = network.node(
                        "Add",
                        List.of(
                                network.node("Mul", List.of(sums, network.constant(new int[] {4, 1, 1}, factors))),
                                network.constant(new int[] {4, 1, 1}, offsets)));
                String residual = network.node("Add", List.of(normalised, x));
                x = block == 1
                        ? network.node("Sub", List.of(residual, network.constant(new int[] {4, 1, 1}, offsets)))
                        : residual;
            }
            network.output(network.node(QONNX, "BipolarQuant", List.of(x, one)));
            double[] values = new double[4 * 36];
            Arrays.setAll(values, i -> (random.nextInt(33) - 16) / 4.0);
            check("seed " + seed, network, values);
        }
    }

    /** As few codes as one bit or two have no fractions of their own; the average of them is real. */
    @Test
    void signs_and_layers_read_averages_of_few_codes_as_they_are() {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 4, 6, 5);
            String half = network.constant(new int[0], 0.5);
            String few = seed % 2 == 0
                    ? network.node(QONNX, "BipolarQuant", List.of("input", half))
                    : quantised(network, "input", 0.5, 2);
            String average =
                    network.node("AveragePool", List.of(few), "kernel_shape", new long[] {2, 1 + seed / 2 % 2});
            String one = network.constant(new int[0], 1);
            network.output(network.node(QONNX, "BipolarQuant", List.of(average, one)));
            if (seed % 4 < 2) {
                double[] weights = new double[3 * 4];
                Arrays.setAll(weights, i -> random.nextBoolean() ? 1 : -1);
                String signs = network.node(
                        QONNX, "BipolarQuant", List.of(network.constant(new int[] {3, 4, 1, 1}, weights), one));
                String sums = network.node("Conv", List.of(average, signs));
                network.output(quantised(network, sums, 1 / 16.0, 8));
            }
            double[] values = new double[4 * 30];
            Arrays.setAll(values, i -> (random.nextInt(33) - 16) / 8.0);
            check("seed " + seed, network, values);
        }
    }

    /** Signs and codes of few bits, clipped and rounded to other codes before a layer reads them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Clip 0 9",
                "Clip 3.25 3.5",
                "Clip -3.5 -3.25",
                "Clip 0.125 0.375",
                "Clip -9 0.5",
                "Quant 0.0625 4 0",
                "Quant 0.0625 4 1",
                "Quant 1 1 1",
                "Quant 0.5 2 1",
                "MaxPool",
                "Clip 0 9, MaxPool",
                "Quant 0.0625 4 0, MaxPool",
                "MaxPool, Quant 0.0625 4 0",
                "Flatten, Quant 0.125 2 1, Reshape",
                "Flatten, Reshape, Quant 0.125 2 1",
                "Clip 0 9, Quant 0.25 4 1",
                "Quant 0.25 3 1, Clip 2 3",
                "Flatten, Clip 0 9, Reshape",
            })
    void layers_read_what_is_made_of_signs_and_codes(String between) {
        for (long seed = 0; seed < 12; seed++) {
            Random random = new Random(seed);
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 8, 4, 4);
            String half = network.constant(new int[0], 0.5);
            String x = seed % 3 == 0
                    ? quantised(network, "input", 0.5, 2)
                    : network.node(QONNX, "BipolarQuant", List.of("input", seed % 3 == 1 ? half : number(network, 1)));
            for (String operator : between.split(", ", -1)) {
                x = then(network, x, operator.split(" ", -1));
            }
            double[] weights = new double[3 * 8 * 4];
            boolean oneBit = seed % 2 == 0;
            Arrays.setAll(weights, i -> oneBit || random.nextBoolean() ? 2 * random.nextInt(2) - 1 : 0);
            String constant = network.constant(new int[] {3, 8, 2, 2}, weights);
            String coded = oneBit
                    ? network.node(QONNX, "BipolarQuant", List.of(constant, number(network, 1)))
                    : quantised(network, constant, 1, 2);
            String sums = network.node("Conv", List.of(x, coded));
            network.output(seed % 4 < 2 ? sums : network.node(QONNX, "BipolarQuant", List.of(sums, half)));
            double[] values = new double[8 * 16];
            Arrays.setAll(values, i -> (random.nextInt(33) - 16) / 8.0);
            check(between + ", seed " + seed, network, values);
        }
    }

    /** The input, codes and what is made of them, moved or not, compared with a number for each channel. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "input",
                "moved input",
                "codes",
                "moved codes",
                "maximum",
                "transposed convolution",
                "real weights",
                "weights of -128",
                "rows of one channel"
            })
    void signs_of_values_compared_with_a_number_for_each_channel_are_those_of_the_definition(String what) {
        for (long seed = 0; seed < 16; seed++) {
            Random random = new Random(seed);
            boolean rows = what.equals("rows of one channel");
            OnnxNetwork network = new OnnxNetwork().input("input", 1, rows ? 1 : 3, 4, 5);
            String x = what.contains("input") ? "input" : quantised(network, "input", 0.5, 4);
            int channels = rows ? 1 : 3;
            if (what.startsWith("moved")) {
                x = network.node("Transpose", List.of(x), "perm", new long[] {0, 2, 1, 3});
                channels = 4;
            } else if (what.equals("maximum")) {
                x = network.node("MaxPool", List.of(x), "kernel_shape", new long[] {2, 2});
            } else if (rows) {
                x = network.node("Mul", List.of(x, network.constant(new int[] {5}, 1, 2, -1, 0.5, 3)));
            } else if (!what.contains("input") && !what.equals("codes")) {
                x = layer(network, random, what, x);
            }
            double[] factors = new double[channels];
            double[] offsets = new double[channels];
            Arrays.setAll(factors, c -> random.nextInt(3) == 0 ? 1 : (random.nextInt(9) - 4) / 4.0);
            Arrays.setAll(offsets, c -> (random.nextInt(9) - 4) / 8.0);
            x = network.node("Mul", List.of(x, network.constant(new int[] {channels, 1, 1}, factors)));
            if (seed % 2 == 0) {
                x = network.node("Add", List.of(x, network.constant(new int[] {channels, 1, 1}, offsets)));
                network.output(network.node(QONNX, "BipolarQuant", List.of(x, number(network, 1))));
            } else {
                double[] thresholds = new double[3 * channels];
                Arrays.setAll(thresholds, i -> i % 3 * (1 + i % 3) / 4.0 + offsets[i / 3]);
                network.output(network.node(
                        QONNX,
                        "MultiThreshold",
                        List.of(x, network.constant(new int[] {channels, 3}, thresholds)),
                        "data_layout",
                        "NCHW"));
            }
            double[] values = new double[channels == 1 ? 20 : 60];
            Arrays.setAll(values, i -> (random.nextInt(33) - 16) / 8.0);
            check(what + ", seed " + seed, network, values);
        }
    }

    private static String layer(OnnxNetwork network, Random random, String what, String x) {
        boolean real = what.equals("real weights");
        double[] weights = new double[3 * 3 * 4];
        Arrays.setAll(weights, i -> real ? (random.nextInt(33) - 16) / 64.0 : random.nextInt(256) - 128);
        weights[0] = real ? 0.015625 : -128;
        String constant = network.constant(new int[] {3, 3, 2, 2}, weights);
        String coded = real ? constant : quantised(network, constant, 1, 8);
        return network.node(what.startsWith("transposed") ? "ConvTranspose" : "Conv", List.of(x, coded));
    }

    private static String then(OnnxNetwork network, String x, String... operator) {
        return switch (operator[0]) {
            case "Clip" ->
                network.node(
                        "Clip",
                        List.of(
                                x,
                                number(network, Double.parseDouble(operator[1])),
                                number(network, Double.parseDouble(operator[2]))));
            case "Quant" ->
                network.node(
                        QONNX,
                        "Quant",
                        List.of(
                                x,
                                number(network, Double.parseDouble(operator[1])),
                                number(network, 0),
                                number(network, Double.parseDouble(operator[2]))),
                        "signed",
                        Integer.parseInt(operator[3]));
            case "MaxPool" ->
                network.node("MaxPool", List.of(x), "kernel_shape", new long[] {2, 2}, "strides", new long[] {1, 1});
            case "Flatten" -> network.node("Flatten", List.of(x), OnnxNetwork.SHAPE, new long[] {1, 128});
            case "Reshape" ->
                network.node(
                        "Reshape", List.of(x, network.ints(1, 8, 4, 4)), OnnxNetwork.SHAPE, new long[] {1, 8, 4, 4});
            default -> x;
        };
    }

    private static String number(OnnxNetwork network, double value) {
        return network.constant(new int[0], value);
    }

    /** A coordinate plane joined to codes of few bits, and such a bound, are no codes. */
    @Test
    void signs_of_layers_over_joined_constants_are_taken_of_real_numbers() {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 2, 4, 3);
            String codes = quantised(network, "input", 1, 2);
            int channels = seed % 2 == 0 ? 3 : 2;
            double[] numbers = new double[(channels == 3 ? 1 : 2) * 12];
            Arrays.setAll(numbers, i -> (random.nextInt(17) - 8) / 8.0);
            String constant = network.constant(new int[] {1, channels == 3 ? 1 : 2, 4, 3}, numbers);
            String joined = channels == 3
                    ? network.node("Concat", List.of(codes, constant), "axis", 1)
                    : network.node(seed % 4 == 1 ? "Max" : "Min", List.of(codes, constant));
            double[] weights = new double[4 * channels];
            Arrays.setAll(weights, i -> random.nextInt(3) - 1);
            String layer = network.node(
                    "Conv",
                    List.of(
                            joined,
                            quantised(network, network.constant(new int[] {4, channels, 1, 1}, weights), 1, 4)));
            network.output(network.node(QONNX, "BipolarQuant", List.of(layer, network.constant(new int[0], 1))));
            double[] values = new double[24];
            Arrays.setAll(values, i -> random.nextInt(5) - 2);
            check("seed " + seed, network, values);
        }
    }

    private static String quantised(OnnxNetwork network, String value, double scale, int bits) {
        return network.node(
                QONNX,
                "Quant",
                List.of(
                        value,
                        network.constant(new int[0], scale),
                        network.constant(new int[0], 0),
                        network.constant(new int[0], bits)),
                "signed",
                1);
    }

    /** Compares all outputs with the definition; the network has one input of four dimensions. */
    static Graph check(String what, OnnxNetwork network, double... values) {
        Object[] shape = network.inputs.get("input");
        int[] dimensions = Arrays.stream(shape).mapToInt(size -> (Integer) size).toArray();
        NchwValues.Array input = new NchwValues.Array(dimensions, values);
        Graph graph;
        try {
            graph = OnnxImporter.read("graph", ByteBuffer.wrap(network.file()));
        } catch (RuntimeException problem) {
            throw new AssertionError(what, problem);
        }
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(NchwMoves.transposed(input, 0, 2, 3, 1).values()).forEach(value -> bytes.putFloat((float) value));
        List<byte[]> actual = new ReferenceExecutor(graph).infer(bytes.array());
        List<String> outputs = new ArrayList<>(network.outputs);
        for (int i = 0; i < outputs.size(); i++) {
            network.outputs.clear();
            NchwValues.Array expected = NchwOracle.run(network.output(outputs.get(i)), Map.of("input", input));
            double[] wanted = expected.shape().length == 4
                    ? NchwMoves.transposed(expected, 0, 2, 3, 1).values()
                    : expected.values();
            ByteBuffer made = ByteBuffer.wrap(actual.get(i)).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(wanted.length * Float.BYTES, made.capacity(), what);
            for (int e = 0; e < wanted.length; e++) {
                // + 0 makes +0 of -0.
                assertEquals(
                        (float) wanted[e] + 0,
                        made.getFloat(e * Float.BYTES) + 0,
                        what + ", output " + i + " " + outputs.get(i) + ", element " + e);
            }
        }
        network.outputs.clear();
        outputs.forEach(network::output);
        return graph;
    }
}
