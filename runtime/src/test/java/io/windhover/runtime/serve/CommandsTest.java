// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import io.windhover.runtime.mqtt.IncomingMessage;
import io.windhover.runtime.serve.monitor.NodeView;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class CommandsTest {
    private static final int BURST = 251;
    private static final int FLOOD = 20_000;

    private final NodeView node = mock(NodeView.class);
    private final List<Boolean> followed = new CopyOnWriteArrayList<>();

    @Test
    void the_last_command_of_a_burst_is_followed() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(1);
        AtomicInteger taken = new AtomicInteger();
        doAnswer(call -> {
                    all.await();
                    return followed.add(call.getArgument(1));
                })
                .when(node)
                .setRunning(anyString(), anyBoolean());
        CountDownLatch last = new CountDownLatch(17);
        try (Commands commands = new Commands(node, stream -> last.countDown())) {
            for (int i = 0; i < BURST; i++) {
                byte[] payload = ("{\"running\": " + (i % 2 == 0) + "}").getBytes(StandardCharsets.UTF_8);
                commands.take(
                        "camera", new IncomingMessage("set", payload, false, null, null, true, taken::incrementAndGet));
            }
            all.countDown();
            last.await();
        }
        assertEquals(BURST, taken.get());
        assertEquals(true, followed.get(followed.size() - 1));
        verify(node, atLeastOnce()).refused("commands");
    }

    @Test
    void each_command_of_a_flood_is_followed_or_counted() throws InterruptedException {
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger leftOut = new AtomicInteger();
        doAnswer(call -> ran.incrementAndGet()).when(node).setRunning(anyString(), anyBoolean());
        doAnswer(call -> leftOut.incrementAndGet()).when(node).refused(anyString());
        byte[] payload = "{\"running\": false}".getBytes(StandardCharsets.UTF_8);
        try (Commands commands = new Commands(node, stream -> {})) {
            for (int i = 0; i < FLOOD; i++) {
                commands.take("camera", new IncomingMessage("set", payload, false, null, null, true, () -> {}));
            }
            for (int i = 0; i < 500 && ran.get() + leftOut.get() < FLOOD; i++) {
                Thread.sleep(10);
            }
        }
        assertEquals(FLOOD, ran.get() + leftOut.get());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'running': false}",
                "{running: false}",
                "{\"running\": true, \"running\": false}",
                "{\"running\": false} x",
                "{\"running\": false, \"path\": \"/etc\"}",
                "{\"model\": \"digits\", \"running\": \"x\"}",
                "{\"model\": 7, \"running\": false}",
                "{}",
                "[]"
            })
    void what_is_no_command_is_not_followed(String payload) throws InterruptedException {
        CountDownLatch answered = new CountDownLatch(1);
        try (Commands commands = new Commands(node, stream -> answered.countDown())) {
            byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
            commands.take("camera", new IncomingMessage("set", bytes, false, null, null, true, () -> {}));
            answered.await();
        }
        verify(node, never()).setRunning(anyString(), anyBoolean());
        verify(node, never()).setModel(anyString(), anyString());
        verify(node).refused("commands");
    }

    @Test
    void an_empty_message_which_clears_a_retained_one_is_ignored() throws InterruptedException {
        List<String> done = new CopyOnWriteArrayList<>();
        CountDownLatch answered = new CountDownLatch(1);
        AtomicInteger taken = new AtomicInteger();
        try (Commands commands = new Commands(node, stream -> {
            done.add(stream);
            answered.countDown();
        })) {
            commands.take(
                    "empty", new IncomingMessage("set", new byte[0], false, null, null, true, taken::incrementAndGet));
            byte[] command = "{\"running\": false}".getBytes(StandardCharsets.UTF_8);
            commands.take("next", new IncomingMessage("set", command, false, null, null, true, taken::incrementAndGet));
            answered.await();
        }
        assertEquals(List.of("next"), done);
        assertEquals(2, taken.get());
        verify(node, never()).refused(anyString());
    }
}
