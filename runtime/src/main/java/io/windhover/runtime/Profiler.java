package io.windhover.runtime;

import io.windhover.driver.Capabilities;
import io.windhover.driver.Counters;
import io.windhover.driver.TraceEntry;
import io.windhover.driver.contract.Contract;
import io.windhover.runtime.compiler.CompiledModel;
import io.windhover.runtime.compiler.LayerInfo;
import java.util.ArrayList;
import java.util.List;

/** Turns an accelerator's counters and trace of one job into figures for each layer. */
final class Profiler {
    private static final int BEAT_BYTES = 8;
    private static final int READ_PORTS = 2;
    private static final int XNOR_BITS = 64;

    private final CompiledModel program;
    private final long int8Rate;
    private final long binaryRate;

    Profiler(CompiledModel program, Capabilities capabilities) {
        this.program = program;
        this.int8Rate = (long) capabilities.int8Reduction() * Contract.INT8_LANES * capabilities.int8Pixels();
        this.binaryRate = (long) capabilities.xnorLanes() * XNOR_BITS;
    }

    Profile profile(String model, String device, String configuration, Counters counters, List<TraceEntry> trace) {
        long[] cycles = new long[program.layers().size()];
        long[] stalls = new long[cycles.length];
        attribute(trace, counters.cycles(), cycles, stalls);
        List<Profile.Layer> layers = new ArrayList<>();
        double arrayCycles = 0;
        long macs = 0;
        for (LayerInfo info : program.layers()) {
            layers.add(layer(info, cycles[info.layer()], stalls[info.layer()]));
            arrayCycles += (double) info.macs() / rate(info);
            macs += info.macs();
        }
        long read = (counters.readBeats0() + counters.readBeats1()) * BEAT_BYTES;
        long written = counters.writeBeats() * BEAT_BYTES;
        long ports = Math.max(read / (READ_PORTS * BEAT_BYTES), written / BEAT_BYTES);
        return new Profile(model, device, configuration, counters.cycles(), Math.max((long) Math.ceil(arrayCycles), ports), macs,
                share(arrayCycles, counters.cycles()), read, written, layers);
    }

    /** The time between two completions belongs to the layer of the later one; what follows the last, to the last. */
    private static void attribute(List<TraceEntry> trace, long total, long[] cycles, long[] stalls) {
        long since = 0;
        long stalledSince = 0;
        for (int i = 0; i < trace.size(); i++) {
            TraceEntry entry = trace.get(i);
            long until = i == trace.size() - 1 ? Math.max(total, entry.cycle()) : entry.cycle();
            if (entry.layer() < cycles.length) {
                cycles[entry.layer()] += until - since;
                stalls[entry.layer()] += entry.stallCycles() - stalledSince;
            }
            since = until;
            stalledSince = entry.stallCycles();
        }
    }

    private Profile.Layer layer(LayerInfo info, long cycles, long stalls) {
        return new Profile.Layer(info.name(), info.operator(), info.placement(), info.macs(), cycles, info.floorCycles(),
                share((double) info.macs() / rate(info), cycles), info.readBytes(), info.writtenBytes(), stalls);
    }

    private long rate(LayerInfo info) {
        return info.placement().contains("XNOR") ? binaryRate : int8Rate;
    }

    private static double share(double part, long whole) {
        return whole == 0 ? 0 : Math.min(1, part / whole);
    }
}
