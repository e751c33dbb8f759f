// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.configuration;

import java.nio.file.Path;

/**
 * Paths as a configuration names them: relative ones are meant from its own folder.
 *
 * @param folder of the configuration's file
 */
record Paths(Path folder) {
    private static final String ZOO = "zoo:";

    Path resolve(String path) {
        return folder.resolve(path);
    }

    /** A file, or zoo:NAME as it is. */
    String model(String source) {
        return source.startsWith(ZOO) ? source : folder.resolve(source).toString();
    }
}
