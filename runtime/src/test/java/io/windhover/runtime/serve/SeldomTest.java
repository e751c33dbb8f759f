// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

class SeldomTest {
    private final List<String> lines = new ArrayList<>();
    private final Logger log = mock(Logger.class);

    SeldomTest() {
        doAnswer(call -> lines.add(MessageFormatter.arrayFormat(call.getArgument(0), argumentsOf(call.getArguments()))
                        .getMessage()))
                .when(log)
                .warn(any(String.class), any(Object[].class));
    }

    @Test
    void different_sentences_are_said_up_to_five_a_minute() {
        Seldom seldom = new Seldom();
        for (int i = 0; i < 20; i++) {
            seldom.warn(log, "Bad " + i / 2 + ".");
        }
        assertEquals(
                List.of(
                        "Bad 0.",
                        "Bad 1. (and 1 more since the last such line)",
                        "Bad 2. (and 1 more since the last such line)",
                        "Bad 3. (and 1 more since the last such line)",
                        "Bad 4. (and 1 more since the last such line) More of this minute are only counted."),
                lines);
    }

    @Test
    void what_a_stranger_wrote_forges_no_line_and_steers_no_terminal() {
        Seldom seldom = new Seldom();
        seldom.warn(log, "There is no model 'a\nERROR forged\r\u001b[31m\u202e\u2028'.");
        seldom.warn(log, "x".repeat(4000));
        assertEquals(List.of("There is no model 'a?ERROR forged??[31m??'.", "x".repeat(500) + "..."), lines);
    }

    private static Object[] argumentsOf(Object[] call) {
        List<Object> arguments = new ArrayList<>(List.of(call));
        arguments.remove(0);
        return arguments.toArray();
    }
}
