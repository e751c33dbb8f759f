// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The generated scales are realistic: no layer of a random image saturates or falls silent, however deep the network.
 */
class ExpectedDeviationTest {
    private static final int SEED = 1;

    /** The squeezed vectors of gates have so few values that chance may silence or saturate them. */
    private static final int FEW = 64;

    static List<String> names() {
        return Zoo.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void every_layer_uses_its_range_without_saturating(String name) {
        Graph graph = Zoo.reduced(name);
        byte[] image = new byte[graph.tensor(graph.inputs()[0]).bytes()];
        new Random(SEED).nextBytes(image);
        Values values = new ReferenceExecutor(graph).run(image);
        for (Operator operator : graph.operators()) {
            Tensor output = graph.tensor(operator.output());
            if (operator.parameters(graph) > 0 && output.type() == TensorType.INT8) {
                if (output.shape().elements() >= FEW || output.index() == graph.outputs()[0]) {
                    check(name + " " + operator.name(), values.bytes(operator.output()));
                }
            } else if (operator.parameters(graph) > 0 && output.type() == TensorType.BITS) {
                double ones = ones(values.bytes(operator.output()));
                assertTrue(ones > 0.1 && ones < 0.9, operator.name() + " has " + ones);
            }
        }
    }

    private static void check(String layer, byte[] codes) {
        assertTrue(saturated(codes) < 0.35, layer + ": " + saturated(codes) + " are at the top");
        assertTrue(deviation(codes) > 4, layer + " deviates by " + deviation(codes) + " codes only");
    }

    private static double saturated(byte[] codes) {
        int count = 0;
        for (byte code : codes) {
            count += code == 127 ? 1 : 0;
        }
        return count / (double) codes.length;
    }

    private static double deviation(byte[] codes) {
        double sum = 0;
        double squares = 0;
        for (byte code : codes) {
            sum += code;
            squares += code * code;
        }
        double mean = sum / codes.length;
        return Math.sqrt(squares / codes.length - mean * mean);
    }

    private static double ones(byte[] bits) {
        int count = 0;
        for (byte value : bits) {
            count += Integer.bitCount(value & 0xFF);
        }
        return count / (8.0 * bits.length);
    }
}
