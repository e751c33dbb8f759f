// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What this machine's processor can execute.
 *
 * @param instructions as Linux names them on x86; empty where they are not known
 */
record Processor(Set<String> instructions) {
    private static final Path LISTED = Path.of("/proc/cpuinfo");

    /** What x86-64-v3 has beyond what every processor with AVX has. */
    private static final List<String> OF_X86_64_V3 = List.of("abm", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe");

    static Processor ofThisMachine() {
        try {
            return of(Files.readString(LISTED));
        } catch (IOException unknown) {
            return new Processor(Set.of());
        }
    }

    /** @param listed as in /proc/cpuinfo */
    static Processor of(String listed) {
        return listed.lines()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> new Processor(
                        Set.of(line.substring(line.indexOf(':') + 1).trim().split(" +"))))
                .orElse(new Processor(Set.of()));
    }

    /**
     * Refuses simulations of the accelerator where their first frame would end the process: those in jars are compiled
     * for x86-64-v3.
     */
    void requireFor(String locator) {
        Set<String> missing = new TreeSet<>(OF_X86_64_V3);
        missing.removeAll(instructions);
        if (locator.startsWith("rtl:") && !instructions.isEmpty() && !missing.isEmpty()) {
            throw new DriverException(
                    Status.NOT_FOUND,
                    "no device '" + locator + "': the packaged simulation of the accelerator is compiled for processors"
                            + " with AVX2 (x86-64-v3), and this one lacks " + String.join(", ", missing)
                            + "; build Windhover from source here and name its folder with -Dwindhover.home=FOLDER,"
                            + " or use functional:");
        }
    }
}
