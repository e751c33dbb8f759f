// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How FFmpeg is called.
 *
 * @param arguments behind the program's name; no secret is among them
 * @param standardInput a list of inputs for FFmpeg's concat format, which names a hidden address; null for none
 */
record FfmpegCommand(List<String> arguments, @Nullable String standardInput) {
    private static final List<String> START = List.of("-nostdin", "-hide_banner", "-nostats", "-loglevel", "error");
    /** What an address in a list may use. */
    private static final List<String> LIST = List.of(
            "-f",
            "concat",
            "-safe",
            "0",
            "-protocol_whitelist",
            "pipe,crypto,data,http,https,httpproxy,hls,tcp,tls,udp,rtp,srtp,rtsp,rtsps,rtmp,rtmps,rtmpt,srt,rist,mmsh,mmst");

    private static final List<String> VIDEO_ONLY = List.of("-map", "0:v:0", "-an", "-sn", "-dn");
    private static final List<String> RAW = List.of("-pix_fmt", "rgb24", "-f", "rawvideo", "pipe:1");

    /**
     * For settings whose options were checked.
     *
     * @param passThrough the option that keeps FFmpeg from repeating frames: -fps_mode, -vsync before FFmpeg 5.1
     */
    static FfmpegCommand of(SourceSettings.Ffmpeg settings, String passThrough) {
        boolean hidden = FfmpegInput.of(settings.input()).isHidden();
        List<String> arguments = new ArrayList<>(START);
        StringBuilder list = new StringBuilder("ffconcat version 1.0\nfile " + quoted(settings.input()) + "\n");
        for (FfmpegOptions.Option option : FfmpegOptions.split(settings.inputOptions())) {
            if (hidden && option.isInputs() && option.value() != null) {
                list.append("option ").append(option.name().substring(1)).append(' ');
                list.append(quoted(option.value())).append('\n');
            } else {
                arguments.addAll(option.arguments());
            }
        }
        arguments.addAll(hidden ? LIST : List.of());
        arguments.addAll(List.of("-i", hidden ? "pipe:0" : settings.input()));
        arguments.addAll(VIDEO_ONLY);
        arguments.addAll(List.of(passThrough, "passthrough", "-vf", filter(settings)));
        arguments.addAll(RAW);
        return new FfmpegCommand(List.copyOf(arguments), hidden ? list.toString() : null);
    }

    private static String filter(SourceSettings.Ffmpeg settings) {
        String scale = "scale=" + settings.width() + ":" + settings.height();
        @Nullable Double framesPerSecond = settings.framesPerSecond();
        return framesPerSecond == null
                ? scale
                : "fps=" + BigDecimal.valueOf(framesPerSecond).toPlainString() + "," + scale;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
