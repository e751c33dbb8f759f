// SPDX-License-Identifier: Apache-2.0
package io.windhover.benchmark.service;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.benchmark.service.ChildService.Work;
import io.windhover.models.graph.Graph;
import io.windhover.models.zoo.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What is measured of a running service, each with a service of its own. */
@SuppressWarnings("try") // clients that only listen
final class Measurements {
    private static final String MODEL = "landing_pad_int8";
    private static final String SMALLEST = "lenet_300_100";
    private static final long PATIENCE_SECONDS = 60;

    private static final int STARTS = 4;
    private static final int FRAMES_PER_SECOND = 30;
    private static final int WARM_SECONDS = 10;
    private static final int STEADY_SECONDS = 20;
    private static final int WARM_REQUEST_SECONDS = 4;
    private static final int REQUEST_SECONDS = 6;
    private static final int FLOOD_STREAMS = 6;
    private static final int FLOOD_WARM_SECONDS = 5;
    private static final int FLOOD_SECONDS = 10;

    private final Path folder;
    private final Broker broker;
    private final Report report;

    Measurements(Path folder, Broker broker, Report report) {
        this.folder = folder;
        this.broker = broker;
        this.report = report;
    }

    private Path fresh(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private String mqtt() {
        return "\nmqtt: {url: 'mqtt://127.0.0.1:" + broker.port() + "', statistics: 1s}\n";
    }

    private static String model(String file) {
        return "models: {m: {file: '" + file + "'}}\n";
    }

    private String camera(String model) {
        return model(model)
                + "streams: {camera: {model: m, source: {pattern: {width: 640, height: 480, frames_per_second: "
                + FRAMES_PER_SECOND + "}}}}" + mqtt();
    }

    private static void sleepSeconds(ChildService service, int seconds) throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(seconds);
        service.requireAlive();
    }

    private static JsonObject parse(String payload) {
        return JsonParser.parseString(payload).getAsJsonObject();
    }

    // --- start ---

    void starts() throws IOException, InterruptedException {
        Path where = fresh("start");
        String how = "worst of " + STARTS + " starts; files are in the page cache";
        starts(where, "zoo:" + MODEL, "start to first result, model compiled", how);
        starts(where, compiledModel().toString(), "start to first result, compiled model", how);
    }

    private void starts(Path where, String model, String what, String how) throws IOException, InterruptedException {
        start(where, model, new Samples(), new Samples());
        Samples launched = new Samples();
        Samples java = new Samples();
        for (int run = 0; run < STARTS; run++) {
            start(where, model, launched, java);
        }
        start(what, "from the launcher", launched, how);
        start(what, "from its Java", java, how);
    }

    /** A file of the compiled model, made once. */
    private Path compiledModel() throws IOException {
        Path file = folder.resolve(MODEL + ".whm");
        if (!Files.exists(file)) {
            String said = Command.output(
                    System.getProperty("windhover.home") + "/windhover",
                    "compile",
                    "zoo:" + MODEL,
                    "-o",
                    file.toString());
            if (!Files.exists(file)) {
                throw new IOException("the model cannot be compiled: " + said);
            }
        }
        return file;
    }

    private void start(String what, String from, Samples samples, String how) {
        report.atMost(
                what + ", " + from,
                samples.percentileMillis(100) / 1000,
                "s",
                2,
                String.format(
                        java.util.Locale.ROOT, "%s; the median is %.2f s", how, samples.percentileMillis(50) / 1000));
    }

    private void start(Path where, String model, Samples launched, Samples java)
            throws IOException, InterruptedException {
        BlockingQueue<Long> first = new ArrayBlockingQueue<>(1);
        try (Client client = new Client(
                        broker.port(),
                        "start",
                        "windhover/bench/camera/classification",
                        (topic, payload, nanos) -> first.offer(nanos));
                ChildService service = new ChildService(where, camera(model))) {
            Long nanos = first.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            service.requireAlive();
            if (nanos == null) {
                throw new IOException("no result came within " + PATIENCE_SECONDS + " s");
            }
            launched.add(nanos - service.launchedNanos());
            java.add(nanos - service.javaStartedNanos());
        }
    }

    // --- a camera's pace ---

