// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The zoo's own detector on scenes of its recipe, which it was not trained on. */
class FinderTest {
    private static final String FINDER = "zoo:finder_fomo";

    private static Path scenes() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(FinderTest.class.getResource("/io/windhover/tests/finder"))
                .toURI());
    }

    private static JsonElement json(String... arguments) {
        return JsonParser.parseString(CommandLineRun.of(arguments).succeeded().output());
    }

    @Test
    void it_finds_what_is_there() throws URISyntaxException {
        double precision = json(
                        "evaluate", FINDER, "--dataset", "boxes:" + scenes(), "--device", "functional:", "--json")
                .getAsJsonObject()
                .get("ap50")
                .getAsDouble();
        assertTrue(precision > 0.7, "average precision " + precision);
    }

    @Test
    void the_hardware_finds_the_same() throws URISyntaxException {
        String scene = scenes().resolve("00005.png").toString();
        JsonArray expected =
                json("run", FINDER, scene, "--device", "reference:", "--json").getAsJsonArray();
        JsonArray found =
                json("run", FINDER, scene, "--device", "rtl:zynq7020", "--json").getAsJsonArray();
        JsonElement boxes = found.get(0).getAsJsonObject().get("detections");
        assertEquals(expected.get(0).getAsJsonObject().get("detections"), boxes);
        assertEquals(3, boxes.getAsJsonArray().size());
    }
}
