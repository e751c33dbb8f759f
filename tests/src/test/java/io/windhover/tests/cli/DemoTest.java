// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.junit.Simulated;
import io.windhover.runtime.cli.demo.DemoPicture;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The whole demo: own broker, the service with both networks of our own, a real subscriber. */
class DemoTest {
    private static void demo(String device) {
        CommandLineRun demo = CommandLineRun.of("demo", "--device", device).succeeded();
        List<String> results = demo.output()
                .lines()
                .filter(line -> line.contains("/classification"))
                .toList();
        Map<String, String> labels =
                DemoPicture.all().stream().collect(Collectors.toMap(DemoPicture::name, DemoPicture::label));
        List<String> drawn =
                results.stream().filter(line -> !line.contains("/pattern/")).toList();
        assertEquals(2 * labels.size(), drawn.size(), demo.output());
        assertTrue(results.size() >= 3 * labels.size(), demo.output());
        for (String result : drawn) {
            String picture = result.replaceFirst(".*/classification  ", "").replaceFirst(":.*", "");
            assertTrue(result.contains(": " + labels.get(picture) + " "), result);
        }
        assertTrue(
                demo.output().contains(results.size() + " of " + results.size() + " classifications arrived over MQTT"),
                demo.output());
        assertTrue(
                demo.output().contains("/available  online") && demo.output().contains("/available  stopped"),
                demo.output());
    }

    @Test
    @Simulated("functional:")
    void every_picture_is_recognised_by_both_networks_and_arrives() {
        demo("functional:");
    }

    @Test
    @Simulated("rtl:zynq7020")
    void the_simulated_accelerator_recognises_the_same() {
        demo("rtl:zynq7020");
    }
}
