// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.junit.Simulated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code profile --stream}: frames back to back on a memory whose time runs on. */
class ProfileStreamTest {
    private static final String NETWORK = "zoo:lenet5";
    /** The driver's accesses of registers, and one refresh of the memory more than a frame alone meets. */
    private static final int MOST_OVER_ONE_FRAME = 200;

    private static JsonObject profile(String... options) {
        String[] arguments = new String[options.length + 5];
        System.arraycopy(new String[] {"profile", NETWORK, "--device", "rtl:tiny", "--json"}, 0, arguments, 0, 5);
        System.arraycopy(options, 0, arguments, 5, options.length);
        return JsonParser.parseString(CommandLineRun.of(arguments).succeeded().output())
                .getAsJsonObject();
    }

    private static double cyclesPerFrame(JsonObject profile) {
        return profile.getAsJsonObject("stream").get("cycles_per_frame").getAsDouble();
    }

    @Test
    @Simulated("rtl:tiny")
    void the_steady_state_is_one_frame_and_the_driver_s_turn() {
        for (String frames : new String[] {"2", "3", "6"}) {
            JsonObject profile = profile("--stream", "--frames", frames);
            JsonObject stream = profile.getAsJsonObject("stream");
            assertEquals(Integer.parseInt(frames) - 1, stream.get("frames").getAsInt());
            long alone = profile.get("total_cycles").getAsLong();
            double idle = stream.get("idle_cycles_per_frame").getAsDouble();
            assertTrue(idle > 0 && cyclesPerFrame(profile) > idle, stream::toString);
            assertTrue(
                    Math.abs(cyclesPerFrame(profile) - alone) <= MOST_OVER_ONE_FRAME,
                    () -> stream + " beside " + alone);
        }
    }

    @Test
    @Simulated("rtl:tiny")
    void the_steady_state_is_the_same_whenever_it_is_measured() {
        assertEquals(
                profile("--stream", "--frames", "4").get("stream"),
                profile("--stream", "--frames", "4").get("stream"));
    }

    @Test
    @Simulated("rtl:tiny")
    void a_frame_alone_takes_the_same_cycles_with_and_without() {
        JsonObject plain = profile();
        assertFalse(plain.has("stream"), plain::toString);
        JsonObject streamed = profile("--stream", "--frames", "2");
        streamed.remove("stream");
        assertEquals(plain, streamed);
    }

    @Test
    @Simulated("rtl:tiny")
    void the_text_says_what_is_in_the_figure() {
        String text = CommandLineRun.of("profile", NETWORK, "--device", "rtl:tiny", "--stream", "--frames", "3")
                .succeeded()
                .output();
        assertTrue(text.contains("steady state, averaged over 2 after the first"), text);
        assertTrue(text.contains("the host's own time is not in it"), text);
    }

    @Test
    void one_frame_is_refused() {
        CommandLineRun.of("profile", NETWORK, "--device", "rtl:tiny", "--stream")
                .failed(2, "--frames 2 or more");
    }

    @Test
    @Simulated("rtl:tiny")
    void a_device_without_options_may_end_in_a_question_mark() {
        CommandLineRun.of("profile", NETWORK, "--device", "rtl:tiny?", "--stream", "--frames", "2")
                .succeeded();
    }

    @Test
    void times_of_jobs_are_not_written_twice() {
        CommandLineRun.of("profile", NETWORK, "--device", "rtl:tiny?jobs=j.txt", "--stream", "--frames", "2")
                .failed(2, "leave out the device's 'jobs'");
    }

    @Test
    @Simulated("rtl:tiny")
    void a_file_of_something_else_is_not_overwritten_with_times(@TempDir Path folder) throws IOException {
        Path model = folder.resolve("model.whm");
        CommandLineRun.of("compile", NETWORK, "--config", "tiny", "-o", model.toString())
                .succeeded();
        byte[] before = Files.readAllBytes(model);
        CommandLineRun.of("profile", model.toString(), "--device", "rtl:tiny?jobs=" + model)
                .failed(1, "holds something else and is not overwritten");
        assertArrayEquals(before, Files.readAllBytes(model));
    }

    @Test
    void a_page_does_not_replace_times(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("times"));
        CommandLineRun.of("profile", NETWORK, "--device", "rtl:tiny?jobs=" + file, "--html", file.toString())
                .failed(1, "it is read for this, or written by the device");
    }

    @Test
    void devices_that_count_no_cycles_are_refused() {
        for (String device : new String[] {"functional:", "reference:"}) {
            CommandLineRun.of("profile", NETWORK, "--device", device, "--stream", "--frames", "3")
                    .failed(2, device, "counts no cycles", "rtl:");
        }
    }
}
