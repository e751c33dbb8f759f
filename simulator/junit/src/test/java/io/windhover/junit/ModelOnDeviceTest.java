// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.exception.WindhoverException;
import org.junit.jupiter.api.Test;

@WindhoverTest(device = "rtl:tiny", model = "zoo:lenet5")
class ModelOnDeviceTest {
    @Test
    void a_frame_is_exact_and_its_cycles_are_counted(ModelOnDevice lenet) {
        lenet.leavesNothingToTheHost();
        long cycles = lenet.profile().totalCycles();
        lenet.run(Inputs.random(7)).isBitExact().takesAtMost(cycles);
        AssertionError slow = assertThrows(
                AssertionError.class, () -> lenet.run(Inputs.random(7)).takesAtMost(cycles - 1));
        assertTrue(
                slow.getMessage()
                        .matches(
                                "A frame of model 'lenet5' takes [0-9,]+ cycles on rtl:tiny, and may take [0-9,]+; most go to .*"),
                slow.getMessage());
    }

    @Test
    void equal_frames_give_equal_bytes(ModelOnDevice lenet) {
        byte[] once = lenet.run(Inputs.random(3)).output(0);
        assertArrayEquals(once, lenet.run(Inputs.random(3)).output(0));
        byte[] given = new byte[lenet.model().image().bytes()];
        lenet.run(Inputs.bytes(given)).isBitExact();
    }

    @Test
    void what_is_wrong_is_said(ModelOnDevice lenet) {
        AssertionError other = assertThrows(
                AssertionError.class, () -> lenet.run(Inputs.random(1)).hasTop1("ostrich"));
        assertTrue(
                other.getMessage().startsWith("On the random frame of seed 1, model 'lenet5' says "),
                other.getMessage());
        assertTrue(other.getMessage().endsWith(", not 'ostrich'."), other.getMessage());
        assertEquals(
                "Model 'lenet5' takes 1 inputs, not 2; give the bytes of each.",
                assertThrows(IllegalArgumentException.class, () -> lenet.run(Inputs.bytes(new byte[1], new byte[1])))
                        .getMessage());
        String missing = assertThrows(IllegalArgumentException.class, () -> Inputs.image("no/where.jpg"))
                .getMessage();
        assertTrue(missing.startsWith("There is no file and no resource 'no/where.jpg'"), missing);
    }

    @Test
    void the_reference_is_no_device() {
        assertTrue(assertThrows(
                        WindhoverException.class,
                        () -> ModelOnDevice.open("reference:", "zoo:lenet5").close())
                .getMessage()
                .endsWith("choose an rtl: or functional: device."));
    }
}
