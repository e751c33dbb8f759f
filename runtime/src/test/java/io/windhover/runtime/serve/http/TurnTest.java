// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final AtomicBoolean ended = new AtomicBoolean();

    @AfterEach
    void end() {
        ended.set(true);
    }

    private static Turn waiting(Duration limit, Runnable wait) throws Exception {
        CompletableFuture<Turn> begun = new CompletableFuture<>();
        Workers.daemon(
                        () -> {
                            Turn turn = new Turn();
                            turn.awaitClient(limit);
                            begun.complete(turn);
                            wait.run();
                        },
                        "turn")
                .start();
        Turn turn = begun.get();
        Thread.sleep(2 * SHORT.toMillis());
        return turn;
    }

    private void compute() {
        while (!ended.get()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void a_wait_for_a_client_is_cut_while_others_wait() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel silent = SocketChannel.open(server.getLocalAddress())) {
                Turn turn = waiting(LONG, () -> read(silent));
                assertFalse(turn.cut(LONG));
                assertTrue(turn.cut(SHORT));
                assertFalse(turn.cut(SHORT));
            }
        }
    }

    private static void read(SocketChannel channel) {
        try {
            channel.read(ByteBuffer.allocate(1));
        } catch (IOException cut) {
            // as it should be
        }
    }

    @Test
    void a_thread_that_only_lacks_a_processor_is_not_cut() throws Exception {
        assertFalse(waiting(LONG, this::compute).cut(SHORT));
    }

    @Test
    void no_wait_is_longer_than_its_own_limit() throws Exception {
        assertTrue(waiting(SHORT, this::compute).cut(LONG));
    }
}
