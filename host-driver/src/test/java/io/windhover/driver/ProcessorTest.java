// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ProcessorTest {
    private static final String OLD = "processor\t: 0\nflags\t\t: fpu sse4_2 f16c fma movbe\nprocessor\t: 1\n";
    private static final String NEW =
            "processor\t: 0\nflags\t\t: fpu abm avx2 bmi1 bmi2 f16c fma movbe sse4_2\nbugs\t\t: spectre_v1\n";

    @Test
    void a_packaged_simulation_is_refused_on_a_processor_that_lacks_its_instructions() {
        DriverException refused =
                assertThrows(DriverException.class, () -> Processor.of(OLD).requireFor("rtl:tiny?stalls=1"));
        assertEquals(Status.NOT_FOUND, refused.status());
        assertEquals(
                "no device 'rtl:tiny?stalls=1': the packaged simulation of the accelerator is compiled for processors with "
                        + "AVX2 (x86-64-v3), and this one lacks abm, avx2, bmi1, bmi2; build Windhover from source here "
                        + "and name its folder with -Dwindhover.home=FOLDER, or use functional:",
                refused.getMessage());
    }

    @Test
    void what_was_compiled_for_any_processor_runs_on_it() {
        Processor.of(OLD).requireFor("functional:tiny");
        Processor.of(NEW).requireFor("rtl:tiny");
    }

    @Test
    void a_processor_of_another_kind_lists_other_features() {
        Processor.of("processor\t: 0\nFeatures\t: fp asimd\n").requireFor("rtl:tiny");
        Processor.of("").requireFor("rtl:tiny");
    }
}
