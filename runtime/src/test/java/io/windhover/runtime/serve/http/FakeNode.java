// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import io.windhover.runtime.Classification.Score;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.Pixels;
import io.windhover.runtime.serve.monitor.NodeState;
import io.windhover.runtime.serve.monitor.NodeState.Activity;
import io.windhover.runtime.serve.monitor.NodeState.BrokerState;
import io.windhover.runtime.serve.monitor.NodeState.DeviceState;
import io.windhover.runtime.serve.monitor.NodeState.Found;
import io.windhover.runtime.serve.monitor.NodeState.Latency;
import io.windhover.runtime.serve.monitor.NodeState.ModelState;
import io.windhover.runtime.serve.monitor.NodeState.StreamState;
import io.windhover.runtime.serve.monitor.NodeView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** A node of three streams, whose troubles are chosen by a test. */
final class FakeNode implements NodeView {
    static final String EVIL = "<img src=x onerror=\"document.title='stolen'\">";
    private static final long STARTED = System.nanoTime();

    final Map<String, Long> refusals = new ConcurrentHashMap<>();
    final Map<String, Activity> activities = new ConcurrentHashMap<>();
    final Map<String, String> models = new ConcurrentHashMap<>();
    volatile boolean alive = true;
    volatile boolean connected = true;
    volatile String deviceTrouble;
    volatile String cameraTrouble;
    volatile CountDownLatch hang = new CountDownLatch(0);
    volatile int pictureWidth = 320;
    volatile boolean measured = true;
    volatile boolean classes = true;
    volatile NodeState.Results results = NodeState.Results.CLASSES;
    volatile List<Found> found = List.of();

    FakeNode() {
        for (String name : List.of("drawing", "yard", "gate " + EVIL)) {
            activities.put(name, Activity.RUNNING);
            models.put(name, "pads");
        }
        activities.put("yard", Activity.ENDED);
    }

    @Override
    public NodeState state() {
        try {
            hang.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
        double second = (System.nanoTime() - STARTED) / 1e9;
        return new NodeState(
                "pad-7",
                "0.1.0",
                (long) (second + 93_784),
                deviceTrouble == null,
                new DeviceState("functional:", deviceTrouble, 2, frames(second)),
                List.of(
                        new ModelState("pads", "landing_pad_int8", "9f".repeat(32), results),
                        new ModelState("digits", EVIL, "07".repeat(32), NodeState.Results.OUTPUTS)),
                List.of(
                        stream("drawing", second, null),
                        stream("yard", second, cameraTrouble),
                        stream("gate " + EVIL, second, null)),
                new BrokerState(
                        "mqtts://broker.local:8883", connected, 81_220, connected ? 3 : 412, 0, 4, 65_536, 2, true, 37),
                1,
                new TreeMap<>(refusals));
    }

    private static long frames(double second) {
        return (long) (second * 12) + 1000;
    }

    private StreamState stream(String name, double second, String trouble) {
        double wave = Math.sin(second / 3);
        Map<String, Latency> stages = new LinkedHashMap<>();
        long total = 0;
        for (String stage : List.of("wait", "decode", "preprocess", "accelerate", "classify")) {
            long micros = (long) ((stage.equals("accelerate") ? 18_000 : 2_500) * (1 + 0.2 * wave));
            total += micros;
            stages.put(stage, new Latency(700, micros, micros * 6 / 5, micros * 3 / 2, micros * 2, micros));
        }
        stages.put("total", new Latency(700, total, total * 6 / 5, total * 3 / 2, total * 2, total));
        boolean runs = activities.get(name) == Activity.RUNNING;
        return new StreamState(
                name,
                models.get(name),
                activities.get(name),
                trouble,
                0,
                frames(second),
                12,
                3,
                frames(second),
                1,
                runs ? 12 + wave : 0,
                classes ? top(wave) : List.of(),
                found,
                measured ? stages : withoutFrames(stages));
    }

    private static List<Score> top(double wave) {
        return List.of(
                new Score("landing pad with an H in a circle", 3, 0.82 + 0.1 * wave),
                new Score(EVIL, 1, 0.08),
                new Score("tag", 2, 0.04),
                new Score("vehicle", 4, 0.01),
                new Score("water", 5, 0.002));
    }

    private static Map<String, Latency> withoutFrames(Map<String, Latency> stages) {
        stages.replaceAll((stage, latency) -> new Latency(0, 0, 0, 0, 0, 0));
        return stages;
    }

    @Override
    public boolean isAlive() {
        return alive;
    }

    @Override
    public Pixels picture(String stream) {
        if (stream.equals("yard")) {
            return null;
        }
        int width = pictureWidth;
        int height = width * 3 / 4;
        byte[] samples = new byte[width * height * 3];
        long shift = System.nanoTime() / 50_000_000;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = (y * width + x) * 3;
                boolean ring = Math.abs(Math.hypot(x - width / 2.0, y - height / 2.0) - height / 3.0) < height / 18.0;
                samples[at] = (byte) (ring ? 240 : 60 + (x + shift) % 40);
                samples[at + 1] = (byte) (ring ? 240 : 90 + y * 60 / height);
                samples[at + 2] = (byte) (ring ? 230 : 80);
            }
        }
        return new Pixels(width, height, 3, samples);
    }

    @Override
    public void setRunning(String stream, boolean running) {
        activities.put(stream, running ? Activity.RUNNING : Activity.STOPPED);
    }

    @Override
    public void setModel(String stream, String model) {
        if (!List.of("pads", "digits").contains(model)) {
            throw new WindhoverException("no model has the name " + model);
        }
        models.put(stream, model);
    }

    @Override
    public void refused(String kind) {
        refusals.merge(kind, 1L, Long::sum);
    }

    long refusedRequests() {
        return refusals.getOrDefault("http", 0L);
    }
}
