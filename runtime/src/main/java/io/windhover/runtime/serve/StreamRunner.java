// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Detections;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.detection.Detection;
import io.windhover.runtime.detection.Drawing;
import io.windhover.runtime.exception.ClassificationException;
import io.windhover.runtime.exception.DetectionException;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.image.Pixels;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.serve.Dispatcher.Ticket;
import io.windhover.runtime.serve.configuration.StreamConfiguration;
import io.windhover.runtime.serve.configuration.StreamConfiguration.Frames;
import io.windhover.runtime.serve.monitor.NodeState.Activity;
import io.windhover.runtime.serve.monitor.NodeState.Found;
import io.windhover.runtime.serve.monitor.NodeState.StreamState;
import io.windhover.runtime.serve.monitor.StreamMeter;
import io.windhover.runtime.serve.monitor.StreamMeter.Stage;
import io.windhover.runtime.source.FrameSource;
import io.windhover.runtime.source.SourceFrame;
import io.windhover.runtime.source.SourceSettings;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream: a thread brings the source's frames to the stream's lane; the inference thread runs them and hands their
 * results on.
 */
final class StreamRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamRunner.class);
    /** Frames decoded ahead where each one counts. */
    private static final int AHEAD = 2;
    /** How long a source that was closed may go on handing over what it took before. */
    private static final long DRAIN_MILLIS = 5000;

    /** After what no source should do. */
    private static final long PAUSE_MILLIS = 1000;

    private static final byte[] NOTHING = {};

    /** Results of requests go to whoever asked, and to nobody else. */
    private final boolean isPublished;

    private final String name;
    private final StreamConfiguration configuration;
    private final Supplier<FrameSource> opener;
    private final Dispatcher dispatcher;
    private final NodeOutput output;
    private final StreamMeter meter;
    private final ResultFilter filter;
    private final Seldom refusals = new Seldom();
    private volatile String model;
    private volatile @Nullable Pixels picture;
    private volatile List<Classification.Score> top = List.of();
    private volatile List<Found> found = List.of();

    /** Everything that lasts from a start of the stream to its end. */
    private @Nullable Run run;

    private Activity activity = Activity.STOPPED;
    private long restartsBefore;
    /** Of the source, as it was said last. */
    private @Nullable String trouble;

    private final class Run {
        final FrameSource source = opener.get();
        final Dispatcher.Lane lane = dispatcher.lane(
                configuration.priority(),
                configuration.frames() == Frames.NEWEST ? 1 : AHEAD,
                configuration.frames() == Frames.NEWEST);
        final Thread feeder = new Thread(() -> feed(this), "windhover-source-" + name);
    }

    StreamRunner(
            String name,
            StreamConfiguration configuration,
            Supplier<FrameSource> opener,
            Dispatcher dispatcher,
            NodeOutput output,
            StreamMeter meter) {
        this.name = name;
        this.configuration = configuration;
        this.opener = opener;
        this.dispatcher = dispatcher;
        this.output = output;
        this.meter = meter;
        this.filter = new ResultFilter(configuration.result());
        this.model = configuration.model();
        this.isPublished = !(configuration.source() instanceof SourceSettings.Requests);
    }

    String name() {
        return name;
    }

    StreamConfiguration configuration() {
        return configuration;
    }

    StreamMeter meter() {
        return meter;
    }

    /** Key of the model that it runs. */
    String model() {
        return model;
    }

    /** To be called between frames only. */
    void setModel(String key) {
        model = key;
        filter.reset();
        top = List.of();
        found = List.of();
        sayActivity();
    }

    /** Under the lock, so that what is said last is how it is. */
    synchronized void sayActivity() {
        output.settings(name, activity == Activity.RUNNING, model);
    }

    synchronized boolean isStopped() {
        return activity == Activity.STOPPED;
    }

    /** Begins; a stream whose source had ended begins again. */
    synchronized void start() {
        if (activity == Activity.ENDED && run != null) {
            restartsBefore += run.source.health().restarts();
            run.lane.close();
            run.source.close();
            run = null;
        }
        if (run == null) {
            Run started = new Run();
            run = started;
            activity = Activity.RUNNING;
            started.feeder.setDaemon(true);
            started.feeder.start();
            output.stream(name, NodeOutput.PartState.ONLINE);
            sayActivity();
        }
    }

    /**
     * Ends the source; frames that wait are still run, as many as it has ready within the time to drain, and others are
     * given back. Not for the inference thread.
     */
    void stop() {
        Run ending;
        synchronized (this) {
            ending = run;
            run = null;
            activity = Activity.STOPPED;
        }
        if (ending == null) {
            return;
        }
        ending.source.close();
        try {
            ending.feeder.join(DRAIN_MILLIS);
            ending.lane.close();
            ending.feeder.interrupt();
            ending.feeder.join();
            ending.source.giveBack();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            restartsBefore += ending.source.health().restarts();
        }
        output.stream(name, NodeOutput.PartState.DISABLED);
        sayActivity();
    }

    private void feed(Run of) {
        try {
            while (true) {
                SourceFrame frame = next(of.source);
                if (frame == null) {
                    ended(of);
                    return;
                }
                Ticket left = put(of, new Ticket(this, frame, System.nanoTime()));
                if (left != null) {
                    meter.skipped();
                    left.frame().outcome().skipped();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable Ticket put(Run of, Ticket ticket) throws InterruptedException {
        try {
            return of.lane.put(ticket);
        } catch (InterruptedException stopped) {
            ticket.frame().outcome().skipped();
            throw stopped;
        }
    }

    /** The next frame that can be used. */
    private @Nullable SourceFrame next(FrameSource source) throws InterruptedException {
        while (true) {
            try {
                return source.next();
            } catch (InputException problem) {
                refused(problem.getMessage());
            } catch (RuntimeException unexpected) {
                refused(unexpected.toString());
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private synchronized void ended(Run of) {
        if (run == of) {
            activity = Activity.ENDED;
            output.stream(name, NodeOutput.PartState.DISABLED);
            sayActivity();
        }
    }

    private void refused(@Nullable String reason) {
        meter.refused();
        refusals.warn(LOG, "Stream '" + name + "': " + reason);
    }

    /** Says where the source got into trouble, or out of it. */
    synchronized void watchSource() {
        Run current = run;
        String now = current == null || activity != Activity.RUNNING
                ? null
                : current.source.health().trouble();
        if (now != null && !now.equals(trouble)) {
            LOG.warn("Stream '{}': {}", name, now);
        }
        if ((now == null) != (trouble == null)) {
            if (now == null && activity == Activity.RUNNING) {
                LOG.info("Stream '{}' gets frames again.", name);
            }
            if (activity == Activity.RUNNING) {
                output.stream(name, now == null ? NodeOutput.PartState.ONLINE : NodeOutput.PartState.OFFLINE);
            }
        }
        trouble = now;
    }

    /** The frame cannot be used, for a reason that one sentence says. */
    void refuse(Ticket ticket, String reason) {
        refused(reason);
        ticket.frame().outcome().refused(reason);
    }

    /** How long one of its frames kept the inference thread: to fit it, and to wait for the device. */
    synchronized void spent(long nanos) {
        if (run != null) {
            run.lane.spent(nanos);
        }
    }

    /** Hands on the result of a frame that was awaited. */
    void finish(Ticket ticket, Session session, Frame frame, long startedNanos, long preprocessNanos) {
        long awaited = System.nanoTime();
        SourceFrame source = ticket.frame();
        Safely safe = new Safely(source.outcome());
        byte[] message;
        try {
            message = message(session, frame, source, safe);
        } catch (ClassificationException | DetectionException none) {
            refuse(ticket, String.valueOf(none.getMessage()));
            return;
        }
        long now = System.nanoTime();
        meter.took(Stage.WAIT, startedNanos - ticket.arrivedNanos(), now);
        meter.took(Stage.DECODE, source.decodeNanos(), now);
        meter.took(Stage.PREPROCESS, preprocessNanos, now);
        meter.took(Stage.ACCELERATE, awaited - startedNanos - preprocessNanos, now);
        meter.took(Stage.CLASSIFY, now - awaited, now);
        meter.took(Stage.TOTAL, now - ticket.arrivedNanos() + source.decodeNanos(), now);
        if (source.content() instanceof SourceFrame.Content.Picture shown) {
            picture = shown.pixels();
        }
        safe.with(message);
    }

    private byte[] message(Session session, Frame frame, SourceFrame source, Runnable safe) {
        Model model = session.model();
        long now = System.nanoTime();
        if (session.isDetector()) {
            Detections result = filter.detections(session, frame);
            found = result.found().stream().map(one -> shown(one, result)).toList();
            boolean due = counted(filter.isDue(result, now), now);
            return isMade(due, source) ? output.detections(name, model, source.name(), result, due, safe) : NOTHING;
        }
        if (model.isClassifier()) {
            Classification result = filter.result(session, frame);
            top = result.top();
            boolean due = counted(filter.isDue(result, now), now);
            return isMade(due, source) ? output.classification(name, model, source.name(), result, due, safe) : NOTHING;
        }
        boolean due = counted(filter.isDue(now), now);
        return isMade(due, source)
                ? output.output(name, model, source.name(), frame, session.timings(frame), due, safe)
                : NOTHING;
    }

    private static Found shown(Detection one, Detections of) {
        String colour = String.format("#%06x", Drawing.colour(one.index()));
        return new Found(one.label(), one.index(), one.score(), of.parts(one.box()), colour);
    }

    /** Counts a frame, before its result can be seen; returns whether this is published. */
    private boolean counted(boolean wanted, long nowNanos) {
        meter.frame(nowNanos);
        boolean due = isPublished && wanted;
        if (due) {
            meter.published();
        }
        return due;
    }

    private static boolean isMade(boolean due, SourceFrame source) {
        return due || source.outcome() != SourceFrame.Outcome.NONE;
    }

    /** Tells the source once both are known: the message, and that it is safe. */
    private static final class Safely implements Runnable {
        private final SourceFrame.Outcome outcome;
        private byte @Nullable [] message;
        private boolean safe;

        Safely(SourceFrame.Outcome outcome) {
            this.outcome = outcome;
        }

        @Override
        public void run() {
            byte[] made;
            synchronized (this) {
                safe = true;
                made = message;
            }
            if (made != null) {
                outcome.done(made);
            }
        }

        void with(byte[] made) {
            boolean done;
            synchronized (this) {
                message = made;
                done = safe;
            }
            if (done) {
                outcome.done(made);
            }
        }
    }

    @Nullable
    Pixels picture() {
        return picture;
    }

    /** @param modelTrouble why frames of its model are refused; null where they are run */
    synchronized StreamState state(long nowNanos, @Nullable String modelTrouble) {
        FrameSource.Health health = run == null ? FrameSource.Health.WELL : run.source.health();
        StreamMeter.Counts counts = meter.counts(nowNanos);
        return new StreamState(
                name,
                model,
                activity,
                health.trouble() == null ? modelTrouble : health.trouble(),
                configuration.priority(),
                counts.frames(),
                counts.skipped(),
                counts.refused(),
                counts.published(),
                restartsBefore + health.restarts(),
                counts.framesPerSecond(),
                top,
                found,
                meter.latencies(nowNanos));
    }

    @Override
    public void close() {
        stop();
    }
}
