// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects the mistakes of parts that can be read one without another. */
public final class Problems {
    private static final int MOST = 20;

    private final List<String> sentences = new ArrayList<>();

    /** What the part gives, or null where there was a mistake in it. */
    public <T> @Nullable T collect(Supplier<T> part) {
        try {
            return part.get();
        } catch (YamlException mistakes) {
            sentences.addAll(mistakes.sentences());
            return null;
        }
    }

    /** Collects the mistakes of a part that gives nothing. */
    public void check(Runnable part) {
        try {
            part.run();
        } catch (YamlException mistakes) {
            sentences.addAll(mistakes.sentences());
        }
    }

    /** Ends the reading where there was any mistake. */
    public void throwIfAny() {
        if (sentences.size() > MOST) {
            throw new YamlException(sentences.subList(0, MOST));
        }
        if (!sentences.isEmpty()) {
            throw new YamlException(sentences);
        }
    }
}
