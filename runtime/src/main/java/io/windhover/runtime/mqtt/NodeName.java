package io.windhover.runtime.mqtt;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.TreeSet;
import java.util.UUID;

/** A name that stays with a machine and differs from every other machine's; it does not reveal the machine id. */
public final class NodeName {
    private static final Path MACHINE_ID = Path.of("/etc/machine-id");
    private static final int DIGITS = 12;

    private static final String THIS_MACHINE = of(MACHINE_ID);

    private NodeName() {}

    /** The name of this machine, the same on every call. */
    public static String ofThisMachine() {
        return THIS_MACHINE;
    }

    static String of(Path machineId) {
        return "node-" + digest("io.windhover " + identity(machineId)).substring(0, DIGITS);
    }

    /** The machine id; without one, the network cards' addresses; without these, a name for this run only. */
    private static String identity(Path machineId) {
        try {
            String id = Files.exists(machineId) ? Files.readString(machineId).strip() : "";
            String identity = id.isEmpty() ? hardwareAddresses() : id;
            return identity.isEmpty() ? UUID.randomUUID().toString() : identity;
        } catch (IOException unreadable) {
            return UUID.randomUUID().toString();
        }
    }

    private static String hardwareAddresses() throws SocketException {
        TreeSet<String> addresses = new TreeSet<>();
        for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            byte[] address = card.getHardwareAddress();
            if (address != null && !card.isVirtual()) {
                addresses.add(HexFormat.of().formatHex(address));
            }
        }
        return String.join(" ", addresses);
    }

    private static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
