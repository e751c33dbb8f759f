// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonParser;
import io.windhover.runtime.report.Printable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrintableTest {
    private static final String NAME = "a\u001b[2J\nb\u009b1m\u202ec\u2028\ud800\"<&'>\u00e9\ud83d\ude00";
    private static final String SHOWN = "a\\u001b[2J\\nb\\u009b1m\\u202ec\\u2028\\ud800\"<&'>\u00e9\ud83d\ude00";

    private static String printed(java.util.function.Consumer<PrintWriter> printing) {
        StringWriter target = new StringWriter();
        printing.accept(new SafeWriter(new PrintWriter(target), true));
        return target.toString();
    }

    @Test
    void what_steers_a_terminal_is_escaped_and_other_letters_stay() {
        assertEquals(SHOWN, Printable.line(NAME));
        assertEquals("plain \u00e9 \\ text", Printable.line("plain \u00e9 \\ text"));
    }

    @Test
    void names_cannot_steer_or_forge_a_line_however_they_are_printed() {
        String end = System.lineSeparator();
        assertEquals(SHOWN + end, printed(out -> out.println(NAME)));
        assertEquals(SHOWN + end, printed(out -> out.println((Object) NAME)));
        assertEquals(SHOWN + " 7" + end, printed(out -> out.printf("%s %d%n", NAME, 7)));
        assertEquals("[" + SHOWN + "]", printed(out -> out.printf(java.util.Locale.ROOT, "%s", List.of(NAME))));
    }

    @Test
    void the_programs_own_text_keeps_its_lines_and_colours() {
        assertEquals("\u001b[1mUsage\u001b[0m\nline", printed(out -> out.print("\u001b[1mUsage\u001b[0m\nline")));
    }

    @Test
    void json_keeps_the_exact_name_and_steers_nothing() {
        String json = Printable.json(Verb.JSON.toJson(List.of(NAME.replace("\ud800\"", "\""))));
        assertFalse(json.chars().anyMatch(character -> character != '\n' && Character.isISOControl(character)), json);
        assertEquals(
                NAME.replace("\ud800\"", "\""),
                JsonParser.parseString(json).getAsJsonArray().get(0).getAsString());
    }

    @Test
    void markup_is_text_in_a_page() {
        assertEquals("&lt;script&gt;&amp;&quot;&#39;\\u0007", Printable.markup("<script>&\"'\u0007"));
    }
}
