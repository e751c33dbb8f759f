// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.demo.DemoImages;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Tensor;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.zoo.Zoo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoImagesTest {
    @ParameterizedTest
    @ValueSource(strings = {"landing_pad_int8", "marker_xnor"})
    void both_trained_networks_name_every_demo_picture(String network) throws IOException {
        Graph graph = Zoo.load(network);
        Tensor input = graph.tensor(graph.inputs()[0]);
        Preprocessor preprocessor = new Preprocessor(input, graph.preprocessing());
        ReferenceExecutor executor = new ReferenceExecutor(graph);
        Set<String> seen = new HashSet<>();
        for (String name : DemoImages.names()) {
            String label = DemoImages.label(name);
            byte[] pixels = new byte[input.bytes()];
            preprocessor.write(new ImageDecoder().decode(DemoImages.bytes(name), name), ByteBuffer.wrap(pixels));
            byte[] logits = executor.infer(pixels).get(0);
            assertEquals(label, graph.labels().get(largest(logits)), name);
            seen.add(label);
        }
        assertTrue(seen.containsAll(graph.labels()), "labels shown: " + seen);
    }

    private static int largest(byte[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }
}
