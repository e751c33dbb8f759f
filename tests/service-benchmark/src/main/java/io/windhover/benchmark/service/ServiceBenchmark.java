// SPDX-License-Identifier: Apache-2.0
package io.windhover.benchmark.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Stream;

/** Measures {@code ./windhover serve} beside a mosquitto of its own; every figure is printed with its goal. */
public final class ServiceBenchmark {
    private ServiceBenchmark() {}

    /** Takes {@code --json} or nothing. */
    public static void main(String[] arguments) {
        boolean json = arguments.length == 1 && arguments[0].equals("--json");
        if (arguments.length > 0 && !json) {
            System.err.println("windhover: unknown option '" + arguments[0] + "'; the only one is --json.");
            System.exit(2);
        }
        try {
            Report report = measure();
            System.out.println(json ? report.json() : report.text());
        } catch (IOException | RuntimeException failure) {
            System.err.println("windhover: the benchmark could not measure: " + failure.getMessage() + ".");
            System.exit(1);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    private static Report measure() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("windhover-benchmark");
        Report report = new Report();
        try (Broker broker = new Broker(folder, "");
                Broker prompt = new Broker(folder, "set_tcp_nodelay true")) {
            surroundings(report);
            Measurements measurements = new Measurements(folder, broker, report);
            say("a camera's pace, 30 s");
            measurements.steady();
            say("requests, 30 s");
            measurements.requests(
                    "request and answer beyond inference", 1, "mosquitto as Debian has it, which delays small packets");
            measurements.requests("the same, asked at QoS 0", 0, "mosquitto as Debian has it");
            new Measurements(folder, prompt, report)
                    .requests("the same, set_tcp_nodelay true", 1, "mosquitto with 'set_tcp_nodelay true'");
            say("as many results as it can, 15 s");
            measurements.flood();
            say("starts");
            measurements.starts();
            report.surrounding("load after", load());
            return report;
        } finally {
            delete(folder);
        }
    }

    private static void say(String what) {
        System.err.println("windhover: measuring " + what);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void surroundings(Report report) throws IOException {
        report.surrounding("time", Instant.now().toString());
        report.surrounding("windhover", version());
        report.surrounding("processor", processor());
        report.surrounding("memory", line("/proc/meminfo", "MemTotal"));
        report.surrounding("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        report.surrounding(
                "java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        report.surrounding("mosquitto", Broker.version());
        report.surrounding("load before", load());
    }

    private static String version() {
        String commit = Command.output(
                "git", "-C", System.getProperty("windhover.home"), "describe", "--always", "--dirty", "--abbrev=12");
        return commit.contains(" ") || commit.isEmpty() ? "of no commit" : commit;
    }

    private static String processor() throws IOException {
        return Runtime.getRuntime().availableProcessors() + " x " + line("/proc/cpuinfo", "model name");
    }

    private static String line(String file, String key) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).strip();
    }
}
