// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Detections;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.detection.Box;
import io.windhover.runtime.detection.Detection;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.image.ImageDecoder;
import io.windhover.runtime.image.Pixels;
import io.windhover.runtime.publishing.DetectionStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Images through a detector: what is printed, and what is drawn. */
final class DetectionRun {
    private static final double TENTHS = 10;
    private static final double SCORE_STEPS = 1e4;

    private final DetectionStream stream;
    private final DrawOption draw;
    private final ImageDecoder decoder;
    /** Null where JSON is printed. */
    private final @Nullable PrintWriter out;

    DetectionRun(DetectionStream stream, DrawOption draw, long pixelLimit, @Nullable PrintWriter out) {
        this.stream = stream;
        this.draw = draw;
        this.decoder = new ImageDecoder(pixelLimit);
        this.out = out;
    }

    /** A box in pixels of the picture, to a tenth. */
    record Found(String label, int index, double score, double x, double y, double width, double height) {
        static Found of(Detection one) {
            Box box = one.box();
            return new Found(
                    one.label(),
                    one.index(),
                    Math.rint(one.score() * SCORE_STEPS) / SCORE_STEPS,
                    tenth(box.x()),
                    tenth(box.y()),
                    tenth(box.width()),
                    tenth(box.height()));
        }

        private static double tenth(double pixels) {
            return Math.rint(pixels * TENTHS) / TENTHS;
        }
    }

    record Picture(int width, int height) {}

    /** Of an image that cannot be used there is the error instead of boxes and timings. */
    record Result(
            String input,
            String model,
            String device,
            @Nullable Picture picture,
            @Nullable List<Found> detections,
            Classification.@Nullable Timings timings,
            @Nullable String error) {
        static Result of(String input, String model, String device, Detections found) {
            return new Result(
                    input,
                    model,
                    device,
                    new Picture(found.pictureWidth(), found.pictureHeight()),
                    found.found().stream().map(Found::of).toList(),
                    found.timings(),
                    null);
        }
    }

    /** The pixels are kept until the picture is drawn. */
    private static final class Image {
        final Path path;

        @Nullable
        Pixels pixels;

        Image(Path path) {
            this.path = path;
        }
    }

    void images(
            Iterator<Path> images,
            int count,
            BiConsumer<Path, Detections> sink,
            BiConsumer<Path, InputException> refuse,
            Consumer<Path> drawn) {
        Iterator<Image> all = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return images.hasNext();
            }

            @Override
            public Image next() {
                return new Image(images.next());
            }
        };
        stream.run(
                all,
                this::fill,
                image -> image.path.toString(),
                (image, found) -> {
                    print(image.path.toString(), found);
                    if (draw.isWanted()) {
                        drawn.accept(draw.write(image.path, count, Objects.requireNonNull(image.pixels), found));
                        image.pixels = null;
                    }
                    sink.accept(image.path, found);
                },
                (image, problem) -> refuse.accept(image.path, problem));
    }

    private void fill(Session session, Frame frame, Image image) {
        if (draw.isWanted()) {
            long start = System.nanoTime();
            Pixels pixels = decoder.decode(image.path);
            image.pixels = pixels;
            session.fill(frame, pixels, System.nanoTime() - start);
        } else {
            session.fill(frame, image.path);
        }
    }

    /** An awaited frame that was filled with bytes. */
    Detections raw(Frame frame, String input) {
        Detections found = stream.publish(frame, input);
        print(input, found);
        return found;
    }

    private void print(String input, Detections found) {
        if (out == null) {
            return;
        }
        out.println(input);
        if (found.found().isEmpty()) {
            out.println("  nothing found");
        } else {
            out.printf("  %-24s %8s %8s %8s %8s %8s%n", "label", "score", "x", "y", "width", "height");
        }
        for (Detection one : found.found()) {
            Box box = one.box();
            out.printf(
                    Locale.ROOT,
                    "  %-24s %6.2f %% %8.1f %8.1f %8.1f %8.1f%n",
                    one.label(),
                    one.score() * 100,
                    box.x(),
                    box.y(),
                    box.width(),
                    box.height());
        }
        out.flush();
    }
}
