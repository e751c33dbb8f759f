// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What FFmpeg reads. An address with a user, a password or a query is hidden: it is shown without them, and given to
 * FFmpeg where {@code ps} does not show it.
 *
 * @param text as FFmpeg takes it
 * @param shown as it may be shown
 */
record FfmpegInput(String text, String shown) {
    private static final Pattern ADDRESS =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)(?:([^/?#]*)@)?([^?#]*)(.*)", Pattern.DOTALL);
    /** Protocols whose queries set buffers and ports only. */
    private static final Pattern PUBLIC_QUERY = Pattern.compile("(udp|rtp|tcp)://", Pattern.CASE_INSENSITIVE);

    private static final Pattern OTHERS_USER = Pattern.compile("(://)[^\\s/]*@");
    private static final Pattern OTHERS_QUERY = Pattern.compile("(://[^\\s?]*)\\?[^\\s'\"]*");
    private static final Pattern SPEAKER = Pattern.compile("^(\\[[^\\]]*\\] *)+");
    private static final int SHORTEST_SECRET = 4;
    private static final int LONGEST_MESSAGE = 200;

    static FfmpegInput of(String text) {
        Matcher parts = ADDRESS.matcher(text);
        return new FfmpegInput(text, Printable.line(parts.matches() ? parts.group(1) + parts.group(3) : text));
    }

    boolean isHidden() {
        Matcher parts = ADDRESS.matcher(text);
        return parts.matches()
                && ((parts.group(2) != null && !parts.group(2).isEmpty())
                        || (!parts.group(4).isEmpty()
                                && !PUBLIC_QUERY.matcher(text).lookingAt()));
    }

    /** Frames come as they happen, and there is no end: an address or a device, no file. */
    boolean isLive() {
        return text.startsWith("/dev/") || (ADDRESS.matcher(text).matches() && !text.startsWith("file:"));
    }

    /** A message of FFmpeg's as it may be shown. */
    String printable(String message) {
        String safe = message.replace(text, shown);
        Matcher parts = ADDRESS.matcher(text);
        if (parts.matches() && parts.group(2) != null) {
            String password = parts.group(2).substring(parts.group(2).indexOf(':') + 1);
            safe = without(without(safe, password), decoded(password));
        }
        safe = OTHERS_USER.matcher(safe).replaceAll("$1");
        safe = OTHERS_QUERY.matcher(safe).replaceAll("$1");
        safe = SPEAKER.matcher(safe).replaceFirst("");
        safe = isHidden() ? safe.replace("pipe:0", shown) : safe;
        return Printable.line(safe.length() > LONGEST_MESSAGE ? safe.substring(0, LONGEST_MESSAGE) + "..." : safe);
    }

    private static String without(String message, String secret) {
        return secret.length() < SHORTEST_SECRET ? message : message.replace(secret, "***");
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unencoded) {
            return text;
        }
    }
}
