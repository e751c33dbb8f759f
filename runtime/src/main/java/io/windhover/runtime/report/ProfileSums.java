// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.report;

import io.windhover.runtime.compiler.Estimate;
import io.windhover.runtime.profile.Profile;
import java.util.Locale;

/** What a whole frame takes, as a sentence without its full stop. */
public final class ProfileSums {
    private ProfileSums() {}

    public static String of(Profile profile) {
        if (profile.totalCycles() == 0) {
            return String.format(
                    Locale.ROOT, "cycles not counted, floor %,d, %,d macs", profile.floorCycles(), profile.macs());
        }
        return String.format(
                Locale.ROOT,
                "%s%,d cycles (%smodelled %.2f ms at %.0f MHz), floor %,d, %,d macs, %.1f %% of the array, %,d bytes read, %,d written",
                profile.estimated() ? "estimated " : "",
                profile.totalCycles(),
                profile.estimated() ? error(profile) + "; " : "",
                profile.milliseconds(),
                profile.clockHz() / 1e6,
                profile.floorCycles(),
                profile.macs(),
                profile.utilisation() * 100,
                profile.readBytes(),
                profile.writtenBytes());
    }

    private static String error(Profile profile) {
        return profile.estimateWithinPercent() == null
                ? "nothing was run, and no error is known for " + profile.config()
                : String.format(
                        Locale.ROOT,
                        "nothing was run; within %d %% of rtl:%s for the zoo's networks up to %,d macs",
                        profile.estimateWithinPercent(),
                        profile.config(),
                        Estimate.COMPARED_MACS);
    }
}
