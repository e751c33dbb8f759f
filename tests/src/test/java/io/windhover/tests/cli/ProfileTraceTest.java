// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.contract.Queue;
import io.windhover.driver.Accelerator;
import io.windhover.driver.Capabilities;
import io.windhover.driver.Counters;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.engine.AcceleratorEngine;
import io.windhover.runtime.whm.CompiledFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code profile --trace}: what queues and ports do, cycle by cycle, agrees with the accelerator's own counters. */
class ProfileTraceTest {
    private static final Map<Queue, String> TITLES = Map.of(
            Queue.LOAD0, "load 0",
            Queue.LOAD1, "load 1",
            Queue.INT8, "int8",
            Queue.XNOR, "xnor",
            Queue.VECTOR, "vector",
            Queue.STORE, "store");

    @TempDir
    Path folder;

    /** An event of the kind that has a duration. */
    private record Event(String track, String category, String name, double ts, double dur, JsonObject args) {
        long start() {
            return args.get("start_cycle").getAsLong();
        }

        long cycles() {
            return args.get("cycles").getAsLong();
        }

        long end() {
            return start() + cycles();
        }

        long sum(String figure) {
            JsonElement value = args.get(figure);
            return value.isJsonObject()
                    ? value.getAsJsonObject().asMap().values().stream()
                            .mapToLong(JsonElement::getAsLong)
                            .sum()
                    : value.getAsLong();
        }
    }

    private record Trace(JsonObject about, Map<Integer, String> tracks, List<Event> events) {
        List<Event> on(String track, String category) {
            return events.stream()
                    .filter(event ->
                            event.track().equals(track) && event.category().equals(category))
                    .sorted(Comparator.comparingLong(Event::start))
                    .toList();
        }
    }

    private Path trace(String model, String device) {
        Path file = folder.resolve("trace.json");
        CommandLineRun.of("profile", model, "--device", device, "--trace", file.toString())
                .succeeded();
        return file;
    }

    private static Trace read(Path file) throws IOException {
        JsonObject root = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        Map<Integer, String> tracks = new LinkedHashMap<>();
        List<Event> events = new ArrayList<>();
        for (JsonElement element : root.getAsJsonArray("traceEvents")) {
            JsonObject event = element.getAsJsonObject();
            int track = event.get("tid").getAsInt();
            if (event.get("name").getAsString().equals("thread_name")) {
                tracks.put(track, event.getAsJsonObject("args").get("name").getAsString());
            }
            if (event.get("ph").getAsString().equals("X")) {
                events.add(new Event(
                        tracks.get(track),
                        event.get("cat").getAsString(),
                        event.get("name").getAsString(),
                        event.get("ts").getAsDouble(),
                        event.get("dur").getAsDouble(),
                        event.getAsJsonObject("args")));
            } else {
                assertEquals("M", event.get("ph").getAsString());
            }
        }
        return new Trace(root.getAsJsonObject("otherData"), tracks, events);
    }

