package io.windhover.runtime.mqtt;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/** A name that stays with a machine and differs from every other machine's; it does not reveal the machine id. */
public final class NodeName {
    private static final Path MACHINE_ID = Path.of("/etc/machine-id");
    private static final int DIGITS = 12;

    private NodeName() {}

    /** The name of this machine. */
    public static String ofThisMachine() {
        return of(MACHINE_ID);
    }

    static String of(Path machineId) {
        return "node-" + digest("io.windhover " + identity(machineId)).substring(0, DIGITS);
    }

    private static String identity(Path machineId) {
        try {
            String id = Files.readString(machineId).strip();
            if (!id.isEmpty()) {
                return id;
            }
        } catch (IOException noMachineId) {
            return hostName();
        }
        return hostName();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException nameless) {
            return UUID.randomUUID().toString();
        }
    }

    private static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
