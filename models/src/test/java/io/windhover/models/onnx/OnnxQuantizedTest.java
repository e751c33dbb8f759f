// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.BinaryFullyConnected;
import io.windhover.models.graph.BinaryMaxPool;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.FloatOperator;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.ScaleAccumulators;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/**
 * Quantised files of every form against their definitions in real numbers; requantisation may round the other way now
 * and then.
 */
class OnnxQuantizedTest {
    private static final int SEEDS = 12;

    private static Graph read(OnnxNetwork network) {
        return OnnxImporter.read("quantised", ByteBuffer.wrap(network.file()));
    }

    /** Largest and mean distance between the network's real outputs and the definition's. */
    private record Distance(double largest, double mean) {}

    private static Distance distance(OnnxNetwork network, Graph graph, long seed) {
        Random random = new Random(seed);
        Tensor input = graph.tensor(graph.inputs()[0]);
        Object[] dimensions = network.inputs.get("input");
        int[] shape = {1, (Integer) dimensions[1], (Integer) dimensions[2], (Integer) dimensions[3]};
        double[] values = new double[input.shape().elements()];
        boolean codes = input.type() == TensorType.UINT8;
        for (int i = 0; i < values.length; i++) {
            values[i] = codes ? random.nextInt(256) : (float) (random.nextDouble() * 2 - 1);
        }
        NchwValues.Array array = new NchwValues.Array(shape, values);
        NchwValues.Array expected = NchwOracle.run(network, Map.of("input", array));
        byte[] actual = new ReferenceExecutor(graph)
                .infer(bytes(NchwMoves.transposed(array, 0, 2, 3, 1).values(), codes))
                .get(0);
        double largest = 0;
        double sum = 0;
        for (int i = 0; i < expected.values().length; i++) {
            double value = codes
                    ? actual[i] & 0xFF
                    : ByteBuffer.wrap(actual).order(ByteOrder.LITTLE_ENDIAN).getFloat(i * Float.BYTES);
            largest = Math.max(largest, Math.abs(value - expected.values()[i]));
            sum += Math.abs(value - expected.values()[i]);
        }
        return new Distance(largest, sum / expected.values().length);
    }

    private static byte[] bytes(double[] values, boolean codes) {
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * (codes ? 1 : Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            if (codes) {
                bytes.put((byte) value);
            } else {
                bytes.putFloat((float) value);
            }
        }
        return bytes.array();
    }

