// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.models.FileContents;
import io.windhover.models.Reason;
import io.windhover.runtime.detection.Decode;
import io.windhover.runtime.detection.DecodeJson;
import io.windhover.runtime.detection.DecodeSettings;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How the outputs of a detector become boxes, where its file does not say, or otherwise than it says. */
final class DecodeOptions {
    private static final String FILE = ".json";

    @Option(
            names = "--decode",
            paramLabel = "KIND",
            description =
                    "How boxes are read from the outputs: yolov8, yolov5, ssd, fomo, none, or a FILE.json that describes it "
                            + "(default: what the model's file or its outputs say).")
    private @Nullable String decode;

    @Option(
            names = "--coordinates",
            paramLabel = "UNIT",
            converter = Unit.class,
            description = "Of yolov8 and yolov5: boxes are in pixels of the input, or normalised to 0..1.")
    private Decode.@Nullable Coordinates coordinates;

    @Option(
            names = "--minimum-score",
            paramLabel = "S",
            converter = Fraction.class,
            description = "Leave out boxes with lower scores, 0 to 1 (default: the model's, usually 0.25 or 0.5).")
    private @Nullable Double minimumScore;

    @Option(
            names = "--iou",
            paramLabel = "T",
            converter = Fraction.class,
            description = "Of two boxes of a class that overlap by more, leave out the lower score, 0 to 1.")
    private @Nullable Double iou;

    @Option(
            names = "--boxes",
            paramLabel = "N",
            converter = Count.class,
            description = "Most boxes of one image, 1 to " + Decode.MOST + " (default: the model's, usually 100).")
    private @Nullable Integer count;

    static final class Fraction implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            try {
                double number = Double.parseDouble(value);
                if (number >= 0 && number <= 1) {
                    return number;
                }
            } catch (NumberFormatException notANumber) {
                // The sentence below says it.
            }
            throw new TypeConversionException("'" + value + "' is not a number from 0 to 1");
        }
    }

    static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            int number = new AtLeast.One().convert(value);
            if (number > Decode.MOST) {
                throw new TypeConversionException("'" + value + "' is more than " + Decode.MOST);
            }
            return number;
        }
    }

    static final class Unit implements ITypeConverter<Decode.Coordinates> {
        @Override
        public Decode.Coordinates convert(String value) {
            return switch (value) {
                case "pixels" -> Decode.Coordinates.PIXELS;
                case "normalised" -> Decode.Coordinates.NORMALISED;
                default -> throw new TypeConversionException("'" + value + "' is neither pixels nor normalised");
            };
        }
    }

    /** The model, with boxes made as was asked for; to be applied before labels are. */
    Model apply(Model model) {
        DecodeSettings thresholds = new DecodeSettings(null, coordinates, minimumScore, iou, count);
        if (decode == null) {
            return thresholds.isEmpty() ? model : model.with(thresholds);
        }
        if (decode.endsWith(FILE)) {
            Model described = model.with(read(Path.of(decode)));
            return described.with(thresholds).checked();
        }
        return model.with(new DecodeSettings(kind(decode), coordinates, minimumScore, iou, count));
    }

    /** The files that it reads besides. */
    List<Path> files() {
        return decode != null && decode.endsWith(FILE) ? List.of(Path.of(decode)) : List.of();
    }

    boolean isEmpty() {
        return decode == null && coordinates == null && minimumScore == null && iou == null && count == null;
    }

    /** Of the user's own, not the model's. */
    @Nullable
    Double minimumScore() {
        return minimumScore;
    }

    private static Decode.Kind kind(String name) {
        return Arrays.stream(Decode.Kind.values())
                .filter(kind -> kind.lower().equals(name))
                .findFirst()
                .orElseThrow(() -> new WindhoverException("--decode '" + name + "' is none of "
                        + Arrays.stream(Decode.Kind.values())
                                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))
                        + " and no .json file; give one of these."));
    }

    private static Decode read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new WindhoverException("There is no decode description '" + file + "'; check the path.");
        }
        try {
            return DecodeJson.read(FileContents.read(file, DecodeJson.MOST_BYTES));
        } catch (IOException problem) {
            throw new WindhoverException("'" + file + "' cannot be read (" + Reason.of(problem) + ").", problem);
        } catch (WindhoverException wrong) {
            throw new WindhoverException("'" + file + "': " + wrong.getMessage(), wrong);
        }
    }
}
