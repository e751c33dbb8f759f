// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.exception.DeviceException;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.serve.Dispatcher.Ticket;
import io.windhover.runtime.serve.Resident.Preparation;
import io.windhover.runtime.serve.Resident.Prepared;
import io.windhover.runtime.source.SourceFrame.Content;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns the device. It keeps two frames in flight: while the device works on one, the next is fitted
 * into the device's memory. A device that fails is reset and given the frame once more; then frames wait until it was
 * opened anew.
 */
final class Inference implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Inference.class);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** A frame that the device failed at so often is refused: it may be the reason. */
    private static final int MOST_FAILURES = 2;

    private final Dispatcher dispatcher;
    private final ServedDevice device;
    private final Deque<InFlight> inFlight = new ArrayDeque<>(Session.FRAMES);
    private final Deque<Attempt> again = new ArrayDeque<>();
    private final Queue<FutureTask<?>> orders = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::work, "windhover-inference");
    private final AtomicLong frames = new AtomicLong();
    /** Frames that were run on devices before this one. */
    private volatile long framesBefore;

    private volatile long progressNanos = System.nanoTime();
    private volatile boolean ending;

    private final Seldom repetitions = new Seldom();

    private record Attempt(Ticket ticket, int failures) {}

    /** Made before the frame is filled: from then to the result, nothing is allocated for it. */
    private static final class InFlight {
        final Attempt attempt;
        final Session session;
        final Frame frame;
        final long startedNanos;
        long preprocessNanos;

        InFlight(Attempt attempt, Session session, Frame frame, long startedNanos) {
            this.attempt = attempt;
            this.session = session;
            this.frame = frame;
            this.startedNanos = startedNanos;
        }

        Ticket ticket() {
            return attempt.ticket();
        }
    }

    /** Opens the device and loads the models; what is wrong with either is thrown. */
    Inference(Dispatcher dispatcher, NodeOutput output, String locator, Preparation preparation) {
        this.dispatcher = dispatcher;
        this.device = new ServedDevice(locator, preparation, output, () -> progressNanos = System.nanoTime());
    }

    void start() {
        thread.start();
    }

    /** On this device. */
    long frames() {
        return frames.get() - framesBefore;
    }

    /** Since the start. */
    long framesOfAll() {
        return frames.get();
    }

    /** When the thread last did something, or saw that there was nothing to do. */
    long progressNanos() {
        return progressNanos;
    }

    boolean isRunning() {
        return thread.isAlive();
    }

    ServedDevice device() {
        return device;
    }

    /**
     * Has these models on this device from the next frame on; frames in flight, and those that wait in closed lanes,
     * are finished before. Where that fails, everything stays as it was, and the reason is thrown.
     *
     * @param then done in the same pause
     */
    void replace(String newLocator, Preparation preparation, Runnable then) {
        if (newLocator.equals(device.locator())) {
            Map<String, Prepared> prepared = device.prepare(preparation);
            order(() -> {
                device.load(prepared);
                then.run();
            });
        } else {
            order(() -> {
                device.move(newLocator, preparation);
                framesBefore = frames.get();
                then.run();
            });
        }
    }

    /** Runs between frames, on the thread that owns the device. */
    void order(Runnable task) {
        FutureTask<Boolean> order = new FutureTask<>(task, true);
        orders.add(order);
        dispatcher.wake();
        try {
            order.get();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new WindhoverException("The change was interrupted.", interruption);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException reason) {
                throw reason;
            }
            throw new IllegalStateException(failure.getCause());
        }
    }

    private void work() {
        try {
            while (true) {
                progressNanos = System.nanoTime();
                if (!orders.isEmpty()) {
                    finishLeftovers();
                    orders.remove().run();
                } else if (!device.isOpen()) {
                    if (ending) {
                        break;
                    }
                    device.openOrPause(IDLE_NANOS / 10);
                } else if (!step()) {
                    break;
                }
            }
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        } finally {
            giveUp();
            device.close();
        }
    }

    /** One frame in or out; false where there is nothing more to come. */
    private boolean step() throws InterruptedException {
        Attempt next = again.poll();
        if (next == null) {
            Ticket ticket = dispatcher.take(inFlight.isEmpty() && !ending ? IDLE_NANOS : 0);
            next = ticket == null ? null : new Attempt(ticket, 0);
        }
        if (next != null) {
            start(next);
            if (inFlight.size() == Session.FRAMES) {
                finishOldest();
            }
        } else if (!inFlight.isEmpty()) {
            finishOldest();
        } else {
            return !ending;
        }
        return true;
    }

    private void start(Attempt next) {
        Ticket ticket = next.ticket();
        long started = System.nanoTime();
        String refusal = device.refusal(ticket.stream().model());
        if (refusal != null) {
            ticket.stream().refuse(ticket, refusal);
            return;
        }
        try {
            Session session = device.session(ticket.stream().model());
            Frame frame = session.frame();
            InFlight filled = new InFlight(next, session, frame, started);
            if (ticket.frame().content() instanceof Content.Picture picture) {
                session.fill(frame, picture.pixels(), ticket.frame().decodeNanos());
            } else if (ticket.frame().content() instanceof Content.Tensor tensor) {
                session.fill(frame, 0, tensor.bytes());
            }
            filled.preprocessNanos = System.nanoTime() - started;
            session.submit(frame);
            inFlight.add(filled);
        } catch (DeviceException failure) {
            failed(failure, next);
        } catch (RuntimeException problem) {
            ticket.stream().spent(System.nanoTime() - started);
            ticket.stream().refuse(ticket, String.valueOf(problem.getMessage()));
        }
    }

    /** Runs what closed lanes hold, and everything in flight; without a device that is not done. */
    private void finishLeftovers() {
        Attempt next = null;
        while (true) {
            next = next == null ? nextLeftover() : next;
            if (next != null && !device.isOpen()) {
                next.ticket().frame().outcome().skipped();
                next = null;
            } else if (next != null && inFlight.size() < Session.FRAMES) {
                start(next);
                next = null;
            } else if (!inFlight.isEmpty()) {
                finishOldest();
            } else {
                return;
            }
        }
    }

    private @Nullable Attempt nextLeftover() {
        Attempt next = device.isOpen() ? again.poll() : null;
        if (next != null) {
            return next;
        }
        Ticket ticket = dispatcher.takeLeftover();
        return ticket == null ? null : new Attempt(ticket, 0);
    }

    private void finishOldest() {
        InFlight oldest = inFlight.remove();
        long waitedSince = System.nanoTime();
        try {
            awaitTwice(oldest);
        } catch (DeviceException failure) {
            failed(failure, oldest.attempt);
            return;
        }
        frames.incrementAndGet();
        progressNanos = System.nanoTime();
        StreamRunner stream = oldest.ticket().stream();
        stream.spent(oldest.preprocessNanos + progressNanos - waitedSince);
        try {
            stream.finish(oldest.ticket(), oldest.session, oldest.frame, oldest.startedNanos, oldest.preprocessNanos);
        } catch (RuntimeException problem) {
            stream.refuse(oldest.ticket(), String.valueOf(problem.getMessage()));
        }
    }

    /** A device that hung was reset by the first wait, which ended the other frame in flight as well. */
    private void awaitTwice(InFlight frame) {
        try {
            frame.session.await(frame.frame);
        } catch (DeviceException first) {
            device.countReset();
            repetitions.warn(LOG, first.getMessage() + " The frame is run once more.");
            frame.session.submit(frame.frame);
            frame.session.await(frame.frame);
        }
    }

    /** The device works no more: everything in flight waits for it to be opened anew, but for what failed too often. */
    private void failed(DeviceException failure, Attempt frame) {
        while (!inFlight.isEmpty()) {
            again.addFirst(inFlight.removeLast().attempt);
        }
        if (frame.failures() + 1 < MOST_FAILURES) {
            again.addFirst(new Attempt(frame.ticket(), frame.failures() + 1));
        } else {
            frame.ticket().stream().refuse(frame.ticket(), String.valueOf(failure.getMessage()));
        }
        device.failed(failure, frame.ticket().stream().model());
    }

    /** At the end without a device: what still waits was not run. */
    private void giveUp() {
        again.forEach(frame -> frame.ticket().frame().outcome().skipped());
        again.clear();
        orders.forEach(order -> order.cancel(false));
        try {
            for (Ticket left = dispatcher.take(0); left != null; left = dispatcher.take(0)) {
                left.frame().outcome().skipped();
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs what waits, while the device works, and closes it. The sources must be closed before. */
    @Override
    public void close() {
        ending = true;
        dispatcher.wake();
        if (!thread.isAlive()) {
            device.close();
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }
}
