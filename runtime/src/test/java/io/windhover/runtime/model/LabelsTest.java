// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LabelsTest {
    @Test
    void a_byte_order_mark_is_no_part_of_the_first_name() throws CharacterCodingException {
        assertEquals("pad\nfield", Labels.text("\uFEFFpad\nfield".getBytes(StandardCharsets.UTF_8)));
        assertEquals("pad\nfield", Labels.text("pad\nfield".getBytes(StandardCharsets.UTF_8)));
    }
}
