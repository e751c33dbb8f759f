// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.contract.Contract;
import io.windhover.contract.Header;
import io.windhover.contract.Queue;
import io.windhover.driver.Capabilities;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A network as programs for one configuration of the accelerator: one job, or several with parts of the network on the
 * host between them. Commands are numbered through all jobs.
 *
 * @param name the network's name
 * @param configuration ID of the accelerator's configuration
 * @param contractDigest digest of the contract the commands follow
 * @param jobs in the order they run, one or more; the only one has no commands where the host runs everything
 * @param layers one for each operator of the graph
 * @param host operators, by position, that the host runs before the first job, between two jobs, and after the last
 * @param estimatedCycles of one frame, all its jobs together
 */
public record CompiledModel(
        String name,
        int configuration,
        long contractDigest,
        List<JobProgram> jobs,
        List<LayerInfo> layers,
        List<List<Integer>> host,
        long estimatedCycles) {
    public CompiledModel {
        jobs = List.copyOf(jobs);
        layers = List.copyOf(layers);
        host = host.stream().map(List::copyOf).toList();
        ProgramCheck.checkParts(name, jobs.size(), host.size());
        for (JobProgram job : jobs) {
            ProgramCheck.check(
                    name,
                    job.commands(),
                    job.constants(),
                    job.scratchBytes(),
                    job.inputs(),
                    job.outputs(),
                    job.dumped());
        }
        ProgramCheck.checkLayers(name, layers, host);
    }

    /** A network of one job. */
    public CompiledModel(
            String name,
            int configuration,
            long contractDigest,
            long[] commands,
            byte[] constants,
            long scratchBytes,
            List<InputLocation> inputs,
            List<TensorLocation> outputs,
            List<TensorLocation> dumped,
            List<LayerInfo> layers,
            List<Integer> head,
            List<Integer> tail,
            long estimatedCycles) {
        this(
                name,
                configuration,
                contractDigest,
                List.of(new JobProgram(commands, constants, scratchBytes, inputs, outputs, dumped)),
                layers,
                List.of(head, tail),
                estimatedCycles);
    }

    /** Operators that the host runs before the first job. */
    public List<Integer> head() {
        return host.get(0);
    }

    /** Operators that the host runs after the last job. */
    public List<Integer> tail() {
        return host.get(host.size() - 1);
    }

    /** Those of all jobs, one after another. */
    public long[] commands() {
        if (jobs.size() == 1) {
            return jobs.get(0).commands();
        }
        long[] all =
                new long[jobs.stream().mapToInt(job -> job.commands().length).sum()];
        int at = 0;
        for (JobProgram job : jobs) {
            System.arraycopy(job.commands(), 0, all, at, job.commands().length);
            at += job.commands().length;
        }
        return all;
    }

    /** Those of all jobs, one after another. */
    public byte[] constants() {
        if (jobs.size() == 1) {
            return jobs.get(0).constants();
        }
        byte[] all =
                new byte[jobs.stream().mapToInt(job -> job.constants().length).sum()];
        int at = 0;
        for (JobProgram job : jobs) {
            System.arraycopy(job.constants(), 0, all, at, job.constants().length);
            at += job.constants().length;
        }
        return all;
    }

    /** Working memory: jobs run one after another and share it. */
    public long scratchBytes() {
        return jobs.stream().mapToLong(JobProgram::scratchBytes).max().orElse(0);
    }

    /** What the host writes before each job. */
    public List<InputLocation> inputs() {
        return all(JobProgram::inputs);
    }

    /** What the host reads after each job. */
    public List<TensorLocation> outputs() {
        return all(JobProgram::outputs);
    }

    /** What each job leaves in its memory. */
    public List<TensorLocation> dumped() {
        return all(JobProgram::dumped);
    }

    private <T> List<T> all(Function<JobProgram, List<T>> part) {
        List<T> all = new ArrayList<>();
        jobs.forEach(job -> all.addAll(part.apply(job)));
        return List.copyOf(all);
    }

    /** Commands of all jobs. */
    public int commandCount() {
        return jobs.stream().mapToInt(JobProgram::commandCount).sum();
    }

    /** Number of a job's first command. */
    public int firstCommand(int job) {
        return jobs.subList(0, job).stream().mapToInt(JobProgram::commandCount).sum();
    }

    /** Queue that a command runs in. */
    public Queue queue(int command) {
        Place place = place(command);
        return Command.queue(place.commands(), place.offset());
    }

    /** Layer that a command works for. */
    public int layer(int command) {
        Place place = place(command);
        return (int) Header.LAYER.get(place.commands(), place.offset());
    }

    /** Position of the job that a command is one of. */
    public int job(int command) {
        return place(command).job();
    }

    private record Place(int job, long[] commands, int offset) {
        Place(int job, JobProgram program, int position) {
            this(job, program.commands(), position * Contract.COMMAND_WORDS);
        }
    }

    private Place place(int command) {
        int left = command;
        for (int job = 0; job < jobs.size(); job++) {
            if (left < jobs.get(job).commandCount()) {
                return new Place(job, jobs.get(job), left);
            }
            left -= jobs.get(job).commandCount();
        }
        throw new IllegalArgumentException("there is no command " + command);
    }

    /**
     * The same network, in which commands from {@code first} to {@code end} leave trace entries whose layer numbers
     * count them from 0.
     */
    public CompiledModel traced(int first, int end) {
        List<JobProgram> traced = new ArrayList<>();
        for (int job = 0; job < jobs.size(); job++) {
            traced.add(jobs.get(job).traced(first - firstCommand(job), end - firstCommand(job)));
        }
        return new CompiledModel(name, configuration, contractDigest, traced, layers, host, estimatedCycles);
    }

    /**
     * What all programs take at least: of each, the queue whose commands take longest together; commands come through
     * LOAD1's port.
     */
    public long floorCycles(Capabilities capabilities) {
        return jobs.stream().mapToLong(job -> floorCycles(job, capabilities)).sum();
    }

    private static long floorCycles(JobProgram job, Capabilities capabilities) {
        long[] floors = new long[Contract.QUEUES];
        floors[Queue.LOAD1.ordinal()] = job.commands().length;
        for (int offset = 0; offset < job.commands().length; offset += Contract.COMMAND_WORDS) {
            floors[Command.queue(job.commands(), offset).ordinal()] +=
                    CommandFloor.cycles(job.commands(), offset, capabilities);
        }
        return Arrays.stream(floors).max().orElse(0);
    }
}
