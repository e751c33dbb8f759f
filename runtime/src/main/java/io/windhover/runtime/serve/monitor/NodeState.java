// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.monitor;

import io.windhover.runtime.Classification;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a node is at one moment: what the page, the metrics and the statistics topic show. Counters start at 0 with the
 * service and survive a reload, but for those of a device or broker that the reload replaces.
 *
 * @param ready every stream that should run does, and the device works
 * @param reloads configurations taken since the start
 * @param refusals by kind of what strangers sent or gave: frames, requests, commands, HTTP requests, configurations
 */
public record NodeState(
        String node,
        String version,
        long uptimeSeconds,
        boolean ready,
        DeviceState device,
        List<ModelState> models,
        List<StreamState> streams,
        @Nullable BrokerState broker,
        long reloads,
        Map<String, Long> refusals) {
    /**
     * The device.
     *
     * @param trouble one sentence; null while it works
     * @param resets since it was configured
     * @param frames since then
     */
    public record DeviceState(String locator, @Nullable String trouble, long resets, long frames) {}

    /**
     * A resident model.
     *
     * @param key its name in the configuration
     * @param results what its results are
     */
    public record ModelState(String key, String name, String sha256, Results results) {}

    /** What a model's results are. */
    public enum Results {
        CLASSES,
        DETECTIONS,
        /** Its outputs as they are. */
        OUTPUTS
    }

    /** What a stream is doing. */
    public enum Activity {
        RUNNING,
        /** Stopped by a command. */
        STOPPED,
        /** Its source has no more frames. */
        ENDED
    }

    /**
     * A stream.
     *
     * @param model key of the model that it runs
     * @param trouble of its source or model, one sentence; null while all is well
     * @param frames that were run
     * @param skipped frames left out for newer ones
     * @param refused frames that cannot be used
     * @param published results handed to the queue
     * @param framesPerSecond over the last seconds
     * @param top of the last result, best first; empty before the first, and for models that do not classify
     * @param found in the last frame, best first; empty for models that find nothing or do not look for things
     * @param stages latencies over the last minute, in the order of a frame's way: wait, decode, preprocess,
     *     accelerate, classify, total
     */
    public record StreamState(
            String name,
            String model,
            Activity activity,
            @Nullable String trouble,
            int priority,
            long frames,
            long skipped,
            long refused,
            long published,
            long restarts,
            double framesPerSecond,
            List<Classification.Score> top,
            List<Found> found,
            Map<String, Latency> stages) {}

    /**
     * Something that was found.
     *
     * @param box left, top, right, bottom in parts of the picture's width and height, 0 to 1
     * @param colour of its class, as HTML writes it
     */
    public record Found(String label, int index, double score, List<Double> box, String colour) {}

    /** Of one stage, in microseconds; frames is how many were measured. */
    public record Latency(long frames, long p50, long p90, long p99, long max, long mean) {}

    /**
     * The broker, and what waits for it.
     *
     * @param address without a password
     * @param waiting messages not yet acknowledged, those on disk included
     * @param queueBytes on disk
     * @param queueDamaged of the dropped: found damaged on disk
     * @param onDisk whether the disk takes messages
     * @param oldestSeconds since the oldest result that waits in the queue came into it; 0 where none waits
     */
    public record BrokerState(
            String address,
            boolean connected,
            long delivered,
            long waiting,
            long dropped,
            long reconnects,
            long queueBytes,
            long queueDamaged,
            boolean onDisk,
            long oldestSeconds) {}
}
