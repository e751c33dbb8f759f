package io.windhover.driver;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the native libraries lie. The home is the system property {@code windhover.home}, else the environment variable
 * {@code WINDHOVER_HOME}, else the nearest folder above the working directory that holds the launcher.
 */
final class Installation {
    private Installation() {}

    static Path home() {
        String home = System.getProperty("windhover.home", System.getenv("WINDHOVER_HOME"));
        if (home != null && !home.isBlank()) {
            return Path.of(home).toAbsolutePath();
        }
        Path working = Path.of("").toAbsolutePath();
        for (Path folder = working; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("host-driver/native"))) {
                return folder;
            }
        }
        return working;
    }

    static Path driverLibrary() {
        return home().resolve("host-driver/native/build/libwindhover.so");
    }

    /** Folders in which transports are looked for, separated by colons. */
    static String transportPath() {
        return System.getProperty("windhover.transports", home().resolve("simulator/build/lib").toString());
    }
}
