// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.report;

/**
 * Names from files (paths, labels, tensors, models) as they may be shown: what would steer a terminal, start a line of
 * its own or turn the direction of writing is written as an escape, which reads the same in JSON.
 */
public final class Printable {
    private Printable() {}

    /** The text on one line. */
    public static String line(String text) {
        if (text.codePoints().noneMatch(Printable::steers)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (!steers(point)) {
                shown.appendCodePoint(point);
            } else {
                shown.append(escape(point));
            }
        });
        return shown.toString();
    }

    /** The text between the tags, or in an attribute, of HTML or SVG. */
    public static String markup(String text) {
        return line(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** JSON of several lines: what JSON allows in a string and a terminal obeys is escaped, too. */
    public static String json(String json) {
        StringBuilder shown = new StringBuilder(json.length());
        json.codePoints().forEach(point -> {
            if (point == '\n' || !steers(point)) {
                shown.appendCodePoint(point);
            } else {
                shown.append(escape(point));
            }
        });
        return shown.toString();
    }

    /**
     * Control characters of both sets, line and paragraph separators, marks of direction, halves of surrogate pairs.
     */
    private static boolean steers(int point) {
        return Character.isISOControl(point)
                || point == 0x2028
                || point == 0x2029
                || point == 0x200E
                || point == 0x200F
                || point == 0x061C
                || (point >= 0x202A && point <= 0x202E)
                || (point >= 0x2066 && point <= 0x2069)
                || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    private static String escape(int point) {
        return switch (point) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format("\\u%04x", point);
        };
    }
}
