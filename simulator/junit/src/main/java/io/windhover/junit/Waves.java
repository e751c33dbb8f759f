// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Where the waveforms of tests that fail lie. */
final class Waves {
    private Waves() {}

    /** Of this name, without its ending, below the folder that the tests run in. */
    static Path file(String name) {
        return Path.of("target", "waves").toAbsolutePath().resolve(name + ".fst");
    }

    /** What a test's waveform is called. */
    static String name(ExtensionContext test) {
        return test.getRequiredTestClass().getSimpleName() + "."
                + test.getRequiredTestMethod().getName();
    }
}
