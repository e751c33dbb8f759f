// SPDX-License-Identifier: Apache-2.0
package io.windhover.benchmark.service;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The least MQTT 5 client that can subscribe and publish at QoS 1: what is measured is the service and the broker, not
 * a client's library.
 */
final class Client implements AutoCloseable {
    private static final int CONNECT = 0x10;
    private static final int CONNECTED = 2;
    private static final int PUBLISH = 3;
    private static final int PUBLISHED = 0x40;
    private static final int SUBSCRIBE = 0x82;
    private static final int SUBSCRIBED = 9;
    private static final int RESPONSE_TOPIC = 0x08;

    private final Socket socket;
    private final DataInputStream in;
    private final Handler handler;
    private final CountDownLatch connected = new CountDownLatch(1);
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private int nextIdentifier = 1;

    /** Gets each message on the client's own thread, and when its last byte was there. */
    @FunctionalInterface
    interface Handler {
        void arrived(String topic, String payload, long nanos);
    }

    private interface Body {
        void to(DataOutputStream out) throws IOException;
    }

    /** Connects to a broker on this machine, and subscribes at QoS 1. */
    Client(int port, String id, String filter, Handler handler) throws IOException, InterruptedException {
        this.handler = handler;
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        socket.setTcpNoDelay(true);
        Thread reader = new Thread(this::read, "benchmark-" + id);
        reader.setDaemon(true);
        reader.start();
        send(CONNECT, out -> {
            text(out, "MQTT");
            out.write(new byte[] {5, 2, 0, 0, 0});
            text(out, id);
        });
        require(connected, "connection");
        send(SUBSCRIBE, out -> {
            out.writeShort(nextIdentifier++);
            out.writeByte(0);
            text(out, filter);
            out.writeByte(1);
        });
        require(subscribed, "subscription");
    }

    private static void require(CountDownLatch acknowledgement, String what) throws IOException, InterruptedException {
        if (!acknowledgement.await(10, TimeUnit.SECONDS)) {
            throw new IOException("mosquitto does not acknowledge a " + what);
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    /** Publishes at QoS 0 or 1 and does not wait; the answer is wanted on the topic. */
    void ask(String topic, byte[] payload, String answerTopic, int qos) throws IOException {
        ByteArrayOutputStream properties = new ByteArrayOutputStream();
        properties.write(RESPONSE_TOPIC);
        text(new DataOutputStream(properties), answerTopic);
        send(PUBLISH << 4 | qos << 1, out -> {
            text(out, topic);
            if (qos > 0) {
                out.writeShort(nextIdentifier);
            }
            out.writeByte(properties.size());
            out.write(properties.toByteArray());
            out.write(payload);
        });
        nextIdentifier = nextIdentifier % 0xffff + 1;
    }

    private void send(int first, Body body) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        body.to(new DataOutputStream(content));
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(first);
        int left = content.size();
        do {
            packet.write(left % 128 + (left > 127 ? 128 : 0));
            left /= 128;
        } while (left > 0);
        content.writeTo(packet);
        synchronized (socket) {
            socket.getOutputStream().write(packet.toByteArray());
        }
    }

    private void read() {
        try {
            while (true) {
                int first = in.readUnsignedByte();
                ByteBuffer body = ByteBuffer.wrap(in.readNBytes(variable()));
                switch (first >> 4) {
                    case CONNECTED -> connected.countDown();
                    case SUBSCRIBED -> subscribed.countDown();
                    case PUBLISH -> message(first, body, System.nanoTime());
                    default -> {}
                }
            }
        } catch (SocketException closed) {
            return;
        } catch (IOException lost) {
            System.err.println("windhover: mosquitto ended a connection of the benchmark (" + lost.getMessage() + ").");
        }
    }

    private int variable() throws IOException {
        int value = 0;
        int digit;
        int shift = 0;
        do {
            digit = in.readUnsignedByte();
            value |= (digit & 0x7f) << shift;
            shift += 7;
        } while (digit > 0x7f);
        return value;
    }

    /** Properties of less than 128 bytes, as these are here. */
    private void message(int first, ByteBuffer body, long nanos) throws IOException {
        byte[] topic = new byte[body.getShort()];
        body.get(topic);
        boolean acknowledged = (first & 0x06) != 0;
        short identifier = acknowledged ? body.getShort() : 0;
        int properties = body.get();
        body.position(body.position() + properties);
        handler.arrived(
                new String(topic, StandardCharsets.UTF_8),
                StandardCharsets.UTF_8.decode(body).toString(),
                nanos);
        if (acknowledged) {
            send(PUBLISHED, out -> out.writeShort(identifier));
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
