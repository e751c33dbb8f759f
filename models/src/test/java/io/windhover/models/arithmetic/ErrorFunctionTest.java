// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.arithmetic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorFunctionTest {
    /** Abramowitz and Stegun, table 7.1, and its continuation. */
    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "0.5, 0.4795001221869535",
        "1, 0.15729920705028513",
        "2, 0.004677734981047266",
        "1.9999999, 0.004677737047746216",
        "3, 2.209049699858544e-5",
        "4, 1.541725790028002e-8",
        "6, 2.1519736712498913e-17",
        "-1, 1.8427007929497148",
        "-4, 1.9999999845827421",
        "1000, 0",
        "-1000, 2"
    })
    void values_are_those_of_the_tables(double x, double expected) {
        assertEquals(expected, ErrorFunction.complementary(x), 1e-11 * expected);
    }
}
