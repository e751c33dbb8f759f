package io.windhover.models.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.TensorType;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import io.windhover.models.testing.RandomGraphs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks of one-bit weights: which layers are binary, how large they are, and that their activations carry something. */
class BinaryNetworksTest {
    @ParameterizedTest
    @CsvSource({
        "lfc_w1a1, 2910208", "tfc_w1a1, 59008", "cnv_w1a1, 59461376", "xnor_alexnet, 1135516544", "bwn_alexnet, 1135256096",
        "xnor_resnet_18, 1816130560"
    })
    void multiply_accumulates_are_those_of_the_definition_with_batch_norms_that_stand_alone(String name, long macs) {
        assertEquals(macs, Zoo.entry(name).sizes().macs());
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnor_alexnet", "xnor_resnet_18"})
    void all_layers_but_the_first_and_the_last_are_binary(String name) {
        Graph graph = Zoo.reduced(name);
        List<Operator> learned = graph.operators().stream()
                .filter(operator -> operator instanceof Convolution convolution && convolution.outputChannels() > 1
                        || operator instanceof BinaryConvolution || operator instanceof FullyConnected)
                .toList();
        assertTrue(learned.get(0) instanceof Convolution);
        assertTrue(learned.get(learned.size() - 1) instanceof FullyConnected);
        assertTrue(learned.subList(1, learned.size() - 1).stream().allMatch(BinaryConvolution.class::isInstance));
    }

    @Test
    void binary_weights_are_plus_and_minus_one_but_in_the_first_and_the_last_layer() {
        List<Convolution> convolutions = Zoo.reduced("bwn_alexnet").operators().stream()
                .filter(Convolution.class::isInstance).map(Convolution.class::cast).toList();
        assertEquals(7, convolutions.size());
        for (Convolution convolution : convolutions.subList(1, 7)) {
            for (byte weight : convolution.weights()) {
                assertEquals(1, Math.abs(weight), convolution.name());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnor_alexnet", "xnor_resnet_18", "bwn_alexnet", "lfc_w1a1", "tfc_w1a1", "maxout", "locally_connected"})
    void activations_neither_saturate_nor_fall_silent(String name) {
        Graph graph = Zoo.reduced(name);
        Values values = new ReferenceExecutor(graph).run(RandomGraphs.inputs(graph, 1));
        for (Operator operator : graph.operators()) {
            byte[] codes = values.bytes(operator.output());
            if (operator.parameters(graph) > 0 && graph.tensor(operator.output()).type() == TensorType.INT8) {
                int extremes = 0;
                long distinct = 0;
                boolean[] seen = new boolean[256];
                for (byte code : codes) {
                    extremes += code == 127 ? 1 : 0;
                    seen[code & 0xFF] = true;
                }
                for (boolean code : seen) {
                    distinct += code ? 1 : 0;
                }
                assertTrue(extremes < 0.25 * codes.length, operator.name() + ": " + extremes + " of " + codes.length + " saturate");
                assertTrue(distinct >= Math.min(codes.length / 4, 10), operator.name() + " has " + distinct + " codes");
            }
        }
    }
}
