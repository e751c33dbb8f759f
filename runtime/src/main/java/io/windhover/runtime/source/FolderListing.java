// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/** The files of a folder that match a pattern, read one after another; no list of all of them is made. */
final class FolderListing {
    private FolderListing() {}

    /** A file with its stamp. */
    record Found(Path file, FileStamp stamp) {
        static final Comparator<Found> BY_NAME = Comparator.comparing(Found::file);
        static final Comparator<Found> BY_TIME = Comparator.<Found>comparingLong(found -> found.stamp.changedMicros())
                .thenComparing(BY_NAME);
    }

    /** Takes a file. */
    @FunctionalInterface
    interface Visitor {
        void visit(Found found);
    }

    /** The first of a number of files, of which only so many are kept. */
    static final class First {
        private final PriorityQueue<Found> kept;
        private final int most;
        private boolean complete = true;

        First(Comparator<Found> order, int most) {
            this.kept = new PriorityQueue<>(order.reversed());
            this.most = most;
        }

        void add(Found found) {
            kept.add(found);
            if (kept.size() > most) {
                kept.remove();
                complete = false;
            }
        }

        /** No file had to be left out. */
        boolean isComplete() {
            return complete;
        }

        Stream<Path> inOrder() {
            return kept.stream().sorted(kept.comparator().reversed()).map(Found::file);
        }
    }

    /** Visits all of them, or fewer when the gate is closed meanwhile. */
    static void visit(Path folder, NamePattern pattern, Gate gate, Visitor visitor)
            throws IOException, InterruptedException {
        requireNoFile(folder);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (!gate.pause(0)) {
                    return;
                }
                FileStamp stamp = pattern.matches(String.valueOf(file.getFileName())) ? FileStamp.of(file) : null;
                if (stamp != null) {
                    visitor.visit(new Found(file, stamp));
                }
            }
        } catch (DirectoryIteratorException problem) {
            throw problem.getCause();
        }
    }

    /** Opening a named pipe as a folder would wait for somebody to write into it. */
    private static void requireNoFile(Path folder) throws NotDirectoryException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
    }
}
