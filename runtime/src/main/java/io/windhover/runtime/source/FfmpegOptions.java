// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The input options that FFmpeg may be given. None of them writes a file or holds a secret; {@code -f lavfi}, whose
 * filters can write, is refused.
 */
public final class FfmpegOptions {
    /** FFmpeg's own and the decoder's. */
    private static final Set<String> OWN =
            Set.of("-ss", "-sseof", "-t", "-to", "-stream_loop", "-itsoffset", "-r", "-readrate", "-thread_queue_size");

    private static final Set<String> DECODER = Set.of(
            "-c:v",
            "-codec:v",
            "-vcodec",
            "-threads",
            "-flags",
            "-flags2",
            "-err_detect",
            "-skip_frame",
            "-lowres",
            "-hwaccel",
            "-hwaccel_device");

    private static final Set<String> WITHOUT_VALUE = Set.of("-re", "-autorotate", "-noautorotate");

    /** Of formats and protocols. */
    private static final Set<String> FORMAT = Set.of(
            "-fflags",
            "-probesize",
            "-analyzeduration",
            "-fpsprobesize",
            "-max_delay",
            "-use_wallclock_as_timestamps",
            "-input_format",
            "-pixel_format",
            "-video_size",
            "-framerate",
            "-standard",
            "-channel",
            "-timestamps",
            "-loop",
            "-start_number",
            "-pattern_type",
            "-ignore_loop",
            "-live_start_index");

    private static final Set<String> PROTOCOL = Set.of(
            "-rtsp_transport",
            "-rtsp_flags",
            "-allowed_media_types",
            "-min_port",
            "-max_port",
            "-reorder_queue_size",
            "-buffer_size",
            "-fifo_size",
            "-overrun_nonfatal",
            "-pkt_size",
            "-localaddr",
            "-timeout",
            "-stimeout",
            "-rw_timeout",
            "-user_agent",
            "-referer",
            "-seekable",
            "-multiple_requests",
            "-reconnect",
            "-reconnect_at_eof",
            "-reconnect_streamed",
            "-reconnect_on_network_error",
            "-reconnect_delay_max",
            "-tls_verify",
            "-ca_file",
            "-verifyhost",
            "-mode",
            "-latency",
            "-transtype");

    private FfmpegOptions() {}

    /** An option with its value, where it takes one. */
    record Option(String name, @Nullable String value) {
        /** Whether it is the input's: inside a list of inputs it stands in the list. */
        boolean isInputs() {
            return FORMAT.contains(name) || PROTOCOL.contains(name);
        }

        List<String> arguments() {
            return value == null ? List.of(name) : List.of(name, value);
        }
    }

    static Set<String> names() {
        return Stream.of(Set.of("-f"), OWN, DECODER, WITHOUT_VALUE, FORMAT, PROTOCOL)
                .flatMap(Set::stream)
                .collect(Collectors.toSet());
    }

    /** What is wrong with options for an input, as a clause; empty where they may be given. */
    public static Optional<String> mistake(String input, List<String> options) {
        for (int at = 0; at < options.size(); at++) {
            String name = options.get(at);
            if (!name.startsWith("-")) {
                return Optional.of("has a value behind an option that takes none");
            }
            if (!names().contains(name)) {
                return Optional.of(
                        "has '" + Printable.line(name) + "', which is none of FFmpeg's input options that are allowed");
            }
            if (WITHOUT_VALUE.contains(name)) {
                continue;
            }
            if (++at == options.size()) {
                return Optional.of("has '" + name + "' without a value");
            }
            if (options.get(at).codePoints().anyMatch(Character::isISOControl)) {
                return Optional.of("has a value of '" + name + "' with a control character");
            }
            if (name.equals("-f") && options.get(at).equals("lavfi")) {
                return Optional.of("has '-f lavfi', whose filters can write files");
            }
            if (name.equals("-f") && FfmpegInput.of(input).isHidden()) {
                return Optional.of("has '-f', which cannot be given with an address that holds a user or a query");
            }
        }
        return Optional.empty();
    }

    /** Of options without a mistake. */
    static List<Option> split(List<String> options) {
        List<Option> split = new ArrayList<>();
        for (int at = 0; at < options.size(); at++) {
            String name = options.get(at);
            split.add(new Option(name, WITHOUT_VALUE.contains(name) ? null : options.get(++at)));
        }
        return split;
    }
}
