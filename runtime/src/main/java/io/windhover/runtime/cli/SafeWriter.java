// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.report.Printable;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;

/**
 * What verbs print to: a line printed whole, and every text put into a format, is made printable first, so that no name
 * from a file can steer the terminal or forge a line. What is printed with {@code print} and {@code write} is the
 * program's own and passes as it is.
 */
final class SafeWriter extends PrintWriter {
    SafeWriter(PrintWriter target, boolean flushLines) {
        super(target, flushLines);
    }

    @Override
    public void println(String line) {
        super.println(safe(line));
    }

    @Override
    public void println(Object line) {
        super.println(safe(String.valueOf(line)));
    }

    /** A tab in front is a stack trace's. */
    private static String safe(String line) {
        return line.startsWith("\t") ? "\t" + safe(line.substring(1)) : Printable.line(line);
    }

    @Override
    public PrintWriter format(String format, Object... values) {
        return super.format(format, printable(values));
    }

    @Override
    public PrintWriter format(Locale locale, String format, Object... values) {
        return super.format(locale, format, printable(values));
    }

    private static Object[] printable(Object... values) {
        return Arrays.stream(values)
                .map(value -> value == null || value instanceof Number ? value : Printable.line(value.toString()))
                .toArray();
    }
}
