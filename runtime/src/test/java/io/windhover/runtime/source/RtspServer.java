// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/** A camera: MPEG-TS in RTP inside the RTSP connection, for one user. The picture never ends, but for a cut. */
final class RtspServer implements AutoCloseable {
    private static final int PACKET_BYTES = 7 * 188;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final byte[] stream;
    private final String authorization;
    private final AtomicInteger players = new AtomicInteger();
    private volatile boolean cut;

    RtspServer(byte[] stream, String user) throws IOException {
        this.stream = stream;
        this.authorization =
                "Authorization: Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        Thread thread = new Thread(this::serve, "rtsp-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    int players() {
        return players.get();
    }

    /** Breaks the connections that there are. */
    void cut() throws InterruptedException {
        cut = true;
        Thread.sleep(200);
        cut = false;
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                converse(socket);
            } catch (IOException | InterruptedException ended) {
                // The next player comes.
            }
        }
    }

    private void converse(Socket socket) throws IOException, InterruptedException {
        BufferedReader input =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        for (String request = input.readLine(); request != null; request = input.readLine()) {
            String sequence = "0";
            boolean known = false;
            for (String line = input.readLine(); line != null && !line.isEmpty(); line = input.readLine()) {
                known |= line.equals(authorization);
                sequence = line.startsWith("CSeq: ") ? line.substring(6) : sequence;
            }
            String answer =
                    known ? answer(request) : "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"camera\"\r\n\r\n";
            socket.getOutputStream()
                    .write(("RTSP/1.0 " + answer.replaceFirst("\r\n", "\r\nCSeq: " + sequence + "\r\n"))
                            .getBytes(StandardCharsets.UTF_8));
            if (known && request.startsWith("PLAY")) {
                players.incrementAndGet();
                play(socket.getOutputStream());
                return;
            }
        }
    }

    private static String answer(String request) {
        if (request.startsWith("DESCRIBE")) {
            String description = "v=0\r\ns=camera\r\nm=video 0 RTP/AVP 33\r\na=control:track1\r\n";
            return "200 OK\r\nContent-Type: application/sdp\r\nContent-Length: " + description.length() + "\r\n\r\n"
                    + description;
        }
        if (request.startsWith("SETUP")) {
            return "200 OK\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n\r\n";
        }
        return "200 OK\r\nPublic: DESCRIBE, SETUP, PLAY\r\nSession: 1\r\n\r\n";
    }

    private void play(OutputStream output) throws IOException, InterruptedException {
        for (short number = 0; !cut && !server.isClosed(); ) {
            for (int at = 0; at < stream.length && !cut; at += PACKET_BYTES) {
                byte[] payload = Arrays.copyOfRange(stream, at, Math.min(stream.length, at + PACKET_BYTES));
                ByteBuffer packet = ByteBuffer.allocate(16 + payload.length);
                packet.put((byte) '$').put((byte) 0).putShort((short) (12 + payload.length));
                packet.put((byte) 0x80)
                        .put((byte) 33)
                        .putShort(number++)
                        .putInt(number * 900)
                        .putInt(1);
                output.write(packet.put(payload).array());
                Thread.sleep(2);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
