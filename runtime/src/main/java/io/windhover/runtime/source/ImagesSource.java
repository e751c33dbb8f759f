// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.image.ImageDecoder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A list of image files, once or again and again. Files are read when they are due, never ahead. */
final class ImagesSource implements FrameSource {
    /** Before a list is tried again in which no file was usable. */
    private static final long FRUITLESS_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final List<Path> files;
    private final boolean repeat;
    private final ImageDecoder decoder;
    private final Pacer pacer;
    private final Gate gate = new Gate();
    private volatile Health health = Health.WELL;
    private int position;
    private boolean fruitful;

    ImagesSource(SourceSettings.Images settings, ImageDecoder decoder) {
        this.files = settings.files();
        this.repeat = settings.repeat();
        this.decoder = decoder;
        this.pacer = new Pacer(settings.framesPerSecond(), System::nanoTime);
    }

    @Override
    public @Nullable SourceFrame next() throws InterruptedException {
        if (position == files.size() && repeat) {
            beginAgain();
        }
        if (position == files.size() || !gate.pause(pacer.nextNanos())) {
            return null;
        }
        Path file = files.get(position++);
        try {
            SourceFrame frame = ImageFiles.read(file, shown(file), decoder, SourceFrame.Outcome.NONE);
            fruitful = true;
            health = Health.WELL;
            return frame;
        } catch (NoSuchFileException missing) {
            throw unusable(new InputException("There is no image '" + shown(file) + "'; check the path."));
        } catch (InputException problem) {
            throw unusable(problem);
        }
    }

    /** Several files of a list may have one name. */
    private static String shown(Path file) {
        return Printable.line(file.toString());
    }

    private void beginAgain() throws InterruptedException {
        if (fruitful || gate.pause(FRUITLESS_PAUSE_NANOS)) {
            position = 0;
            fruitful = false;
        }
    }

    private InputException unusable(InputException problem) {
        if (position == files.size() && !fruitful) {
            health = new Health("None of the " + files.size() + " images can be used; replace them.", 0);
        }
        return problem;
    }

    @Override
    public Health health() {
        return health;
    }

    @Override
    public void close() {
        gate.close();
    }
}
