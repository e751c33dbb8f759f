// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.models.Reason;
import io.windhover.runtime.queue.DiskQueue;
import io.windhover.runtime.queue.QueueEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that outlive the process: on disk or, while the disk takes none, in memory. {@link #add} never waits for the
 * disk; a thread of the spool's own writes. A message counts as stored once it is on disk. Thread-safe.
 */
final class Spool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SpoolSettings settings;
    private final Runnable news;
    private final Thread writer;

    /** Guards what comes in; never held while the disk is used. */
    private final Object door = new Object();

    private final Deque<byte[]> arrivals = new ArrayDeque<>();
    private long arrivalBytes;
    private long refused;
    private boolean closing;

    /** Guards the rest. */
    private final Object store = new Object();

    private final Deque<byte[]> memory = new ArrayDeque<>();
    private final Deque<Stored> memorySent = new ArrayDeque<>();
    private long memoryBytes;
    private @Nullable DiskQueue disk;
    private @Nullable String trouble;
    private long stored;
    private long lost;
    private long nextMemoryTicket;
    private long replayEnd;
    private long nextReplayNanos = System.nanoTime();

    /**
     * A message handed out for sending.
     *
     * @param ticket settles it
     */
    record Stored(long ticket, boolean onDisk, byte[] body) {
        OutgoingMessage message() {
            return decode(body);
        }
    }

    /** @param news called from the spool's thread when there may be something to {@link #poll} */
    Spool(SpoolSettings settings, Runnable news) {
        this.settings = settings;
        this.news = news;
        this.writer = new Thread(this::work, "windhover-spool");
        writer.setDaemon(true);
        writer.start();
    }

    void add(OutgoingMessage message) {
        byte[] body = encode(message);
        synchronized (door) {
            arrivals.add(body);
            arrivalBytes += body.length;
            while (arrivalBytes > settings.memoryBytes() && arrivals.size() > 1) {
                arrivalBytes -= arrivals.remove().length;
                refused++;
            }
            door.notifyAll();
        }
    }

    private void work() {
        try {
            long lastTick = System.nanoTime();
            boolean last = false;
            while (!last) {
                List<byte[]> batch = awaitArrivals(lastTick + TICK_NANOS);
                last = isClosing();
                boolean due = System.nanoTime() - lastTick >= TICK_NANOS;
                synchronized (store) {
                    keep(batch);
                    if (due || last || !batch.isEmpty()) {
                        write(due || last, last);
                    }
                }
                if (due) {
                    lastTick = System.nanoTime();
                }
                news.run();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private List<byte[]> awaitArrivals(long untilNanos) throws InterruptedException {
        synchronized (door) {
            long left = untilNanos - System.nanoTime();
            while (arrivals.isEmpty() && !closing && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(door, left);
                left = untilNanos - System.nanoTime();
            }
            List<byte[]> batch = new ArrayList<>(arrivals);
            arrivals.clear();
            arrivalBytes = 0;
            return batch;
        }
    }

    private boolean isClosing() {
        synchronized (door) {
            return closing;
        }
    }

    private void keep(List<byte[]> batch) {
        for (byte[] body : batch) {
            memory.add(body);
            memoryBytes += body.length;
        }
    }

    /** Moves what waits in memory to the disk, as far as that takes it. */
    private void write(boolean due, boolean last) {
        if (trouble == null || due) {
            try {
                DiskQueue queue = open();
                boolean wrote = !memory.isEmpty();
                while (!memory.isEmpty()) {
                    queue.append(memory.element());
                    memoryBytes -= memory.remove().length;
                    stored++;
                }
                boolean each = settings.sync() == SpoolSettings.Sync.EACH && wrote;
                if (each || last || (due && settings.sync() != SpoolSettings.Sync.NEVER)) {
                    queue.force();
                } else if (due) {
                    queue.checkpoint();
                }
                say(null);
            } catch (IOException full) {
                say(Reason.of(full));
            }
        }
        while (memoryBytes > settings.memoryBytes() && memory.size() > 1) {
            memoryBytes -= memory.remove().length;
            lost++;
        }
    }

    private DiskQueue open() throws IOException {
        if (disk == null) {
            disk = DiskQueue.open(settings.folder(), settings.limits(), settings.clock());
        }
        return disk;
    }

    /** Each new trouble once, and its end. */
    private void say(@Nullable String newTrouble) {
        if (newTrouble != null && !newTrouble.equals(trouble)) {
            LOG.warn(
                    "The queue in '{}' takes nothing ({}); results wait in memory, at most {} bytes. Make room there.",
                    settings.folder(),
                    newTrouble,
                    settings.memoryBytes());
        }
        if (newTrouble == null && trouble != null) {
            LOG.info("The queue in '{}' takes results again.", settings.folder());
        }
        trouble = newTrouble;
    }

    /** A new connection: what waits now is sent no faster than the settings say. */
    void replay() {
        synchronized (store) {
            replayEnd = disk == null ? 0 : disk.end();
        }
    }

    /** The oldest message that was not handed out since the last {@link #rewind}; null where none is to be sent now. */
    @Nullable
    Stored poll() {
        synchronized (store) {
            if (System.nanoTime() - nextReplayNanos < 0) {
                return null;
            }
            QueueEntry entry = pollDisk();
            if (entry != null) {
                if (entry.sequence() < replayEnd) {
                    nextReplayNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1) / settings.replayPerSecond();
                }
                return new Stored(entry.sequence(), true, entry.body());
            }
            byte[] body = memory.poll();
            if (body == null) {
                return null;
            }
            memoryBytes -= body.length;
            Stored message = new Stored(nextMemoryTicket++, false, body);
            memorySent.add(message);
            return message;
        }
    }

    private @Nullable QueueEntry pollDisk() {
        if (disk == null) {
            return null;
        }
        try {
            return disk.poll();
        } catch (IOException unreadable) {
            say(Reason.of(unreadable));
            return null;
        }
    }

    /** The broker has it, or never will. */
    void settle(Stored message) {
        synchronized (store) {
            if (!message.onDisk()) {
                memorySent.remove(message);
                return;
            }
            try {
                if (disk != null) {
                    disk.settle(message.ticket());
                }
            } catch (IOException notDeleted) {
                say(Reason.of(notDeleted));
            }
        }
    }

    /** The connection is gone: what was not settled is handed out again. */
    void rewind() {
        synchronized (store) {
            while (!memorySent.isEmpty()) {
                byte[] body = memorySent.removeLast().body();
                memory.addFirst(body);
                memoryBytes += body.length;
            }
            try {
                if (disk != null) {
                    disk.rewind();
                }
            } catch (IOException unreadable) {
                say(Reason.of(unreadable));
            }
        }
    }

    /**
     * What the spool holds and lost.
     *
     * @param waiting not settled
     * @param bytes of the files
     * @param stored written to disk since the start
     * @param lost dropped for want of room, expired or damaged
     * @param onDisk whether the disk takes messages
     */
    record Statistics(long waiting, long bytes, long stored, long lost, boolean onDisk) {}

    Statistics statistics() {
        synchronized (store) {
            long inMemory = (long) memory.size() + memorySent.size();
            synchronized (door) {
                inMemory += arrivals.size();
                DiskQueue queue = disk;
                if (queue == null) {
                    return new Statistics(inMemory, 0, stored, lost + refused, false);
                }
                DiskQueue.Statistics files = queue.statistics();
                return new Statistics(
                        inMemory + files.entries(),
                        files.bytes(),
                        stored,
                        lost + refused + files.dropped() + files.expired() + files.damaged(),
                        trouble == null);
            }
        }
    }

    private static byte[] encode(OutgoingMessage message) {
        byte[] topic = message.topic().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + 1 + Short.BYTES + topic.length + message.payload().length)
                .put((byte) (message.retained() ? 1 : 0))
                .put((byte) message.qos())
                .putShort((short) topic.length)
                .put(topic)
                .put(message.payload())
                .array();
    }

    private static OutgoingMessage decode(byte[] body) {
        ByteBuffer bytes = ByteBuffer.wrap(body);
        boolean retained = bytes.get() != 0;
        int qos = bytes.get();
        byte[] topic = new byte[bytes.getShort() & 0xffff];
        bytes.get(topic);
        byte[] payload = new byte[bytes.remaining()];
        bytes.get(payload);
        return new OutgoingMessage(new String(topic, StandardCharsets.UTF_8), payload, retained, qos, () -> {});
    }

    /** Writes what is still to be written. What waits in memory because the disk takes none is lost, and said. */
    @Override
    public void close() {
        synchronized (door) {
            closing = true;
            door.notifyAll();
        }
        try {
            writer.join();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
        synchronized (store) {
            int left = memory.size() + memorySent.size();
            if (left > 0) {
                LOG.warn("{} results that the disk did not take are lost.", left);
            }
            try {
                if (disk != null) {
                    disk.close();
                }
            } catch (IOException notForced) {
                LOG.warn("The queue in '{}' was not closed ({}).", settings.folder(), Reason.of(notForced));
            }
        }
    }
}
