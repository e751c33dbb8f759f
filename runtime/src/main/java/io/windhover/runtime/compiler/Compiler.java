// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import io.windhover.contract.Contract;
import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.emission.DependencyAnalysis;
import io.windhover.runtime.compiler.emission.Emitter;
import io.windhover.runtime.compiler.emission.Timeline;
import io.windhover.runtime.compiler.lowering.LineFolding;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.operators.GraphLowering;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.JobProgram;
import io.windhover.runtime.compiler.program.MapAddress;
import io.windhover.runtime.compiler.program.Placement;
import io.windhover.runtime.compiler.program.Placement.JobPart;
import io.windhover.runtime.compiler.program.Regions;
import io.windhover.runtime.compiler.program.ScheduledCommand;
import io.windhover.runtime.compiler.program.TensorLocation;
import io.windhover.runtime.compiler.schedule.Liveness;
import io.windhover.runtime.compiler.schedule.MemoryPlan;
import io.windhover.runtime.compiler.schedule.Partitioner;
import io.windhover.runtime.compiler.schedule.Segment;
import io.windhover.runtime.compiler.schedule.SegmentPlanner;
import io.windhover.runtime.compiler.schedule.Tilings;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.Stage;
import java.util.ArrayList;
import java.util.List;

/** Compiles networks for what an accelerator reports about itself. The same network gives the same bytes. */
public final class Compiler {
    /**
     * Maps up to these parts (in eighths) of the activation memory may stay on chip between segments; the best is kept.
     */
    private static final int[] RESIDENT_EIGHTHS = {1, 2, 4};

    private final Graph graph;
    private final Capabilities capabilities;
    private final boolean everyTensor;
    private final JobPart part;
    private final JobRegions regions;
    private final LoweringState state;
    private final MemoryPlan memory;
    /** Without the maps that are only dumped. */
    private final Tilings tilings = new Tilings();

    private List<ScheduledCommand> program = List.of();

    private Compiler(Graph graph, Capabilities capabilities, JobPart part, boolean everyTensor, boolean stepwise) {
        this.graph = graph;
        this.capabilities = capabilities;
        this.part = part;
        this.everyTensor = everyTensor;
        memory = new MemoryPlan(graph.name());
        regions = new JobRegions(graph, part);
        state = new GraphLowering(graph, capabilities, part, regions.inputs(), everyTensor, stepwise).lower();
    }

    /** Compiles for inference. */
    public static CompiledModel compile(Graph graph, Capabilities capabilities) {
        return compiled(graph, capabilities, false).model();
    }

    /** Compiles so that every tensor the accelerator makes is in memory after its job. */
    public static CompiledModel compileKeepingEveryTensor(Graph graph, Capabilities capabilities) {
        return compiled(graph, capabilities, true).model();
    }

    /** Compiles for inference, and says when each command is expected to run. */
    public static Estimate estimate(Graph graph, Capabilities capabilities) {
        Compiled compiled = compiled(graph, capabilities, false);
        return new Estimate(compiled.model(), compiled.runs());
    }

    /** The program of a network's first job with what each command touches. */
    static List<ScheduledCommand> program(Graph graph, Capabilities capabilities, boolean everyTensor) {
        return compiled(graph, capabilities, everyTensor).program();
    }

    /** A compiled network with the program of its first job, and when the commands of all jobs run. */
    private record Compiled(CompiledModel model, List<ScheduledCommand> program, List<Estimate.Run> runs) {}

    /** What cannot be placed at once may be placed in steps. */
    private static Compiled compiled(Graph graph, Capabilities capabilities, boolean everyTensor) {
        Placement placement = Placement.of(graph);
        try {
            return compiled(graph, capabilities, placement, everyTensor, false);
        } catch (CompileException refusal) {
            return compiled(graph, capabilities, placement, everyTensor, true);
        }
    }

    /** What cannot be placed as it is may be placed with its long lines folded, or with more than these. */
    private static Compiled compiled(
            Graph graph, Capabilities capabilities, Placement placement, boolean everyTensor, boolean stepwise) {
        CompileException refusal;
        try {
            return whole(graph, graph, capabilities, placement, everyTensor, stepwise);
        } catch (CompileException unfolded) {
            refusal = unfolded;
        }
        for (LineFolding.Reach reach : LineFolding.Reach.values()) {
            Graph folded = LineFolding.of(graph, placement, reach);
            try {
                if (folded != null) {
                    return whole(graph, folded, capabilities, placement, everyTensor, stepwise);
                }
            } catch (CompileException still) {
                refusal = still;
            }
        }
        throw refusal;
    }