    /** What the accelerator counts in a frame of zeros. */
    private static Counters count(Graph graph, String device) {
        try (Accelerator accelerator = Accelerator.open(device)) {
            CompiledModel program = Compiler.compile(graph, accelerator.capabilities());
            try (AcceleratorEngine engine =
                    new AcceleratorEngine(accelerator, graph, program, false, Duration.ofMinutes(10))) {
                engine.submit(0);
                engine.await(0);
                return accelerator.counters();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "lenet5, rtl:tiny",
        "lenet5, rtl:tiny?stalls=3",
        "marker_xnor, rtl:tiny",
        "mobilenet_v2_1.0_224@reduced, rtl:tiny",
        "shufflenet_v2_1.0@reduced, rtl:tiny?stalls=5"
    })
    @Simulated("rtl:tiny")
    void events_of_a_track_do_not_overlap_and_add_up_to_the_counters(String network, String device) throws IOException {
        Counters counters = count(Zoo.load(network), device);
        Trace trace = read(trace("zoo:" + network, device));
        for (Queue queue : Queue.values()) {
            String track = TITLES.get(queue);
            List<Event> commands = trace.on(track, "command");
            List<Event> waits = trace.on(track, "wait");
            assertApart(commands, waits);
            assertInside(trace.on(track, "stall"), commands);
            int at = queue.ordinal();
            assertEquals(counters.busyCycles().get(at), sum(commands, "cycles"), "busy cycles of " + track);
            assertEquals(counters.stallCycles().get(at), sum(commands, "stalled_cycles"), "stalls of " + track);
            assertEquals(counters.waitingCycles().get(at), sum(waits, "cycles"), "waits of " + track);
        }
        for (String port : new String[] {"fetch", "read port 0", "read port 1", "write port"}) {
            assertApart(trace.on(port, "command"), List.of());
            assertInside(trace.on(port, "stall"), trace.on(port, "command"));
        }
        assertEquals(counters.readBeats0(), sum(trace.on("read port 0", "command"), "working_cycles"));
        assertEquals(counters.readBeats1(), sum(trace.on("read port 1", "command"), "working_cycles"));
        assertEquals(counters.writeBeats(), sum(trace.on("write port", "command"), "working_cycles"));
        List<Event> jobs = trace.on("jobs", "job");
        assertEquals(1, jobs.size());
        assertEquals(counters.cycles(), jobs.get(0).end());
        assertTrue(trace.events().stream().allMatch(event -> event.end() <= counters.cycles()));
        assertEquals(counters.cycles(), trace.about().get("cycles").getAsLong());
    }

    private static long sum(List<Event> events, String figure) {
        return events.stream().mapToLong(event -> event.sum(figure)).sum();
    }

    private static void assertApart(List<Event> commands, List<Event> waits) {
        List<Event> all = new ArrayList<>(commands);
        all.addAll(waits);
        all.sort(Comparator.comparingLong(Event::start));
        for (int at = 0; at < all.size(); at++) {
            Event one = all.get(at);
            assertTrue(one.cycles() > 0, one::toString);
            assertEquals(
                    one.category().equals("wait")
                            ? one.cycles()
                            : one.sum("working_cycles") + one.sum("stalled_cycles"),
                    one.cycles());
            if (at > 0) {
                Event before = all.get(at - 1);
                assertTrue(before.end() <= one.start(), () -> before + " and " + one);
                assertTrue(before.ts() + before.dur() <= one.ts() + 1e-9, () -> before + " and " + one);
            }
        }
    }

    /** Each within a command of its track, one after another. */
    private static void assertInside(List<Event> stalls, List<Event> commands) {
        int at = 0;
        long end = 0;
        for (Event stall : stalls) {
            while (at < commands.size() && commands.get(at).end() <= stall.start()) {
                at++;
            }
            assertTrue(at < commands.size(), stall::toString);
            Event command = commands.get(at);
            assertTrue(command.start() <= stall.start() && stall.end() <= command.end(), stall::toString);
            assertEquals(command.args().get("command"), stall.args().get("command"), stall::toString);
            assertTrue(end <= stall.start(), stall::toString);
            end = stall.end();
        }
    }

    @Test
    @Simulated("rtl:tiny")
    void every_command_runs_once_and_is_named_after_its_layer() throws IOException {
        Trace trace = read(trace("zoo:lenet5", "rtl:tiny"));
        assertEquals(
                List.of(
                        "jobs",
                        "fetch",
                        "load 0",
                        "load 1",
                        "int8",
                        "xnor",
                        "vector",
                        "store",
                        "read port 0",
                        "read port 1",
                        "write port"),
                List.copyOf(trace.tracks().values()));
        CompiledModel program = Compiler.compile(Zoo.load("lenet5"), Capabilities.named("tiny"));
        Set<Integer> seen = new HashSet<>();
        for (Queue queue : Queue.values()) {
            for (Event event : trace.on(TITLES.get(queue), "command")) {
                int command = event.args().get("command").getAsInt();
                assertTrue(seen.add(command), event::toString);
                assertEquals(queue, program.queue(command), event::toString);
                assertEquals(program.layers().get(program.layer(command)).name(), event.name());
                assertEquals(1e6 * event.start() / 24e6, event.ts(), 0.0006);
            }
        }
        assertEquals(program.commandCount(), seen.size());
        assertEquals(program.commandCount(), trace.on("fetch", "command").size());
    }

    @Test
    @Simulated("rtl:tiny")
    void the_same_frame_gives_the_same_bytes() throws IOException {
        byte[] once = Files.readAllBytes(trace("zoo:lenet5", "rtl:tiny"));
        assertArrayEquals(once, Files.readAllBytes(trace("zoo:lenet5", "rtl:tiny")));
        assertEquals(
                JsonParser.parseString(CommandLineRun.of("profile", "zoo:lenet5", "--device", "rtl:tiny", "--json")
                                .succeeded()
                                .output())
                        .getAsJsonObject()
                        .get("total_cycles"),
                read(folder.resolve("trace.json")).about().get("cycles"));
    }

    @Test
    @Simulated("rtl:tiny")
    void a_job_begins_where_the_one_before_ends() throws IOException {
        NetworkBuilder network = new NetworkBuilder("islands", 7);
        Window point = Window.square(1, 1, 0);
        int first = network.named("<script>\u202e\"")
                .convolution(network.input(8, 8, 4, 0.05f, 3), 5, point, Activation.RELU);
        int last = network.convolution(network.elementwise().softmax(first), 3, point, Activation.RELU);
        Graph graph = network.build(last);
        Path file = folder.resolve("islands.whm");
        new CompiledFile(graph, Compiler.compile(graph, Capabilities.named("tiny")), null).write(file);
        Trace trace = read(trace(file.toString(), "rtl:tiny"));
        List<Event> jobs = trace.on("jobs", "job");
        assertEquals(
                List.of("job 1 of 2", "job 2 of 2"),
                jobs.stream().map(Event::name).toList());
        assertEquals(jobs.get(0).end(), jobs.get(1).start());
        assertEquals(trace.about().get("cycles").getAsLong(), jobs.get(1).end());
        List<Event> computed = trace.on("int8", "command");
        assertEquals("<script>\u202e\"", computed.get(0).name());
        assertTrue(computed.get(computed.size() - 1).start() > jobs.get(1).start());
    }

    @Test
    void devices_without_cycles_are_refused() {
        for (String device : new String[] {"functional:", "reference:"}) {
            CommandLineRun.of("profile", "zoo:lenet5", "--device", device, "--trace", "x.json")
                    .failed(2, device, "--trace", "rtl:");
        }
        CommandLineRun.of("profile", "zoo:lenet5", "--device", "rtl:tiny?timeline=t", "--trace", "x.json")
                .failed(2, "leave out the device's 'timeline'");
    }

    @Test
    @Simulated("rtl:tiny")
    void a_trace_is_not_written_where_it_cannot_be() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        String[] profile = {"profile", "zoo:lenet5", "--device", "rtl:tiny", "--trace"};
        for (Path target : List.of(folder, link, folder.resolve("no/trace.json"))) {
            CommandLineRun.of(profile[0], profile[1], profile[2], profile[3], profile[4], target.toString())
                    .failed(1, "'" + target + "' is not written");
        }
        Path both = folder.resolve("both");
        CommandLineRun.of("profile", "zoo:lenet5", "--trace", both.toString(), "--html", both.toString())
                .failed(2, "both", "would be written twice");
        Path device = Files.createFile(folder.resolve("timeline"));
        CommandLineRun.of(
                        "profile", "zoo:lenet5", "--device", "rtl:tiny?timeline=" + device, "--html", device.toString())
                .failed(1, "written by the device");
        assertFalse(Files.exists(both));
    }

    @Test
    @Simulated("rtl:tiny")
    void a_timeline_replaces_only_an_earlier_one() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "text of mine");
        CommandLineRun.of("profile", "zoo:lenet5", "--device", "rtl:tiny?timeline=" + other)
                .failed(1, "holds something else and is not overwritten");
        assertEquals("text of mine", Files.readString(other));
        Path file = folder.resolve("timeline");
        String device = "rtl:tiny?timeline=" + file;
        CommandLineRun.of("profile", "zoo:lenet5", "--device", device).succeeded();
        String once = Files.readString(file);
        assertTrue(once.startsWith("timeline 1\njob\n"), once.substring(0, 40));
        CommandLineRun.of("profile", "zoo:lenet5", "--device", device).succeeded();
        assertEquals(once, Files.readString(file));
        CommandLineRun.of("profile", "zoo:lenet5", "--device", device + "&jobs=" + file)
                .failed(1, "would be two files");
    }
}
