// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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
            paramLabel = "SECONDS",
            defaultValue = "1800",
            description = "Longest wait for one frame (default ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    String locator() {
        return locator;
    }

    Duration timeout() {
        if (timeoutSeconds < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--timeout must be 1 or more seconds, not " + timeoutSeconds);
        }
        return Duration.ofSeconds(timeoutSeconds);
    }
}
