// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.DriverException;
import io.windhover.runtime.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the device's options {@code wave_from} and {@code wave_to} leave of a waveform. */
class WaveWindowTest {
    private static final String NETWORK = "zoo:lenet_300_100";

    @TempDir
    Path folder;

    @BeforeAll
    static void requireTracingLibrary(@TempDir Path folder) {
        Fst.requireTracingLibrary(folder);
    }

    private static void run(String options, int frames) {
        try (ModelOnDevice model = ModelOnDevice.open("rtl:tiny?" + options, NETWORK)) {
            for (int frame = 0; frame < frames; frame++) {
                model.run(Inputs.random(frame)).isBitExact();
            }
        }
    }

    @Test
    void it_holds_the_cycles_that_were_asked_for() {
        Path wave = folder.resolve("window.fst");
        run("wave=" + wave + "&wave_from=100&wave_to=200", 1);
        assertEquals(2 * 100, Fst.read(wave).firstTime());
        assertEquals(2 * 199 + 1, Fst.read(wave).lastTime());
    }

    @Test
    void cycles_are_counted_through_all_jobs_as_in_the_timeline() throws IOException {
        Path timeline = folder.resolve("timeline.txt");
        run("timeline=" + timeline, 2);
        List<Long> jobs = Files.readAllLines(timeline).stream()
                .filter(line -> line.startsWith("end "))
                .map(line -> Long.parseLong(line.substring("end ".length())))
                .toList();
        assertEquals(2, jobs.size());
        long from = jobs.get(0) - 10;
        Path wave = folder.resolve("end.fst");
        run("wave=" + wave + "&wave_from=" + from, 2);
        assertEquals(2 * from, Fst.read(wave).firstTime());
        assertEquals(2 * (jobs.get(0) + jobs.get(1) - 1) + 1, Fst.read(wave).lastTime());
    }

    @Test
    void a_window_is_smaller_than_the_whole() throws IOException {
        Path all = folder.resolve("all.fst");
        Path some = folder.resolve("some.fst");
        run("wave=" + all, 1);
        run("wave=" + some + "&wave_to=1000", 1);
        assertEquals(0, Fst.read(some).firstTime());
        assertEquals(2 * 999 + 1, Fst.read(some).lastTime());
        assertTrue(Files.size(some) < Files.size(all) / 4, Files.size(some) + " of " + Files.size(all));
    }

    @Test
    void a_window_that_makes_no_sense_is_refused() {
        Path wave = folder.resolve("never.fst");
        assertRefused("wave_from=1", "option 'wave_from' of the device needs 'wave', which names the file");
        assertRefused("wave_to=1", "option 'wave_to' of the device needs 'wave', which names the file");
        assertRefused(
                "wave=" + wave + "&wave_from=7&wave_to=7",
                "option 'wave_to=7' of the device must be more than wave_from, which is 7");
        assertRefused(
                "wave=" + wave + "&wave_to=0",
                "option 'wave_to=0' of the device must be a whole number from 1 to 1000000000000000");
        assertRefused(
                "wave=" + wave + "&wave_from=-1",
                "option 'wave_from=-1' of the device must be a whole number from 0 to 1000000000000000");
        assertTrue(Files.notExists(wave));
    }

    private static void assertRefused(String options, String sentence) {
        String message = assertThrows(
                        DriverException.class,
                        () -> Device.open("rtl:tiny?" + options).close())
                .getMessage();
        assertTrue(message.startsWith(sentence), message);
    }
}
