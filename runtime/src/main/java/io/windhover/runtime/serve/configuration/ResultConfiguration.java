// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.configuration;

import io.windhover.runtime.serve.yaml.Section;
import java.time.Duration;

/**
 * Which results are published.
 *
 * @param top most classes of one result
 * @param minimumScore classes below it are left out; a result without classes says so with an empty list
 * @param smoothing frames over which scores are averaged; 1 for none
 * @param when every result, or only where the best class is another one than last
 * @param holdOff a new best class is published only after it stayed the best for so long
 * @param mostPerSecond results published in a second; further ones are counted only
 */
public record ResultConfiguration(
        int top, double minimumScore, int smoothing, When when, Duration holdOff, double mostPerSecond) {
    /** What a stream does that says nothing of its results. */
    public static final ResultConfiguration DEFAULT =
            new ResultConfiguration(5, 0, 1, When.EVERY, Duration.ZERO, Double.POSITIVE_INFINITY);

    private static final int MOST_CLASSES = 100;
    private static final int LONGEST_SMOOTHING = 1000;

    /** When a result is published. */
    public enum When {
        EVERY,
        CHANGE
    }

    /** Whether each frame's result is its own, and handed on. */
    boolean isOfOneFrame() {
        return smoothing == 1 && when == When.EVERY && Double.isInfinite(mostPerSecond);
    }

    /** Whether it says something that needs classes. */
    public boolean isOfClasses() {
        return !equals(new ResultConfiguration(
                DEFAULT.top, DEFAULT.minimumScore, DEFAULT.smoothing, DEFAULT.when, DEFAULT.holdOff, mostPerSecond));
    }

    static ResultConfiguration read(Section section) {
        ResultConfiguration result = new ResultConfiguration(
                section.optional("top")
                        .map(value -> value.integer(1, MOST_CLASSES))
                        .orElse(DEFAULT.top),
                section.optional("minimum_score").map(value -> value.real(0, 1)).orElse(DEFAULT.minimumScore),
                section.optional("smoothing")
                        .map(value -> value.integer(1, LONGEST_SMOOTHING))
                        .orElse(DEFAULT.smoothing),
                section.optional("publish")
                        .map(value -> value.choice(When.class))
                        .orElse(DEFAULT.when),
                section.optional("hold_off")
                        .map(value -> value.duration(Duration.ZERO, Duration.ofHours(1)))
                        .orElse(DEFAULT.holdOff),
                section.optional("most_per_second")
                        .map(value -> value.real(0.001, 100_000))
                        .orElse(DEFAULT.mostPerSecond));
        if (!result.holdOff.isZero() && result.when == When.EVERY) {
            throw section.required("hold_off")
                    .problem("means nothing where every result is published", "add 'publish: change', or remove it");
        }
        section.finish();
        return result;
    }
}
