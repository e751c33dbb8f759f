// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

@WindhoverTest(device = "rtl:tiny", model = "zoo:lenet_300_100")
@Faults(stalls = 7, busErrors = 2)
class FaultsTest {
    @Test
    void bytes_stay_the_same(ModelOnDevice lenet) {
        assertEquals("rtl:tiny?stalls=7", lenet.profile().device());
        lenet.run(Inputs.random(1)).isBitExact();
    }

    @Test
    void only_simulated_memories_have_faults() {
        try (ModelOnDevice functional = ModelOnDevice.open("functional:tiny", "zoo:lenet_300_100")) {
            assertEquals(
                    "Device 'functional:tiny' has no bus; choose an rtl: device to ask for errors on it.",
                    assertThrows(IllegalStateException.class, () -> functional.survivesBusErrors(1, 1))
                            .getMessage());
        }
    }

    /** With these a failure can be had again: the frame's seed, and a locator with the memory's and the burst. */
    @Test
    void a_failure_names_its_seeds(ModelOnDevice lenet) {
        String late = "rtl:tiny?stalls=7&read_error=100000000";
        assertEquals(
                "On the random frame of seed 12, model 'lenet_300_100' ended without a fault on " + late + ".",
                assertThrows(AssertionError.class, () -> lenet.survive(late, "READ_ERROR", Inputs.random(12)))
                        .getMessage());
        String other = "rtl:tiny?stalls=7&read_error=9";
        String message = assertThrows(
                        AssertionError.class, () -> lenet.survive(other, "WRITE_ERROR", Inputs.random(13)))
                .getMessage();
        assertTrue(
                message.startsWith(
                        "On the random frame of seed 13, a bus error did not end in WRITE_ERROR on " + other + ": "),
                message);
    }
}
