// SPDX-License-Identifier: Apache-2.0
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
import java.util.Comparator;
import java.util.HexFormat;
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

    /** The machine id; without one, a network card's address; without that, a name for this run only. */
    private static String identity(Path machineId) {
        try {
            String id = Files.exists(machineId) ? Files.readString(machineId).strip() : "";
            String identity = id.isEmpty() ? hardwareAddress() : id;
            return identity.isEmpty() ? UUID.randomUUID().toString() : identity;
        } catch (IOException unreadable) {
            return UUID.randomUUID().toString();
        }
    }

    /** The address of the card the system found first; later ones may come and go. */
    private static String hardwareAddress() throws SocketException {
        return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                .map(NodeName::hardwareAddress)
                .filter(address -> !address.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String hardwareAddress(NetworkInterface card) {
        try {
            byte[] address = card.getHardwareAddress();
            return address == null ? "" : HexFormat.of().formatHex(address);
        } catch (SocketException gone) {
            return "";
        }
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
