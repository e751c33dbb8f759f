// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.engine;

import io.windhover.driver.Accelerator;
import io.windhover.driver.Buffer;
import io.windhover.driver.Job;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.reference.Values;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.InputLocation;
import io.windhover.runtime.compiler.program.Regions;
import io.windhover.runtime.compiler.program.TensorLocation;
import io.windhover.runtime.exception.WindhoverException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One frame's memory and job. Between submit and the logits nothing is allocated, unless operators run on the host
 * before the accelerator; those after it run when an output of theirs is first asked for.
 */
final class AcceleratorSlot implements AutoCloseable {
    private final Job job;
    private final Graph graph;
    private final CompiledModel compiled;
    private final HostPart head;
    private final HostPart tail;
    private final boolean accelerated;
    private final Accelerator accelerator;
    private final List<Buffer> owned = new ArrayList<>();
    private final Map<Integer, Buffer> regions = new TreeMap<>();
    private final Map<Integer, ByteBuffer> inputs = new HashMap<>();
    private final Unpacked[] outputs;
    private @Nullable Values headValues;
    private @Nullable Values tailValues;
    private boolean running;

    /** A device output and the NHWC bytes it is unpacked into. */
    private record Unpacked(TensorLocation location, ByteBuffer memory, byte[] bytes, ByteBuffer view) {}

    AcceleratorSlot(Accelerator accelerator, Graph graph, CompiledModel compiled, HostPart head, HostPart tail) {
        this.accelerator = accelerator;
        this.graph = graph;
        this.compiled = compiled;
        this.head = head;
        this.tail = tail;
        this.accelerated = compiled.commandCount() > 0;
        this.job = accelerator.newJob();
        for (InputLocation location : compiled.inputs()) {
            ByteBuffer memory = own(location.region(), location.regionBytes()).bytes();
            inputs.put(
                    location.tensor(), memory.slice(0, location.tensorBytes()).order(ByteOrder.LITTLE_ENDIAN));
        }
        for (int input : graph.inputs()) {
            inputs.computeIfAbsent(
                    input,
                    index -> ByteBuffer.allocateDirect(graph.tensor(index).bytes())
                            .order(ByteOrder.LITTLE_ENDIAN));
        }
        this.outputs = compiled.outputs().stream().map(this::unpacked).toArray(Unpacked[]::new);
    }

    private void map(int region, Buffer buffer) {
        job.region(region, buffer, compiled.access(region));
        regions.put(region, buffer);
    }

    private Buffer own(int region, long bytes) {
        Buffer buffer = accelerator.allocate(bytes);
        owned.add(buffer);
        map(region, buffer);
        return buffer;
    }

    private Unpacked unpacked(TensorLocation location) {
        Buffer mapped = regions.get(location.region());
        Buffer memory = mapped != null ? mapped : own(location.region(), location.offset() + location.bytes());
        byte[] bytes = new byte[location.tensorBytes()];
        return new Unpacked(
                location, memory.bytes(), bytes, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Uses the scratch memory given, or memory of its own. */
    void mapScratch(@Nullable Buffer shared, long bytes) {
        if (shared != null) {
            map(Regions.SCRATCH, shared);
        } else if (bytes > 0) {
            own(Regions.SCRATCH, bytes);
        }
    }

    /** A network that runs on the host altogether has no program. */
    void setProgram(Buffer program, int watchdogCycles) {
        if (accelerated) {
            map(Regions.CONSTANTS, program);
            job.program(Regions.CONSTANTS, compiled.programOffset(), compiled.commandCount())
                    .watchdog(watchdogCycles);
        }
    }

    ByteBuffer input(int tensor) {
        return Objects.requireNonNull(inputs.get(tensor));
    }

    boolean isRunning() {
        return running;
    }

    void submit() {
        tailValues = null;
        if (!head.isEmpty()) {
            runHead();
        }
        if (accelerated) {
            job.submit();
        }
        running = accelerated;
    }

    private void runHead() {
        Map<Integer, byte[]> given = new HashMap<>();
        head.inputs().forEach(tensor -> given.put(tensor, copy(input(tensor))));
        headValues = head.run(given);
        for (InputLocation location : compiled.inputs()) {
            if (head.makes(location.tensor())) {
                input(location.tensor()).put(0, headValues.bytes(location.tensor()));
            }
        }
    }

    void await(long timeoutNanos) {
        if (accelerated) {
            job.await(timeoutNanos);
        }
        running = false;
        for (Unpacked output : outputs) {
            output.location().unpack(output.memory(), output.bytes(), 0);
        }
    }

    ByteBuffer output(int tensor) {
        for (Unpacked output : outputs) {
            if (output.location().tensor() == tensor) {
                return output.view();
            }
        }
        return ByteBuffer.wrap(tensor(tensor)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A tensor's NHWC bytes, wherever it was made. */
    byte[] tensor(int index) {
        if (tail.makes(index)) {
            return tailValues().bytes(index);
        }
        if (headValues != null && head.makes(index)) {
            return headValues.bytes(index);
        }
        if (inputs.containsKey(index)) {
            return copy(inputs.get(index));
        }
        return accelerated(index);
    }

    /** What a job left in memory. The reshape of an input is not stored: its bytes are those of the input. */
    private byte[] accelerated(int index) {
        for (Unpacked output : outputs) {
            if (output.location().tensor() == index) {
                return output.bytes();
            }
        }
        for (TensorLocation location : compiled.dumped()) {
            if (location.tensor() == index) {
                byte[] bytes = new byte[location.tensorBytes()];
                location.unpack(
                        Objects.requireNonNull(regions.get(location.region())).bytes(), bytes, 0);
                return bytes;
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

    private Values tailValues() {
        Values values = tailValues;
        if (values == null) {
            Map<Integer, byte[]> given = new HashMap<>();
            tail.inputs().forEach(tensor -> given.put(tensor, tensor(tensor)));
            values = tail.run(given);
            tailValues = values;
        }
        return values;
    }

    private static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    @Override
    public void close() {
        job.close();
        owned.forEach(Buffer::close);
    }
}
