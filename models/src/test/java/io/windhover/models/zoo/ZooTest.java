// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.codec.GraphCodec;
import io.windhover.models.graph.Graph;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZooTest {
    @Test
    void loading_twice_gives_the_same_bytes() {
        for (String name : List.of("resnet_18", "densenet_121", "mobilenet_v3_small", "cnv_w1a1")) {
            assertArrayEquals(GraphCodec.write(Zoo.reduced(name)), GraphCodec.write(Zoo.reduced(name)), name);
        }
    }

    /**
     * Fails on a machine whose arithmetic differs, and when the generator changes: then compiled networks and baselines
     * change too.
     */
    @ParameterizedTest
    @CsvSource({
        "mobilenet_v2_0.35_96, f93d8c0d",
        "resnet_18@reduced, 1f16a778",
        "alexnet@reduced, 6e8807b7",
        "cnv_w1a1, 75884617"
    })
    void every_machine_makes_the_same_network(String name, String checksum) {
        Graph graph = Zoo.load(name);
        Values values = new ReferenceExecutor(graph)
                .run(new byte[graph.tensor(graph.inputs()[0]).bytes()]);
        CRC32 crc = new CRC32();
        graph.activations().forEach(tensor -> crc.update(values.bytes(tensor.index())));
        assertEquals(checksum, Long.toHexString(crc.getValue()), name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "lenet6            : did you mean lenet_300_100 or lenet5? './windhover models' lists all.",
                "CNV-w1a1          : did you mean cnv_w1a1?",
                "lxnet5@reduced    : did you mean lenet5?",
                "xmobilenet        : ; './windhover models' lists all.",
                "elnet5            : did you mean lenet5?",
                "''                : ; './windhover models' lists all.",
                "mobilenet         : did you mean mobilenet_v1_1.0_224 or"
            })
    void an_unknown_name_is_answered_with_the_nearest_ones(String name, String expected) {
        String message =
                assertThrows(ModelException.class, () -> Zoo.load(name)).getMessage();
        assertTrue(message.contains(expected) && message.length() < 250, message);
    }
}
