// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.engine;

import io.windhover.driver.Accelerator;
import io.windhover.driver.Buffer;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.reference.Values;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.exception.WindhoverException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One frame's memory and jobs. The part of the host before the first job runs when the frame is submitted, those
 * between jobs while it is awaited, and the last one when an output of it is first asked for. Without parts on the host
 * nothing is allocated between submit and the outputs.
 */
final class AcceleratorSlot implements AutoCloseable {
    private final Graph graph;
    private final JobSlot[] jobs;
    private final List<HostPart> parts;
    private final @Nullable Values[] hostValues;
    private final long[] hostNanos;
    private final Map<Integer, ByteBuffer> inputs = new HashMap<>();
    /** Jobs whose memory inputs of the network are written to. */
    private final Map<Integer, Integer> readers = new HashMap<>();

    private boolean running;

    /** @param parts what the host runs: one before each job, and one after the last */
    AcceleratorSlot(Accelerator accelerator, Graph graph, CompiledModel compiled, List<HostPart> parts) {
        this.graph = graph;
        this.parts = parts;
        this.hostValues = new Values[parts.size()];
        this.hostNanos = new long[parts.size()];
        this.jobs = compiled.jobs().stream()
                .map(program -> new JobSlot(accelerator, program))
                .toArray(JobSlot[]::new);
        for (int input : graph.inputs()) {
            inputs.put(input, inputMemory(input));
        }
    }

    /** The memory that the first job to read the input has it in, so that it is not copied. */
    private ByteBuffer inputMemory(int input) {
        for (int job = 0; job < jobs.length; job++) {
            ByteBuffer memory = jobs[job].inputs().get(input);
            if (memory != null) {
                readers.put(input, job);
                return memory;
            }
        }
        return ByteBuffer.allocateDirect(graph.tensor(input).bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Uses the scratch memory given, or memory of its own for each job. */
    void mapScratch(@Nullable Buffer shared) {
        for (JobSlot job : jobs) {
            job.mapScratch(shared);
        }
    }

    /** @param offsets where each job's constants and commands begin */
    void setPrograms(Buffer programs, long[] offsets, int watchdogCycles) {
        for (int job = 0; job < jobs.length; job++) {
            jobs[job].setProgram(programs, offsets[job], watchdogCycles);
        }
    }

    ByteBuffer input(int tensor) {
        return Objects.requireNonNull(inputs.get(tensor));
    }

    boolean isRunning() {
        return running;
    }

    /** What each part on the host took of the last frame; 0 where it did not run. */
    long[] hostNanos() {
        return hostNanos;
    }

    void submit() {
        for (int part = 0; part < hostValues.length; part++) {
            hostValues[part] = null;
            hostNanos[part] = 0;
        }
        start(0);
    }

    private void start(int job) {
        running = false;
        boolean computed = !parts.get(job).isEmpty();
        if (computed) {
            run(job);
        }
        if (computed || job > 0) {
            feed(job);
        }
        jobs[job].submit();
        running = jobs[job].hasCommands();
    }

    private Values run(int part) {
        Values values = hostValues[part];
        if (values == null) {
            long start = System.nanoTime();
            Map<Integer, byte[]> given = new HashMap<>();
            parts.get(part).inputs().forEach(tensor -> given.put(tensor, tensor(tensor)));
            values = parts.get(part).run(given);
            hostValues[part] = values;
            hostNanos[part] = System.nanoTime() - start;
        }
        return values;
    }

    /** Brings a job what neither the caller nor itself has put into its memory. */
    private void feed(int job) {
        jobs[job].inputs().forEach((tensor, memory) -> {
            if (readers.getOrDefault(tensor, -1) != job) {
                memory.put(0, tensor(tensor));
            }
        });
    }

    /** @param done told the number of each job when it has ended */
    void await(long timeoutNanos, @Nullable IntConsumer done) {
        for (int job = 0; job < jobs.length; job++) {
            if (job > 0) {
                start(job);
            }
            jobs[job].await(timeoutNanos);
            if (done != null && jobs[job].hasCommands()) {
                done.accept(job);
            }
        }
        running = false;
    }

    ByteBuffer output(int tensor) {
        for (JobSlot job : jobs) {
            ByteBuffer output = job.output(tensor);
            if (output != null) {
                return output;
            }
        }
        return ByteBuffer.wrap(tensor(tensor)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A tensor's NHWC bytes, wherever it was made. */
    byte[] tensor(int index) {
        for (int part = 0; part < hostValues.length; part++) {
            if (parts.get(part).makes(index)) {
                return run(part).bytes(index);
            }
        }
        ByteBuffer input = inputs.get(index);
        return input != null ? copy(input) : accelerated(index);
    }

    /** What a job left in memory. The reshape of an input is not stored: its bytes are those of the input. */
    private byte[] accelerated(int index) {
        for (JobSlot job : jobs) {
            byte[] left = job.left(index);
            if (left != null) {
                return left;
            }
        }
        for (Operator operator : graph.operators()) {
            if (operator instanceof Reshape && operator.output() == index) {
                return tensor(operator.input());
            }
        }
        Tensor tensor = graph.tensor(index);
        throw new WindhoverException("The program of model '" + graph.name() + "' does not leave " + tensor
                + " in memory; give the model's source file.");
    }

    private static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    @Override
    public void close() {
        for (JobSlot job : jobs) {
            job.close();
        }
    }
}
