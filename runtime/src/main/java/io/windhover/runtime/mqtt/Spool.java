// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.models.Reason;
import io.windhover.runtime.queue.DiskQueue;
import io.windhover.runtime.queue.QueueEntry;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that outlive the process: on disk or, while the disk takes none, in memory, bounded. They are handed out in
 * the order they came. {@link #add} never waits for the disk; a thread of the spool's own writes. Thread-safe.
 */
final class Spool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOSS_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final SpoolSettings settings;
    private final Runnable news;
    private final Thread writer;

    /** Guards what comes in; never held while the disk is used. */
    private final Object door = new Object();

    private final Deque<Kept> arrivals = new ArrayDeque<>();
    private long arrivalBytes;
    private long refused;
    private boolean closing;

    /** Guards the rest; never held while files are forced. */
    private final Object store = new Object();

    private final Deque<Kept> memory = new ArrayDeque<>();
    private final Deque<Kept> memorySent = new ArrayDeque<>();
    private long memoryBytes;
    private @Nullable DiskQueue disk;
    /** Taken from the disk, to be handed out next. */
    private @Nullable QueueEntry head;

    private @Nullable String trouble;
    private @Nullable String complaint;
    private long nextTryNanos;
    /** What of the losses was said. */
    private DiskQueue.Statistics said = new DiskQueue.Statistics(0, 0, 0, 0, 0);

    private long nextLossNanos = System.nanoTime();
    private long lost;
    private long replayEnd;
    private long nextReplayNanos = System.nanoTime();

    /** A message in memory. */
    private static final class Kept {
        final byte[] body;
        final Runnable safe;
        final long bornMillis;
        /** Entries on disk from this sequence number on are newer. */
        long newerOnDisk = Long.MAX_VALUE;

        Kept(byte[] body, Runnable safe, long bornMillis) {
            this.body = body;
            this.safe = safe;
            this.bornMillis = bornMillis;
        }
    }

    /** A message handed out for sending, from memory or, where that is null, from disk. */
    record Stored(@Nullable Kept kept, long sequence, byte[] body) {}

    /** @param news called from the spool's thread when there may be something to {@link #poll} */
    Spool(SpoolSettings settings, Runnable news) {
        this.settings = settings;
        this.news = news;
        this.writer = new Thread(this::work, "windhover-spool");
        writer.setDaemon(true);
    }

    void start() {
        writer.start();
    }

    /** Takes a message; its callback runs once it is on disk or, where it never gets there, at the broker. */
    void add(OutgoingMessage message) {
        Kept arrival = new Kept(
                SpoolFormat.encode(message),
                message.delivered(),
                settings.clock().elapsedMillis());
        synchronized (door) {
            arrivals.add(arrival);
            arrivalBytes += arrival.body.length;
            while (arrivalBytes > settings.memoryBytes() && arrivals.size() > 1) {
                arrivalBytes -= arrivals.remove().body.length;
                refused++;
            }
            door.notifyAll();
        }
    }

    private void work() {
        try {
            long lastTick = System.nanoTime() - TICK_NANOS;
            boolean last = false;
            while (!last) {
                last = awaitArrivals(lastTick + TICK_NANOS);
                boolean due = last || System.nanoTime() - lastTick >= TICK_NANOS;
                List<Kept> stored = write(last);
                news.run();
                sync(due, !stored.isEmpty());
                stored.forEach(message -> message.safe.run());
                if (due) {
                    sayLosses();
                    lastTick = System.nanoTime();
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** True when nothing comes any more. */
    private boolean awaitArrivals(long untilNanos) throws InterruptedException {
        synchronized (door) {
            long left = untilNanos - System.nanoTime();
            while (arrivals.isEmpty() && !closing && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(door, left);
                left = untilNanos - System.nanoTime();
            }
            return closing;
        }
    }

    /** Moves to the disk what it takes; answers that. A disk that took nothing is asked again a second later. */
    private List<Kept> write(boolean last) {
        List<Kept> stored = new ArrayList<>();
        synchronized (store) {
            receive();
            if (trouble == null || last || System.nanoTime() - nextTryNanos >= 0) {
                try {
                    append(open(), stored, last);
                    if (!stored.isEmpty()) {
                        say(null);
                    }
                } catch (IOException full) {
                    nextTryNanos = System.nanoTime() + TICK_NANOS;
                    say(Reason.of(full));
                }
            }
            while (memoryBytes > settings.memoryBytes() && memory.size() > 1) {
                memoryBytes -= memory.remove().body.length;
                lost++;
            }
        }
        return stored;
    }

    /** Moves what came into memory. Under both locks, so that it is counted in one place at any time. */
    private void receive() {
        long end = disk == null ? Long.MAX_VALUE : disk.end();
        synchronized (door) {
            for (Kept message : arrivals) {
                message.newerOnDisk = end;
                memory.add(message);
            }
            arrivals.clear();
            memoryBytes += arrivalBytes;
            arrivalBytes = 0;
        }
    }

    /**
     * What is older than something on disk, because it was sent and taken back, stays in memory while there is time.
     */
    private void append(DiskQueue queue, List<Kept> stored, boolean last) throws IOException {
        Deque<Kept> older = new ArrayDeque<>();
        while (!last && !memory.isEmpty() && memory.element().newerOnDisk < queue.end()) {
            older.push(memory.remove());
        }
        try {
            while (!memory.isEmpty()) {
                queue.append(memory.element().body);
                Kept message = memory.remove();
                memoryBytes -= message.body.length;
                stored.add(message);
            }
        } finally {
            memory.forEach(message -> message.newerOnDisk = queue.end());
            older.forEach(memory::addFirst);
        }
    }

    private void sync(boolean due, boolean wrote) {
        DiskQueue queue;
        synchronized (store) {
            queue = disk;
        }
        boolean force = switch (settings.sync()) {
            case EACH -> due || wrote;
            case SECOND -> due;
            case NEVER -> false;
        };
        try {
            if (queue != null && force) {
                queue.force();
            } else if (queue != null && due) {
                queue.checkpoint();
            }
        } catch (IOException notForced) {
            synchronized (store) {
                complain(notForced);
            }
        }
    }

    private DiskQueue open() throws IOException {
        if (disk == null) {
            DiskQueue opened = DiskQueue.open(settings.folder(), settings.limits(), settings.clock());
            disk = opened;
            replayEnd = opened.end();
            memory.forEach(message -> message.newerOnDisk = replayEnd);
            memorySent.forEach(message -> message.newerOnDisk = replayEnd);
        }
        return disk;
    }

    /** Each trouble of writing once until it changes, and its end. */
    private void say(@Nullable String newTrouble) {
        if (newTrouble == null && trouble != null) {
            LOG.info("The queue in '{}' takes results again.", settings.folder());
        }
        if (newTrouble != null && !newTrouble.equals(trouble)) {
            LOG.warn(
                    "The queue in '{}' takes nothing ({}); results wait in memory, at most {} bytes, and it is tried each second.",
                    settings.folder(),
                    newTrouble,
                    settings.memoryBytes());
        }
        trouble = newTrouble;
    }

    /** Any other trouble with the files, once until it changes. */
    private void complain(IOException problem) {
        String reason = Reason.of(problem);
        if (!reason.equals(complaint)) {
            LOG.warn("The queue in '{}' has trouble ({}); look at that disk.", settings.folder(), reason);
        }
        complaint = reason;
    }

    /** What the files lost, at most every ten minutes. */
    private void sayLosses() {
        synchronized (store) {
            if (disk == null || System.nanoTime() - nextLossNanos < 0) {
                return;
            }
            DiskQueue.Statistics now = disk.statistics();
            sayLoss("is damaged; results lost: at most {}; look at that disk", now.damaged() - said.damaged());
            sayLoss("was full; its oldest results are lost: {}; give it more 'bytes'", now.dropped() - said.dropped());
            sayLoss("held results for longer than its 'age'; lost: {}", now.expired() - said.expired());
            said = now;
        }
    }

    private void sayLoss(String words, long results) {
        if (results > 0) {
            LOG.warn("The queue in '{}' " + words + ".", settings.folder(), results);
            nextLossNanos = System.nanoTime() + LOSS_PAUSE_NANOS;
        }
    }

    /** A new connection: what waits on disk now is sent no faster than the settings say. */
    void replay() {
        synchronized (store) {
            replayEnd = disk == null ? 0 : disk.end();
        }
    }

    /** How long {@link #poll} will answer null because of that; 0 or less when it does not. */
    long pauseNanos() {
        synchronized (store) {
            return nextReplayNanos - System.nanoTime();
        }
    }

    /** The oldest message that was not handed out since the last {@link #rewind}; null where none is to be sent now. */
    @Nullable
    Stored poll() {
        synchronized (store) {
            if (pauseNanos() > 0) {
                return null;
            }
            if (head == null) {
                head = pollDisk();
            }
            QueueEntry entry = head;
            Kept kept = memory.peek();
            if (kept != null && (entry == null || kept.newerOnDisk <= entry.sequence())) {
                memory.remove();
                memoryBytes -= kept.body.length;
                memorySent.add(kept);
                return new Stored(kept, -1, kept.body);
            }
            if (entry == null) {
                return null;
            }
            head = null;
            if (entry.sequence() < replayEnd) {
                nextReplayNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1) / settings.replayPerSecond();
            }
            return new Stored(null, entry.sequence(), entry.body());
        }
    }

    private @Nullable QueueEntry pollDisk() {
        try {
            return disk == null ? null : disk.poll();
        } catch (IOException unreadable) {
            complain(unreadable);
            return null;
        }
    }

    /** The broker has it, or never will. */
    void settle(Stored message) {
        synchronized (store) {
            Kept kept = message.kept();
            if (kept != null) {
                memorySent.remove(kept);
                kept.safe.run();
                return;
            }
            try {
                if (disk != null) {
                    disk.settle(message.sequence());
                }
            } catch (IOException notDeleted) {
                complain(notDeleted);
            }
        }
    }

    /** The connection is gone: what was not settled is handed out again. */
    void rewind() {
        synchronized (store) {
            while (!memorySent.isEmpty()) {
                Kept message = memorySent.removeLast();
                memory.addFirst(message);
                memoryBytes += message.body.length;
            }
            head = null;
            try {
                if (disk != null) {
                    disk.rewind();
                }
            } catch (IOException unreadable) {
                complain(unreadable);
            }
        }
    }

    /**
     * What the spool holds and lost.
     *
     * @param waiting not settled
     * @param bytes of the files
     * @param lost dropped for want of room, expired or damaged
     * @param damaged of the lost
     * @param onDisk whether the disk took the last message
     */
    record Statistics(long waiting, long bytes, long lost, long damaged, boolean onDisk) {}

    Statistics statistics() {
        synchronized (store) {
            long inMemory = (long) memory.size() + memorySent.size();
            long given;
            synchronized (door) {
                inMemory += arrivals.size();
                given = refused;
            }
            if (disk == null) {
                return new Statistics(inMemory, 0, lost + given, 0, false);
            }
            DiskQueue.Statistics files = disk.statistics();
            return new Statistics(
                    inMemory + files.entries(),
                    files.bytes(),
                    lost + given + files.dropped() + files.expired() + files.damaged(),
                    files.damaged(),
                    trouble == null);
        }
    }

    /**
     * How long the oldest message that is not settled has waited here; 0 where there is none. May read from the disk.
     */
    long oldestAgeMillis() {
        synchronized (store) {
            long born = Math.min(born(memory), born(memorySent));
            synchronized (door) {
                born = Math.min(born, born(arrivals));
            }
            long now = settings.clock().elapsedMillis();
            long inMemory = now - Math.min(now, born);
            return disk == null ? inMemory : Math.max(inMemory, disk.oldestAgeMillis());
        }
    }

    private static long born(Deque<Kept> messages) {
        Kept first = messages.peek();
        return first == null ? Long.MAX_VALUE : first.bornMillis;
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
