// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** Which device, and how long to wait for it. */
final class DeviceOption {
    @Option(
            names = {"-d", "--device"},
            paramLabel = "D",
            description =
                    "rtl:CONFIG, functional: or reference: (default ${DEFAULT-VALUE}); './windhover devices' lists them.")
    private String locator;

    @Option(
            names = "--timeout",
            converter = AtLeast.One.class,
            paramLabel = "SECONDS",
            defaultValue = "1800",
            description = "Longest wait for one frame (default ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    String locator() {
        return locator;
    }

    Duration timeout() {
        return Duration.ofSeconds(timeoutSeconds);
    }
}
