// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.driver.Capabilities;
import io.windhover.driver.Installation;
import io.windhover.models.Reason;
import io.windhover.runtime.exception.WindhoverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "synth",
        description =
                "Synthesises the accelerator with yosys and prints what it takes of the device's budget and, of zynq7020,"
                        + " its slowest paths. Both are modelled on the netlist: nothing is placed or routed.",
        footer = {
            "",
            "It takes minutes from nothing; what was made is kept in hdl/build/synth, so that a second run is immediate.",
            "",
            "Examples:",
            "  ./windhover synth",
            "  ./windhover synth --netlist accelerator.json",
            "  ./windhover synth --config zu3eg --json"
        })
final class SynthCommand extends Verb {
    @Option(
            names = "--config",
            paramLabel = "C",
            defaultValue = "zynq7020",
            description = "Configuration (default ${DEFAULT-VALUE}).")
    private String configuration;

    @Option(
            names = "--json",
            description = "Print JSON: {\"lut\", \"ff\", \"bram36\", \"dsp\", \"worst_ns\", \"budget\": {...}, ...}.")
    private boolean json;

    @Option(names = "--netlist", paramLabel = "OUT.json", description = "Write the flat netlist in yosys' JSON format.")
    private Path netlist;

    /** The exit code of a synthesis that ran, of a design that does not fit or is too slow. */
    private static final int DOES_NOT_PASS = 1;

    @Override
    void execute() {
        checkConfiguration(configuration);
        if (netlist != null) {
            OutputFiles.checkTarget(netlist, List.of());
        }
        Path script = Installation.home().resolve("hdl/synth/run");
        if (!Files.isExecutable(script)) {
            throw new WindhoverException("There is no '" + script + "'; run this from a whole checkout of Windhover.");
        }
        List<String> command = new ArrayList<>(List.of(script.toString(), "--config", configuration));
        if (json) {
            command.add("--json");
        }
        if (netlist != null) {
            command.addAll(List.of("--netlist", netlist.toAbsolutePath().toString()));
        }
        run(command);
    }

    static void checkConfiguration(String name) {
        try {
            Capabilities.named(name);
        } catch (IllegalArgumentException unknown) {
            throw new WindhoverException(
                    "There is no configuration '" + name + "'; choose zynq7020, tiny or zu3eg.", unknown);
        }
    }

    private void run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            int status = process.waitFor();
            out().print(output);
            out().flush();
            if (status == DOES_NOT_PASS) {
                throw new WindhoverException(
                        "Configuration '" + configuration + "' does not pass; the lines above say why.");
            }
            if (status != 0) {
                throw new WindhoverException("Synthesis failed (exit code " + status + "); the lines above say why.");
            }
        } catch (IOException problem) {
            throw new WindhoverException("Synthesis cannot be started (" + Reason.of(problem) + ").", problem);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new WindhoverException("Synthesis was interrupted.", interruption);
        }
    }
}
