// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.configuration;

import io.windhover.runtime.serve.yaml.Value;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Paths as a configuration names them: relative ones are meant from its own folder.
 *
 * @param folder of the configuration's file
 */
record Paths(Path folder) {
    private static final String ZOO = "zoo:";

    /** A path may hold no NUL. */
    Path resolve(Value path) {
        try {
            return folder.resolve(path.text());
        } catch (InvalidPathException unusable) {
            throw path.problem("cannot be used (" + unusable.getReason() + ")", "give another path");
        }
    }

    /** Whether a folder is the other one or somewhere in it, wherever links lead. */
    static boolean isWithin(Path folder, Path other) {
        return real(folder.toAbsolutePath().normalize())
                .startsWith(real(other.toAbsolutePath().normalize()));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException missing) {
            Path parent = path.getParent();
            return parent == null ? path : real(parent).resolve(path.getFileName());
        }
    }

    /** A file, or zoo:NAME as it is. */
    String model(Value source) {
        return source.text().startsWith(ZOO) ? source.text() : resolve(source).toString();
    }
}
