// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LastLineTest {
    private final LastLine line = new LastLine();

    private void append(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        line.append(bytes, bytes.length);
    }

    @Test
    void the_last_line_that_says_something_is_kept() {
        assertEquals("", line.text());
        append("first\nsec");
        append("ond\r\n\n  \nConversion failed!\n");
        assertEquals("second", line.text());
        append("third, without an end");
        assertEquals("third, without an end", line.text());
    }

    @Test
    void a_line_without_an_end_takes_no_more_memory() {
        append("x".repeat(100_000));
        assertEquals(1000, line.text().length());
    }
}