    void steady() throws IOException, InterruptedException {
        Samples latencies = new Samples();
        try (ChildService service = new ChildService(fresh("steady"), camera("zoo:" + MODEL));
                Client client = new Client(
                        broker.port(),
                        "steady",
                        "windhover/bench/camera/classification",
                        (topic, payload, nanos) -> latencies.add(
                                nanos - parse(payload).get("monotonicNs").getAsLong()))) {
            sleepSeconds(service, WARM_SECONDS);
            latencies.clear();
            Map<Work, Long> before = service.processorNanos();
            sleepSeconds(service, STEADY_SECONDS);
            Map<Work, Long> after = service.processorNanos();
            int frames = latencies.count();
            latency(latencies);
            processor(before, after, frames);
            memory(service);
        }
    }

    private void latency(Samples latencies) {
        String how = latencies.count() + " results of " + FRAMES_PER_SECOND
                + " frames/s; from the result's making (its monotonicNs) to the subscriber having read it, QoS 1 through the"
                + " queue on disk";
        report.only("result to subscriber, p50", latencies.percentileMillis(50), "ms", "");
        report.atMost("result to subscriber, p99", latencies.percentileMillis(99), "ms", 10, how);
        report.only("result to subscriber, worst", latencies.percentileMillis(100), "ms", "");
    }

    private void processor(Map<Work, Long> before, Map<Work, Long> after, int frames) {
        report.atMost(
                "host CPU per frame beyond decoding",
                millis(Work.HOST, before, after) / frames,
                "ms",
                1,
                frames + " frames of 640x480 over " + STEADY_SECONDS + " s, " + WARM_SECONDS
                        + " s after the start; all threads of the process, Java's compiler and collector included, but the"
                        + " source's and the functional model's");
        report.only("CPU per frame, drawing the picture", millis(Work.DECODING, before, after) / frames, "ms", "");
        report.only("CPU per frame, functional model", millis(Work.ACCELERATOR, before, after) / frames, "ms", "");
    }

    private static double millis(Work work, Map<Work, Long> before, Map<Work, Long> after) {
        return (after.getOrDefault(work, 0L) - before.getOrDefault(work, 0L)) / 1e6;
    }

    private void memory(ChildService service) throws IOException {
        double resident = service.residentKb() / 1024.0;
        report.atMost(
                "RSS, all of it",
                resident,
                "MiB",
                96,
                "Rss of smaps_rollup " + (WARM_SECONDS + STEADY_SECONDS)
                        + " s after the start: nothing subtracted, shared pages of libraries and of Java's archives counted");
        long device = service.deviceMemoryKb();
        if (device >= 0) {
            double beyond = resident - device / 1024.0;
            report.atMost(
                    "RSS beyond DMA memory",
                    beyond,
                    "MiB",
                    96,
                    "the same less the resident pages of the functional model's memory (the mapping of "
                            + ChildService.DEVICE_MIB
                            + " MiB), where on an FPGA DMA memory would be: program, weights, frames");
            report.atMost(
                    "RSS beyond DMA memory and model",
                    beyond - Files.size(compiledModel()) / 1024.0 / 1024.0,
                    "MiB",
                    96,
                    "the same less the size of the compiled model's file, which Java's heap holds read");
        }
    }

    // --- requests ---

    void requests(String name, int qos, String how) throws IOException, InterruptedException {
        Graph graph = Zoo.load(MODEL);
        byte[] tensor = new byte[graph.tensor(graph.inputs()[0]).bytes()];
        BlockingQueue<Answer> answers = new ArrayBlockingQueue<>(1);
        Samples overhead = new Samples();
        try (ChildService service = new ChildService(
                        fresh("requests"),
                        model("zoo:" + MODEL) + "streams: {questions: {model: m, source: {requests: {}}}}" + mqtt());
                Client client = new Client(
                        broker.port(),
                        "requests",
                        "bench/answers",
                        (topic, payload, nanos) -> answers.offer(new Answer(payload, nanos)))) {
            awaitListening(service, client, tensor, answers);
            ask(service, client, tensor, qos, answers, WARM_REQUEST_SECONDS, new Samples());
            ask(service, client, tensor, qos, answers, REQUEST_SECONDS, overhead);
        }
        report.atMost(
                name + ", p50",
                overhead.percentileMillis(50),
                "ms",
                1.5,
                overhead.count() + " requests one after another, each the input tensor's " + tensor.length
                        + " bytes at QoS " + qos
                        + "; publish to answer read, less only the answer's latencyUs.accelerate; "
                        + how);
        report.only(name + ", p99", overhead.percentileMillis(99), "ms", "");
    }

