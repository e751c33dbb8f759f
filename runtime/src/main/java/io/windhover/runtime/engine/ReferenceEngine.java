// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.engine;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Tensor;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import io.windhover.runtime.exception.DeviceException;
import io.windhover.runtime.exception.WindhoverException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The Java reference executor as a device: slow, exact, always there. Frames run on one thread of its own. */
public final class ReferenceEngine implements Engine {
    private final Graph graph;
    private final Duration timeout;
    private final ReferenceExecutor executor;
    private final ByteBuffer[][] inputs = new ByteBuffer[SLOTS][];
    private final @Nullable Future<?>[] running = new Future<?>[SLOTS];
    private final @Nullable Values[] values = new Values[SLOTS];
    private final ExecutorService thread;

    /** @param timeout longest wait for one frame; a frame that takes longer is stopped */
    public ReferenceEngine(Graph graph, Duration timeout) {
        this.graph = graph;
        this.timeout = timeout;
        this.executor = new ReferenceExecutor(graph);
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread worker = new Thread(task, "windhover-reference");
            worker.setDaemon(true);
            return worker;
        });
        for (int slot = 0; slot < SLOTS; slot++) {
            inputs[slot] = new ByteBuffer[graph.inputs().length];
            for (int index = 0; index < graph.inputs().length; index++) {
                Tensor tensor = graph.tensor(graph.inputs()[index]);
                inputs[slot][index] = ByteBuffer.allocateDirect(tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    @Override
    public ByteBuffer input(int slot, int index) {
        return inputs[slot][index];
    }

    @Override
    public void submit(int slot) {
        byte[][] frame = new byte[inputs[slot].length][];
        for (int index = 0; index < frame.length; index++) {
            frame[index] = new byte[inputs[slot][index].capacity()];
            inputs[slot][index].get(0, frame[index]);
        }
        running[slot] = thread.submit(() -> values[slot] = executor.run(frame));
    }

    @Override
    public void await(int slot) {
        Future<?> frame = running[slot];
        if (frame == null) {
            throw new IllegalStateException("slot " + slot + " was not submitted");
        }
        try {
            frame.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            frame.cancel(true);
            throw new DeviceException(
                    "Device 'reference:' did not finish a frame of model '" + graph.name() + "' within "
                            + timeout.toMillis() / 1000.0
                            + " s and was stopped; raise the timeout (--timeout, or a service's 'timeout' of the model), or choose a faster device.",
                    late);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(failure.getCause());
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new WindhoverException("Waiting for a frame was interrupted.", interruption);
        }
    }

    private Values result(int slot) {
        Values result = values[slot];
        if (result == null) {
            throw new IllegalStateException("slot " + slot + " has no result yet");
        }
        return result;
    }

    @Override
    public ByteBuffer output(int slot, int index) {
        return ByteBuffer.wrap(result(slot).bytes(graph.outputs()[index])).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public byte[] activation(int slot, int tensorIndex) {
        return result(slot).bytes(tensorIndex);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
