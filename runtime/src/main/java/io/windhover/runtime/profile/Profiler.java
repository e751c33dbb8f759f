// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.profile;

import io.windhover.contract.Contract;
import io.windhover.contract.Queue;
import io.windhover.driver.Accelerator;
import io.windhover.driver.Capabilities;
import io.windhover.driver.Counters;
import io.windhover.driver.TraceEntry;
import io.windhover.models.graph.Graph;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.LayerInfo;
import io.windhover.runtime.engine.AcceleratorEngine;
import io.windhover.runtime.engine.Engine;
import io.windhover.runtime.exception.WindhoverException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Turns an accelerator's counters and traces of one frame into figures for each layer. Every command is traced: a frame
 * of more commands than the device keeps entries for is run once for each part of them.
 */
public final class Profiler {
    private static final int BEAT_BYTES = 8;
    private static final int XNOR_BITS = 64;
    /** Numbers that a trace entry tells apart. */
    private static final int ENTRY_NUMBERS = 1024;

    private static final Set<Queue> COMPUTING = EnumSet.of(Queue.INT8, Queue.XNOR, Queue.VECTOR);

    private final CompiledModel program;
    private final Capabilities capabilities;
    private final List<LayerCycles.Run> runs = new ArrayList<>();
    private long total;
    private long readBytes;
    private long writtenBytes;

    private Profiler(CompiledModel program, Capabilities capabilities) {
        this.program = program;
        this.capabilities = capabilities;
    }

    /**
     * Runs frames of zeros and measures the last one. Where the program has more commands than the device traces in one
     * frame, further frames are run for the rest. A program without commands has a profile of zeros.
     *
     * @param frameTimeout longest wait for one frame
     * @param step called after each frame
     */
    public static Profile profile(
            Accelerator accelerator,
            Graph graph,
            CompiledModel program,
            int frames,
            Duration frameTimeout,
            Runnable step) {
        Profiler profiler = new Profiler(program, accelerator.capabilities());
        for (int pass = 0; pass < profiler.passes(); pass++) {
            try (Engine engine =
                    new AcceleratorEngine(accelerator, graph, profiler.traced(pass), false, frameTimeout)) {
                run(engine, pass == 0 ? frames : 1, step);
            }
            profiler.add(pass, accelerator.counters(), accelerator.trace());
        }
        return profiler.profile(graph.name(), accelerator.locator());
    }

    private static void run(Engine engine, int frames, Runnable step) {
        for (int frame = 0; frame < frames; frame++) {
            engine.submit(frame % Engine.SLOTS);
            engine.await(frame % Engine.SLOTS);
            step.run();
        }
    }

    private int entries() {
        return Math.max(1, Math.min(capabilities.traceEntries(), ENTRY_NUMBERS));
    }

    /** Runs of the frame that trace all its commands; 0 for a model without. */
    private int passes() {
        return (program.commandCount() + entries() - 1) / entries();
    }

    private int first(int pass) {
        return pass * entries();
    }

    private int end(int pass) {
        return Math.min(program.commandCount(), first(pass) + entries());
    }

    /** The program that traces the commands of this pass. */
    private CompiledModel traced(int pass) {
        return program.traced(first(pass), end(pass));
    }

    /** Takes the figures of a pass's last frame; totals are the first pass's. */
    private void add(int pass, Counters counters, List<TraceEntry> trace) {
        if (trace.size() != end(pass) - first(pass)) {
            throw new WindhoverException("The device kept " + trace.size() + " trace entries of "
                    + (end(pass) - first(pass)) + " commands, so the profile would be incomplete; report it.");
        }
        if (pass == 0) {
            total = counters.cycles();
            readBytes = (counters.readBeats0() + counters.readBeats1()) * BEAT_BYTES;
            writtenBytes = counters.writeBeats() * BEAT_BYTES;
        }
        for (TraceEntry entry : trace) {
            int command = first(pass) + entry.layer();
            runs.add(new LayerCycles.Run(
                    program.layer(command),
                    COMPUTING.contains(program.queue(command)),
                    entry.startCycle(),
                    entry.cycle()));
        }
    }

    private Profile profile(String model, String device) {
        LayerCycles times = new LayerCycles(program.layers().size(), runs, total);
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
                model,
                device,
                capabilities.name(),
                total,
                capabilities.clockHz(),
                1e3 * total / capabilities.clockHz(),
                program.floorCycles(capabilities),
                macs,
                share(arrayCycles, total),
                total == 0 ? sum(Profile.Layer::readBytes, layers) : readBytes,
                total == 0 ? sum(Profile.Layer::writtenBytes, layers) : writtenBytes,
                layers);
    }

    /** What a device that does not count moves all the same. */
    private static long sum(ToLongFunction<Profile.Layer> figure, List<Profile.Layer> layers) {
        return layers.stream().mapToLong(figure).sum();
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
