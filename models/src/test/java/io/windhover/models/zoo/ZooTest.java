package io.windhover.models.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.TensorType;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZooTest {
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
