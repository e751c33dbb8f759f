// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.profile;

import io.windhover.contract.Contract;
import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.runtime.compiler.Estimate;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.LayerInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A profile from when each command of a frame runs.
 *
 * @param runs of all commands, in cycles of all jobs one after another
 * @param totalCycles of these jobs
 */
record ProfileFigures(CompiledModel program, Capabilities capabilities, List<LayerCycles.Run> runs, long totalCycles) {
    private static final int XNOR_BITS = 64;

    /** What the commands of all layers read, the commands themselves not counted. */
    long layerReadBytes() {
        return program.layers().stream().mapToLong(LayerInfo::readBytes).sum();
    }

    long layerWrittenBytes() {
        return program.layers().stream().mapToLong(LayerInfo::writtenBytes).sum();
    }

    /** @param hostNanos of each part on the host; empty where none was run */
    Profile profile(
            Graph graph, String device, boolean estimated, long readBytes, long writtenBytes, long[] hostNanos) {
        LayerCycles times = new LayerCycles(program.layers().size(), runs, totalCycles);
        long[] shares = times.shares();
        long[] stalls = times.stalls();
        List<Profile.Layer> layers = new ArrayList<>();
        double arrayCycles = 0;
        long macs = 0;
        for (LayerInfo info : program.layers()) {
            int number = info.layer();
            layers.add(new Profile.Layer(
                    info.name(),
                    info.operator(),
                    info.placement(),
                    info.macs(),
                    times.cycles(number),
                    shares[number],
                    info.floorCycles(),
                    share((double) info.macs() / rate(info), times.cycles(number)),
                    info.readBytes(),
                    info.writtenBytes(),
                    stalls[number]));
            arrayCycles += (double) info.macs() / rate(info);
            macs += info.macs();
        }
        return new Profile(
                graph.name(),
                device,
                capabilities.name(),
                estimated,
                estimated ? within() : null,
                totalCycles,
                capabilities.clockHz(),
                1e3 * totalCycles / capabilities.clockHz(),
                program.floorCycles(capabilities),
                macs,
                share(arrayCycles, totalCycles),
                readBytes,
                writtenBytes,
                layers,
                HostShare.of(graph, program.host(), hostNanos, 1e9 * totalCycles / capabilities.clockHz()));
    }

    private @Nullable Integer within() {
        return Estimate.withinPercent(capabilities).orElse(null);
    }

    private long rate(LayerInfo info) {
        return info.placement().contains("XNOR")
                ? (long) capabilities.xnorLanes() * XNOR_BITS
                : (long) capabilities.int8Reduction() * Contract.INT8_LANES * capabilities.int8Pixels();
    }

    private static double share(double part, long whole) {
        return whole == 0 ? 0 : Math.min(1, part / whole);
    }
}
