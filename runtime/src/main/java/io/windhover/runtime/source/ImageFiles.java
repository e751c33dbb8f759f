// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import io.windhover.models.Reason;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.image.ImageDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Objects;

/** Reads frames from image files. Neither a pipe nor a device is opened: opening may wait, and reading may not end. */
final class ImageFiles {
    private ImageFiles() {}

    /**
     * One frame; an {@link InputException} says why a file cannot be used.
     *
     * @param links whether a symbolic link is followed: {@link LinkOption#NOFOLLOW_LINKS} or nothing
     * @throws NoSuchFileException where there is none
     */
    static SourceFrame read(
            Path file, String shown, ImageDecoder decoder, SourceFrame.Outcome outcome, LinkOption... links)
            throws NoSuchFileException {
        long start = System.nanoTime();
        if (Files.exists(file, links) && !Files.isRegularFile(file, links)) {
            throw new InputException("'" + shown + "' is no file; give an image file.");
        }
        try (InputStream stream = Files.newInputStream(file, (OpenOption[]) links)) {
            SourceFrame.Content content = new SourceFrame.Content.Picture(decoder.decode(stream, shown));
            return new SourceFrame(name(file), content, System.nanoTime() - start, outcome);
        } catch (NoSuchFileException missing) {
            throw missing;
        } catch (IOException problem) {
            throw new InputException(
                    "Image '" + shown + "' cannot be read (" + Reason.of(problem) + "); check who may read it.",
                    problem);
        }
    }

    /** A file's own name, as it may be shown. */
    static String name(Path file) {
        return Printable.line(
                Objects.requireNonNullElse(file.getFileName(), file).toString());
    }
}
