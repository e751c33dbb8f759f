// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/**
 * Where Windhover is installed, with its native libraries. The home is the system property {@code windhover.home}, else
 * the environment variable {@code WINDHOVER_HOME}, else the nearest folder above these classes, or the archive they are
 * in, that holds the driver's sources. The working directory plays no part: it may belong to anybody.
 */
public final class Installation {
    private static final String DRIVER = "host-driver/native";

    private Installation() {}

    /**
     * The folder that holds everything else.
     *
     * @throws DriverException when no such folder is found
     */
    public static Path home() {
        String home = System.getProperty("windhover.home", System.getenv("WINDHOVER_HOME"));
        return home != null && !home.isBlank() ? Path.of(home).toAbsolutePath() : homeAbove(ownPlace());
    }

    static Path homeAbove(Path place) {
        for (Path folder = place; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(DRIVER))) {
                return folder;
            }
        }
        throw new DriverException(
                Status.NOT_FOUND,
                "no folder above " + place
                        + " holds the driver library; name Windhover's folder with -Dwindhover.home=FOLDER");
    }

    private static Path ownPlace() {
        CodeSource source = Installation.class.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("classes come from " + source.getLocation(), e);
        }
    }

    static Path driverLibrary() {
        return home().resolve(DRIVER).resolve("build/libwindhover.so");
    }

    /** The folder that the driver loads transports from. */
    static String transports() {
        String folder = System.getProperty("windhover.transports");
        return folder != null ? folder : home().resolve("simulator/build/lib").toString();
    }
}
