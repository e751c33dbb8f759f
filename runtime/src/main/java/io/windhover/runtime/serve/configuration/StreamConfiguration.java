// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.configuration;

import io.windhover.runtime.serve.yaml.Section;
import io.windhover.runtime.serve.yaml.Value;
import io.windhover.runtime.source.SourceSettings;
import java.util.Set;

/**
 * Frames of one source through one model to one group of topics.
 *
 * @param model the key of one of the configuration's models
 * @param priority streams of a higher one go first, streams of the same one share the device evenly
 * @param frames which frames are run where the device is slower than the source
 * @param qos of the classifications, 0 or 1
 * @param keepState the last result is also retained on the topic {@code state}
 */
public record StreamConfiguration(
        String model,
        SourceSettings source,
        int priority,
        Frames frames,
        ResultConfiguration result,
        int qos,
        boolean keepState) {
    public static final int HIGHEST_PRIORITY = 9;

    /** Which frames are run. */
    public enum Frames {
        /** Only the newest one; older ones are counted and left out. */
        NEWEST,
        /** Every one; the source waits. */
        EVERY
    }

    /** @param models none where they cannot be read: that is said, and what streams say of them is not. */
    static StreamConfiguration read(Section section, Set<String> models, Paths paths) {
        Value model = section.required("model");
        if (!models.isEmpty() && !models.contains(model.text())) {
            throw model.wrong("give one of the models: " + String.join(", ", models));
        }
        Value source = section.required("source");
        SourceSettings settings = SourceReader.read(source, paths);
        StreamConfiguration stream = new StreamConfiguration(
                model.text(),
                settings,
                section.optional("priority")
                        .map(value -> value.integer(0, HIGHEST_PRIORITY))
                        .orElse(0),
                section.optional("frames")
                        .map(value -> value.choice(Frames.class))
                        .orElse(isLive(settings) ? Frames.NEWEST : Frames.EVERY),
                section.optional("result")
                        .map(value -> ResultConfiguration.read(value.section()))
                        .orElse(ResultConfiguration.DEFAULT),
                section.optional("qos").map(value -> value.integer(0, 1)).orElse(1),
                section.optional("state").map(Value::bool).orElse(true));
        section.finish();
        if (settings instanceof SourceSettings.Requests && stream.frames == Frames.NEWEST) {
            throw section.required("frames").problem("would leave requests without an answer", "give every");
        }
        if (settings instanceof SourceSettings.Requests && !stream.result.isOfOneFrame()) {
            throw section.required("result")
                    .problem("mixes answers to different requests", "give top and minimum_score only");
        }
        return stream;
    }

    /** Its frames come whether somebody takes them or not. */
    private static boolean isLive(SourceSettings source) {
        return source instanceof SourceSettings.Ffmpeg || source instanceof SourceSettings.Pattern;
    }
}
