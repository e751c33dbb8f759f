// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import java.nio.charset.StandardCharsets;

/** The last line of a text that may have no end, and lines that have none; it keeps the start of a long one. */
final class LastLine {
    private static final int LONGEST = 1000;

    private final byte[] current = new byte[LONGEST];
    private int length;
    private String last = "";

    synchronized void append(byte[] text, int count) {
        for (int i = 0; i < count; i++) {
            if (text[i] == '\n' || text[i] == '\r') {
                endLine();
            } else if (length < LONGEST) {
                current[length++] = text[i];
            }
        }
    }

    /** Keeps the line; one that is blank, or that says nothing, is left out. */
    private void endLine() {
        String line = new String(current, 0, length, StandardCharsets.UTF_8).strip();
        length = 0;
        if (!line.isEmpty() && !line.equals("Conversion failed!")) {
            last = line;
        }
    }

    /** Empty where there is none. */
    synchronized String text() {
        if (length > 0) {
            endLine();
        }
        return last;
    }
}
