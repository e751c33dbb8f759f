// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.simulator.Simulated;
import org.junit.jupiter.api.Test;

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
        assertTrue(text.contains("steady state over 2 frames after the first"), text);
        assertTrue(text.contains("the host's own time is not in it"), text);
    }

    @Test
    void one_frame_is_refused() {
        CommandLineRun.of("profile", NETWORK, "--device", "rtl:tiny", "--stream")
                .failed(2, "--frames 2 or more");
    }

    @Test
    void devices_that_count_no_cycles_are_refused() {
        for (String device : new String[] {"functional:", "reference:"}) {
            CommandLineRun.of("profile", NETWORK, "--device", device, "--stream", "--frames", "3")
                    .failed(2, device, "counts no cycles", "rtl:");
        }
    }
}
