// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks of one-bit weights: which layers are binary and how large they are. */
class BinaryNetworksTest {
    @ParameterizedTest
    @CsvSource({
        "lfc_w1a1, 2910208",
        "tfc_w1a1, 59008",
        "cnv_w1a1, 59461376",
        "xnor_alexnet, 1135516544",
        "bwn_alexnet, 1135256096",
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
                .filter(operator -> (operator instanceof Convolution convolution && convolution.outputChannels() > 1)
                        || operator instanceof BinaryConvolution
                        || operator instanceof FullyConnected)
                .toList();
        assertTrue(learned.get(0) instanceof Convolution);
        assertTrue(learned.get(learned.size() - 1) instanceof FullyConnected);
        assertTrue(learned.subList(1, learned.size() - 1).stream().allMatch(BinaryConvolution.class::isInstance));
    }

    @Test
    void binary_weights_are_plus_and_minus_one_but_in_the_first_and_the_last_layer() {
        List<Convolution> convolutions = Zoo.reduced("bwn_alexnet").operators().stream()
                .filter(Convolution.class::isInstance)
                .map(Convolution.class::cast)
                .toList();
        assertEquals(7, convolutions.size());
        for (Convolution convolution : convolutions.subList(1, 7)) {
            for (byte weight : convolution.weights()) {
                assertEquals(1, Math.abs(weight), convolution.name());
            }
        }
    }
}
