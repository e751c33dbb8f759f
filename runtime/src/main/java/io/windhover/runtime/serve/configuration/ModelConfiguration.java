// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.configuration;

import io.windhover.models.graph.InputShapes;
import io.windhover.runtime.detection.Decode;
import io.windhover.runtime.detection.DecodeSettings;
import io.windhover.runtime.image.Fit;
import io.windhover.runtime.serve.yaml.Section;
import io.windhover.runtime.serve.yaml.Value;
import io.windhover.runtime.serve.yaml.YamlException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model that is resident while the service runs.
 *
 * @param place where it was read from, with which a sentence about it begins
 * @param source a file or zoo:NAME
 * @param shapes of the inputs whose sizes the file leaves open
 * @param labels a file with a name a line; null for the model's own
 * @param timeout longest wait for one frame
 * @param fit how an image of other proportions becomes the input
 * @param bgr the input's channels are blue, green, red
 * @param mean one value, or one for each channel of the input; null for what the model says
 * @param deviation as many values as mean
 * @param decode how the outputs of a detector become boxes, beside what the model says
 */
public record ModelConfiguration(
        String place,
        String source,
        InputShapes shapes,
        @Nullable Path labels,
        Duration timeout,
        Fit fit,
        boolean bgr,
        @Nullable List<Double> mean,
        @Nullable List<Double> deviation,
        DecodeSettings decode) {
    private static final double LARGEST = 100_000;

    enum Channels {
        RGB,
        BGR
    }

    static ModelConfiguration read(Section section, Paths paths) {
        Section image = section.optional("image").map(Value::section).orElse(null);
        ModelConfiguration model = new ModelConfiguration(
                section.place(),
                paths.model(section.required("file")),
                section.optional("shape").map(ModelConfiguration::shapes).orElse(InputShapes.NONE),
                section.optional("labels").map(paths::resolve).orElse(null),
                section.optional("timeout")
                        .map(value -> value.duration(Duration.ofMillis(10), Duration.ofHours(1)))
                        .orElse(Duration.ofSeconds(30)),
                image == null
                        ? Fit.SQUASH
                        : image.optional("fit")
                                .map(value -> value.choice(Fit.class))
                                .orElse(Fit.SQUASH),
                image != null
                        && image.optional("channels")
                                .map(value -> value.choice(Channels.class) == Channels.BGR)
                                .orElse(false),
                image == null ? null : numbers(image, "mean", -LARGEST),
                image == null ? null : numbers(image, "deviation", 1 / LARGEST),
                section.optional("decode").map(ModelConfiguration::decode).orElse(DecodeSettings.UNCHANGED));
        section.finish();
        if (image != null) {
            image.finish();
            model.checkScale(image);
        }
        return model;
    }

    /** One shape, or one for each input. */
    private static InputShapes shapes(Value value) {
        List<Value> items = value.items();
        String right = "give one as 1,H,W,C, or a list of NAME=1,H,W,C";
        if (items.isEmpty()) {
            throw value.wrong(right);
        }
        List<String> texts = items.stream().map(Value::text).toList();
        try {
            return items.get(0).parsed(first -> InputShapes.parse(texts));
        } catch (YamlException mistake) {
            throw items.stream().anyMatch(Value::isSubstituted) ? value.wrong(right) : mistake;
        }
    }

    /** A kind alone, or a mapping. */
    private static DecodeSettings decode(Value value) {
        if (!value.isSection()) {
            return new DecodeSettings(value.choice(Decode.Kind.class), null, null, null, null);
        }
        Section section = value.section();
        DecodeSettings settings = new DecodeSettings(
                section.optional("kind")
                        .map(kind -> kind.choice(Decode.Kind.class))
                        .orElse(null),
                section.optional("coordinates")
                        .map(unit -> unit.choice(Decode.Coordinates.class))
                        .orElse(null),
                section.optional("minimum_score").map(score -> score.real(0, 1)).orElse(null),
                section.optional("iou").map(overlap -> overlap.real(0, 1)).orElse(null),
                section.optional("count")
                        .map(count -> count.integer(1, Decode.MOST))
                        .orElse(null));
        section.finish();
        return settings;
    }

    private static @Nullable List<Double> numbers(Section image, String key, double least) {
        return image.optional(key)
                .map(value -> value.items().stream()
                        .map(item -> item.real(least, LARGEST))
                        .toList())
                .orElse(null);
    }

    private void checkScale(Section image) {
        if ((mean == null) != (deviation == null)) {
            throw image.problem("has a mean or a deviation alone", "give both, in pixels 0 to 255");
        }
        if (mean != null && deviation != null && mean.size() != deviation.size()) {
            throw image.problem(
                    "has " + mean.size() + " means and " + deviation.size() + " deviations", "give as many of each");
        }
    }
}
