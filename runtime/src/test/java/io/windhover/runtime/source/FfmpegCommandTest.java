// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FfmpegCommandTest {
    private static FfmpegCommand command(String input, @Nullable Double framesPerSecond, String... options) {
        return FfmpegCommand.of(
                new SourceSettings.Ffmpeg(
                        input, List.of(options), 320, 240, framesPerSecond, Duration.ofSeconds(5), false),
                "-fps_mode");
    }

    @Test
    void a_camera_is_an_argument() {
        FfmpegCommand command = command("/dev/video0", 12.5, "-f", "v4l2", "-re", "-framerate", "25");
        assertEquals(
                "-nostdin -hide_banner -nostats -loglevel error -f v4l2 -re -framerate 25 -i /dev/video0"
                        + " -map 0:v:0 -an -sn -dn -fps_mode passthrough -vf fps=12.5,scale=320:240"
                        + " -pix_fmt rgb24 -f rawvideo pipe:1",
                String.join(" ", command.arguments()));
        assertNull(command.standardInput());
    }

    @Test
    void a_password_is_no_argument() {
        FfmpegCommand command = command("rtsp://me:it's@cam/1", null, "-rtsp_transport", "tcp", "-threads", "1", "-re");
        assertFalse(String.join(" ", command.arguments()).contains("me"), "in the arguments");
        assertEquals(
                "ffconcat version 1.0\nfile 'rtsp://me:it'\\''s@cam/1'\noption rtsp_transport 'tcp'\n",
                command.standardInput());
        assertEquals("-threads 1 -re", String.join(" ", command.arguments().subList(5, 8)));
    }

    @ParameterizedTest
    @CsvSource({
        "rtsp://cam/1, false, true, rtsp://cam/1",
        "rtsp://me@cam/1, true, true, rtsp://cam/1",
        "RTSP://me:pass@word@cam:554/a@b, true, true, RTSP://cam:554/a@b",
        "http://cam/v?token=x, true, true, http://cam/v",
        "udp://@239.0.0.1:1234?fifo_size=5, false, true, udp://239.0.0.1:1234",
        "/dev/video0, false, true, /dev/video0",
        "/media/a@b?c.mp4, false, false, /media/a@b?c.mp4",
        "file:movie.mp4, false, false, file:movie.mp4",
    })
    void inputs_are_told_apart(String text, boolean hidden, boolean live, String shown) {
        FfmpegInput input = FfmpegInput.of(text);
        assertEquals(hidden, input.isHidden());
        assertEquals(live, input.isLive());
        assertEquals(shown, input.shown());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[concat @ 0x55] Impossible to open 'rtsp://me:hush%20hush@cam/1?t=hush'",
                "rtsp://me:hush%20hush@cam/1?t=hush: Connection refused",
                "rtsp://me:hush%20hush@cam:99/other: no",
                "http://cam/redirected?token=hush is gone",
                "the password 'hush hush' is wrong",
                "the password hush%20hush is wrong",
                "rtsp://someone:hush@elsewhere",
            })
    void messages_show_no_secret(String message) {
        String shown = FfmpegInput.of("rtsp://me:hush%20hush@cam/1?t=hush").printable(message);
        assertFalse(shown.contains("hush"), shown);
    }

    @Test
    void messages_are_short_and_printable() {
        FfmpegInput input = FfmpegInput.of("rtsp://me@cam/1");
        assertEquals("rtsp://cam/1: refused", input.printable("[tcp @ 0x5] [x] pipe:0: refused"));
        assertEquals("a?[31m", input.printable("a\u001b[31m"));
        assertEquals(203, input.printable("x".repeat(5000)).length());
    }

    @ParameterizedTest
    @CsvSource({
        "a.mp4, -y, has '-y'; which is none",
        "a.mp4, -f tee out.mp4, has a value behind",
        "a.mp4, -i, has '-i'; which is none",
        "a.mp4, -headers x, has '-headers'; which is none",
        "a.mp4, -dump_attachment x, has '-dump_attachment'",
        "a.mp4, -report, has '-report'",
        "a.mp4, -f, has '-f' without a value",
        "x, -f lavfi, has '-f lavfi'",
        "rtsp://me@cam, -f rtsp, has '-f'; which cannot be given with an address that holds a user",
    })
    void options_that_could_do_harm_are_refused(String input, String options, String clause) {
        List<String> list = List.of(options.split(" "));
        String mistake = FfmpegOptions.mistake(input, list).orElseThrow();
        assertEquals(clause.replace(';', ','), mistake.substring(0, Math.min(clause.length(), mistake.length())));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SourceSettings.Ffmpeg(input, list, 1, 1, null, Duration.ZERO, false));
    }

    @Test
    void the_page_lists_the_options_that_are_allowed() throws IOException {
        String page = Files.readString(Path.of("doc/serve.md"));
        String list = page.substring(page.indexOf("| for | options |"), page.indexOf("### requests"));
        Set<String> listed = Pattern.compile("-[a-z_0-9]+(:v)?")
                .matcher(list.replace("|---|", "").replaceAll("\\| [^|]* \\|", ""))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(FfmpegOptions.names()), listed);
    }

    @Test
    void settings_are_shown_without_their_secret() {
        assertEquals(
                "Ffmpeg[rtsp://cam/1]",
                new SourceSettings.Ffmpeg("rtsp://me:hush@cam/1", List.of(), 1, 1, null, Duration.ZERO, false)
                        .toString());
    }
}
