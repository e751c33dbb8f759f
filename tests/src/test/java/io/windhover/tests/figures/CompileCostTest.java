// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.figures;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compiling a detector takes 10 s and 512 MiB at most, with the launcher's JVM options. Ten seconds in all. */
@Tag("full")
class CompileCostTest {
    private static final long MOST_MILLIS = 10_000;
    private static final long MOST_MEBIBYTES = 512;
    private static final Pattern FIGURES = Pattern.compile("(\\d+) (\\d+)");

    @ParameterizedTest
    @CsvSource({"yolov8n, 16", "yolov8s, 32"})
    void a_detector_compiles_in_time_and_memory(String network, int width) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CompileCost.class.getName(),
                        network,
                        String.valueOf(width)))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        Matcher figures = FIGURES.matcher(said);
        assertTrue(figures.matches(), said);
        long millis = Long.parseLong(figures.group(1));
        long mebibytes = Long.parseLong(figures.group(2)) / 1024;
        System.out.println(network + ": " + millis + " ms, " + mebibytes + " MiB");
        assertTrue(millis <= MOST_MILLIS, network + " took " + millis + " ms");
        assertTrue(mebibytes < MOST_MEBIBYTES, network + " took " + mebibytes + " MiB");
    }
}
