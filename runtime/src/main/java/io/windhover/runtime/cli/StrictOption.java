// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.compiler.program.HostReport;
import io.windhover.runtime.compiler.program.Placement;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Option;

/** Says which part of a network the accelerator leaves to the host, or refuses it. */
final class StrictOption {
    @Option(
            names = "--strict",
            description = "Refuse a model of which the host computes more than conversions and a softmax at its ends.")
    private boolean strict;

    /** One line where something is left to the host; the reference device has no host beside it. */
    void check(Model model, String device, PrintWriter err) {
        if (device.startsWith("reference")) {
            return;
        }
        check(model, err);
    }

    void check(Model model, PrintWriter err) {
        List<HostReport.Entry> left = HostReport.beyondEnds(model.graph(), Placement.of(model.graph()));
        if (left.isEmpty()) {
            return;
        }
        if (strict) {
            throw new WindhoverException(
                    "Model '" + model.name() + "' leaves a part to the host, which --strict refuses: "
                            + HostReport.words(left) + "; change the network, or leave out --strict.");
        }
        Progress.say(err, "part of model '" + model.name() + "' runs on the host: " + HostReport.words(left));
    }
}
