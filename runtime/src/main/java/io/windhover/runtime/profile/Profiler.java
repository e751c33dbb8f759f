// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.profile;

import io.windhover.driver.Accelerator;
import io.windhover.driver.Capabilities;
import io.windhover.driver.Counters;
import io.windhover.driver.TraceEntry;
import io.windhover.models.graph.Graph;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.engine.AcceleratorEngine;
import io.windhover.runtime.engine.Engine;
import io.windhover.runtime.exception.WindhoverException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Turns an accelerator's counters and traces of one frame into figures for each layer. Every command is traced: a frame
 * of more commands than the device keeps entries for is run once for each part of them.
 */
public final class Profiler {
    private static final int BEAT_BYTES = 8;
    /** Numbers that a trace entry tells apart. */
    private static final int ENTRY_NUMBERS = 1024;

    private final CompiledModel program;
    private final Capabilities capabilities;
    private final List<LayerCycles.Run> runs = new ArrayList<>();
    private final long[] jobCycles;
    private long[] hostNanos = {};
    private long readBytes;
    private long writtenBytes;

    private Profiler(CompiledModel program, Capabilities capabilities) {
        this.program = program;
        this.jobCycles = new long[program.jobs().size()];
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
        profiler.measure(accelerator, graph, frames, frameTimeout, step);
        return profiler.profile(graph, accelerator.locator());
    }

    /** Commands that one run of the frame traces, all of one job. */
    private record Pass(int job, int first, int end) {}

    private void measure(Accelerator accelerator, Graph graph, int frames, Duration frameTimeout, Runnable step) {
        List<Pass> passes = passes();
        for (int pass = 0; pass < Math.max(1, passes.size()); pass++) {
            Pass current = passes.isEmpty() ? new Pass(0, 0, 0) : passes.get(pass);
            boolean totals = pass == 0;
            CompiledModel traced = program.traced(current.first(), current.end());
            try (AcceleratorEngine engine = new AcceleratorEngine(accelerator, graph, traced, false, frameTimeout)) {
                for (int frame = totals ? frames : 1; frame > 0; frame--) {
                    if (frame == 1) {
                        engine.afterEachJob(job -> add(accelerator, current, job, totals));
                    }
                    run(engine, step);
                }
                if (totals) {
                    readOutputs(engine, graph);
                    hostNanos = engine.hostNanos(0);
                }
            }
        }
    }

    /** What the host computes after the last job it computes only now. */
    private static void readOutputs(Engine engine, Graph graph) {
        for (int output = 0; output < graph.outputs().length; output++) {
            engine.output(0, output);
        }
    }

    private static void run(Engine engine, Runnable step) {
        engine.submit(0);
        engine.await(0);
        step.run();
    }

    private int entries() {
        return Math.max(1, Math.min(capabilities.traceEntries(), ENTRY_NUMBERS));
    }

    /** Runs of the frame that trace all its commands; none for a model without. */
    private List<Pass> passes() {
        List<Pass> passes = new ArrayList<>();
        for (int job = 0; job < jobCycles.length; job++) {
            int begin = program.firstCommand(job);
            int end = begin + program.jobs().get(job).commandCount();
            for (int first = begin; first < end; first += entries()) {
                passes.add(new Pass(job, first, Math.min(end, first + entries())));
            }
        }
        return passes;
    }

    /** Takes the figures of a job of a pass's last frame; totals are the first pass's. */
    private void add(Accelerator accelerator, Pass pass, int job, boolean totals) {
        Counters counters = accelerator.counters();
        if (totals) {
            jobCycles[job] = counters.cycles();
            readBytes += (counters.readBeats0() + counters.readBeats1()) * BEAT_BYTES;
            writtenBytes += counters.writeBeats() * BEAT_BYTES;
        }
        if (job != pass.job()) {
            return;
        }
        List<TraceEntry> trace = accelerator.trace();
        if (trace.size() != pass.end() - pass.first()) {
            throw new WindhoverException("The device kept " + trace.size() + " trace entries of "
                    + (pass.end() - pass.first()) + " commands, so the profile would be incomplete; report it.");
        }
        long before = 0;
        for (int earlier = 0; earlier < job; earlier++) {
            before += jobCycles[earlier];
        }
        for (TraceEntry entry : trace) {
            int command = pass.first() + entry.layer();
            runs.add(LayerCycles.Run.of(program, command, before + entry.startCycle(), before + entry.cycle()));
        }
    }

    private Profile profile(Graph graph, String device) {
        long total = LongStream.of(jobCycles).sum();
        ProfileFigures figures = new ProfileFigures(program, capabilities, runs, total);
        return total == 0
                ? figures.profile(
                        graph, device, false, figures.layerReadBytes(), figures.layerWrittenBytes(), hostNanos)
                : figures.profile(graph, device, false, readBytes, writtenBytes, hostNanos);
    }
}
