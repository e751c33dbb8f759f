// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Tensor;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.cli.demo.DemoPicture;
import io.windhover.runtime.image.ImageDecoder;
import io.windhover.runtime.image.Preprocessor;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoPictureTest {
    @ParameterizedTest
    @ValueSource(strings = {"landing_pad_int8", "marker_xnor"})
    void both_trained_networks_name_every_demo_picture(String network) {
        Graph graph = Zoo.load(network);
        Tensor input = graph.tensor(graph.inputs()[0]);
        Preprocessor preprocessor = new Preprocessor(input, graph.preprocessing());
        ReferenceExecutor executor = new ReferenceExecutor(graph);
        Set<String> seen = new HashSet<>();
        for (DemoPicture picture : DemoPicture.all()) {
            byte[] pixels = new byte[input.bytes()];
            preprocessor.write(new ImageDecoder().decode(picture.encoded(), picture.name()), ByteBuffer.wrap(pixels));
            byte[] logits = executor.infer(pixels).get(0);
            assertEquals(picture.label(), graph.labels().get(largest(logits)), picture.name());
            seen.add(picture.label());
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
