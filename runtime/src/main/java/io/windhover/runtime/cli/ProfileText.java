// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.compiler.program.HostReport;
import io.windhover.runtime.profile.FrameStream;
import io.windhover.runtime.profile.HostShare;
import io.windhover.runtime.profile.Profile;
import io.windhover.runtime.report.ProfileSums;
import java.io.PrintWriter;
import java.util.Locale;

/** A profile as a table for people. */
final class ProfileText {
    private ProfileText() {}

    static void print(Profile profile, PrintWriter out) {
        out.printf(
                "%-22s %14s %12s %12s %12s %6s %12s %12s %10s  %s%n",
                "operator", "macs", "cycles", "floor", "share", "util", "read", "written", "stalled", "runs as");
        for (Profile.Layer layer : profile.layers()) {
            out.printf(
                    Locale.ROOT,
                    "%-22s %,14d %,12d %,12d %,12d %5.1f%% %,12d %,12d %,10d  %s%n",
                    layer.operator(),
                    layer.macs(),
                    layer.cycles(),
                    layer.floorCycles(),
                    layer.shareCycles(),
                    layer.utilisation() * 100,
                    layer.readBytes(),
                    layer.writtenBytes(),
                    layer.stallCycles(),
                    layer.runsOn());
        }
        for (HostShare part : profile.host()) {
            out.println(words(part, profile));
        }
        out.printf(
                Locale.ROOT,
                "%s on %s (%s): %s%n",
                profile.model(),
                profile.device(),
                profile.config(),
                ProfileSums.of(profile));
    }

    static void print(FrameStream streamed, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "steady state, averaged over %d after the first: %,.1f cycles a frame from interrupt to interrupt (modelled %.2f ms, %,.1f frames a second), "
                        + "%,.1f of them idle while the driver writes registers; the host's own time is not in it%n",
                streamed.frames(),
                streamed.cyclesPerFrame(),
                streamed.milliseconds(),
                streamed.framesPerSecond(),
                streamed.idleCyclesPerFrame());
    }

    static String words(HostShare part, Profile profile) {
        String operators = HostReport.words(part.operators());
        if (profile.estimated()) {
            return String.format("on the host, part %d: its time is not estimated: %s", part.part(), operators);
        }
        return String.format(
                Locale.ROOT,
                "on the host, part %d: %.3f ms on this processor%s: %s",
                part.part(),
                part.milliseconds(),
                profile.totalCycles() == 0
                        ? ""
                        : String.format(Locale.ROOT, ", %.1f %% of the frame", part.share() * 100),
                operators);
    }
}
