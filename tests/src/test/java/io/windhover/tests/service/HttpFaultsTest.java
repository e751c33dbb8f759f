// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients of the page that misbehave, and a port that is taken. */
class HttpFaultsTest extends Bench {
    private static final int CLIENTS = 200;
    private static final int REQUESTS = 3000;
    private static final int MOST_FILES = 700;

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node().port()), 5000);
        return ended(socket);
    }

    private long openFiles() throws IOException {
        try (var files = Files.list(Path.of("/proc/" + node().pid() + "/fd"))) {
            return files.count();
        }
    }

    /** The longest of ten health checks, and the rate of frames beside them. */
    private long requireService() throws Exception {
        long slowest = 0;
        for (int check = 0; check < 10; check++) {
            long start = System.nanoTime();
            assertEquals(200, node().get("/healthz").statusCode());
            slowest = Math.max(slowest, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
        long frames = node().untilMoreFrames(100);
        assertTrue(frames < 10_000, "100 frames at 100 a second took " + frames);
        assertTrue(openFiles() < MOST_FILES, openFiles() + " files");
        return slowest;
    }

    private void flood(String what, Outcome outcome) throws Exception {
        startBroker();
        Node node = start(camera(broker().port()));
        node.untilFrames(10);
        byte[] bytes = what.getBytes(StandardCharsets.US_ASCII);
        List<Socket> sockets = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            Socket socket = connect();
            sockets.add(socket);
            try {
                socket.getOutputStream().write(bytes);
            } catch (IOException cutOff) {
                // That is the node's right.
            }
        }
        long slowest = requireService();
        assertTrue(slowest < 3000, "a health check took " + slowest);
        for (Socket socket : sockets) {
            socket.close();
        }
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("health check within %d ms, frames at full rate, none lost", slowest);
    }

    @Test
    @Fault(
            value = CLIENTS + " HTTP clients that ask and do not read",
            must = "serve others, run on, bound what is open")
    void slow_readers(Outcome outcome) throws Exception {
        flood("GET /state HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(20), outcome);
    }

    @Test
    @Fault(
            value = CLIENTS + " HTTP clients that want events and do not read them",
            must = "serve others, run on, bound what is open")
    void slow_listeners(Outcome outcome) throws Exception {
        flood("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n", outcome);
    }

    @Test
    @Fault(
            value = CLIENTS + " HTTP clients that stop in the middle of a head",
            must = "serve others, run on, bound what is open")
    void slow_writers(Outcome outcome) throws Exception {
        flood("POST /streams/camera/running HTTP/1.1\r\nHost: loc", outcome);
    }

    private static byte[] strange(Random random) {
        String line = switch (random.nextInt(9)) {
            case 0 -> "GET /../../etc/passwd HTTP/1.1";
            case 1 -> "GET /%00%ff%2e%2e/ HTTP/1.1";
            case 2 -> "POST /streams/camera/running HTTP/1.1\r\nContent-Length: " + random.nextLong();
            case 3 -> "POST /streams/camera/model HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff";
            case 4 ->
                "POST /streams/camera/running HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + Node.TOKEN
                        + "\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n" + "a".repeat(random.nextInt(10_000));
            case 5 -> "GET /" + "a".repeat(random.nextInt(20_000)) + " HTTP/1.1";
            case 6 -> "GET / HTTP/1.1\r\n" + "X-Y: z\r\n".repeat(random.nextInt(500));
            case 7 -> "PROPFIND /state HTTP/9.9\r\nAuthorization: Bearer " + random.nextLong();
            default -> "";
        };
        byte[] bytes = (line + "\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        if (random.nextInt(3) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return line.isEmpty() ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    @Test
    @Fault(
            value = REQUESTS + " malformed HTTP requests",
            must = "refuse or close each; run on, log little, keep the token")
    void malformed(Outcome outcome) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        startBroker();
        Node node = start(camera(broker().port()));
        node.untilFrames(10);
        for (int i = 0; i < REQUESTS; i++) {
            try (Socket socket = connect()) {
                socket.getOutputStream().write(strange(random));
                if (random.nextBoolean()) {
                    socket.shutdownOutput();
                    socket.setSoTimeout(50);
                    socket.getInputStream().read();
                }
            } catch (IOException refused) {
                // That is the node's right.
            }
        }
        long slowest = requireService();
        requireAllInOrder();
        node.requireCalm(CALM, Node.TOKEN);
        outcome.measured(
                "health check within %d ms, %d files open, %d lines of log (seed %d)",
                slowest, openFiles(), node.errors().lines().count(), seed);
    }

    @Test
    @Fault(
            value = "the page's port is taken at start",
            must = "end with one sentence and exit code 1, before the broker hears of it")
    void port_taken(Outcome outcome) throws Exception {
        startBroker();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = Files.writeString(
                    folder.resolve("taken.yaml"),
                    camera(broker().port()) + "http: {listen: " + taken.getLocalPort() + "}\n");
            Node node = ended(Node.of(folder, file));
            assertEquals(1, node.await());
            node.requireCalm(1);
            assertEquals(List.of(), listener().history());
            outcome.measured("exit code 1: %s", node.errors().strip());
        }
    }

    @Test
    @Fault(value = "the page's new port is taken at a reload", must = "say it, keep the old page, go on")
    void port_taken_at_reload(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(camera(broker().port()));
        node.untilFrames(10);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(
                    node.configuration(),
                    camera(broker().port()) + "state: state\nhttp: {listen: " + taken.getLocalPort() + "}\n");
            node.signal("HUP");
            node.untilSaid("The service goes on as before");
            node.untilMoreFrames(50);
            requireAllInOrder();
        }
        node.requireCalm(CALM);
        outcome.measured("said; the old page answers, none lost");
    }
}
