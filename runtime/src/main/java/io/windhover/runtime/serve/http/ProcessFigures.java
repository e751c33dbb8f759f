// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What Linux says of this process; empty elsewhere. */
final class ProcessFigures {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int KIB = 1024;

    private ProcessFigures() {}

    static OptionalLong residentBytes() {
        OptionalLong kib = status("VmRSS:");
        return kib.isPresent() ? OptionalLong.of(kib.getAsLong() * KIB) : kib;
    }

    /** Those of the JVM itself and of native code included. */
    static OptionalLong threads() {
        return status("Threads:");
    }

    static OptionalLong openDescriptors() {
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return OptionalLong.of(open.count());
        } catch (IOException notLinux) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong status(String key) {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst();
        } catch (IOException notLinux) {
            return OptionalLong.empty();
        }
    }
}
