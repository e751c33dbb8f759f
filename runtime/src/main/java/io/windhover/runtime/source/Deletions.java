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
 * deletes, and after the source's end whoever says the outcome.
 */
final class Deletions {
    private final Queue<Arrivals.Arrival> files = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;
    private volatile @Nullable String trouble;

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

    /** A sentence; null where the last file could be deleted. */
    @Nullable
    String trouble() {
        return trouble;
    }

    void end() {
        ended = true;
        carryOut();
    }

    /** A file that was written to since it was read stays, to be read again. */
    void carryOut() {
        for (Arrivals.Arrival next = files.poll(); next != null; next = files.poll()) {
            try {
                if (next.stamp().equals(FileStamp.of(next.file()))) {
                    Files.delete(next.file());
                }
                trouble = null;
            } catch (NoSuchFileException gone) {
                trouble = null;
            } catch (IOException problem) {
                trouble = "'" + ImageFiles.name(next.file()) + "' was read and cannot be deleted (" + Reason.of(problem)
                        + "); let the service write to its folder.";
            }
        }
    }
}
