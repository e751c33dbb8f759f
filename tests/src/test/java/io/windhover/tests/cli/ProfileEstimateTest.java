// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.driver.Capabilities;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.Estimate;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.whm.CompiledFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code profile} on {@code functional:}: the compiler's estimate, said to be one. */
class ProfileEstimateTest {
    private static final String BOUND = "within " + Estimate.WITHIN_PERCENT + " %";

    @TempDir
    Path folder;

    private static JsonObject json(String model, String device) {
        return JsonParser.parseString(CommandLineRun.of("profile", model, "--device", device, "--json")
                        .succeeded()
                        .output())
                .getAsJsonObject();
    }

    private static long sum(JsonObject profile, String figure) {
        long sum = 0;
        for (JsonElement layer : profile.getAsJsonArray("layers")) {
            sum += layer.getAsJsonObject().get(figure).getAsLong();
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({
        "lenet5, functional:, zynq7020",
        "lenet5, functional:tiny, tiny",
        "mobilenet_v2_1.0_224@reduced, functional:zu3eg, zu3eg",
        "marker_xnor, functional:tiny?threads=1, tiny",
        "finder_fomo, functional:, zynq7020"
    })
    void a_frame_takes_what_the_compiler_estimates(String network, String device, String configuration) {
        JsonObject profile = json("zoo:" + network, device);
        CompiledModel program = Compiler.compile(Zoo.load(network), Capabilities.named(configuration));
        assertTrue(profile.get("estimated").getAsBoolean());
        assertEquals(configuration, profile.get("config").getAsString());
        assertEquals(program.estimatedCycles(), profile.get("total_cycles").getAsLong());
        assertEquals(program.estimatedCycles(), sum(profile, "share_cycles"));
        assertEquals(
                1e3
                        * program.estimatedCycles()
                        / Capabilities.named(configuration).clockHz(),
                profile.get("milliseconds").getAsDouble());
        for (JsonElement element : profile.getAsJsonArray("layers")) {
            JsonObject layer = element.getAsJsonObject();
            assertEquals(
                    layer.get("floor_cycles").getAsLong() > 0,
                    layer.get("cycles").getAsLong() > 0,
                    layer::toString);
            assertTrue(layer.get("utilisation").getAsDouble() <= 1, layer::toString);
        }
        assertTrue(profile.get("utilisation").getAsDouble() > 0, profile::toString);
    }

    @Test
    void the_error_is_said_only_where_it_was_measured() {
        assertEquals(
                Estimate.WITHIN_PERCENT,
                json("zoo:lenet5", "functional:").get("estimate_within_percent").getAsInt());
        assertFalse(json("zoo:lenet5", "functional:tiny").has("estimate_within_percent"));
        String text = CommandLineRun.of("profile", "zoo:lenet5", "--device", "functional:")
                .succeeded()
                .output();
        assertTrue(text.contains("estimated") && text.contains(BOUND), text);
        String tiny = CommandLineRun.of("profile", "zoo:lenet5", "--device", "functional:tiny")
                .succeeded()
                .output();
        assertTrue(tiny.contains("estimated") && tiny.contains("no error is known for tiny"), tiny);
        assertFalse(tiny.contains(BOUND), tiny);
    }

    @Test
    void the_page_says_that_it_is_an_estimate() throws IOException {
        Path page = folder.resolve("profile.html");
        CommandLineRun.of("profile", "zoo:lenet5", "--device", "functional:", "--html", page.toString())
                .succeeded();
        String html = Files.readString(page);
        assertTrue(html.contains("estimated") && html.contains(BOUND), html);
    }

    @Test
    @Simulated("rtl:tiny")
    void what_is_measured_is_not_said_to_be_an_estimate() {
        assertFalse(json("zoo:lenet5", "rtl:tiny").get("estimated").getAsBoolean());
        assertFalse(json("zoo:lenet5", "rtl:tiny").has("estimate_within_percent"));
        String text = CommandLineRun.of("profile", "zoo:lenet5", "--device", "rtl:tiny")
                .succeeded()
                .output();
        assertFalse(text.contains("estimate"), text);
    }

    @Test
    void a_compiled_file_is_estimated_as_its_network_is() {
        Path compiled = folder.resolve("lenet5.whm");
        CommandLineRun.of("compile", "zoo:lenet5", "-o", compiled.toString()).succeeded();
        assertEquals(
                json("zoo:lenet5", "functional:").get("layers"),
                json(compiled.toString(), "functional:").get("layers"));
    }

    @Test
    void jobs_with_the_host_between_them_are_added_up() throws IOException {
        NetworkBuilder network = new NetworkBuilder("islands", 7);
        Window point = Window.square(1, 1, 0);
        int first = network.convolution(network.input(8, 8, 4, 0.05f, 3), 5, point, Activation.RELU);
        int last = network.convolution(network.elementwise().softmax(first), 3, point, Activation.RELU);
        Graph graph = network.build(last);
        CompiledModel program = Compiler.compile(graph, Capabilities.named("tiny"));
        assertEquals(2, program.jobs().size());
        Path file = folder.resolve("islands.whm");
        new CompiledFile(graph, program, null).write(file);
        JsonObject profile = json(file.toString(), "functional:tiny");
        assertEquals(program.estimatedCycles(), profile.get("total_cycles").getAsLong());
        assertEquals(program.estimatedCycles(), sum(profile, "share_cycles"));
        CommandLineRun run = CommandLineRun.of("profile", file.toString(), "--device", "functional:tiny");
        assertTrue(run.succeeded().output().contains("on the host, part 1: its time is not estimated"), run.output());
    }

    @Test
    void frames_are_not_run_for_an_estimate() {
        CommandLineRun.of("profile", "zoo:lenet5", "--device", "functional:", "--frames", "2")
                .failed(2, "--frames", "functional:", "nothing is run");
    }
}
