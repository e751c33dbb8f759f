// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {
    @ParameterizedTest
    @CsvSource({
        "*, a.jpg, true",
        "*.jpg, a.jpg, true",
        "*.jpg, a.jpg.part, false",
        "*.jpg, a.JPG, false",
        "*.jpg, .jpg, false",
        "*, .a.jpg.x7Gh, false",
        ".*, .a.jpg, true",
        "a?c, abc, true",
        "a?c, ac, false",
        "a?c, a😀c, true",
        "a*b*c, aXbYbZc, true",
        "a*b*c, aXbYbZ, false",
        "**a, bba, true",
        "[a].png, a.png, false",
        "'a\nb*', 'a\nb\nc', true",
    })
    void names_match(String pattern, String name, boolean matches) {
        assertEquals(matches, new NamePattern(pattern).matches(name));
    }

    @Test
    void many_stars_take_no_long_time() {
        assertFalse(new NamePattern("*a".repeat(100) + "b").matches("a".repeat(255)));
    }
}