    private static void ask(
            ChildService service,
            Client client,
            byte[] tensor,
            int qos,
            BlockingQueue<Answer> answers,
            int seconds,
            Samples overhead)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            client.ask("windhover/bench/questions/infer", tensor, "bench/answers", qos);
            Answer answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            service.requireAlive();
            if (answer == null) {
                throw new IOException("a request was not answered");
            }
            long inference = TimeUnit.MICROSECONDS.toNanos(parse(answer.payload)
                    .getAsJsonObject("latencyUs")
                    .get("accelerate")
                    .getAsLong());
            overhead.add(answer.nanos - start - inference);
        }
    }

    private record Answer(String payload, long nanos) {}

    /** Asks until somebody listens. */
    private static void awaitListening(
            ChildService service, Client client, byte[] tensor, BlockingQueue<Answer> answers)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end) {
            service.requireAlive();
            client.ask("windhover/bench/questions/infer", tensor, "bench/answers", 1);
            if (answers.poll(2, TimeUnit.SECONDS) != null) {
                TimeUnit.SECONDS.sleep(1);
                answers.clear();
                return;
            }
        }
        throw new IOException("no request was answered within " + PATIENCE_SECONDS + " s");
    }

    // --- as many results as it can ---

    void flood() throws IOException, InterruptedException {
        StringBuilder streams = new StringBuilder("streams:\n");
        for (int stream = 0; stream < FLOOD_STREAMS; stream++) {
            streams.append("  s" + stream + ": {model: m, frames: every, source: {pattern: "
                    + "{width: 28, height: 28, frames_per_second: 1000}}}\n");
        }
        AtomicLong results = new AtomicLong();
        AtomicLong frames = new AtomicLong();
        AtomicLong waiting = new AtomicLong();
        AtomicLong dropped = new AtomicLong();
        try (ChildService service = new ChildService(fresh("flood"), model("zoo:" + SMALLEST) + streams + mqtt());
                Client statistics =
                        new Client(broker.port(), "statistics", "windhover/bench/stats", (topic, payload, nanos) -> {
                            JsonObject now = parse(payload);
                            waiting.set(now.get("waiting").getAsLong());
                            dropped.set(now.get("dropped").getAsLong());
                            frames.set(now.getAsJsonObject("streams").entrySet().stream()
                                    .mapToLong(stream -> stream.getValue()
                                            .getAsJsonObject()
                                            .get("frames")
                                            .getAsLong())
                                    .sum());
                        });
                Client client = new Client(
                        broker.port(),
                        "flood",
                        "windhover/bench/+/classification",
                        (topic, payload, nanos) -> results.incrementAndGet())) {
            sleepSeconds(service, FLOOD_WARM_SECONDS);
            long before = results.get();
            long waitingBefore = waiting.get();
            long framesBefore = frames.get();
            long start = System.nanoTime();
            sleepSeconds(service, FLOOD_SECONDS);
            double seconds = (System.nanoTime() - start) / 1e9;
            report.atLeast(
                    "results at QoS 1, at the subscriber",
                    Math.min(results.get() - before, frames.get() - framesBefore) / seconds,
                    "1/s",
                    2000,
                    FLOOD_SECONDS + " s, " + FLOOD_WARM_SECONDS + " s after the start; " + FLOOD_STREAMS
                            + " streams of " + SMALLEST
                            + ", the queue on disk and the retained state as a configuration"
                            + " without them has them; mosquitto's own defaults; no more than were inferred meanwhile, so that what had"
                            + " waited before does not count");
            report.only("messages waiting at its end", (double) waiting.get(), "", "at its begin " + waitingBefore);
            report.only("messages the service dropped", (double) dropped.get(), "", "");
        }
    }
}
