// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.Detections;
import io.windhover.runtime.detection.Drawing;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.Pixels;
import io.windhover.runtime.image.PngEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where pictures with their boxes go. */
final class DrawOption {
    @Option(
            names = "--draw",
            paramLabel = "OUT",
            description =
                    "Draw the boxes that a detector finds: OUT.png for one image; for several a folder, in which each is named NAME.png.")
    private @Nullable Path target;

    boolean isWanted() {
        return target != null;
    }

    /** Refuses what cannot be written, before anything runs. */
    void check(List<Path> images, List<Path> others) {
        Path out = target;
        if (out == null) {
            return;
        }
        if (images.size() > 1 && Files.exists(out) && !Files.isDirectory(out)) {
            throw new WindhoverException(
                    "'" + out + "' is a file, and " + images.size() + " images are to be drawn; name a folder.");
        }
        List<Path> inputs = Stream.concat(images.stream(), others.stream()).toList();
        Set<Path> files = new TreeSet<>();
        for (Path image : images) {
            Path file = file(image, images.size());
            if (!files.add(file)) {
                throw new WindhoverException("Two images would be drawn as '" + file + "'; draw them one by one.");
            }
            if (Files.isDirectory(folder(file)) || images.size() == 1) {
                OutputFiles.checkTarget(file, inputs);
            }
        }
    }

    private static Path folder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null ? file.toAbsolutePath() : folder;
    }

    private Path file(Path image, int images) {
        Path out = Objects.requireNonNull(target);
        if (images == 1 && !Files.isDirectory(out)) {
            return out;
        }
        String name = String.valueOf(image.getFileName());
        return out.resolve(name.replaceFirst("[.][^.]*$", "") + ".png");
    }

    /** Writes a picture with its boxes, and says where. */
    Path write(Path image, int images, Pixels pixels, Detections found) {
        Path file = file(image, images);
        OutputFiles.writeAll(Map.of(file, PngEncoder.encode(Drawing.draw(pixels, found.found()))));
        return file;
    }
}
