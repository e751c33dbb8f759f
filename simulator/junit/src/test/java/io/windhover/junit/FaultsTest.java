// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
}
