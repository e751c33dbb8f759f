// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttWireMessage;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

/**
 * What a broker sends, for Paho to read. At properties that it cannot read, such as correlation data of 32,768 bytes,
 * Paho's receiver would end, and the broker would send that message first over each further connection. Here such a
 * message has a property that says so, in their place; all else passes as it is.
 */
final class IncomingPackets extends InputStream {
    private static final UserProperty UNREADABLE = new UserProperty("windhover", "unreadable");

    private static final int PUBLISH = 3;
    private static final int TYPE_SHIFT = 4;
    private static final int QOS = 6;
    private static final int MOST_LENGTH_BYTES = 4;
    private static final int LENGTH_BITS = 7;
    private static final int MORE = 0x80;
    private static final byte USER_PROPERTY = 0x26;
    private static final byte[] MARK = mark();
    private static final int FIRST_BYTES = 64;

    private final InputStream in;
    private final int largestHead;
    /** A packet's head, which is all of it but a message's payload, as far as it was read. */
    private byte[] head = new byte[FIRST_BYTES];

    private int headBytes;
    /** Paho's to read, before what follows. */
    private ByteBuffer ready = ByteBuffer.allocate(0);
    /** Of the packet that {@link #ready} begins. */
    private int following;

    /** @param largestHead a longer one passes as it is */
    IncomingPackets(InputStream in, int largestHead) {
        this.in = in;
        this.largestHead = largestHead;
    }

    /** The same connection, read through this. */
    static NetworkModule around(NetworkModule network, int largestHead) {
        return new NetworkModule() {
            @Override
            public void start() throws IOException, MqttException {
                network.start();
            }

            @Override
            public InputStream getInputStream() throws IOException {
                return new IncomingPackets(network.getInputStream(), largestHead);
            }

            @Override
            public OutputStream getOutputStream() throws IOException {
                return network.getOutputStream();
            }

            @Override
            public void stop() throws IOException {
                network.stop();
            }

            @Override
            public String getServerURI() {
                return network.getServerURI();
            }
        };
    }

    /** Whether a message lost properties that could not be read. */
    static boolean isUnreadable(MqttMessage message) {
        return message.getProperties() != null
                && message.getProperties().getUserProperties().contains(UNREADABLE);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!ready.hasRemaining() && following == 0 && !readHead()) {
            return -1;
        }
        if (ready.hasRemaining()) {
            int count = Math.min(length, ready.remaining());
            ready.get(target, offset, count);
            return count;
        }
        int count = in.read(target, offset, Math.min(length, following));
        following -= Math.max(0, count);
        return count;
    }

    @Override
    public int available() throws IOException {
        return ready.hasRemaining() ? ready.remaining() : in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Goes on where an exception ended it; false at the stream's end. */
    private boolean readHead() throws IOException {
        int wanted = wanted();
        while (wanted > headBytes) {
            if (wanted > head.length) {
                head = Arrays.copyOf(head, Math.max(wanted, 2 * head.length));
            }
            int count = in.read(head, headBytes, wanted - headBytes);
            if (count < 0) {
                return false;
            }
            headBytes += count;
            wanted = wanted();
        }
        int body = end(1);
        following = body + number(1) - headBytes;
        byte[] whole = Arrays.copyOf(head, headBytes);
        ready = ByteBuffer.wrap(isMessage() && wanted == headBytes ? readable(whole, body) : whole);
        headBytes = 0;
        return true;
    }

    /** Bytes of the head, or those from which more is known; 0 of a message that is not sound. */
    private int wanted() {
        int body = end(1);
        if (body > headBytes || !isMessage()) {
            return body;
        }
        int end = topicEnd(body);
        if (end <= headBytes) {
            int start = end;
            end = end(start);
            end += end <= headBytes ? number(start) : 0;
        }
        return end <= body + number(1) && end <= largestHead ? end : 0;
    }

    private boolean isMessage() {
        return (head[0] & 0xff) >> TYPE_SHIFT == PUBLISH;
    }

    /** Where the properties of a message begin; beyond what was read, as far as is known. */
    private int topicEnd(int body) {
        int end = body + 2;
        if (end > headBytes) {
            return end;
        }
        int idBytes = (head[0] & QOS) == 0 ? 0 : 2;
        return end + (((head[body] & 0xff) << 8) | (head[body + 1] & 0xff)) + idBytes;
    }

    /** Where the variable byte integer at {@code start} ends; beyond what was read, as far as is known. */
    private int end(int start) {
        int end = start;
        while (end < headBytes && end - start < MOST_LENGTH_BYTES && (head[end] & MORE) != 0) {
            end++;
        }
        return Math.min(end + 1, start + MOST_LENGTH_BYTES);
    }

    private int number(int start) {
        int number = 0;
        int end = end(start);
        for (int i = start; i < end; i++) {
            number |= (head[i] & ~MORE & 0xff) << (LENGTH_BITS * (i - start));
        }
        return number;
    }

    /** A message's head that Paho can read; the same where another one cannot be read either. */
    private byte[] readable(byte[] whole, int body) {
        byte[] alone = Arrays.copyOfRange(whole, body, whole.length);
        if (isReadable(packet(whole[0], alone.length, alone))) {
            return whole;
        }
        int topicBytes = topicEnd(body) - body;
        byte[] other = Arrays.copyOf(alone, topicBytes + MARK.length);
        System.arraycopy(MARK, 0, other, topicBytes, MARK.length);
        return isReadable(packet(whole[0], other.length, other))
                ? packet(whole[0], number(1) - alone.length + other.length, other)
                : whole;
    }

    private static byte[] packet(byte first, int length, byte[] rest) {
        byte[] lengthBytes = MqttWireMessage.encodeVariableByteInteger(length);
        return ByteBuffer.allocate(1 + lengthBytes.length + rest.length)
                .put(first)
                .put(lengthBytes)
                .put(rest)
                .array();
    }

    private static boolean isReadable(byte[] packet) {
        try {
            MqttWireMessage unused = MqttWireMessage.createWireMessage(packet);
            return true;
        } catch (MqttException | RuntimeException unreadable) {
            return false;
        }
    }

    /** A message's properties that are only {@link #UNREADABLE}. */
    private static byte[] mark() {
        byte[] key = UNREADABLE.getKey().getBytes(StandardCharsets.UTF_8);
        byte[] value = UNREADABLE.getValue().getBytes(StandardCharsets.UTF_8);
        int bytes = 1 + Short.BYTES + key.length + Short.BYTES + value.length;
        return ByteBuffer.allocate(1 + bytes)
                .put((byte) bytes)
                .put(USER_PROPERTY)
                .putShort((short) key.length)
                .put(key)
                .putShort((short) value.length)
                .put(value)
                .array();
    }
}
