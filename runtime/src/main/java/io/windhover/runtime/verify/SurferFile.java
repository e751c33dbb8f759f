// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.verify;

import io.windhover.runtime.profile.CommandCycles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands for Surfer, {@code surfer --command-file FILE WAVEFORM}: queues and ports, and where commands of a layer
 * begin.
 */
final class SurferFile {
    private static final String TOP = "TOP.wh_accelerator.";

    private static final List<String> QUEUES =
            List.of("head_valid", "head_index", "queue_waiting", "queue_running", "engine_active");
    private static final List<String> READ_PORT =
            List.of("arvalid_o", "arready_i", "araddr_o", "rvalid_i", "rready_o", "rlast_i", "rdata_i");
    private static final List<String> WRITE_PORT = List.of(
            "awvalid_o",
            "awready_i",
            "awaddr_o",
            "wvalid_o",
            "wready_i",
            "wlast_o",
            "wdata_o",
            "wstrb_o",
            "bvalid_i",
            "bready_o");

    private SurferFile() {}

    static Path beside(Path wave) {
        return Path.of(wave.toString().replaceFirst("\\.fst$", "") + ".sucl");
    }

    static void write(Path file, WaveformCommands commands) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# Written by Windhover. Cycle N has the times 2N and 2N+1.");
        lines.add("variable_add " + TOP + "cycles");
        add(lines, "fetch", "fetched_", List.of("valid", "ready", "index"));
        add(lines, "queues", "", QUEUES);
        add(lines, "read port 0", "read0_", READ_PORT);
        add(lines, "read port 1", "read1_", READ_PORT);
        add(lines, "write port", "write_", WRITE_PORT);
        for (CommandCycles command : commands.marked()) {
            lines.add("marker_set \"" + commands.name(command).replace('"', '\'') + "\" " + commands.time(command));
        }
        Files.write(file, lines);
    }

    private static void add(List<String> lines, String title, String prefix, List<String> signals) {
        lines.add("divider_add " + title);
        signals.forEach(signal -> lines.add("variable_add " + TOP + prefix + signal));
    }
}
