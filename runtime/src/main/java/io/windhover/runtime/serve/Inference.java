// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.driver.Capabilities;
import io.windhover.driver.DriverException;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
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
 * into the device's memory. A device that fails is reset and given the frame once more; then it is opened anew, with
 * growing pauses, while frames wait, and has to run a frame of zeros before it gets them.
 */
final class Inference implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Inference.class);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** A device that worked for so long may be opened anew at once. */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** A frame that the device failed at so often is refused: it may be the reason. */
    private static final int MOST_FAILURES = 2;

    private final Dispatcher dispatcher;
    private final NodeOutput output;
    private final Deque<InFlight> inFlight = new ArrayDeque<>(Session.FRAMES);
    private final Deque<Attempt> again = new ArrayDeque<>();
    private final Queue<FutureTask<?>> orders = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::work, "windhover-inference");
    private final AtomicLong frames = new AtomicLong();
    /** Frames that were run on devices before this one. */
    private volatile long framesBefore;

    private final AtomicLong resets = new AtomicLong();
    private volatile long progressNanos = System.nanoTime();
    private volatile @Nullable String trouble;
    private volatile boolean ending;

    private volatile String locator;
    private volatile Map<String, Prepared> models;
    private volatile @Nullable Capabilities capabilities;
    private @Nullable Resident resident;
    private final Seldom repetitions = new Seldom();
    /** The model of the frame that the device failed at last; null when it was opened for another reason. */
    private @Nullable String suspect;

    private volatile Map<String, Unfit> unfit = Map.of();
    /** Before the device is opened next; 0 for one that worked long. */
    private long pauseNanos;

    private long nextOpenNanos;
    private long openedNanos = System.nanoTime();

    private record Attempt(Ticket ticket, int failures) {}

    /** A model that the device fails at, while it works for another one. */
    private record Unfit(String reason, long sinceNanos) {}

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
        this.output = output;
        this.locator = locator;
        Resident opened = Resident.open(locator, preparation);
        this.resident = opened;
        this.capabilities = opened.capabilities();
        this.models = opened.models();
        output.accelerator(NodeOutput.PartState.ONLINE);
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

    long resets() {
        return resets.get();
    }

    /** One sentence; null while the device works. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** When the thread last did something, or saw that there was nothing to do. */
    long progressNanos() {
        return progressNanos;
    }

    /** Why frames of this model are refused, one sentence; null where they are run. */
    @Nullable
    String trouble(String model) {
        Unfit found = unfit.get(model);
        return found == null ? null : found.reason();
    }

    boolean isRunning() {
        return thread.isAlive();
    }

    String locator() {
        return locator;
    }

    Map<String, Prepared> models() {
        return models;
    }

    /**
     * Has these models on this device from the next frame on; frames in flight, and those that wait in closed lanes,
     * are finished before. Where that fails, everything stays as it was, and the reason is thrown.
     *
     * @param then done in the same pause
     */
    void replace(String newLocator, Preparation preparation, Runnable then) {
        if (newLocator.equals(locator)) {
            Map<String, Prepared> prepared = preparation.prepare(capabilities);
            order(() -> {
                if (resident != null) {
                    resident.load(prepared);
                }
                models = prepared;
                unfit = Map.of();
                then.run();
            });
        } else {
            order(() -> {
                reopen(newLocator, preparation);
                then.run();
            });
        }
    }

    /** A device may be opened once only: the old one is closed first, and opened again where the new one fails. */
    private void reopen(String newLocator, Preparation preparation) {
        closeDevice();
        nextOpenNanos = System.nanoTime();
        Resident opened = Resident.open(newLocator, preparation);
        resident = opened;
        capabilities = opened.capabilities();
        models = opened.models();
        locator = newLocator;
        framesBefore = frames.get();
        resets.set(0);
        unfit = Map.of();
        pauseNanos = 0;
        works();
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
                } else if (resident == null) {
                    if (ending) {
                        break;
                    }
                    openOrPause();
                } else if (!step()) {
                    break;
                }
            }
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        } finally {
            giveUp();
            closeDevice();
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
        if (isUnfit(ticket)) {
            return;
        }
        try {
            Session session = device().session(ticket.stream().model());
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

    /** Refuses a frame of a model that the device fails at; after a while one is tried again. */
    private boolean isUnfit(Ticket ticket) {
        String model = ticket.stream().model();
        Unfit found = unfit.get(model);
        if (found == null) {
            return false;
        }
        if (System.nanoTime() - found.sinceNanos() > LONGEST_PAUSE_NANOS) {
            setUnfit(model, null);
            return false;
        }
        ticket.stream().refuse(ticket, found.reason());
        return true;
    }

    private void setUnfit(String model, @Nullable Unfit reason) {
        Map<String, Unfit> changed = new HashMap<>(unfit);
        if (reason == null) {
            changed.remove(model);
        } else {
            changed.put(model, reason);
        }
        unfit = Map.copyOf(changed);
    }

    /** Runs what closed lanes hold, and everything in flight; without a device that is not done. */
    private void finishLeftovers() {
        Attempt next = null;
        while (true) {
            next = next == null ? nextLeftover() : next;
            if (next != null && resident == null) {
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
        Attempt next = resident == null ? null : again.poll();
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
            resets.incrementAndGet();
            repetitions.warn(LOG, first.getMessage() + " The frame is run once more.");
            frame.session.submit(frame.frame);
            frame.session.await(frame.frame);
        }
    }

    /** The device works no more: everything in flight waits for it to be opened anew, but for what failed too often. */
    private void failed(DeviceException failure, Attempt frame) {
        LOG.error("{} The device is opened anew.", failure.getMessage());
        suspect = frame.ticket().stream().model();
        while (!inFlight.isEmpty()) {
            again.addFirst(inFlight.removeLast().attempt);
        }
        if (frame.failures() + 1 < MOST_FAILURES) {
            again.addFirst(new Attempt(frame.ticket(), frame.failures() + 1));
        } else {
            frame.ticket().stream().refuse(frame.ticket(), String.valueOf(failure.getMessage()));
        }
        saysTrouble(String.valueOf(failure.getMessage()));
        closeDevice();
        if (System.nanoTime() - openedNanos > STEADY_NANOS) {
            pauseNanos = 0;
        }
        pause();
    }

    /** Sets when the device is opened next: each time later, as long as it does not work for a while. */
    private void pause() {
        nextOpenNanos = System.nanoTime() + pauseNanos;
        pauseNanos = Math.min(Math.max(SHORTEST_PAUSE_NANOS, 2 * pauseNanos), LONGEST_PAUSE_NANOS);
    }

    private void saysTrouble(String sentence) {
        if (trouble == null) {
            output.accelerator(NodeOutput.PartState.OFFLINE);
        }
        trouble = sentence;
    }

    private void openOrPause() throws InterruptedException {
        long left = nextOpenNanos - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, IDLE_NANOS / 10));
            return;
        }
        try {
            Resident opened = Resident.open(locator, unused -> models);
            resident = opened;
            if (trouble != null) {
                probe(opened);
            }
            works();
        } catch (DriverException | WindhoverException unusable) {
            if (!String.valueOf(unusable.getMessage()).equals(trouble)) {
                LOG.error("{} The device stays offline until it can be opened.", unusable.getMessage());
            }
            saysTrouble(String.valueOf(unusable.getMessage()));
            closeDevice();
            pause();
        }
    }

    /**
     * Throws where the device does not work: for a model other than the one that it failed at, if there is one. Where
     * it fails at that one again, the others need not wait for it.
     */
    private void probe(Resident opened) {
        String failed = suspect;
        String other = models.keySet().stream()
                .filter(key -> !key.equals(failed) && !unfit.containsKey(key))
                .findFirst()
                .orElse(null);
        if (failed == null || other == null || !models.containsKey(failed)) {
            opened.probe(other == null ? models.keySet().iterator().next() : other);
            return;
        }
        opened.probe(other);
        progressNanos = System.nanoTime();
        try {
            opened.probe(failed);
        } catch (DeviceException still) {
            resets.incrementAndGet();
            String reason = still.getMessage() + " The device works for model '" + other + "', not for '" + failed
                    + "', whose frames are refused; does its 'timeout' suffice?";
            LOG.error("{}", reason);
            setUnfit(failed, new Unfit(reason, System.nanoTime()));
            pauseNanos = 0;
        }
    }

    private void works() {
        if (trouble != null) {
            LOG.info("The device works again.");
            output.accelerator(NodeOutput.PartState.ONLINE);
        }
        trouble = null;
        openedNanos = System.nanoTime();
    }

    private Resident device() {
        return Objects.requireNonNull(resident);
    }

    private void closeDevice() {
        Resident open = resident;
        resident = null;
        if (open != null) {
            try {
                open.close();
            } catch (DriverException unclosable) {
                LOG.error("{}", unclosable.getMessage());
            }
        }
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
            closeDevice();
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }
}
