// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.profile;

import io.windhover.models.Reason;
import io.windhover.runtime.exception.WindhoverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * What a simulated device wrote into a file while something ran on it.
 *
 * @param result of what ran
 */
public record DeviceNotes<T>(T result, List<String> lines) {
    /** The scheme of devices that write such files. */
    public static final String SCHEME = "rtl:";

    /**
     * Runs something on a device that is told to write a file.
     *
     * @param option of the device that names the file
     * @param run gets the locator with that option, and closes the device
     */
    public static <T> DeviceNotes<T> of(String locator, String option, Function<String, T> run) {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        if (folder.toString().contains("&")) {
            throw new WindhoverException("What the device notes cannot be kept in '" + folder
                    + "', whose name has a '&'; set another with JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=FOLDER.");
        }
        try {
            Path file = Files.createTempFile(folder, "windhover-" + option, ".txt");
            file.toFile().deleteOnExit();
            try {
                T result = run.apply(with(locator, option + "=" + file));
                return new DeviceNotes<>(result, Files.readAllLines(file));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new WindhoverException(
                    "What the device notes cannot be kept in '" + folder + "' (" + Reason.of(failure)
                            + "); make room there.",
                    failure);
        }
    }

    /** A locator with one more option. */
    public static String with(String locator, String option) {
        String end = locator.contains("?") ? locator.endsWith("?") ? "" : "&" : "?";
        return locator + end + option;
    }
}
