// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.report.Summary;
import io.windhover.runtime.verify.Change;
import io.windhover.runtime.verify.Check;
import io.windhover.runtime.verify.Verification;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a model that was verified.
 *
 * @param found null where it could not be run
 * @param change since an older version; null where none was named
 */
record Report(
        String model,
        List<Check> checks,
        @Nullable Verification found,
        @Nullable Change change) {
    /** Heads of the summary's names. */
    static final List<String> COLUMNS = List.of("model");

    boolean passed() {
        return checks.stream().allMatch(Check::passed);
    }

    Summary summary() {
        List<String> names = List.of(model);
        if (found == null) {
            return new Summary(names, "", checks, null, null);
        }
        Verification.Accuracy accuracy = found.accuracy();
        return new Summary(names, found.device(), checks, found.profile(), accuracy == null ? null : accuracy.top1());
    }
}
