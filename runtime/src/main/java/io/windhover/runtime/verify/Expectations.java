// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.verify;

import io.windhover.runtime.compiler.program.HostReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a model.
 *
 * @param budgetCycles most cycles of a frame; 0 for any
 * @param strict nothing may be left to the host but conversions and a softmax at the ends
 * @param baseline what it did before; null for none
 */
public record Expectations(
        long budgetCycles, boolean strict, @Nullable Baseline baseline) {
    /** A check for each thing that is wanted, in an order that goes from what matters most. */
    public List<Check> check(Verification found) {
        List<Check> checks = new ArrayList<>();
        checks.add(exactness(found.exactness()));
        if (strict) {
            checks.add(placement(found));
        }
        if (budgetCycles > 0) {
            checks.add(budget(found));
        }
        if (baseline != null) {
            checks.addAll(baseline.check(found));
        }
        return List.copyOf(checks);
    }

    private static Check exactness(Exactness exactness) {
        Difference difference = exactness.difference();
        return new Check(
                "is bit-exact",
                difference == null,
                difference == null
                        ? exactness.frames() + (exactness.frames() == 1 ? " frame has" : " frames have")
                                + " the reference's bytes."
                        : "On " + exactness.frame() + ", " + difference.words() + ".");
    }

    private static Check placement(Verification found) {
        return new Check(
                "runs on the accelerator",
                found.host().isEmpty(),
                found.host().isEmpty()
                        ? "Nothing but conversions and a softmax at the ends is left to the host."
                        : "A part is left to the host: " + HostReport.words(found.host()) + ".");
    }

    private Check budget(Verification found) {
        long cycles = found.profile().totalCycles();
        String taken = String.format(Locale.ROOT, "A frame takes %,d cycles, and may take %,d", cycles, budgetCycles);
        return new Check(
                "keeps its budget",
                cycles <= budgetCycles,
                taken + (cycles <= budgetCycles ? "." : "; ./windhover profile shows which layers take them."));
    }
}
