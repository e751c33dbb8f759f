// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Runs {@code serve} for a moment, so that Java can note which classes a start needs; the launcher has it make an
 * archive of them. The broker is one in this process that takes everything and gives nothing.
 */
final class ServeRehearsal {
    private static final int MESSAGES = 60;
    private static final int TERMINATE = 15;

    private static final int CONNECT = 1;
    private static final int PUBLISH = 3;
    private static final int SUBSCRIBE = 8;
    private static final int UNSUBSCRIBE = 10;
    private static final int PING = 12;

    private int messages;

    private ServeRehearsal() {}

    /** Takes the device's locator and an empty folder. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        try (ServerSocket broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path configuration = Files.writeString(
                    folder.resolve("rehearsal.yaml"),
                    String.join(
                            "\n",
                            "device: '" + arguments[0] + "'",
                            "models: {pads: {file: 'zoo:landing_pad_int8'}}",
                            "streams:",
                            "  drawing: {model: pads, source: {pattern: {frames_per_second: 30}}}",
                            "  questions: {model: pads, source: {requests: {}}}",
                            "mqtt: {url: 'mqtt://127.0.0.1:" + broker.getLocalPort() + "', control: true}",
                            "http: {listen: '127.0.0.1:0'}"));
            Thread thread = new Thread(() -> new ServeRehearsal().answer(broker), "rehearsal-broker");
            thread.setDaemon(true);
            thread.start();
            Windhover.main(new String[] {"serve", configuration.toString()});
        }
    }

    private void answer(ServerSocket broker) {
        try (Socket socket = broker.accept()) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            OutputStream out = socket.getOutputStream();
            while (true) {
                int first = in.readUnsignedByte();
                byte[] body = in.readNBytes(length(in));
                out.write(acknowledgement(first, ByteBuffer.wrap(body)));
                out.flush();
            }
        } catch (IOException ended) {
            return;
        }
    }

    /** Seven bits a byte, the lowest first. */
    private static int length(DataInputStream in) throws IOException {
        int value = 0;
        int shift = 0;
        int digit;
        do {
            digit = in.readUnsignedByte();
            value |= (digit & 0x7f) << shift;
            shift += 7;
        } while (digit > 0x7f);
        return value;
    }

    private byte[] acknowledgement(int first, ByteBuffer body) {
        return switch (first >> 4) {
            case CONNECT -> new byte[] {0x20, 3, 0, 0, 0};
            case PUBLISH -> published((first & 0x06) != 0, body);
            case SUBSCRIBE -> forEachFilter(0x90, body, 1);
            case UNSUBSCRIBE -> forEachFilter(0xb0, body, 0);
            case PING -> new byte[] {(byte) 0xd0, 0};
            default -> new byte[0];
        };
    }

    private byte[] published(boolean acknowledged, ByteBuffer body) {
        messages++;
        if (messages == MESSAGES) {
            Signals.received(TERMINATE);
        }
        if (!acknowledged) {
            return new byte[0];
        }
        int identifier = 2 + body.getShort(0);
        return new byte[] {0x40, 2, body.get(identifier), body.get(identifier + 1)};
    }

    /** One reason code for each filter: done. The packet has no properties. */
    private static byte[] forEachFilter(int first, ByteBuffer body, int optionBytes) {
        byte[] identifier = {body.get(), body.get()};
        body.position(body.position() + 1 + body.get(body.position()));
        ByteBuffer answer = ByteBuffer.allocate(2 + body.capacity());
        answer.put((byte) first).put((byte) 0).put(identifier).put((byte) 0);
        while (body.hasRemaining()) {
            body.position(body.position() + 2 + body.getShort(body.position()) + optionBytes);
            answer.put((byte) 0);
        }
        answer.put(1, (byte) (answer.position() - 2));
        return Arrays.copyOf(answer.array(), answer.position());
    }
}
