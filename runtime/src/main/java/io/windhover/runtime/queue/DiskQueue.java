// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.queue;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A first-in first-out queue in a folder, bounded in bytes and age, for one process at a time.
 *
 * <p>An entry that {@link #append} took is there after {@code kill -9}; after a power cut it is where {@link #force}
 * was called since. It is handed out by {@link #poll} until it is settled: again after {@link #rewind}, and again in
 * the next process, so at least once. Entries that were settled shortly before the process was killed may come once
 * more.
 *
 * <p>Files are only ever appended to, and never by a process that did not create them. What is damaged is skipped,
 * counted, and costs the damaged entries only; so is what cannot be read several times, a second apart.
 *
 * <p>Thread-safe. After an {@link IOException} the queue is as before the call, but for what was damaged on disk.
 */
public final class DiskQueue implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final int MOST_FAILURES = 3;
    private static final long FAILURE_PAUSE_MILLIS = 1_000;

    private final Path folder;
    private final QueueLimits limits;
    private final QueueClock clock;
    private LockFile lock;
    private SettledFile settledFile;
    private final long openedElapsedMillis;
    private final long openedWallMillis;
    private final boolean clockSet;
    private final long firstOwn;
    /** Held while files are forced, which may take seconds; taken before the queue's own monitor. */
    private final Object forcing = new Object();

    private final TreeMap<Long, Segment> segments = new TreeMap<>();
    /** Sequence numbers, and when they were put in, by the clock that does not jump. */
    private final TreeMap<Long, Long> handedOut = new TreeMap<>();

    private final Deque<Segment> unforced = new ArrayDeque<>();
    private @Nullable Segment current;
    private @Nullable SegmentReader reader;
    private long readerFirst;
    /** The file that could not be read, by its first sequence number, how often in a row, and when that was counted. */
    private long failingFirst = -1;

    private int failures;
    private long failureElapsedMillis;
    /** The entry that waits longest where none is handed out, and when it was put in. */
    private long oldest = -1;

    private long oldestBornMillis;
    private long next;
    private long cursor;
    private long dropped;
    private long expired;
    private long damaged;
    private boolean closed;

    private DiskQueue(Path folder, QueueLimits limits, QueueClock clock, LockFile lock, SettledFile settledFile)
            throws IOException {
        this.folder = folder;
        this.limits = limits;
        this.clock = clock;
        this.lock = lock;
        this.settledFile = settledFile;
        this.openedElapsedMillis = clock.elapsedMillis();
        this.openedWallMillis = clock.wallMillis();
        this.clockSet = clock.isSynchronised();
        this.next = recover();
        this.firstOwn = next;
        this.cursor = segments.isEmpty() ? next : Math.max(settledFile.settled(), segments.firstKey());
        deleteSettled();
    }

    /**
     * Opens the queue in a folder, which is made where it is missing.
     *
     * @throws IOException where the folder cannot be used, or another process uses it
     */
    public static DiskQueue open(Path folder, QueueLimits limits, QueueClock clock) throws IOException {
        Files.createDirectories(folder);
        LockFile lock = lock(folder.resolve(LOCK));
        try {
            SettledFile settled = SettledFile.open(folder);
            try {
                return new DiskQueue(folder, limits, clock, lock, settled);
            } catch (IOException unusable) {
                settled.close();
                throw unusable;
            }
        } catch (IOException unusable) {
            lock.close();
            throw unusable;
        }
    }

    private static LockFile lock(Path file) throws IOException {
        LockFile lock = LockFile.tryTake(file);
        if (lock == null) {
            throw new IOException("another service uses the queue");
        }
        return lock;
    }

    /** Finds the segments; answers the first free sequence number. */
    private long recover() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.queue")) {
            for (Path file : files) {
                long first = SegmentFormat.first(file);
                if (first >= 0 && Files.isRegularFile(file)) {
                    segments.put(first, Segment.found(file, first));
                }
            }
        } catch (DirectoryIteratorException unreadable) {
            throw unreadable.getCause();
        }
        Map.Entry<Long, Segment> last = segments.lastEntry();
        return Math.max(settledFile.settled(), last == null ? 0 : endOf(last.getValue()));
    }

    /**
     * The sequence number after the segment's last record; a damaged last one keeps its number unused, and all that the
     * segment may have do where it cannot be read.
     */
    private long endOf(Segment segment) {
        long end = segment.first() + 1;
        try (SegmentReader records = SegmentReader.open(segment.file(), segment.first(), limits.entryBytes(), false)) {
            SegmentReader.@Nullable Found found = records.next(segment.size());
            while (found != null) {
                end = found.entry().sequence() + 1;
                found = records.next(segment.size());
            }
        } catch (IOException unreadable) {
            return segment.first() + 1 + segment.size() / SegmentFormat.RECORD_BYTES;
        }
        return end;
    }

    /**
     * Puts an entry in, dropping the oldest ones where it would not fit.
     *
     * @throws IOException where it cannot be written, such as on a full disk; the entry is not in the queue then
     */
    public synchronized void append(byte[] body) throws IOException {
        if (body.length > limits.entryBytes()) {
            throw new IllegalArgumentException(
                    "an entry of " + body.length + " bytes, where " + limits.entryBytes() + " are the limit");
        }
        requireOpen();
        makeRoom(SegmentFormat.HEADER_BYTES + SegmentFormat.RECORD_BYTES + body.length);
        Segment segment = writable();
        try {
            segment.append(next, body, clock);
            next++;
        } catch (IOException full) {
            endCurrent();
            throw full;
        }
    }

    private Segment writable() throws IOException {
        if (current != null && current.size() >= limits.segmentBytes()) {
            endCurrent();
        }
        if (current == null) {
            current = Segment.create(folder, next, clock);
            segments.put(next, current);
        }
        return current;
    }

    /** One that holds nothing is removed, because the next one gets its name. */
    private void endCurrent() throws IOException {
        Segment ended = current;
        if (ended == null) {
            return;
        }
        current = null;
        if (ended.first() == next) {
            delete(ended);
        } else {
            unforced.add(ended);
        }
    }

    private void makeRoom(int bytes) throws IOException {
        while (bytes() + bytes > limits.bytes() && !segments.isEmpty()) {
            Segment oldest = segments.firstEntry().getValue();
            if (oldest == current) {
                endCurrent();
            }
            long end = endBy(oldest);
            long from = Math.max(oldest.first(), Math.min(head(), end));
            dropped += end - from;
            cursor = Math.max(cursor, end);
            handedOut.headMap(end).clear();
            delete(oldest);
        }
    }

    /** The first sequence number that is not of this segment. */
    private long endBy(Segment segment) {
        Long later = segments.higherKey(segment.first());
        return later == null ? next : later;
    }

    /** The oldest entry that was not handed out since the last rewind; null where there is none. */
    public synchronized @Nullable QueueEntry poll() throws IOException {
        requireOpen();
        while (cursor < next) {
            Segment segment = segments.floorEntry(cursor).getValue();
            SegmentReader.@Nullable Found found = read(segment);
            if (found == null) {
                damaged += endBy(segment) - cursor;
                cursor = endBy(segment);
                deleteSettled();
                continue;
            }
            long sequence = found.entry().sequence();
            damaged += sequence - cursor;
            cursor = sequence + 1;
            long ageMillis = ageMillis(segment, reader == null ? null : reader.header(), found);
            if (ageMillis > limits.age().toMillis()) {
                expired++;
                continue;
            }
            handedOut.put(sequence, clock.elapsedMillis() - ageMillis);
            return found.entry();
        }
        deleteSettled();
        return null;
    }

    /** The record at the cursor or, where that is damaged, a later one of the segment. */
    private SegmentReader.@Nullable Found read(Segment segment) throws IOException {
        boolean passingOver = segment.first() == failingFirst && failures >= MOST_FAILURES;
        if (passingOver && segment == current) {
            endCurrent();
        }
        try {
            if (reader == null || readerFirst != segment.first()) {
                closeReader();
                reader = SegmentReader.open(segment.file(), segment.first(), limits.entryBytes(), passingOver);
                readerFirst = segment.first();
            }
            SegmentReader.@Nullable Found found = reader.next(segment.size());
            while (found != null && found.entry().sequence() < cursor) {
                found = reader.next(segment.size());
            }
            if (!passingOver) {
                failures = 0;
            }
            return found;
        } catch (NoSuchFileException removed) {
            return null;
        } catch (ClosedChannelException interrupted) {
            closeReader();
            throw interrupted;
        } catch (IOException unreadable) {
            closeReader();
            requireReadableFolder();
            if (passingOver) {
                return null;
            }
            countFailure(segment);
            throw unreadable;
        }
    }

    private void countFailure(Segment segment) {
        long now = clock.elapsedMillis();
        if (segment.first() != failingFirst) {
            failingFirst = segment.first();
            failures = 0;
        }
        if (failures == 0 || now - failureElapsedMillis >= FAILURE_PAUSE_MILLIS) {
            failures++;
            failureElapsedMillis = now;
        }
    }

    /** Where nothing can be opened, such as without the disk or with too many files open, no file is to blame. */
    private void requireReadableFolder() throws IOException {
        Opening.folder(folder).close();
    }

    private void closeReader() throws IOException {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** Of an earlier process's entry where no clock was set: the time since this one opened the queue, at least. */
    private long ageMillis(Segment segment, SegmentFormat.@Nullable Header header, SegmentReader.Found found) {
        long sinceOpened = clock.elapsedMillis() - openedElapsedMillis;
        if (segment.first() >= firstOwn) {
            return clock.elapsedMillis() - segment.createdElapsedMillis() - found.offsetMillis();
        }
        if (header == null || !header.clockSet() || !clockSet) {
            return sinceOpened;
        }
        return Math.max(0, openedWallMillis - header.createdMillis() - found.offsetMillis()) + sinceOpened;
    }

    /** Hands out again what is not settled. */
    public synchronized void rewind() throws IOException {
        cursor = head();
        if (!handedOut.isEmpty()) {
            oldest = cursor;
            oldestBornMillis = handedOut.firstEntry().getValue();
        }
        handedOut.clear();
        closeReader();
    }

    /** The entry has arrived and is not needed any more. */
    public synchronized void settle(long sequence) throws IOException {
        requireOpen();
        handedOut.remove(sequence);
        deleteSettled();
    }

    /** The first sequence number that is not settled. */
    private long head() {
        return handedOut.isEmpty() ? cursor : handedOut.firstKey();
    }

    private void deleteSettled() throws IOException {
        while (!segments.isEmpty()) {
            Segment oldest = segments.firstEntry().getValue();
            if (oldest == current || endBy(oldest) > head()) {
                return;
            }
            delete(oldest);
        }
    }

    private void delete(Segment segment) throws IOException {
        if (readerFirst == segment.first()) {
            closeReader();
        }
        unforced.remove(segment);
        segment.complete();
        Files.deleteIfExists(segment.file());
        segments.remove(segment.first());
    }

    /**
     * {@link #checkpoint}, with everything that was put in so far on the disk itself. Other calls do not wait for it.
     */
    public void force() throws IOException {
        synchronized (forcing) {
            List<Segment> written;
            synchronized (this) {
                requireOpen();
                requireFiles();
                written = new ArrayList<>(unforced);
                if (current != null) {
                    written.add(current);
                }
            }
            for (Segment segment : written) {
                segment.force();
            }
            if (!written.isEmpty()) {
                forceFolder();
            }
            noteForced(written);
        }
    }

    private synchronized void noteForced(List<Segment> written) throws IOException {
        requireOpen();
        settledFile.write(head());
        for (Segment segment : written) {
            if (unforced.remove(segment)) {
                segment.complete();
            }
        }
    }

    /** Notes up to where the queue is settled and closes full files; call it from time to time. */
    public synchronized void checkpoint() throws IOException {
        requireOpen();
        requireFiles();
        settledFile.write(head());
        while (!unforced.isEmpty()) {
            unforced.remove().complete();
        }
    }

    /**
     * Where somebody deleted the folder or its files, later entries go to new ones, and an exception says so once.
     * Where it was {@code settled} alone there is none, because the caller writes it next.
     */
    private void requireFiles() throws IOException {
        boolean folderGone = !Files.exists(folder.resolve(LOCK));
        if (folderGone) {
            Files.createDirectories(folder);
            LockFile newLock = lock(folder.resolve(LOCK));
            lock.close();
            lock = newLock;
        }
        if (!Files.exists(folder.resolve(SettledFile.NAME))) {
            SettledFile newSettled = SettledFile.open(folder);
            settledFile.close();
            settledFile = newSettled;
        }
        if (!folderGone && (current == null || Files.exists(current.file()))) {
            return;
        }
        endCurrent();
        throw new IOException("its files were deleted; it goes on with new ones");
    }

    /** Otherwise a new file's name may be lost although its bytes are there. */
    private void forceFolder() throws IOException {
        try (FileChannel names = Opening.folder(folder)) {
            names.force(true);
        }
    }

    /** The sequence number of the next entry to be put in. */
    public synchronized long end() {
        return next;
    }

    private long bytes() {
        return segments.values().stream().mapToLong(Segment::size).sum();
    }

    /**
     * What the queue holds, and what it lost since it was opened.
     *
     * @param entries not settled, damaged ones included where they were not met yet
     * @param bytes of its files
     * @param dropped entries that made room for newer ones
     * @param expired entries that were too old
     * @param damaged entries that could not be read back
     */
    public record Statistics(long entries, long bytes, long dropped, long expired, long damaged) {}

    public synchronized Statistics statistics() {
        return new Statistics(next - cursor + handedOut.size(), bytes(), dropped, expired, damaged);
    }

    /** How long the oldest entry that is not settled has been in the queue; 0 where there is none. */
    public synchronized long oldestAgeMillis() {
        if (handedOut.isEmpty() && cursor == next) {
            return 0;
        }
        if (handedOut.isEmpty() && oldest != cursor) {
            oldestBornMillis = bornMillis(cursor);
            oldest = cursor;
        }
        long born =
                handedOut.isEmpty() ? oldestBornMillis : handedOut.firstEntry().getValue();
        return clock.elapsedMillis() - born;
    }

    /** Of an entry that cannot be read, when its file was made or, for an earlier process's, the queue was opened. */
    private long bornMillis(long sequence) {
        Segment segment = segments.floorEntry(sequence).getValue();
        try (SegmentReader records = SegmentReader.open(segment.file(), segment.first(), limits.entryBytes(), false)) {
            SegmentReader.@Nullable Found found = records.next(segment.size());
            while (found != null && found.entry().sequence() < sequence) {
                found = records.next(segment.size());
            }
            if (found != null) {
                return clock.elapsedMillis() - ageMillis(segment, records.header(), found);
            }
        } catch (IOException unreadable) {
            // Answered below.
        }
        return segment.first() < firstOwn ? openedElapsedMillis : segment.createdElapsedMillis();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the queue in " + folder + " is closed");
        }
    }

    /** Forces, and lets the next process in. May be called more than once. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        try {
            force();
        } finally {
            release();
        }
    }

    private synchronized void release() throws IOException {
        closed = true;
        closeReader();
        for (Segment segment : segments.values()) {
            segment.complete();
        }
        settledFile.close();
        lock.close();
    }
}
