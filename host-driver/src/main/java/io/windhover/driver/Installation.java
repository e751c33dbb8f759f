// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/**
 * Where Windhover is installed, with its native libraries. The home is the system property {@code windhover.home}, else
 * the environment variable {@code WINDHOVER_HOME}, else the nearest folder above these classes, or the archive they are
 * in, that holds the driver's sources; where there is none, the libraries come from jars on the class path. The working
 * directory plays no part: it may belong to anybody.
 */
public final class Installation {
    private static final String DRIVER = "host-driver/native";

    private static @Nullable Path packaged;

    private Installation() {}

    /**
     * The folder that holds everything else.
     *
     * @throws DriverException when no such folder is found
     */
    public static Path home() {
        Path home = namedOrAbove();
        if (home == null) {
            throw new DriverException(
                    Status.NOT_FOUND,
                    "no folder above " + ownPlace()
                            + " holds the driver's sources; name Windhover's folder with -Dwindhover.home=FOLDER");
        }
        return home;
    }

    private static @Nullable Path namedOrAbove() {
        String home = System.getProperty("windhover.home", System.getenv("WINDHOVER_HOME"));
        return home != null && !home.isBlank() ? Path.of(home).toAbsolutePath() : homeAbove(ownPlace());
    }

    static @Nullable Path homeAbove(Path place) {
        for (Path folder = place; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(DRIVER))) {
                return folder;
            }
        }
        return null;
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
        Path home = namedOrAbove();
        return home == null
                ? packaged().resolve("libwindhover.so")
                : home.resolve(DRIVER).resolve("build/libwindhover.so");
    }

    /**
     * The folder that the driver loads the locator's transport from.
     *
     * @throws DriverException where that would come from a jar and cannot run on this processor
     */
    static String transports(String locator) {
        String folder = System.getProperty("windhover.transports");
        Path home = namedOrAbove();
        if (folder != null) {
            return folder;
        }
        if (home != null) {
            return home.resolve("simulator/build/lib").toString();
        }
        Processor.ofThisMachine().requireFor(locator);
        return packaged().toString();
    }

    /** Unpacked once in a process. */
    private static synchronized Path packaged() {
        if (packaged == null) {
            packaged = PackagedLibraries.ofThisMachine().folder();
        }
        return packaged;
    }
}