    /** Outputs stay within a few steps of the last scale, and within a fraction of one on average. */
    private static void assertClose(LongFunction<OnnxNetwork> networks, double step, int steps, double meanSteps) {
        double mean = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            OnnxNetwork network = networks.apply(seed);
            Distance distance = distance(network, read(network), seed);
            assertTrue(distance.largest() <= steps * step * 1.001, "seed " + seed + ": " + distance);
            mean += distance.mean() / SEEDS;
        }
        assertTrue(mean <= meanSteps * step, "mean distance " + mean);
    }

    @Test
    void int8_qdq_networks_compute_what_their_float_operators_do() {
        assertClose(seed -> LowBitNetworks.qdq(seed, false), 0.1, 1, 0.2);
    }

    @Test
    void uint8_qdq_networks_compute_what_their_float_operators_do() {
        assertClose(seed -> LowBitNetworks.qdq(seed, true), 0.1, 1, 0.2);
    }

    @Test
    void a_last_layer_without_codes_gives_real_scores() {
        assertClose(seed -> LowBitNetworks.qdq(seed, true, true), 0.01, 3, 0.5);
        Graph graph = read(LowBitNetworks.qdq(1, true, true));
        find(graph, ScaleAccumulators.class);
        assertEquals(
                "value" + graph.outputs()[0], graph.tensor(graph.outputs()[0]).name());
    }

    @Test
    void qlinear_networks_take_and_give_the_codes_of_their_file() {
        Graph graph = read(LowBitNetworks.qLinear(1));
        assertEquals(TensorType.UINT8, graph.tensor(graph.inputs()[0]).type());
        assertEquals(TensorType.UINT8, graph.tensor(graph.outputs()[0]).type());
        assertClose(LowBitNetworks::qLinear, 1, 6, 1);
    }

    /** As ONNX Runtime writes the network that it has optimised. */
    /** Input and output of ONNX Runtime's operators are of one type, whether the zero point of 0 is written or not. */
    @Test
    void codes_without_a_zero_point_are_of_the_type_of_those_they_are_made_of() {
        for (int type : new int[] {2, 3}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 4, 2, 2);
            network.inputType = type;
            String scale = network.constant(new int[0], 0.02);
            String result = network.constant(new int[0], 0.03);
            network.output(network.node(
                    "com.microsoft", "QLinearAdd", List.of("input", scale, "", "input", scale, "", result)));
            byte[] codes = {-128, -100, -50, -10, 0, 10, 60, 127, -1, 1, 2, 3, 4, 5, 6, 7};
            byte[] expected = new byte[codes.length];
            for (int i = 0; i < codes.length; i++) {
                long sum = Math.round(2 * 0.02 / 0.03 * (type == 2 ? codes[i] & 0xFF : codes[i]));
                expected[i] = (byte) (type == 2 ? Math.min(255, sum) : Math.max(-128, Math.min(127, sum)));
            }
            assertArrayEquals(
                    expected, new ReferenceExecutor(read(network)).infer(codes).get(0), "type " + type);
        }
    }

    @Test
    void channels_last_are_the_same_layers() {
        Graph first = read(LowBitNetworks.runtimeLayers(5, false));
        Graph last = read(LowBitNetworks.runtimeLayers(5, true));
        byte[] input = new byte[12 * 12 * 3];
        new Random(7).nextBytes(input);
        assertArrayEquals(
                new ReferenceExecutor(first).infer(input).get(0),
                new ReferenceExecutor(last).infer(input).get(0));
    }

    /** Of as many channels as its kernel has rows and columns, so that no shape says which is which. */
    @Test
    void a_channels_last_convolution_of_qonnx_has_channels_last_weights() {
        double[] values = new Random(3).ints(54, -8, 8).asDoubleStream().toArray();
        NchwValues.Array first = new NchwValues.Array(new int[] {2, 3, 3, 3}, values);
        byte[][] made = new byte[2][];
        for (int last = 0; last < 2; last++) {
            OnnxNetwork network = last == 1
                    ? new OnnxNetwork().input("input", 1, 4, 5, 3)
                    : new OnnxNetwork().input("input", 1, 3, 4, 5);
            NchwValues.Array held = last == 1 ? NchwMoves.transposed(first, 0, 2, 3, 1) : first;
            String one = network.constant(new int[0], 1);
            String zero = network.constant(new int[0], 0);
            String x = network.node(
                    "qonnx.custom_op.general", "Quant", List.of("input", one, zero, network.constant(new int[0], 8)));
            String weights = network.node(
                    "qonnx.custom_op.general",
                    "Quant",
                    List.of(network.constant(held.shape(), held.values()), one, zero, network.constant(new int[0], 5)));
            network.output(network.node(
                    last == 1 ? "qonnx.custom_op.channels_last" : "",
                    "Conv",
                    List.of(x, weights),
                    "kernel_shape",
                    new long[] {3, 3}));
            double[] input = new Random(4).ints(60, -100, 100).asDoubleStream().toArray();
            made[last] = new ReferenceExecutor(read(network))
                    .infer(bytes(input, false))
                    .get(0);
        }
        assertArrayEquals(made[0], made[1]);
    }

    @Test
    void one_bit_networks_give_the_very_scores() {
        for (long seed = 0; seed < SEEDS; seed++) {
            for (boolean multiThreshold : new boolean[] {false, true}) {
                OnnxNetwork network = LowBitNetworks.oneBit(seed, multiThreshold);
                Distance distance = distance(network, read(network), seed);
                assertTrue(distance.largest() < 1e-4, "seed " + seed + ": " + distance);
            }
        }
    }

    @Test
    void one_bit_layers_become_binary_operators_and_the_first_an_int8_layer_with_thresholds() {
        Graph graph = read(LowBitNetworks.oneBit(3, false));
        assertTrue(find(graph, Convolution.class).post() instanceof PostProcess.Bits);
        assertTrue(find(graph, BinaryConvolution.class).post() instanceof PostProcess.Bits);
        assertTrue(find(graph, BinaryFullyConnected.class).post() instanceof PostProcess.Raw);
        find(graph, BinaryMaxPool.class);
        find(graph, ScaleAccumulators.class);
    }

    @Test
    void few_bit_networks_compute_what_they_are_defined_to() {
        assertClose(LowBitNetworks::fewBits, 0.25, 10, 1);
    }

    @Test
    void nothing_real_is_left_in_a_quantised_network() {
        for (OnnxNetwork network : new OnnxNetwork[] {
            LowBitNetworks.qdq(1, true),
            LowBitNetworks.qLinear(1),
            LowBitNetworks.fewBits(1),
            LowBitNetworks.oneBit(1, true)
        }) {
            Graph graph = read(network);
            assertTrue(
                    graph.operators().stream().noneMatch(FloatOperator.class::isInstance),
                    graph.operators().toString());
        }
    }

    private static <O extends Operator> O find(Graph graph, Class<O> kind) {
        return graph.operators().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }
}
