// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.Limits;
import picocli.CommandLine.Option;

/** How much is accepted from files. */
final class LimitOptions {
    @Option(
            names = "--model-bytes",
            converter = AtLeast.OneLong.class,
            paramLabel = "BYTES",
            description = "Largest model file accepted (default ${DEFAULT-VALUE}).",
            defaultValue = "536870912")
    private long modelBytes;

    @Option(
            names = "--image-pixels",
            converter = AtLeast.OneLong.class,
            paramLabel = "PIXELS",
            description = "Largest image accepted (default ${DEFAULT-VALUE}).",
            defaultValue = "67108864")
    private long imagePixels;

    Limits limits() {
        return new Limits(modelBytes, imagePixels);
    }
}
