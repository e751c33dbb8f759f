// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which device, and how long to wait for it. */
final class DeviceOption {
    @Option(
            names = {"-d", "--device"},
            paramLabel = "D",
            description =
                    "rtl:CONFIG, functional: or reference: (default ${DEFAULT-VALUE}), with options as in rtl:tiny?stalls=7&memory_mib=64;"
                            + " './windhover devices' lists them.")
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

    /** The files that the device is told to write. */
    List<Path> outputs() {
        return options()
                .filter(option ->
                        option.startsWith("jobs=") || option.startsWith("wave=") || option.startsWith("timeline="))
                .map(option -> Path.of(option.substring(option.indexOf('=') + 1)))
                .toList();
    }

    /** Each as KEY=VALUE. */
    Stream<String> options() {
        int start = locator.indexOf('?') + 1;
        return start == 0 ? Stream.empty() : Stream.of(locator.substring(start).split("&"));
    }

    Duration timeout() {
        return Duration.ofSeconds(timeoutSeconds);
    }
}
