// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.verify;

import io.windhover.contract.Contract;
import io.windhover.contract.Queue;
import io.windhover.runtime.profile.CommandCycles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What GTKWave reads beside a waveform of some cycles: a save file, which shows queues and ports in groups and where
 * the first commands of a layer begin, and a translate filter file, by which positions of commands are shown as their
 * names.
 *
 * @param wave the waveform's file
 * @param save the save file
 * @param names the translate filter file
 */
record GtkwaveFiles(Path wave, Path save, Path names) {
    private static final String TOP = "TOP.wh_accelerator.";
    private static final int INDEX_BITS = 20;

    /** At zoom Z each 200 pixels of GTKWave's window show so long a time as 2 to the power -Z. */
    private static final int FRAMES = 6;

    /* Flags of a trace, as GTKWave's analyzer.h has them: right-justified hexadecimal, binary and decimal numbers; a
     * translated decimal number; the first and the last line of a group. */
    private static final String HEXADECIMAL = "@22";
    private static final String BINARY = "@28";
    private static final String DECIMAL = "@24";
    private static final String TRANSLATED = "@2024";
    private static final String GROUP_BEGINS = "@800200";
    private static final String GROUP_ENDS = "@1000200";

    /** One bit of each queue, and what it is shown as. */
    private static final List<List<String>> OF_QUEUES = List.of(
            List.of("has a command", "head_valid"),
            List.of("waits for tokens", "queue_waiting"),
            List.of("runs", "queue_running"),
            List.of("engine works", "engine_active"));

    static GtkwaveFiles beside(Path wave) {
        String name = wave.toString().replaceFirst("\\.fst$", "");
        return new GtkwaveFiles(wave, Path.of(name + ".gtkw"), Path.of(name + ".commands.txt"));
    }

    /** Writes both. */
    void write(WaveformCommands commands) throws IOException {
        Files.write(
                names,
                commands.all().stream()
                        .map(command -> commands.position(command) + " " + commands.name(command))
                        .toList());
        List<String> lines = new ArrayList<>();
        addHead(lines, commands);
        for (int marker = 0; marker < commands.marked().size(); marker++) {
            lines.add("[markername] " + (char) ('A' + marker)
                    + commands.kind(commands.marked().get(marker)));
        }
        lines.add("[signals_width] 320");
        lines.add("[sst_expanded] 0");
        add(lines, DECIMAL, TOP + "cycles[63:0]");
        addFetch(lines);
        for (Queue queue : Queue.values()) {
            addQueue(lines, queue);
        }
        addReadPort(lines, "read0_", "read port 0");
        addReadPort(lines, "read1_", "read port 1");
        addWritePort(lines);
        Files.write(save, lines);
    }

    private void addHead(List<String> lines, WaveformCommands commands) {
        lines.add("[*] Written by Windhover. Cycle N has the times 2N and 2N+1.");
        lines.add("[dumpfile] \"" + wave.toAbsolutePath() + "\"");
        lines.add("[savefile] \"" + save.toAbsolutePath() + "\"");
        lines.add("[timestart] " + 2 * commands.from());
        lines.add("[size] 1600 1000");
        double zoom = -Math.log(2.0 * (commands.to() - commands.from()) / FRAMES) / Math.log(2);
        List<CommandCycles> marked = commands.marked();
        String times = IntStream.range(0, WaveformCommands.MARKERS)
                .mapToObj(marker -> marker < marked.size() ? Long.toString(commands.time(marked.get(marker))) : "-1")
                .collect(Collectors.joining(" "));
        lines.add(String.format(Locale.ROOT, "*%f -1 %s", zoom, times));
    }

    private void addFetch(List<String> lines) {
        lines.add(GROUP_BEGINS);
        lines.add("-fetch");
        add(lines, BINARY, TOP + "fetched_valid", TOP + "fetched_ready");
        addTranslated(lines, "+{fetched command} " + TOP + "fetched_index[" + (INDEX_BITS - 1) + ":0]");
        lines.add(GROUP_ENDS);
        lines.add("-fetch");
    }

    private void addQueue(List<String> lines, Queue queue) {
        String title = queue.name().toLowerCase(Locale.ROOT);
        int last = Contract.QUEUES - 1;
        lines.add(GROUP_BEGINS);
        lines.add("-" + title);
        int highest = Contract.QUEUES * INDEX_BITS - 1;
        int first = highest - (queue.ordinal() + 1) * INDEX_BITS + 1;
        String bits = IntStream.range(first, first + INDEX_BITS)
                .mapToObj(bit -> "(" + bit + ")" + TOP + "head_index[" + highest + ":0]")
                .collect(Collectors.joining(" "));
        addTranslated(lines, "#{" + title + " command} " + bits);
        lines.add(BINARY);
        for (List<String> signal : OF_QUEUES) {
            lines.add("+{" + signal.get(0) + "} (" + (last - queue.ordinal()) + ")" + TOP + signal.get(1) + "[" + last
                    + ":0]");
        }
        lines.add(GROUP_ENDS);
        lines.add("-" + title);
    }

    private void addReadPort(List<String> lines, String prefix, String title) {
        String port = TOP + prefix;
        lines.add(GROUP_BEGINS);
        lines.add("-" + title);
        add(lines, BINARY, port + "arvalid_o", port + "arready_i");
        add(lines, HEXADECIMAL, port + "araddr_o[63:0]");
        add(lines, BINARY, port + "rvalid_i", port + "rready_o", port + "rlast_i");
        add(lines, HEXADECIMAL, port + "rdata_i[63:0]");
        lines.add(GROUP_ENDS);
        lines.add("-" + title);
    }

    private void addWritePort(List<String> lines) {
        String port = TOP + "write_";
        lines.add(GROUP_BEGINS);
        lines.add("-write port");
        add(lines, BINARY, port + "awvalid_o", port + "awready_i");
        add(lines, HEXADECIMAL, port + "awaddr_o[63:0]");
        add(lines, BINARY, port + "wvalid_o", port + "wready_i", port + "wlast_o");
        add(lines, HEXADECIMAL, port + "wdata_o[63:0]", port + "wstrb_o[7:0]");
        add(lines, BINARY, port + "bvalid_i", port + "bready_o");
        lines.add(GROUP_ENDS);
        lines.add("-write port");
    }

    private void addTranslated(List<String> lines, String trace) {
        add(lines, TRANSLATED, "^1 " + names.toAbsolutePath(), trace);
    }

    private static void add(List<String> lines, String flags, String... traces) {
        lines.add(flags);
        lines.addAll(List.of(traces));
    }
}
