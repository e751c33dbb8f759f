// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

/** Names and messages of others as they may be shown: on one line, nothing in them that steers a terminal. */
public final class Printable {
    private Printable() {}

    /** With '?' for control characters, marks of direction, and what is no character. */
    public static String line(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().map(point -> steers(point) ? '?' : point).forEach(shown::appendCodePoint);
        return shown.toString();
    }

    private static boolean steers(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
