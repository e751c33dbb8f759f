// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.json.StrictJson;
import io.windhover.runtime.mqtt.IncomingMessage;
import io.windhover.runtime.serve.monitor.NodeView;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commands over MQTT: they choose among what is configured, and carry nothing else. */
final class Commands implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
    private static final int LARGEST_BYTES = 4096;
    private static final int WAITING = 16;

    private final NodeView node;
    private final Consumer<String> done;
    private final Seldom refusals = new Seldom();
    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
                Thread thread = new Thread(task, "windhover-commands");
                thread.setDaemon(true);
                return thread;
            },
            this::leaveOutOldest);

    /** @param done gets the stream of each command that was followed or refused */
    Commands(NodeView node, Consumer<String> done) {
        this.node = node;
        this.done = done;
    }

    /** The last command is the one that counts. */
    private void leaveOutOldest(Runnable newest, ThreadPoolExecutor full) {
        if (!full.isShutdown()) {
            if (full.getQueue().poll() != null) {
                refuse("Commands come faster than they are followed; older ones are left out.");
            }
            full.execute(newest);
        }
    }

    /**
     * Takes a command over; it is followed soon, in its turn. What the broker kept from before is no command, nor is an
     * empty message, which makes it forget that.
     */
    void take(String stream, IncomingMessage message) {
        message.receipt().taken();
        if (message.retained() || message.payload().length == 0) {
            return;
        }
        worker.execute(() -> follow(stream, message.payload()));
    }

    private void follow(String stream, byte[] payload) {
        try {
            JsonObject wanted = parse(payload);
            JsonElement running = wanted.remove("running");
            JsonElement model = wanted.remove("model");
            if (wanted.size() > 0 || (running == null && model == null)) {
                throw new WindhoverException("A command has a \"running\", a \"model\" or both, and nothing else.");
            }
            Boolean runs = running == null ? null : bool(running);
            String key = model == null ? null : text(model);
            if (key != null) {
                node.setModel(stream, key);
            }
            if (runs != null) {
                node.setRunning(stream, runs);
            }
        } catch (WindhoverException unusable) {
            refuse("A command for stream '" + stream + "' is not followed: " + unusable.getMessage());
        }
        done.accept(stream);
    }

    private static JsonObject parse(byte[] payload) {
        if (payload.length > LARGEST_BYTES) {
            throw new WindhoverException(
                    "A command has " + payload.length + " bytes, more than " + LARGEST_BYTES + ".");
        }
        try {
            return StrictJson.object(payload, "A command");
        } catch (InputException noJson) {
            throw new WindhoverException(
                    StrictJson.beginsLikeObject(payload)
                            ? String.valueOf(noJson.getMessage())
                            : "A command is a JSON object, such as {\"running\": false}.",
                    noJson);
        }
    }

    private static String text(JsonElement value) {
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
            throw new WindhoverException("\"model\" is a model's name.");
        }
        return value.getAsString();
    }

    private static boolean bool(JsonElement value) {
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            throw new WindhoverException("\"running\" is true or false.");
        }
        return value.getAsBoolean();
    }

    private void refuse(String sentence) {
        node.refused("commands");
        refusals.warn(LOG, sentence);
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
