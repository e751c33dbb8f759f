// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.dataset;

import io.windhover.models.FileContents;
import io.windhover.models.Reason;
import io.windhover.runtime.detection.Box;
import io.windhover.runtime.exception.WindhoverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of pictures and what is to be found in them: beside {@code NAME.jpg} (or .png, .bmp, .gif, .tif) a text file
 * {@code NAME.txt} with a line {@code LABEL X Y WIDTH HEIGHT} for each thing, in pixels of the upright picture.
 *
 * @param pictures in the order of their names
 */
public record BoxFolder(List<Picture> pictures) {
    private static final String IMAGES = "(?s).*[.](png|jpe?g|bmp|gif|tiff?)";
    private static final long LARGEST_BYTES = 4 << 20;
    private static final int NUMBERS = 4;
    private static final double FARTHEST = 1e6;

    /** Something that is there. */
    public record Truth(String label, Box box) {}

    /** One picture with all that is in it. */
    public record Picture(Path file, List<Truth> truths) {}

    public BoxFolder {
        pictures = List.copyOf(pictures);
    }

    /** Reads a folder; a {@link WindhoverException} says what is wrong with it. */
    public static BoxFolder open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new WindhoverException(
                    "There is no folder '" + folder + "'; give one of images, each with a .txt file beside it.");
        }
        List<Path> images;
        try (Stream<Path> entries = Files.list(folder)) {
            images = entries.filter(
                            entry -> name(entry).toLowerCase(Locale.ROOT).matches(IMAGES))
                    .filter(entry -> !name(entry).startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException problem) {
            throw new WindhoverException(
                    "Folder '" + folder + "' cannot be read (" + Reason.of(problem) + ").", problem);
        }
        if (images.isEmpty()) {
            throw new WindhoverException("Folder '" + folder
                    + "' holds no images; give one with an image and a .txt file for each example.");
        }
        return new BoxFolder(
                images.stream().map(image -> new Picture(image, truths(image))).toList());
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static List<Truth> truths(Path image) {
        Path file = image.resolveSibling(name(image).replaceFirst("[.][^.]*$", ".txt"));
        if (!Files.isRegularFile(file)) {
            throw new WindhoverException("Image '" + image + "' has no '" + name(file)
                    + "' beside it; make one, an empty one where there is nothing to be found.");
        }
        try {
            List<Truth> truths = new ArrayList<>();
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(FileContents.read(file, LARGEST_BYTES)))
                    .toString();
            List<String> lines = text.lines().map(String::strip).toList();
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).isEmpty() && !lines.get(i).startsWith("#")) {
                    truths.add(truth(lines.get(i), file, i + 1));
                }
            }
            return List.copyOf(truths);
        } catch (CharacterCodingException foreign) {
            throw new WindhoverException("'" + file + "' is not UTF-8 text; save it as UTF-8.", foreign);
        } catch (IOException problem) {
            throw new WindhoverException("'" + file + "' cannot be read (" + Reason.of(problem) + ").", problem);
        }
    }

    /** A label may have spaces: the numbers are the last four words. */
    private static Truth truth(String line, Path file, int number) {
        String[] words = line.split("\\s+");
        double[] box = new double[NUMBERS];
        boolean good = words.length > NUMBERS;
        for (int i = 0; i < NUMBERS && good; i++) {
            Double value = number(words[words.length - NUMBERS + i]);
            good = value != null && (i < 2 || value > 0);
            box[i] = value == null ? 0 : value;
        }
        if (!good) {
            throw new WindhoverException("'" + file + "', line " + number + " is not 'LABEL X Y WIDTH HEIGHT'"
                    + " in pixels with a width and height above 0; mend it.");
        }
        String label = String.join(" ", List.of(words).subList(0, words.length - NUMBERS));
        return new Truth(label, new Box(box[0], box[1], box[2], box[3]));
    }

    private static @Nullable Double number(String word) {
        try {
            double value = Double.parseDouble(word);
            return Math.abs(value) <= FARTHEST ? value : null;
        } catch (NumberFormatException text) {
            return null;
        }
    }
}
