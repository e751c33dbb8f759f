// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.model;

import io.windhover.models.FileContents;
import io.windhover.models.Reason;
import io.windhover.runtime.exception.WindhoverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Names of the classes in a text file, one a line, which TensorFlow Lite files usually lack. */
public final class Labels {
    private static final long LARGEST_BYTES = 16 << 20;

    private Labels() {}

    /** The model with the names in the file; a {@link WindhoverException} says why they cannot be used. */
    public static Model apply(Model model, Path file) {
        List<String> names = read(file);
        Model named = model.with(names, model.graph().preprocessing());
        if (named.isDetector()) {
            return named.checked();
        }
        int classes = model.classes();
        if (names.size() != classes) {
            throw new WindhoverException("'" + file + "' names " + names.size() + " classes, but model '" + model.name()
                    + "' has " + classes + "; give a name for each, in the order it was trained with.");
        }
        return named;
    }

    /** Without the byte order mark that some editors put first. */
    static String text(byte[] bytes) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** A name for each class from a file; a {@link WindhoverException} says why it cannot be used. */
    static List<String> read(Path file) {
        if (!Files.exists(file)) {
            throw new WindhoverException("There is no file of labels '" + file + "'; check the path.");
        }
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_BYTES) {
                throw new WindhoverException("'" + file + "' is no file of labels of up to " + LARGEST_BYTES
                        + " bytes; give a text file with one name a line.");
            }
            List<String> names = text(FileContents.read(file, LARGEST_BYTES))
                    .stripTrailing()
                    .lines()
                    .map(String::strip)
                    .toList();
            if (names.contains("")) {
                throw new WindhoverException(
                        "'" + file + "' has no name on line " + (names.indexOf("") + 1) + "; give one name a line.");
            }
            return names;
        } catch (CharacterCodingException foreign) {
            throw new WindhoverException(
                    "'" + file + "' is not UTF-8 text; save the names of the classes as UTF-8, one a line.", foreign);
        } catch (IOException problem) {
            throw new WindhoverException(
                    "The labels in '" + file + "' cannot be read (" + Reason.of(problem) + ").", problem);
        }
    }
}
