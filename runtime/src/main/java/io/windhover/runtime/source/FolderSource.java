// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import io.windhover.models.Reason;
import io.windhover.runtime.image.ImageDecoder;
import io.windhover.runtime.source.FolderListing.First;
import io.windhover.runtime.source.FolderListing.Found;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Files that appear in a folder. A file is known by its name, size and time of change: one that is replaced or written
 * to again is taken again, and so is one that was taken before it was whole. At most {@value Arrivals#MOST} files wait
 * in memory; of those taken before, a number each is kept.
 */
final class FolderSource implements FrameSource {
    private static final long LISTING_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** A large folder is listed for at most a twentieth of the time. */
    private static final int LISTING_SHARE = 20;

    private final Path folder;
    private final NamePattern pattern;
    private final boolean delete;
    private final ImageDecoder decoder;
    private final FolderWatch watch;
    private final TakenFiles taken = new TakenFiles();
    private final Arrivals arrivals = new Arrivals(taken);
    private final Deletions deletions = new Deletions();
    private final Gate gate = new Gate();
    private volatile Health listing = Health.WELL;

    /** What was there at the start has not been listed to its end. */
    private boolean starting = true;

    private final boolean takesExisting;
    private boolean wasThere;
    /** Files are there that had no room among the arrivals. */
    private boolean moreAreThere;

    private long listingDue = System.nanoTime();
    private long listingEnd;
    private long listingNanos;

    FolderSource(SourceSettings.Folder settings, ImageDecoder decoder) {
        this.folder = settings.path();
        this.pattern = new NamePattern(settings.pattern());
        this.takesExisting = settings.existing();
        this.delete = settings.delete();
        this.decoder = decoder;
        this.watch = new FolderWatch(folder);
    }

    @Override
    public @Nullable SourceFrame next() throws InterruptedException {
        while (gate.pause(0)) {
            deletions.carryOut();
            listWhereDue();
            Arrivals.Arrival arrival = arrivals.take(System.nanoTime());
            SourceFrame frame = arrival == null ? null : read(arrival);
            if (frame != null) {
                return frame;
            }
            if (arrival == null) {
                awaitChange();
            }
        }
        return null;
    }

    /** Null where the file has gone. */
    private @Nullable SourceFrame read(Arrivals.Arrival arrival) {
        taken.add(arrival.stamp().identity(arrival.file()));
        SourceFrame.Outcome outcome = delete ? deletions.outcome(arrival) : SourceFrame.Outcome.NONE;
        try {
            return ImageFiles.read(
                    arrival.file(), ImageFiles.name(arrival.file()), decoder, outcome, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    private void awaitChange() throws InterruptedException {
        long wait = Math.min(arrivals.nextLookNanos(), listingDue - System.nanoTime());
        if (wait > 0 && watch.await(wait, this::changed)) {
            listingDue = listingEnd + LISTING_SHARE * listingNanos;
        }
    }

    private void changed(Path file) {
        if (pattern.matches(String.valueOf(file.getFileName())) && !arrivals.contains(file)) {
            if (arrivals.room() > 0) {
                arrivals.add(file);
            } else {
                moreAreThere = true;
            }
        }
    }

    private void listWhereDue() throws InterruptedException {
        boolean due = System.nanoTime() - listingDue >= 0;
        if (arrivals.isEmpty() ? due || moreAreThere : due && arrivals.room() > Arrivals.MOST / 2) {
            long start = System.nanoTime();
            list();
            listingEnd = System.nanoTime();
            listingNanos = listingEnd - start;
            listingDue = listingEnd + Math.max(LISTING_NANOS, LISTING_SHARE * listingNanos);
        }
    }

    private void list() throws InterruptedException {
        try {
            watch.renew();
            First first = new First(starting ? Found.BY_NAME : Found.BY_TIME, arrivals.room());
            taken.beginListing();
            deletions.beginListing();
            FolderListing.visit(folder, pattern, gate, found -> consider(found, first));
            taken.endListing();
            deletions.endListing();
            first.inOrder().forEach(arrivals::add);
            moreAreThere = !first.isComplete();
            starting &= moreAreThere;
            listing = new Health(null, listing.restarts() + (wasThere && listing.trouble() != null ? 1 : 0));
            wasThere = true;
        } catch (IOException problem) {
            starting = false;
            moreAreThere = false;
            listing = new Health(
                    "Folder '" + Printable.line(folder.toString()) + "' cannot be read (" + Reason.of(problem)
                            + "); it is tried again every second.",
                    listing.restarts());
        }
    }

    private void consider(Found found, First first) {
        long identity = found.stamp().identity(found.file());
        deletions.visit(new Arrivals.Arrival(found.file(), found.stamp()), identity);
        if (starting && !takesExisting) {
            taken.add(identity);
        } else if (!taken.contains(identity) && !arrivals.contains(found.file())) {
            first.add(found);
        }
    }

    @Override
    public Health health() {
        Health current = listing;
        return current.trouble() == null ? new Health(deletions.trouble(), current.restarts()) : current;
    }

    @Override
    public void close() {
        gate.close();
        watch.close();
        deletions.end();
    }
}
