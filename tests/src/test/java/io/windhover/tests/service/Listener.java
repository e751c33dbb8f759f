// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hears all that nodes publish, at QoS 0: the broker hands a result on before it acknowledges it, so that what a killed
 * broker acknowledged has arrived here. Remembers which results came, and what came out of order.
 */
final class Listener implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final int port;
    private final @Nullable String user;
    private final Map<String, String> last = new TreeMap<>();
    /** By session and stream: the number that comes next. */
    private final Map<String, Integer> next = new TreeMap<>();

    private final Map<String, Integer> counts = new TreeMap<>();
    private final Set<String> sources = new HashSet<>();
    private final List<String> gaps = new ArrayList<>();
    private final List<String> history = new ArrayList<>();
    private long results;
    private long duplicates;
    private WholeSubscriber client;

    Listener(int port) throws IOException, InterruptedException {
        this(port, null);
    }

    /** @param user whose name is the password, too */
    Listener(int port, @Nullable String user) throws IOException, InterruptedException {
        this.port = port;
        this.user = user;
        this.client = connected();
    }

    /** Again, after the broker was started anew. */
    void connect() throws IOException, InterruptedException {
        client.awaitEnd();
        client.close();
        client = connected();
    }

    private WholeSubscriber connected() throws IOException, InterruptedException {
        return new WholeSubscriber(port, user, "windhover/#", this::arrived);
    }

    private synchronized void arrived(String topic, String payload) {
        counts.merge(topic.substring(topic.lastIndexOf('/') + 1), 1, Integer::sum);
        last.put(topic, payload);
        if (topic.contains("/available") || topic.contains("/status/")) {
            history.add(topic.replaceFirst("windhover/[^/]+/", "") + " " + payload);
        }
        if (!topic.endsWith("/classification")) {
            return;
        }
        JsonObject result = JsonParser.parseString(payload).getAsJsonObject();
        String key =
                result.get("session").getAsString() + " " + result.get("stream").getAsString();
        int number = result.get("seq").getAsInt();
        int expected = next.getOrDefault(key, 0);
        if (number < expected) {
            duplicates++;
            return;
        }
        if (number > expected) {
            gaps.add(key + ": " + number + " instead of " + expected);
        }
        next.put(key, number + 1);
        results++;
        sources.add(result.get("source").getAsString());
    }

    /** Different results that arrived. */
    synchronized long results() {
        return results;
    }

    synchronized long duplicates() {
        return duplicates;
    }

    /** Numbers left out, each with the session and stream. */
    synchronized List<String> gaps() {
        return List.copyOf(gaps);
    }

    /** By session and stream, how many results, gaps included. */
    synchronized Map<String, Integer> ends() {
        return Map.copyOf(next);
    }

    /** The names that results had as their source. */
    synchronized Set<String> sources() {
        return Set.copyOf(sources);
    }

    /** What was said of availability and health, in order: topic without node, and payload. */
    synchronized List<String> history() {
        return List.copyOf(history);
    }

    /** The last message of a topic, by its last levels; empty where there is none. */
    synchronized String last(String levels) {
        return last.entrySet().stream()
                .filter(message -> message.getKey().endsWith("/" + levels))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    /** Messages on topics with this last level. */
    synchronized int count(String level) {
        return counts.getOrDefault(level, 0);
    }

    /** Waits until it is so; answers after how many milliseconds. */
    long until(String what, BooleanSupplier such) throws InterruptedException {
        long start = System.nanoTime();
        while (!such.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError("not within 60 s: " + what + "; " + results() + " results, " + duplicates()
                        + " twice, gaps " + gaps() + ", " + history());
            }
            Thread.sleep(10);
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    /** Waits for so many different results. */
    long untilResults(long count) throws InterruptedException {
        return until(count + " results", () -> results() >= count);
    }

    @Override
    public void close() {
        client.close();
    }
}
