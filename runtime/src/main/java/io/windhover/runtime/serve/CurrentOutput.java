// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Frame;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.serve.monitor.NodeState.BrokerState;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The output of now: another one may take its place, and is told how everything is. */
final class CurrentOutput implements NodeOutput {
    private final Map<String, PartState> streams = new ConcurrentHashMap<>();
    private volatile @Nullable PartState accelerator;
    private volatile NodeOutput current = NodeOutput.NONE;

    /** The one before is closed first: it may hold what the new one needs. */
    void become(java.util.function.Supplier<NodeOutput> next) {
        current.close();
        NodeOutput opened = next.get();
        current = opened;
        PartState device = accelerator;
        if (device != null) {
            opened.accelerator(device);
        }
        streams.forEach(opened::stream);
    }

    @Override
    public byte[] classification(
            String stream, Model model, String source, Classification result, boolean publish, Runnable safe) {
        return current.classification(stream, model, source, result, publish, safe);
    }

    @Override
    public byte[] output(
            String stream,
            Model model,
            String source,
            Frame frame,
            Classification.Timings timings,
            boolean publish,
            Runnable safe) {
        return current.output(stream, model, source, frame, timings, publish, safe);
    }

    @Override
    public void answer(
            String stream, @Nullable String topic, byte @Nullable [] correlation, byte[] message, Runnable delivered) {
        current.answer(stream, topic, correlation, message, delivered);
    }

    @Override
    public void stream(String name, PartState state) {
        streams.put(name, state);
        current.stream(name, state);
    }

    @Override
    public void forget(String name) {
        streams.remove(name);
        current.forget(name);
    }

    @Override
    public void accelerator(PartState state) {
        accelerator = state;
        current.accelerator(state);
    }

    @Override
    public @Nullable BrokerState broker() {
        return current.broker();
    }

    @Override
    public void stopListening() {
        current.stopListening();
    }

    @Override
    public void close() {
        current.close();
    }
}
