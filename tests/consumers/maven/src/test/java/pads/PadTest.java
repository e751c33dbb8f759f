// SPDX-License-Identifier: Apache-2.0
package pads;

import static io.windhover.junit.Inputs.image;

import io.windhover.junit.ModelOnDevice;
import io.windhover.junit.WindhoverTest;
import org.junit.jupiter.api.Test;

@WindhoverTest(device = "rtl:zynq7020", model = "pads.whm")
class PadTest {
    @Test
    void sees_the_pad_in_time(ModelOnDevice pads) {
        pads.run(image("pad.png")).isBitExact().hasTop1("pad_h").takesAtMost(Long.getLong("cycles", 16_000));
    }
}
