// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.yaml;

import io.windhover.models.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the contents of environment variables and files where a value says {@code ${env:NAME}} or {@code ${file:PATH}}.
 */
public final class Substitution {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)\\}");
    private static final int LARGEST_BYTES = 4096;

    private final Function<String, @Nullable String> environment;
    private final Path folder;
    private final Consumer<Path> consulted;

    /**
     * With the variables of an environment.
     *
     * @param folder in which relative paths are looked for
     * @param consulted gets each file before it is read
     */
    public Substitution(Function<String, @Nullable String> environment, Path folder, Consumer<Path> consulted) {
        this.environment = environment;
        this.folder = folder;
        this.consulted = consulted;
    }

    /** Where a reference leads to nothing. */
    static final class UnresolvedException extends Exception {
        private static final long serialVersionUID = 1L;

        UnresolvedException(String clause) {
            super(clause.replaceAll("\\p{Cntrl}", "?"));
        }
    }

    String apply(String text) throws UnresolvedException {
        if (REFERENCE.matcher(text).replaceAll(" ").contains("${")) {
            throw new UnresolvedException("a '${' has no '}' after it");
        }
        Matcher references = REFERENCE.matcher(text);
        StringBuilder result = new StringBuilder();
        while (references.find()) {
            references.appendReplacement(result, Matcher.quoteReplacement(resolve(references.group(1))));
        }
        return references.appendTail(result).toString();
    }

    private String resolve(String reference) throws UnresolvedException {
        int colon = reference.indexOf(':');
        String name = reference.substring(colon + 1);
        if (name.isEmpty() && reference.matches("env:|file:")) {
            throw new UnresolvedException(
                    "'${" + reference + "}' has no " + (reference.equals("env:") ? "name" : "path"));
        }
        return switch (colon < 0 ? "" : reference.substring(0, colon)) {
            case "env" -> variable(name);
            case "file" -> contents(path(name));
            default -> throw new UnresolvedException("'${" + reference + "}' is neither ${env:NAME} nor ${file:PATH}");
        };
    }

    private String variable(String name) throws UnresolvedException {
        String value = environment.apply(name);
        if (value == null) {
            throw new UnresolvedException("the environment has no " + name);
        }
        return value;
    }

    private Path path(String name) throws UnresolvedException {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException unusable) {
            throw new UnresolvedException("'" + name + "' is no path (" + unusable.getReason() + ")");
        }
    }

    /** Without the newline that editors put at the end. */
    private String contents(Path file) throws UnresolvedException {
        consulted.accept(file);
        if (!Files.exists(file)) {
            throw new UnresolvedException("there is no file '" + file + "'");
        }
        if (!Files.isRegularFile(file)) {
            throw new UnresolvedException("'" + file + "' is no regular file");
        }
        try (InputStream input = Files.newInputStream(file)) {
            byte[] bytes = input.readNBytes(LARGEST_BYTES + 1);
            if (bytes.length > LARGEST_BYTES) {
                throw new UnresolvedException("file '" + file + "' has more than " + LARGEST_BYTES + " bytes");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.replaceFirst("\\r?\\n\\z", "");
        } catch (CharacterCodingException noText) {
            throw new UnresolvedException("file '" + file + "' is no text in UTF-8");
        } catch (IOException problem) {
            throw new UnresolvedException("file '" + file + "' cannot be read (" + Reason.of(problem) + ")");
        }
    }
}
