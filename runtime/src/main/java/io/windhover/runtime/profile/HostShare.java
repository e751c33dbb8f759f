// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.profile;

import io.windhover.models.graph.Graph;
import io.windhover.runtime.compiler.program.HostReport;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A part of a network on the host and what it took of a frame.
 *
 * @param part 0 before the first job, 1 after it, and so on
 * @param operators what it computes and why it is not on the accelerator
 * @param milliseconds measured on the processor that ran it, which is the board's only on a board; 0 in an estimate
 * @param share of the frame: of this time and that of all parts and the accelerator, 0..1; 0 in an estimate and where
 *     the device counts no cycles
 */
public record HostShare(int part, List<HostReport.Entry> operators, double milliseconds, double share) {
    public HostShare {
        operators = List.copyOf(operators);
    }

    static List<HostShare> of(Graph graph, List<List<Integer>> host, long[] nanos, double acceleratorNanos) {
        double frame = acceleratorNanos + LongStream.of(nanos).sum();
        List<HostShare> shares = new ArrayList<>();
        for (int part = 0; part < host.size(); part++) {
            if (!host.get(part).isEmpty()) {
                long own = part < nanos.length ? nanos[part] : 0;
                shares.add(new HostShare(
                        part,
                        HostReport.entries(graph, host.get(part)),
                        own / 1e6,
                        acceleratorNanos == 0 ? 0 : own / frame));
            }
        }
        return shares;
    }
}
