// SPDX-License-Identifier: Apache-2.0
package pads;

import static io.windhover.junit.Inputs.image;

import io.windhover.junit.ModelOnDevice;
import io.windhover.junit.WindhoverTest;
import org.junit.jupiter.api.Test;

@WindhoverTest(device = "rtl:tiny", model = "zoo:landing_pad_int8")
class TinyPadTest {
    @Test
    void sees_the_pad(ModelOnDevice pads) {
        pads.run(image("pad.png")).isBitExact().hasTop1("pad_h");
    }
}
