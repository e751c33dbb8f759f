// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.runtime.exception.WindhoverException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's password, from a file or the environment: a command line can be read by everyone on the machine. No
 * message repeats it, nor any part of it.
 */
public final class Passwords {
    public static final String FILE_VARIABLE = "WINDHOVER_MQTT_PASSWORD_FILE";
    public static final String VARIABLE = "WINDHOVER_MQTT_PASSWORD";

    private static final Logger LOG = LoggerFactory.getLogger(Passwords.class);
    private static final int LONGEST_BYTES = 4096;

    private Passwords() {}

    /** The password that the environment gives; null when it gives none. */
    public static @Nullable String read(Map<String, String> environment) {
        String file = environment.get(FILE_VARIABLE);
        String password = environment.get(VARIABLE);
        if (file != null && password != null) {
            throw new WindhoverException("Both " + FILE_VARIABLE + " and " + VARIABLE + " are set; unset one.");
        }
        if (file != null) {
            return fromFile(file);
        }
        if (password != null && password.isEmpty()) {
            throw new WindhoverException(VARIABLE + " is empty; unset it where there is no password.");
        }
        return password;
    }

    private static String fromFile(String name) {
        try {
            Path file = Path.of(name);
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new WindhoverException(
                        "The password file '" + name + "' is no regular file; write the password alone into one.");
            }
            byte[] bytes;
            try (InputStream input = Files.newInputStream(file)) {
                bytes = input.readNBytes(LONGEST_BYTES + 1);
            }
            warnWhenOpenToAll(file);
            return text(name, bytes);
        } catch (IOException | InvalidPathException problem) {
            throw new WindhoverException(
                    "The password file '" + name + "' cannot be read; check the path in " + FILE_VARIABLE
                            + " and its rights.",
                    problem);
        }
    }

    private static String text(String name, byte[] bytes) {
        String wrong = bytes.length > LONGEST_BYTES ? "has more than " + LONGEST_BYTES + " bytes" : null;
        String password = "";
        try {
            password = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .replaceFirst("\\r?\\n\\z", "");
        } catch (CharacterCodingException notText) {
            wrong = wrong == null ? "is not UTF-8" : wrong;
        }
        if (wrong == null && password.isEmpty()) {
            wrong = "is empty";
        }
        if (wrong != null) {
            throw new WindhoverException(
                    "The password file '" + name + "' " + wrong + "; write the password alone into it.");
        }
        return password;
    }

    /** Containers mount secrets that all of their users may read, so this is no error. */
    private static void warnWhenOpenToAll(Path file) throws IOException {
        try {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                LOG.warn(
                        "Everyone on this machine can read the password file named by {}; chmod 600 keeps it private.",
                        FILE_VARIABLE);
            }
        } catch (UnsupportedOperationException noSuchRights) {
            LOG.debug("the password file's rights cannot be seen");
        }
    }
}
