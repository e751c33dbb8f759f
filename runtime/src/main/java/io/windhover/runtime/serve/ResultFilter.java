// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Detections;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.detection.Detection;
import io.windhover.runtime.serve.configuration.ResultConfiguration;
import io.windhover.runtime.serve.configuration.ResultConfiguration.When;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes a stream's results of its frames' outputs and says which are published. Not thread-safe. */
final class ResultFilter {
    /** No class at all: none reached the least score. */
    private static final int[] NONE = {};

    private final ResultConfiguration configuration;
    private double[][] history = new double[0][];
    private double[] sum = new double[0];
    private int frames;

    private boolean publishedBefore;
    /** The classes of the result that was published last; null where none of this model was yet. */
    private int @Nullable [] published;

    /** Those of another result, which has to last; null where there is none. */
    private int @Nullable [] candidate;

    private final int[] best = new int[1];
    private long candidateSinceNanos;
    private long nextNanos;

    ResultFilter(ResultConfiguration configuration) {
        this.configuration = configuration;
    }

    /** The result of an awaited frame, over the frames before it where scores are smoothed. */
    Classification result(Session session, Frame frame) {
        return configuration.smoothing() == 1
                ? session.classification(frame, configuration.top(), configuration.minimumScore())
                : session.classification(
                        frame, smoothed(session, frame), configuration.top(), configuration.minimumScore());
    }

    /** What an awaited frame holds, without boxes of lower scores than are wanted. */
    Detections detections(Session session, Frame frame) {
        Detections found = session.detections(frame);
        return configuration.minimumScore() > 0 ? found.atLeast(configuration.minimumScore()) : found;
    }

    private double[] smoothed(Session session, Frame frame) {
        int classes = session.model().classes();
        if (sum.length != classes) {
            history = new double[configuration.smoothing()][classes];
            sum = new double[classes];
            frames = 0;
        }
        double[] slot = history[frames % history.length];
        session.probabilities(frame, slot);
        frames++;
        int filled = Math.min(frames, history.length);
        if (frames >= 2 * history.length) {
            frames -= history.length;
        }
        Arrays.fill(sum, 0);
        for (int i = 0; i < filled; i++) {
            for (int c = 0; c < classes; c++) {
                sum[c] += history[i][c] / filled;
            }
        }
        return sum;
    }

    /** Forgets the frames before, such as when the model becomes another one; the rate stays limited. */
    void reset() {
        sum = new double[0];
        published = null;
        candidate = null;
    }

    /** Whether this result, the newest, is to be published; it counts as published then. */
    boolean isDue(Classification result, long nowNanos) {
        if (result.top().isEmpty()) {
            return isDue(NONE, nowNanos);
        }
        best[0] = result.best().index();
        return isDue(best, nowNanos);
    }

    /** As {@link #isDue(Classification, long)}; a change is one of which classes were found, and how often each. */
    boolean isDue(Detections result, long nowNanos) {
        int[] classes =
                result.found().stream().mapToInt(Detection::index).sorted().toArray();
        return isDue(classes, nowNanos);
    }

    private boolean isDue(int[] classes, long nowNanos) {
        boolean onChange = configuration.when() == When.CHANGE;
        if ((onChange && !changed(classes, nowNanos)) || !isDue(nowNanos)) {
            return false;
        }
        published = onChange ? classes.clone() : null;
        candidate = null;
        return true;
    }

    /** The same of a result that has no classes: only their rate is limited. */
    boolean isDue(long nowNanos) {
        if (publishedBefore && nowNanos - nextNanos < 0) {
            return false;
        }
        long interval = (long) (TimeUnit.SECONDS.toNanos(1) / configuration.mostPerSecond());
        boolean late = !publishedBefore || nowNanos - nextNanos > interval;
        nextNanos = (late ? nowNanos : nextNanos) + interval;
        publishedBefore = true;
        return true;
    }

    private boolean changed(int[] classes, long nowNanos) {
        if (Arrays.equals(classes, published)) {
            candidate = null;
            return false;
        }
        if (!Arrays.equals(classes, candidate)) {
            candidate = classes.clone();
            candidateSinceNanos = nowNanos;
        }
        return nowNanos - candidateSinceNanos >= configuration.holdOff().toNanos();
    }
}
