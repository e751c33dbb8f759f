// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.yaml;

import io.windhover.models.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** A YAML 1.2 file of one document, whose top is a mapping. */
public final class YamlFile {
    private static final int LARGEST_BYTES = 1 << 20;

    private YamlFile() {}

    /** Reads it; a {@link YamlException} says what is wrong with it. */
    public static Section read(Path file, Substitution substitution) {
        if (!Files.isRegularFile(file)) {
            throw new YamlException(
                    isThere(file)
                            ? "'" + file + "' is no regular file; give the path of a YAML file."
                            : "There is no configuration file '" + file + "'; check the path.");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(file)))
                    .toString();
            return parse(text, file.toString(), substitution);
        } catch (CharacterCodingException foreign) {
            throw new YamlException("'" + file + "' is not UTF-8 text; save it as UTF-8.");
        } catch (IOException problem) {
            throw new YamlException("'" + file + "' cannot be read (" + Reason.of(problem) + ").");
        }
    }

    /** A link that leads nowhere is not, one that leads to itself is. */
    private static boolean isThere(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.notExists(file);
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream input = Files.newInputStream(file)) {
            byte[] bytes = input.readNBytes(LARGEST_BYTES + 1);
            if (bytes.length > LARGEST_BYTES) {
                throw new YamlException("'" + file + "' has more than " + LARGEST_BYTES
                        + " bytes, the limit of a configuration; make it smaller.");
            }
            return bytes;
        }
    }

    /** Reads text; name stands for it in messages. */
    public static Section parse(String text, String name, Substitution substitution) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setSchema(new CoreSchema())
                .setCodePointLimit(LARGEST_BYTES)
                .build();
        try {
            Optional<Node> top = new Compose(settings).composeString(text);
            if (top.isEmpty()) {
                throw new YamlException(
                        "'" + name + "' is empty; './windhover serve --example' prints one that works.");
            }
            return Value.top(top.get(), name, substitution).section();
        } catch (MarkedYamlEngineException mistake) {
            String line = mistake.getProblemMark()
                    .map(mark -> ", line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1))
                    .orElse("");
            throw new YamlException(name + line + ": this is no YAML (" + mistake.getProblem() + ").");
        } catch (YamlEngineException mistake) {
            throw new YamlException(name + ": this is no YAML (" + mistake.getMessage() + ").");
        } catch (StackOverflowError deep) {
            throw new YamlException(name + ": this is nested too deeply for a configuration; make it flatter.");
        }
    }
}
