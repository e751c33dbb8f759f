// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.profile;

import com.google.gson.stream.JsonWriter;
import io.windhover.contract.Commands;
import io.windhover.contract.Contract;
import io.windhover.contract.Header;
import io.windhover.driver.Capabilities;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.LayerInfo;
import io.windhover.runtime.exception.WindhoverException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A frame in the Trace Event Format, which Perfetto and Chrome show: a track for each command queue, for the fetching
 * of commands and for each memory port. The same frame gives the same bytes.
 */
public final class FrameTrace {
    /** Shorter stalls have no event of their own; the command's event has them in its sums. */
    static final long LEAST_STALL_CYCLES = 8;

    private static final int PROCESS = 1;
    private static final int JOBS_TRACK = 0;
    private static final long NANOS = 1_000_000_000;

    /** As the device calls them, in the order in which they are shown, and what they are shown as. */
    private static final List<Track> TRACKS = List.of(
            new Track("fetch", "fetch"),
            new Track("load0", "load 0"),
            new Track("load1", "load 1"),
            new Track("int8", "int8"),
            new Track("xnor", "xnor"),
            new Track("vector", "vector"),
            new Track("store", "store"),
            new Track("read0", "read port 0"),
            new Track("read1", "read port 1"),
            new Track("write", "write port"));

    private record Track(String name, String title) {}

