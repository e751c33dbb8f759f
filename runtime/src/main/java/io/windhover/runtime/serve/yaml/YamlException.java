// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.yaml;

import io.windhover.runtime.exception.WindhoverException;
import java.util.List;

/** Mistakes in a file, or in what it names; the message has a sentence for each, on lines of their own. */
public final class YamlException extends WindhoverException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> sentences;

    public YamlException(List<String> sentences) {
        super(String.join("\n", sentences));
        this.sentences = List.copyOf(sentences);
    }

    YamlException(String sentence) {
        this(List.of(sentence));
    }

    /** One for each mistake; a value of the file may stand in them as it is. */
    public List<String> sentences() {
        return sentences;
    }
}
