// SPDX-License-Identifier: Apache-2.0
package io.windhover.models;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the models and golden outputs that are not part of the repository. */
public final class SharedData {
    private SharedData() {}

    /** A file or folder below the data folder; skips the test when absent, fails it when the data is required. */
    public static Path require(String relative) {
        Path path = folder().resolve(relative);
        if (Files.exists(path)) {
            return path;
        }
        String message = "Test data " + relative + " is absent; set WINDHOVER_DATA to the folder that holds it.";
        return "1".equals(System.getenv("WINDHOVER_DATA_REQUIRED")) ? fail(message) : abort(message);
    }

    private static Path folder() {
        String configured = System.getenv("WINDHOVER_DATA");
        if (configured != null) {
            return Path.of(configured);
        }
        Path root = Path.of("").toAbsolutePath();
        while (root.getParent() != null && !Files.exists(root.resolve("LICENSE"))) {
            root = root.getParent();
        }
        return root.resolve("../shared/data").normalize();
    }
}
