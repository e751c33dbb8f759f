// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.cli.Windhover;
import java.io.PrintWriter;
import java.io.StringWriter;

/** One run of the command line, in this process. */
public record CommandLineRun(int exitCode, String output, String errors) {
    public static CommandLineRun of(String... arguments) {
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        int exitCode = Windhover.execute(new PrintWriter(output), new PrintWriter(errors), arguments);
        return new CommandLineRun(exitCode, output.toString(), errors.toString());
    }

    /** It ended well. */
    public CommandLineRun succeeded() {
        assertEquals(0, exitCode, errors);
        return this;
    }

    /** It printed nothing but one sentence, which says all of these words. */
    void failed(int expectedCode, String... words) {
        assertEquals(expectedCode, exitCode, output + errors);
        assertEquals("", output);
        assertEquals(1, errors.lines().count(), errors);
        assertTrue(errors.startsWith("windhover: "), errors);
        assertTrue(!errors.contains("Exception") && !errors.contains("should not have happened"), errors);
        for (String word : words) {
            assertTrue(errors.contains(word), "'" + word + "' is not in: " + errors);
        }
    }
}
