package io.windhover.models.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.TensorType;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZooTest {
    /**
     * Published multiply-accumulates and parameters in millions, held within 2 % or the published rounding. CNV's 57.9
     * million of the binary layers are joined by 1.56 million of the first layer, which publications leave out.
     */
    @ParameterizedTest
    @CsvSource({
        "lenet_300_100, 0.266, 0.267", "lenet5, 2.29, 0.431",
        "mobilenet_v1_1.0_224, 569, 4.2", "mobilenet_v1_0.75_224, 325, 2.6", "mobilenet_v1_0.5_224, 149, 1.3",
        "mobilenet_v1_0.25_224, 41, 0.47", "mobilenet_v1_1.0_192, 418, 4.2", "mobilenet_v1_1.0_160, 290, 4.2",
        "mobilenet_v1_1.0_128, 186, 4.2", "mobilenet_v2_1.0_224, 300, 3.5", "mobilenet_v2_1.4_224, 585, 6.1",
        "mobilenet_v2_0.35_96, 12, 1.66", "cnv_w1a1, 59.5, 1.54"
    })
    void sizes_match_the_publications(String name, String millionMacs, String millionParameters) {
        Graph graph = Zoo.load(name);
        assertPublished(millionMacs, graph.macs(), "multiply-accumulates");
        assertPublished(millionParameters, graph.parameters(), "parameters");
    }

    private static void assertPublished(String million, long actual, String what) {
        BigDecimal published = new BigDecimal(million);
        double rounding = 0.5 * Math.pow(10, -published.scale());
        assertEquals(published.doubleValue(), actual / 1e6, Math.max(rounding, 0.02 * published.doubleValue()), what);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lenet5", "lenet_300_100", "mobilenet_v1_0.25_96", "mobilenet_v2_0.35_96", "cnv_w1a1"})
    void activations_use_their_range_without_saturating(String name) {
        Graph graph = Zoo.load(name);
        byte[] image = new byte[graph.tensor(graph.inputs()[0]).bytes()];
        new Random(1).nextBytes(image);
        Values values = new ReferenceExecutor(graph).run(image);
        for (Operator operator : graph.operators()) {
            TensorType type = graph.tensor(operator.output()).type();
            if (operator.parameters(graph) > 0 && type == TensorType.INT8) {
                assertTrue(saturated(values.bytes(operator.output())) < 0.25, operator.name());
            } else if (operator.parameters(graph) > 0 && type == TensorType.BITS) {
                double ones = ones(values.bytes(operator.output()));
                assertTrue(ones > 0.1 && ones < 0.9, operator.name() + " has " + ones);
            }
        }
    }

    @Test
    void loading_twice_gives_the_same_bytes() {
        byte[] image = new byte[32 * 32 * 3];
        assertArrayEquals(
                new ReferenceExecutor(Zoo.load("cnv_w1a1")).infer(image).get(0),
                new ReferenceExecutor(Zoo.load("cnv_w1a1")).infer(image).get(0));
    }

    @Test
    void an_unknown_name_is_answered_with_the_known_ones() {
        ModelException problem = assertThrows(ModelException.class, () -> Zoo.load("lenet6"));
        assertTrue(problem.getMessage().contains("lenet5"), problem.getMessage());
    }

    private static double saturated(byte[] codes) {
        int count = 0;
        for (byte code : codes) {
            count += code == 127 ? 1 : 0;
        }
        return count / (double) codes.length;
    }

    private static double ones(byte[] bits) {
        int count = 0;
        for (byte value : bits) {
            count += Integer.bitCount(value & 0xFF);
        }
        return count / (8.0 * bits.length);
    }
}
