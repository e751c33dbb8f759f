// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Detections;
import io.windhover.runtime.Frame;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.mqtt.Receipt;
import io.windhover.runtime.serve.monitor.NodeState.BrokerState;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The output of now: another one may take its place, and is told how everything is. */
final class CurrentOutput implements NodeOutput {
    private final Map<String, PartState> streams = new ConcurrentHashMap<>();
    private final Map<String, Settings> settings = new ConcurrentHashMap<>();
    private volatile @Nullable PartState accelerator;
    private volatile NodeOutput current = NodeOutput.NONE;
    /** Results are handed to one output or the next; while one is closed and the next one opened, they wait. */
    private final ReadWriteLock change = new ReentrantReadWriteLock();

    /** The one before is closed first: it may hold what the new one needs. It takes results while it delivers. */
    void become(Supplier<NodeOutput> next, Set<String> keep) {
        current.drain(keep);
        NodeOutput opened = replace(next);
        PartState device = accelerator;
        if (device != null) {
            opened.accelerator(device);
        }
        streams.forEach(opened::stream);
        settings.forEach((stream, now) -> opened.settings(stream, now.running, now.model));
    }

    private record Settings(boolean running, String model) {}

    private NodeOutput replace(Supplier<NodeOutput> next) {
        change.writeLock().lock();
        try {
            current.close();
            current = next.get();
            return current;
        } finally {
            change.writeLock().unlock();
        }
    }

    @Override
    public byte[] classification(
            String stream, Model model, String source, Classification result, boolean publish, Runnable safe) {
        change.readLock().lock();
        try {
            return current.classification(stream, model, source, result, publish, safe);
        } finally {
            change.readLock().unlock();
        }
    }

    @Override
    public byte[] detections(
            String stream, Model model, String source, Detections result, boolean publish, Runnable safe) {
        change.readLock().lock();
        try {
            return current.detections(stream, model, source, result, publish, safe);
        } finally {
            change.readLock().unlock();
        }
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
        change.readLock().lock();
        try {
            return current.output(stream, model, source, frame, timings, publish, safe);
        } finally {
            change.readLock().unlock();
        }
    }

    @Override
    public void answer(
            String stream, @Nullable String topic, byte @Nullable [] correlation, byte[] message, Receipt request) {
        change.readLock().lock();
        try {
            current.answer(stream, topic, correlation, message, request);
        } finally {
            change.readLock().unlock();
        }
    }

    @Override
    public void stream(String name, PartState state) {
        streams.put(name, state);
        current.stream(name, state);
    }

    @Override
    public void settings(String stream, boolean running, String model) {
        settings.put(stream, new Settings(running, model));
        current.settings(stream, running, model);
    }

    @Override
    public void leaveGroup(String name) {
        current.leaveGroup(name);
    }

    @Override
    public void joinGroup(String name) {
        current.joinGroup(name);
    }

    @Override
    public void leaveNames() {
        current.leaveNames();
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
    public void drain(Set<String> keep) {
        current.drain(keep);
    }

    @Override
    public void close() {
        current.close();
    }
}