    private final CompiledModel program;
    private final Capabilities capabilities;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final JsonWriter json = new JsonWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));

    private FrameTrace(CompiledModel program, Capabilities capabilities) {
        this.program = program;
        this.capabilities = capabilities;
    }

    /**
     * The trace as a file's contents.
     *
     * @param lines that the device wrote while it ran one frame
     */
    public static byte[] of(List<String> lines, CompiledModel program, String device, Capabilities capabilities) {
        List<JobTimeline> jobs = JobTimeline.parse(lines);
        if (jobs.size() != program.jobs().size()) {
            throw new WindhoverException("The device noted " + jobs.size() + " jobs of "
                    + program.jobs().size() + ", so there is no trace of the frame; report it.");
        }
        try {
            FrameTrace trace = new FrameTrace(program, capabilities);
            trace.write(jobs, device);
            return trace.bytes.toByteArray();
        } catch (IOException impossible) {
            throw new IllegalStateException("memory takes any JSON", impossible);
        }
    }

    private void write(List<JobTimeline> jobs, String device) throws IOException {
        json.beginObject();
        json.name("displayTimeUnit").value("ns");
        json.name("otherData").beginObject();
        json.name("model").value(program.name());
        json.name("device").value(device);
        json.name("config").value(capabilities.name());
        json.name("clock_hz").value(capabilities.clockHz());
        json.name("cycles").value(jobs.stream().mapToLong(JobTimeline::cycles).sum());
        json.endObject();
        json.name("traceEvents").beginArray();
        writeNames();
        long before = 0;
        for (int job = 0; job < jobs.size(); job++) {
            write(job, jobs.get(job), before);
            before += jobs.get(job).cycles();
        }
        json.endArray().endObject();
        json.close();
    }

    private void writeNames() throws IOException {
        writeName("process_name", JOBS_TRACK, "accelerator " + capabilities.name());
        writeName("thread_name", JOBS_TRACK, "jobs");
        for (int track = 0; track < TRACKS.size(); track++) {
            writeName("thread_name", track + 1, TRACKS.get(track).title());
        }
    }

    private void writeName(String what, int thread, String name) throws IOException {
        json.beginObject();
        json.name("ph").value("M");
        json.name("pid").value(PROCESS);
        json.name("tid").value(thread);
        json.name("name").value(what);
        json.name("args").beginObject().name("name").value(name).endObject();
        json.endObject();
        if (what.equals("thread_name")) {
            json.beginObject();
            json.name("ph").value("M");
            json.name("pid").value(PROCESS);
            json.name("tid").value(thread);
            json.name("name").value("thread_sort_index");
            json.name("args").beginObject().name("sort_index").value(thread).endObject();
            json.endObject();
        }
    }

    /** @param before cycles of the jobs before this one */
    private void write(int job, JobTimeline timeline, long before) throws IOException {
        begin("job", "job " + (job + 1) + " of " + program.jobs().size(), JOBS_TRACK, before, timeline.cycles());
        json.name("job").value(job);
        end();
        for (int track = 0; track < TRACKS.size(); track++) {
            List<JobTimeline.Stretch> stretches =
                    timeline.tracks().getOrDefault(TRACKS.get(track).name(), List.of());
            for (List<JobTimeline.Stretch> together : runs(stretches)) {
                if (together.get(0).waits()) {
                    writeWait(job, together.get(0), track + 1, before);
                } else {
                    writeRun(job, together, track + 1, before);
                }
            }
        }
    }

    /** Each wait on its own, and what is done for one command without a pause together. */
    private static List<List<JobTimeline.Stretch>> runs(List<JobTimeline.Stretch> stretches) {
        List<List<JobTimeline.Stretch>> runs = new ArrayList<>();
        JobTimeline.Stretch last = null;
        for (JobTimeline.Stretch stretch : stretches) {
            boolean goesOn = last != null
                    && !last.waits()
                    && !stretch.waits()
                    && last.command() == stretch.command()
                    && last.to() == stretch.from();
            if (!goesOn) {
                runs.add(new ArrayList<>());
            }
            runs.get(runs.size() - 1).add(stretch);
            last = stretch;
        }
        return runs;
    }

    private void writeWait(int job, JobTimeline.Stretch wait, int thread, long before) throws IOException {
        begin("wait", "waits for a token of " + wait.giver(), thread, before + wait.from(), wait.cycles());
        writeCommand(job, wait.command());
        end();
    }

    private void writeRun(int job, List<JobTimeline.Stretch> run, int thread, long before) throws IOException {
        JobTimeline.Stretch first = run.get(0);
        Map<String, Long> stalled = new TreeMap<>();
        long working = 0;
        for (JobTimeline.Stretch stretch : run) {
            if (stretch.works()) {
                working += stretch.cycles();
            } else {
                stalled.merge(stretch.state(), stretch.cycles(), Long::sum);
            }
        }
        String name = first.command() < 0 ? "commands" : name(layer(job, first.command()));
        begin(
                "command",
                name,
                thread,
                before + first.from(),
                run.get(run.size() - 1).to() - first.from());
        writeCommand(job, first.command());
        json.name("working_cycles").value(working);
        json.name("stalled_cycles").beginObject();
        for (Map.Entry<String, Long> cause : stalled.entrySet()) {
            json.name(cause.getKey()).value(cause.getValue());
        }
        json.endObject();
        end();
        for (JobTimeline.Stretch stretch : run) {
            if (!stretch.works() && stretch.cycles() >= LEAST_STALL_CYCLES) {
                begin("stall", stretch.state(), thread, before + stretch.from(), stretch.cycles());
                writeCommand(job, stretch.command());
                end();
            }
        }
    }

    /** Up to the arguments, of which there may be more. */
    private void begin(String category, String name, int thread, long startCycle, long cycles) throws IOException {
        long start = nanos(startCycle);
        json.beginObject();
        json.name("ph").value("X");
        json.name("pid").value(PROCESS);
        json.name("tid").value(thread);
        json.name("cat").value(category);
        json.name("name").value(name);
        json.name("ts").value(microseconds(start));
        json.name("dur").value(microseconds(nanos(startCycle + cycles) - start));
        json.name("args").beginObject();
        json.name("start_cycle").value(startCycle);
        json.name("cycles").value(cycles);
    }

    private void end() throws IOException {
        json.endObject().endObject();
    }

    private void writeCommand(int job, int command) throws IOException {
        if (command < 0) {
            return;
        }
        LayerInfo layer = layer(job, command);
        json.name("job").value(job);
        json.name("command").value(command);
        json.name("kind").value(Commands.nameOf((int) Header.OPCODE.get(words(job), command * Contract.COMMAND_WORDS)));
        json.name("layer").value(layer.layer());
        json.name("layer_name").value(layer.name());
        json.name("operator").value(layer.operator());
    }

    private LayerInfo layer(int job, int command) {
        return program.layers().get(program.layer(program.firstCommand(job) + command));
    }

    private static String name(LayerInfo layer) {
        return layer.name().isBlank() ? "layer " + layer.layer() : layer.name();
    }

    private long[] words(int job) {
        return program.jobs().get(job).commands();
    }

    /** Whole ones, so that what follows one another touches, and never overlaps, when it is read back. */
    private long nanos(long cycles) {
        return Math.round((double) cycles * NANOS / capabilities.clockHz());
    }

    private static BigDecimal microseconds(long nanos) {
        return BigDecimal.valueOf(nanos, 3);
    }
}