    /** @param computed the network with its tensors and the operators of its jobs in the form that is compiled */
    private static Compiled whole(
            Graph graph,
            Graph computed,
            Capabilities capabilities,
            Placement placement,
            boolean everyTensor,
            boolean stepwise) {
        List<JobProgram> jobs = new ArrayList<>();
        List<Stage> stages = new ArrayList<>();
        List<List<ScheduledCommand>> programs = new ArrayList<>();
        List<Estimate.Run> runs = new ArrayList<>();
        long cycles = 0;
        for (JobPart part : placement.jobs()) {
            Compiler compiler = new Compiler(computed, capabilities, part, everyTensor, stepwise);
            jobs.add(compiler.compile());
            stages.addAll(compiler.state.stages);
            int first = programs.stream().mapToInt(List::size).sum();
            programs.add(compiler.program);
            Timeline timeline = new Timeline(compiler.program, capabilities);
            for (Timeline.Run run : timeline.runs()) {
                runs.add(new Estimate.Run(first + run.command(), cycles + run.start(), cycles + run.end()));
            }
            cycles += timeline.cycles();
        }
        List<ScheduledCommand> commands =
                programs.stream().flatMap(List::stream).toList();
        CompiledModel model = new CompiledModel(
                graph.name(),
                capabilities.configuration(),
                Contract.DIGEST,
                jobs,
                new Report(graph, capabilities, placement, stages, commands).layers(),
                placement.host(),
                cycles);
        return new Compiled(model, programs.get(0), runs);
    }

    private JobProgram compile() {
        List<TensorLocation> outputs = new ArrayList<>();
        for (int i = 0; i < part.outputs().size(); i++) {
            outputs.add(keep(part.outputs().get(i), regions.output(i)));
        }
        List<TensorLocation> dumped = new ArrayList<>(outputs);
        if (everyTensor) {
            for (Tensor tensor : graph.activations()) {
                if (!part.outputs().contains(tensor.index()) && state.held(tensor.index()) != null) {
                    dumped.add(keep(tensor.index(), Regions.SCRATCH));
                }
            }
        }
        memory.place(state.areas);
        if (!state.stages.isEmpty()) {
            program = best();
        }
        return assemble(outputs, dumped);
    }

    /** Keeps the tensor's map in memory; tensors that share a map share it. */
    private TensorLocation keep(int index, int region) {
        TensorValue value = state.held(index);
        if (value == null || value.channels() == null) {
            throw new CompileException(
                    "Output " + graph.tensor(index) + " is an input of the network; use the input itself.");
        }
        MapNode map = value.channels().maps().get(0);
        MapAddress kept = memory.keep(map, region);
        return new TensorLocation(
                index,
                kept.region(),
                kept.offset(),
                map.height,
                map.width,
                value.shape().channels(),
                map.blocks,
                value.type());
    }

    private List<ScheduledCommand> best() {
        List<ScheduledCommand> best = null;
        long fewest = Long.MAX_VALUE;
        long scratchBest = 0;
        long scratchBefore = memory.scratchBytes();
        for (int eighths : RESIDENT_EIGHTHS) {
            memory.rewind(scratchBefore);
            List<ScheduledCommand> program = attempt(eighths * capabilities.activationBankWords() / 8);
            long cycles = new Timeline(program, capabilities).cycles();
            if (cycles < fewest) {
                fewest = cycles;
                best = program;
                scratchBest = memory.scratchBytes();
            }
        }
        memory.rewind(scratchBest);
        return java.util.Objects.requireNonNull(best);
    }

    /**
     * A program in which maps of up to {@code residentWords} stay on chip; plans with less memory when maps end up too
     * scattered.
     */
    private List<ScheduledCommand> attempt(int residentWords) {
        int words = capabilities.activationBankWords();
        while (true) {
            memory.dump(false);
            Liveness liveness = new Liveness(state.stages, memory);
            liveness.keepUpTo(Math.min(residentWords, words / 2));
            List<Segment> segments = withDump(
                    new Partitioner(state.stages, liveness, capabilities, words, tilings).partition(), liveness, words);
            memory.spill(segments);
            List<ScheduledCommand> program = new Emitter(state.stages, liveness, memory, capabilities).emit(segments);
            if (program != null) {
                DependencyAnalysis.addTokens(program);
                return program;
            }
            words -= Math.max(1, words / 8);
        }
    }

    /** The same tiling with every tensor stored; another one only where the extra rows do not fit. */
    private List<Segment> withDump(List<Segment> segments, Liveness liveness, int words) {
        if (!memory.dump(true)) {
            return segments;
        }
        liveness.noteStored();
        SegmentPlanner planner = new SegmentPlanner(state.stages, liveness, capabilities, words);
        List<Segment> refitted = new ArrayList<>();
        for (Segment segment : segments) {
            Segment same = planner.refit(segment);
            same = same == null ? planner.plan(segment.from(), segment.to()) : same;
            if (same == null) {
                return new Partitioner(state.stages, liveness, capabilities, words, new Tilings()).partition();
            }
            refitted.add(same);
        }
        return refitted;
    }

    private JobProgram assemble(List<TensorLocation> outputs, List<TensorLocation> dumped) {
        long[] commands = new long[program.size() * Contract.COMMAND_WORDS];
        for (int i = 0; i < program.size(); i++) {
            System.arraycopy(
                    program.get(i).command().words(), 0, commands, i * Contract.COMMAND_WORDS, Contract.COMMAND_WORDS);
        }
        return new JobProgram(
                commands, state.constants.toBytes(), memory.scratchBytes(), regions.locations(), outputs, dumped);
    }
}
