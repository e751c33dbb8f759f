// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The standard error. Whoever reads it may stop doing so: a terminal that is held, a pager, a log driver that is stuck.
 * What runs for months must not wait for that, so after {@link #waitForNobody} a thread of its own writes the lines. Up
 * to {@link #MOST_BYTES} of them wait; what comes then is left out and counted.
 */
final class StandardError extends OutputStream {
    static final int MOST_BYTES = 1 << 18;
    /** A longer one is written in pieces. */
    private static final int LONGEST_LINE = 1 << 14;

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final StandardError PROGRAM = new StandardError(new FileOutputStream(FileDescriptor.err));

    private final OutputStream stream;
    /** Guards all that follows; nothing is written while it is held. */
    private final Object lock = new Object();

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private long leftOut;
    private boolean queues;
    private boolean writes;

    StandardError(OutputStream stream) {
        this.stream = stream;
    }

    /** Makes it System.err, as UTF-8; for the program's entry only. */
    static PrintStream install() {
        System.setErr(new PrintStream(PROGRAM, true, StandardCharsets.UTF_8));
        return System.err;
    }

    /** From here on no thread waits for the program's standard error to be read. */
    static void waitForNobody() {
        PROGRAM.queue();
    }

    /** Gives what waits a moment to be written, before the program ends. */
    static void drain() {
        PROGRAM.drain(PATIENCE);
    }

    void queue() {
        synchronized (lock) {
            if (queues) {
                return;
            }
            queues = true;
        }
        Thread writer = new Thread(this::writeWaiting, "windhover-log");
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        synchronized (lock) {
            if (queues) {
                for (int i = offset; i < offset + length; i++) {
                    line.write(bytes[i]);
                    if (bytes[i] == '\n' || line.size() == LONGEST_LINE) {
                        endLine();
                    }
                }
                return;
            }
        }
        stream.write(bytes, offset, length);
    }

    private void endLine() {
        add(line.toByteArray());
        line.reset();
    }

    private void add(byte[] whole) {
        if (waitingBytes + whole.length > MOST_BYTES) {
            leftOut++;
            return;
        }
        sayLeftOut();
        waiting.add(whole);
        waitingBytes += whole.length;
        lock.notifyAll();
    }

    private void sayLeftOut() {
        if (leftOut > 0) {
            byte[] said = ("windhover: here " + leftOut + (leftOut == 1 ? " line is" : " lines are")
                            + " missing; nobody read them.\n")
                    .getBytes(StandardCharsets.UTF_8);
            waiting.add(said);
            waitingBytes += said.length;
            leftOut = 0;
        }
    }

    private void writeWaiting() {
        try {
            while (true) {
                stream.write(next());
            }
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        } catch (IOException readerLeft) {
            synchronized (lock) {
                // As a PrintStream does: nobody will read any more, and there is no other place to say so.
                writes = false;
                lock.notifyAll();
            }
        }
    }

    private byte[] next() throws InterruptedException {
        synchronized (lock) {
            writes = false;
            if (waiting.isEmpty()) {
                sayLeftOut();
            }
            lock.notifyAll();
            while (waiting.isEmpty()) {
                lock.wait();
            }
            byte[] next = waiting.remove();
            waitingBytes -= next.length;
            writes = true;
            return next;
        }
    }

    /** Waits until all is written, or so long. */
    void drain(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (lock) {
            if (line.size() > 0) {
                endLine();
            }
            long left = patience.toMillis();
            try {
                while ((writes || !waiting.isEmpty()) && left > 0) {
                    lock.wait(left);
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                }
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
