// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.configuration;

import io.windhover.runtime.serve.yaml.Value;
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

    /** A file, or zoo:NAME as it is. */
    String model(Value source) {
        return source.text().startsWith(ZOO) ? source.text() : resolve(source).toString();
    }
}
