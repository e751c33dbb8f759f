// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.verify;

import io.windhover.runtime.compiler.program.HostReport;
import io.windhover.runtime.profile.Profile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model did on a device.
 *
 * @param model its name
 * @param source the file, or zoo:NAME
 * @param device its locator
 * @param exactness against the reference
 * @param profile of one frame; cycles are 0 on a device that counts none
 * @param host operators that the accelerator leaves to the host, but for conversions and a softmax at the ends
 * @param constantBytes weights and tables
 * @param scratchBytes device memory for what lies between layers
 * @param accuracy over labelled images; null where none were given
 */
public record Verification(
        String model,
        String source,
        String device,
        Exactness exactness,
        Profile profile,
        List<HostReport.Entry> host,
        long constantBytes,
        long scratchBytes,
        @Nullable Accuracy accuracy) {
    public Verification {
        host = List.copyOf(host);
    }

    /** Fractions of images whose best class, or one of whose five best, is their own. */
    public record Accuracy(int images, double top1, double top5) {}
}
