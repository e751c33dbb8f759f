// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import io.windhover.models.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Files that go when their results are in safe hands. Outcomes must not wait for a disk, so the source's own thread
 * deletes, and after the source's end whoever says the outcome. What cannot be deleted is tried again when a listing of
 * the folder comes by, at most {@value #MOST_FAILURES} of them in each.
 */
final class Deletions {
    static final int MOST_FAILURES = 1_000;

    private final Queue<Arrivals.Arrival> files = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;
    private volatile @Nullable String trouble;

    /** A file that could not be deleted. */
    private record Failure(long identity, String sentence) {}

    /** Identities of what could not be deleted. */
    private IdentitySet left = new IdentitySet();
    /** The file that the trouble names. */
    private long named;

    /** What the current listing found of them; null between listings. */
    private @Nullable IdentitySet found;

    private int failures;
    private @Nullable Failure firstFailure;
    /** The next listing begins behind so many, so that each has its turn. */
    private int skipped;

    /** Has a file deleted once it was run; one that was refused or skipped stays. */
    SourceFrame.Outcome outcome(Arrivals.Arrival arrival) {
        return new SourceFrame.Outcome() {
            @Override
            public void done(byte[] result) {
                files.add(arrival);
                if (ended) {
                    carryOut();
                }
            }
        };
    }

    /** A sentence, the same until another file is to be named; null where every file could be deleted. */
    @Nullable
    String trouble() {
        return trouble;
    }

    void end() {
        ended = true;
        carryOut();
    }

    /** A file that was written to since it was read stays, to be read again. */
    synchronized void carryOut() {
        for (Arrivals.Arrival next = files.poll(); next != null; next = files.poll()) {
            Failure failure = delete(next);
            if (failure != null) {
                left.add(failure.identity);
                if (trouble == null) {
                    say(failure);
                }
            }
        }
    }

    /** From here on {@link #visit} is told of every file that is there. */
    synchronized void beginListing() {
        found = new IdentitySet();
        failures = 0;
        firstFailure = null;
    }

    /** Tries again where this one could not be deleted. */
    synchronized void visit(Arrivals.Arrival file, long identity) {
        IdentitySet remaining = found;
        if (remaining == null || !left.contains(identity)) {
            return;
        }
        if (remaining.size() < skipped || failures == MOST_FAILURES) {
            remaining.add(identity);
            return;
        }
        Failure failure = delete(file);
        if (failure != null) {
            remaining.add(identity);
            failures++;
            firstFailure = firstFailure == null ? failure : firstFailure;
        }
    }

    /** Every file that is there was visited: one that was not has gone, or was written to. */
    synchronized void endListing() {
        IdentitySet remaining = found;
        if (remaining == null) {
            return;
        }
        skipped = failures == MOST_FAILURES ? skipped + failures : 0;
        left = remaining;
        found = null;
        Failure failure = firstFailure;
        if (left.size() == 0) {
            trouble = null;
        } else if (failure != null && !left.contains(named)) {
            say(failure);
        }
    }

    private void say(Failure failure) {
        named = failure.identity;
        trouble = failure.sentence;
    }

    private static @Nullable Failure delete(Arrivals.Arrival file) {
        try {
            if (file.stamp().equals(FileStamp.of(file.file()))) {
                Files.delete(file.file());
            }
            return null;
        } catch (NoSuchFileException gone) {
            return null;
        } catch (IOException problem) {
            return new Failure(
                    file.stamp().identity(file.file()),
                    "'" + ImageFiles.name(file.file()) + "' was read and cannot be deleted (" + Reason.of(problem)
                            + "), which is tried again every second; let the service write to its folder.");
        }
    }
}
