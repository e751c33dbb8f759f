// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Softmax;
import io.windhover.models.graph.TensorType;
import io.windhover.models.reference.ReferenceExecutor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trained networks against the logits that {@code models/recipes/integer.py} computes. */
class TrainedNetworkTest {
    @ParameterizedTest
    @ValueSource(strings = {"landing_pad_int8", "marker_xnor", "finder_fomo"})
    void logits_equal_the_recipe_s_integer_evaluation(String name) throws IOException {
        Graph graph = logits(Zoo.load(name));
        int values = graph.tensor(graph.inputs()[0]).bytes();
        ByteBuffer cases = cases(name);
        int drawn = cases.getShort();
        int random = cases.getShort();
        byte[][] images = new byte[drawn + random][];
        for (int image = 0; image < images.length; image++) {
            images[image] = image < drawn ? unpacked(cases, values) : pseudoRandom(image - drawn, values);
        }
        ReferenceExecutor executor = new ReferenceExecutor(graph);
        for (int image = 0; image < images.length; image++) {
            byte[] expected = new byte[graph.tensor(graph.outputs()[0]).bytes()];
            cases.get(expected);
            assertArrayEquals(expected, executor.infer(images[image]).get(0), name + ", picture " + image);
        }
        assertFalse(cases.hasRemaining());
    }

    /** The network without a softmax at its end. */
    private static Graph logits(Graph graph) {
        List<Operator> operators = graph.operators();
        Operator last = operators.get(operators.size() - 1);
        if (!(last instanceof Softmax)) {
            return graph;
        }
        return new Graph(
                graph.name(),
                graph.tensors().stream()
                        .filter(tensor -> tensor.index() != last.output())
                        .toList(),
                operators.subList(0, operators.size() - 1),
                graph.inputs(),
                new int[] {last.input()},
                graph.labels(),
                graph.preprocessing());
    }

    @ParameterizedTest
    @ValueSource(strings = {"landing_pad_int8", "marker_xnor"})
    void labels_and_preprocessing_travel_with_the_network(String name) {
        Graph graph = Zoo.load(name);
        assertEquals(8, graph.labels().size());
        assertTrue(graph.labels().contains("pad_h"));
        assertEquals(128f, graph.preprocessing().mean()[2]);
        assertEquals(TensorType.INT8, graph.tensor(graph.outputs()[0]).type());
    }

    @Test
    void a_damaged_weights_file_is_answered_with_its_name() throws IOException {
        byte[] whole;
        try (InputStream stream = Zoo.class.getResourceAsStream("marker_xnor.weights")) {
            whole = stream.readAllBytes();
        }
        byte[] noMagic = whole.clone();
        noMagic[0] = 0;
        assertRefused(noMagic);
        assertRefused(Arrays.copyOf(whole, 100));
        assertRefused(Arrays.copyOf(whole, 5));
        byte[] noJson = whole.clone();
        noJson[12] = '?';
        assertRefused(noJson);
    }

    @Test
    void a_tensor_outside_the_data_is_refused() {
        byte[] header = "{}  ".getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        file.put("WHNET001".getBytes(StandardCharsets.US_ASCII))
                .putInt(header.length)
                .put(header);
        Container container = Container.read("small", file.array());
        assertThrows(ModelException.class, () -> container.bytes(new Container.Reference(1, 4, "int8")));
        assertThrows(ModelException.class, () -> container.integers(new Container.Reference(0, 1 << 30, "int32")));
        assertThrows(ModelException.class, () -> container.floats(new Container.Reference(0, 1, "int32")));
    }

    private static void assertRefused(byte[] file) {
        ModelException problem = assertThrows(ModelException.class, () -> Container.read("broken.weights", file));
        assertTrue(problem.getMessage().contains("broken.weights"), problem.getMessage());
    }

    private static ByteBuffer cases(String name) throws IOException {
        try (InputStream stream = TrainedNetworkTest.class.getResourceAsStream(name + ".cases")) {
            return ByteBuffer.wrap(stream.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Pixels of 16 levels, two to a byte, low half first. */
    private static byte[] unpacked(ByteBuffer cases, int values) {
        byte[] codes = new byte[values];
        for (int i = 0; i < values; i += 2) {
            int pair = cases.get();
            codes[i] = (byte) ((pair & 15) * 17 - 128);
            codes[i + 1] = (byte) ((pair >> 4 & 15) * 17 - 128);
        }
        return codes;
    }

    /** The recipe's linear congruential generator, high bytes. */
    private static byte[] pseudoRandom(int seed, int values) {
        byte[] codes = new byte[values];
        int state = seed;
        for (int i = 0; i < values; i++) {
            state = state * 1664525 + 1013904223;
            codes[i] = (byte) ((state >>> 24) - 128);
        }
        return codes;
    }
}
