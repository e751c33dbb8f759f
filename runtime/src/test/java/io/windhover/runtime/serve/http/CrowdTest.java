// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.serve.configuration.HttpConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that mean no good, or are on bad lines. */
class CrowdTest {
    private static final int CROWD = 200;
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final FakeNode node = new FakeNode();
    private final NodeServer server =
            NodeServer.start(new HttpConfiguration("127.0.0.1", 0, "0123456789abcdef", true), node);
    private final List<Socket> crowd = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        node.hang.countDown();
        for (Socket socket : crowd) {
            socket.close();
        }
        server.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(2048);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        socket.setSoTimeout(15_000);
        crowd.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void crowd(String text) throws IOException {
        for (int client = 0; client < CROWD; client++) {
            send(connect(), text);
        }
    }

    private void assertHealthIsAnswered() throws IOException {
        long started = System.nanoTime();
        try (Socket socket = connect()) {
            send(socket, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        assertTrue(took.compareTo(LIMIT) < 0, "health took " + took);
    }

    @Test
    void heads_that_never_end_do_not_hold_up_health() throws Exception {
        crowd("GET /state HTTP/1.1\r\nHost: local");
        assertHealthIsAnswered();
        assertTrue(node.refusedRequests() > 0);
    }

    @Test
    void connections_that_say_nothing_do_not_hold_up_health() throws Exception {
        crowd("");
        assertHealthIsAnswered();
    }

    @Test
    void bodies_that_never_end_do_not_hold_up_health() throws Exception {
        crowd("POST /streams/drawing/running HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer 0123456789abcdef\r\n"
                + "Content-Length: 100\r\n\r\n{");
        assertHealthIsAnswered();
    }

    @Test
    void readers_that_do_not_read_do_not_hold_up_health() throws Exception {
        node.pictureWidth = 640;
        for (int client = 0; client < CROWD; client++) {
            Socket socket = connect();
            for (int request = 0; request < 100; request++) {
                send(socket, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
        }
        assertHealthIsAnswered();
    }

    @Test
    void event_streams_that_nobody_reads_are_few_and_do_not_hold_up_health() throws Exception {
        crowd("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        int open = 0;
        for (Socket socket : List.copyOf(crowd)) {
            byte[] status = socket.getInputStream().readNBytes(12);
            open += new String(status, StandardCharsets.US_ASCII).endsWith("200") ? 1 : 0;
        }
        assertEquals(EventStream.MOST_CLIENTS, open);
        assertHealthIsAnswered();
    }

    @Test
    void a_hung_node_does_not_hold_up_health() throws Exception {
        node.hang = new CountDownLatch(1);
        crowd("GET /state HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertHealthIsAnswered();
    }

    @Test
    void closing_ends_every_thread_at_once() throws Exception {
        for (int client = 0; client < 20; client++) {
            send(connect(), client % 2 == 0 ? "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n" : "GET");
        }
        assertHealthIsAnswered();
        long started = System.nanoTime();
        server.close();
        assertTrue(System.nanoTime() - started < 1_500_000_000L);
        Thread.sleep(100);
        List<String> left = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("http") || name.startsWith("HTTP-Dispatcher"))
                .toList();
        assertEquals(List.of(), left);
    }
}
