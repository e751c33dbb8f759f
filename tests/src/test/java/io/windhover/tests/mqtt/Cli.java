// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The command line as a process of its own, as signals and environments need it. */
final class Cli {
    private final Process process;
    private final Path output;
    private final Path errors;

    private Cli(Process process, Path output, Path errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    static Cli start(Path folder, List<String> arguments) throws IOException {
        return start(folder, Map.of(), List.of(), arguments);
    }

    static Cli start(Path folder, Map<String, String> environment, List<String> javaOptions, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("windhover.") || name.startsWith("jna."))
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(javaOptions);
        command.add("io.windhover.runtime.cli.Windhover");
        command.addAll(arguments);
        String name = UUID.randomUUID().toString();
        Path output = folder.resolve(name + ".out");
        Path errors = folder.resolve(name + ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .redirectInput(new File("/dev/null"));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("WINDHOVER_MQTT"));
        builder.environment().putAll(environment);
        return new Cli(builder.start(), output, errors);
    }

    /** Sends a signal: TERM, INT. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor(10, TimeUnit.SECONDS);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit code; it is ended by force after a minute. */
    int await() throws IOException, InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("still running after a minute: " + output() + errors());
        }
        return process.exitValue();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    String errors() throws IOException {
        return Files.readString(errors);
    }
}
