// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a source is made from. */
public sealed interface SourceSettings {
    /**
     * Image files in the order given.
     *
     * @param repeat begin again after the last one
     * @param framesPerSecond at most
     */
    record Images(List<Path> files, boolean repeat, double framesPerSecond) implements SourceSettings {
        public Images {
            files = List.copyOf(files);
        }
    }

    /**
     * Image files that appear in a folder, each once, in the order of their appearance.
     *
     * @param pattern of their names, with {@code *} and {@code ?}
     * @param existing also those that are there at the start, in order of names
     * @param delete remove each after it was run, not one that was refused or skipped
     */
    record Folder(Path path, String pattern, boolean existing, boolean delete) implements SourceSettings {}

    /**
     * What FFmpeg reads: a file, a camera, an address.
     *
     * @param input as after FFmpeg's {@code -i}
     * @param inputOptions before it, such as {@code -f v4l2}; {@link FfmpegOptions} says which
     * @param width that FFmpeg scales frames to, in pixels, whatever their proportions
     * @param height that FFmpeg scales frames to, in pixels
     * @param framesPerSecond that FFmpeg is asked for; null for the input's own
     * @param silence restart FFmpeg after so long without a frame
     * @param repeat begin again when a file ends; addresses and devices have no end
     */
    record Ffmpeg(
            String input,
            List<String> inputOptions,
            int width,
            int height,
            @Nullable Double framesPerSecond,
            Duration silence,
            boolean repeat)
            implements SourceSettings {
        public Ffmpeg {
            inputOptions = List.copyOf(inputOptions);
            FfmpegOptions.mistake(input, inputOptions).ifPresent(clause -> {
                throw new IllegalArgumentException("a list of options that " + clause);
            });
        }

        /** Without what an address may hold that is secret. */
        @Override
        public String toString() {
            return "Ffmpeg[" + FfmpegInput.of(input).shown() + "]";
        }
    }

    /**
     * Requests over MQTT, each answered.
     *
     * @param group nodes of one group share the requests among them; null: this node alone takes its own
     * @param largestBytes of a request's payload
     * @param waiting requests that wait at most; further ones are refused
     */
    record Requests(@Nullable String group, int largestBytes, int waiting) implements SourceSettings {}

    /** Moving shapes, the same ones at every start. */
    record Pattern(int width, int height, double framesPerSecond) implements SourceSettings {}
}
