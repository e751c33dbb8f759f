// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the wall clock can be believed: systemd leaves a file once the network has set it. */
final class ClockState {
    private static final Path SYNCHRONISED = Path.of("/run/systemd/timesync/synchronized");

    private ClockState() {}

    static boolean isSynchronised() {
        return Files.exists(SYNCHRONISED);
    }
}
