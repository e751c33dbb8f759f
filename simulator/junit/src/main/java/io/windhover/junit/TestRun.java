// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** Which processes' tests belong together: those of the JVMs that one Maven or Gradle started. */
final class TestRun {
    private TestRun() {}

    /**
     * The nearest process above that runs Java, beyond the shell that may start a fork; this one where there is none.
     */
    static String identity() {
        ProcessHandle self = ProcessHandle.current();
        Optional<Path> java = program(self);
        ProcessHandle starter = Stream.iterate(
                        self.parent(), Optional::isPresent, above -> above.flatMap(ProcessHandle::parent))
                .flatMap(Optional::stream)
                .filter(above -> java.isPresent() && java.equals(program(above)))
                .findFirst()
                .orElse(self);
        return starter.pid() + " " + starter.info().startInstant().orElse(Instant.EPOCH);
    }

    private static Optional<Path> program(ProcessHandle process) {
        return process.info().command().map(command -> Path.of(command).getFileName());
    }
}
