// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.configuration;

import io.windhover.runtime.serve.yaml.Section;
import io.windhover.runtime.serve.yaml.Value;
import io.windhover.runtime.source.FfmpegOptions;
import io.windhover.runtime.source.SourceSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Reads {@code source}: a mapping with one key, which says what kind it is. */
final class SourceReader {
    private static final int LARGEST_SIDE = 8192;
    private static final double FASTEST = 1000;
    private static final int LONGEST_GROUP = 64;
    private static final long LARGEST_REQUEST = 64L << 20;

    private SourceReader() {}

    private enum Kind {
        IMAGES,
        FOLDER,
        FFMPEG,
        REQUESTS,
        PATTERN
    }

    static SourceSettings read(Value source, Paths paths) {
        Section section = source.section();
        SourceSettings settings = null;
        for (Kind kind : Kind.values()) {
            Value value = section.optional(Value.name(kind)).orElse(null);
            if (value != null && settings != null) {
                throw value.problem("is a second kind of source", "give one kind");
            }
            if (value != null) {
                settings = read(kind, value, paths);
            }
        }
        section.finish();
        if (settings == null) {
            throw section.problem("names no kind of source", "give images, folder, ffmpeg, requests or pattern");
        }
        return settings;
    }

    private static SourceSettings read(Kind kind, Value value, Paths paths) {
        Section section = value.section();
        SourceSettings settings = switch (kind) {
            case IMAGES -> images(section, paths);
            case FOLDER -> folder(section, paths);
            case FFMPEG -> ffmpeg(section, paths);
            case REQUESTS -> requests(section);
            case PATTERN -> pattern(section);
        };
        section.finish();
        return settings;
    }

    private static SourceSettings images(Section section, Paths paths) {
        List<Path> files =
                section.required("files").items().stream().map(paths::resolve).toList();
        if (files.isEmpty()) {
            throw section.required("files").problem("has no file", "give one or more");
        }
        return new SourceSettings.Images(
                files, section.optional("repeat").map(Value::bool).orElse(false), framesPerSecond(section, FASTEST));
    }

    private static SourceSettings folder(Section section, Paths paths) {
        return new SourceSettings.Folder(
                paths.resolve(section.required("path")),
                section.optional("pattern").map(SourceReader::namePattern).orElse("*"),
                section.optional("existing").map(Value::bool).orElse(true),
                section.optional("delete").map(Value::bool).orElse(false));
    }

    private static String namePattern(Value value) {
        if (value.text().contains("/")) {
            throw value.problem("has a '/', but sub-folders are not looked into", "give a pattern of names");
        }
        return value.text();
    }

    private static SourceSettings ffmpeg(Section section, Paths paths) {
        String input = input(section.required("input"), paths);
        return new SourceSettings.Ffmpeg(
                input,
                section.optional("options")
                        .map(options -> options(options, input))
                        .orElse(List.of()),
                section.optional("width")
                        .map(value -> value.integer(1, LARGEST_SIDE))
                        .orElse(640),
                section.optional("height")
                        .map(value -> value.integer(1, LARGEST_SIDE))
                        .orElse(480),
                section.optional("frames_per_second")
                        .map(value -> value.real(0.001, FASTEST))
                        .orElse(null),
                section.optional("silence")
                        .map(value -> value.duration(Duration.ofSeconds(1), Duration.ofHours(1)))
                        .orElse(Duration.ofSeconds(20)),
                section.optional("repeat").map(Value::bool).orElse(false));
    }

    /** An address, a device of another kind or, without a colon, a file's path. */
    private static String input(Value value, Paths paths) {
        String input = value.text();
        if (input.codePoints().anyMatch(Character::isISOControl)) {
            throw value.problem("has a control character", "give a path or an address on one line");
        }
        return input.contains(":") ? input : paths.resolve(value).toString();
    }

    private static List<String> options(Value value, String input) {
        List<String> options = value.items().stream().map(Value::text).toList();
        FfmpegOptions.mistake(input, options).ifPresent(clause -> {
            throw value.problem(clause, "give others, or leave it out; runtime/doc/serve.md has a list");
        });
        return options;
    }

    private static SourceSettings requests(Section section) {
        String group = section.optional("group").map(SourceReader::group).orElse(null);
        return new SourceSettings.Requests(
                group,
                (int) (long) section.optional("largest")
                        .map(value -> value.bytes(1, LARGEST_REQUEST))
                        .orElse(4L << 20),
                section.optional("waiting")
                        .map(value -> value.integer(1, 10_000))
                        .orElse(16));
    }

    private static String group(Value value) {
        String group = value.text();
        if (group.length() > LONGEST_GROUP || !group.matches("[A-Za-z0-9_-]+")) {
            throw value.wrong("give up to " + LONGEST_GROUP + " letters, digits, '-' and '_'");
        }
        return group;
    }

    private static SourceSettings pattern(Section section) {
        return new SourceSettings.Pattern(
                section.optional("width")
                        .map(value -> value.integer(1, LARGEST_SIDE))
                        .orElse(320),
                section.optional("height")
                        .map(value -> value.integer(1, LARGEST_SIDE))
                        .orElse(240),
                framesPerSecond(section, 10));
    }

    private static double framesPerSecond(Section section, double otherwise) {
        return section.optional("frames_per_second")
                .map(value -> value.real(0.001, FASTEST))
                .orElse(otherwise);
    }
}
