// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Server-sent events: the state when it changed, twice a second at most and every five seconds at least, which shows
 * that the connection lives. Each client has a thread.
 */
final class EventStream {
    static final int MOST_CLIENTS = 32;

    private static final long PERIOD_MS = 500;
    private static final long REPEAT_NS = TimeUnit.SECONDS.toNanos(5);

    private final Snapshots snapshots;
    private final Semaphore places = new Semaphore(MOST_CLIENTS);

    EventStream(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    /** Returns when the client is gone, or the thread is interrupted. */
    void serve(Call call) throws IOException, Refusal, InterruptedException {
        if (!places.tryAcquire()) {
            throw new Refusal(Refusal.UNAVAILABLE, "as many pages are open as this node serves: " + MOST_CLIENTS);
        }
        try {
            call.beginStream("text/event-stream");
            if (!call.isHead()) {
                send(call);
            }
        } finally {
            places.release();
        }
    }

    private void send(Call call) throws IOException, InterruptedException {
        write(call, "retry: 2000\n\n");
        String sent = "";
        long sentAt = System.nanoTime();
        while (true) {
            String event = event();
            if (!event.equals(sent) || System.nanoTime() - sentAt > REPEAT_NS) {
                write(call, event);
                sent = event;
                sentAt = System.nanoTime();
            }
            Thread.sleep(PERIOD_MS);
        }
    }

    private String event() throws InterruptedException {
        try {
            return "data: " + snapshots.get().json() + "\n\n";
        } catch (Refusal refusal) {
            return "event: trouble\ndata: " + refusal.getMessage() + "\n\n";
        }
    }

    private static void write(Call call, String text) throws IOException {
        call.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
