// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.report;

import io.windhover.runtime.profile.Profile;
import io.windhover.runtime.verify.Check;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model on a device, as a row of a table.
 *
 * @param names for the table's first columns, at least one
 * @param device its locator; empty where it is not known
 * @param checks what was wanted of it
 * @param profile of one frame; null where none was measured
 * @param top1 fraction of labelled images whose best class is their own; null where it was not measured
 */
public record Summary(
        List<String> names,
        String device,
        List<Check> checks,
        @Nullable Profile profile,
        @Nullable Double top1) {
    public Summary {
        names = List.copyOf(names);
        checks = List.copyOf(checks);
    }

    /** How many checks failed. */
    public long failedCount() {
        return checks.stream().filter(check -> !check.passed()).count();
    }

    /** The profile, where its device counts cycles. */
    @Nullable
    Profile counted() {
        return profile == null || profile.totalCycles() == 0 ? null : profile;
    }
}
