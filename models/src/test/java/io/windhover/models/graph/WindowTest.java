// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.windhover.models.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {
    /** Input, kernel, stride, dilation, then padding before and after as TensorFlow's SAME gives them. */
    @ParameterizedTest
    @CsvSource({
        "224, 3, 2, 1, 0, 1",
        "112, 3, 1, 1, 1, 1",
        "49, 10, 2, 1, 4, 5",
        "10, 4, 2, 1, 1, 1",
        "5, 1, 2, 1, 0, 0",
        "7, 3, 1, 2, 2, 2",
        "1, 3, 1, 1, 1, 1",
        "6, 2, 1, 1, 0, 1"
    })
    void same_padding_puts_the_odd_one_after(int input, int kernel, int stride, int dilation, int before, int after) {
        Window window = Window.same(input, input, kernel, kernel, stride, stride, dilation, dilation);
        assertEquals(new Padding(before, before, after, after), window.padding());
        assertEquals((input + stride - 1) / stride, window.outputHeight(input));
    }

    @Test
    void a_kernel_wider_than_its_map_has_no_output() {
        assertEquals(0, Window.square(5, 1, 0).outputHeight(4));
        assertEquals(1, Window.square(5, 3, 0).outputWidth(5));
    }

    @Test
    void impossible_windows_are_refused() {
        assertThrows(ModelException.class, () -> Window.square(0, 1, 0));
        assertThrows(ModelException.class, () -> Window.square(3, 0, 0));
        assertThrows(ModelException.class, () -> Window.square(3, 1, -1));
    }
}
