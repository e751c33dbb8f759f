// SPDX-License-Identifier: Apache-2.0
package io.windhover.benchmark.service;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code ./windhover serve} as a process: the launcher becomes its Java, so that flags and archive are those of users.
 */
final class ChildService implements AutoCloseable {
    /** The functional model's memory in MiB, such that the mapping is found by its size. */
    static final int DEVICE_MIB = 509;

    static final String DEVICE = "functional:?memory_mib=" + DEVICE_MIB;
    /** "windhover-control", as much of it as Linux keeps. */
    private static final String NATIVE = "windhover-contr";

    private static final long MIB_KB = 1024;
    /** The kernel may have merged other memory with the mapping. */
    private static final long SLACK_KB = 16 * MIB_KB;

    private final Process process;
    private final Path errors;
    private final Path javaStarted;
    private final long launchedNanos;

    /** Starts it in a folder, where its state stays. */
    ChildService(Path folder, String yaml) throws IOException {
        Path configuration = Files.writeString(
                folder.resolve("node.yaml"), "node: bench\ndevice: '" + DEVICE + "'\nstate: state\n" + yaml);
        this.errors = folder.resolve("errors");
        this.javaStarted = folder.resolve("java-started");
        Files.deleteIfExists(javaStarted);
        ProcessBuilder builder = new ProcessBuilder(
                        System.getProperty("windhover.home") + "/windhover", "serve", configuration.toString())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile());
        builder.environment().merge("PATH", shim(folder).toString(), (path, shim) -> shim + ":" + path);
        builder.environment().put("BENCHMARK_JAVA_STARTED", javaStarted.toString());
        this.launchedNanos = System.nanoTime();
        this.process = builder.start();
    }

    /** A program named java that notes the time and becomes the real one. */
    private static Path shim(Path folder) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path shim = bin.resolve("java");
        String java = Command.output("bash", "-c", "command -v java");
        Files.writeString(
                shim, "#!/bin/bash\necho \"$EPOCHREALTIME\" >\"$BENCHMARK_JAVA_STARTED\"\nexec " + java + " \"$@\"\n");
        Files.setPosixFilePermissions(shim, PosixFilePermissions.fromString("rwxr-xr-x"));
        return bin;
    }

    long launchedNanos() {
        return launchedNanos;
    }

    /** When the launcher became Java, on the clock of {@link System#nanoTime}. */
    long javaStartedNanos() throws IOException {
        String time = Files.readString(javaStarted).strip();
        int point = Math.max(time.indexOf('.'), time.indexOf(','));
        long micros = Long.parseLong(time.substring(0, point)) * 1_000_000 + Long.parseLong(time.substring(point + 1));
        long nowMicros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
        return System.nanoTime() - TimeUnit.MICROSECONDS.toNanos(nowMicros - micros);
    }

    /** Throws with what it said when it ended by itself. */
    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException(
                    "the service ended: " + Files.readString(errors).strip());
        }
    }

    private Path proc(String name) {
        return Path.of("/proc", Long.toString(process.pid()), name);
    }

    /** Resident memory in kB. */
    long residentKb() throws IOException {
        return kilobytes(Files.readString(proc("smaps_rollup")), "Rss:");
    }

    /**
     * Of that, the functional model's memory, which holds what is the device's on an FPGA; -1 where it is not found.
     */
    long deviceMemoryKb() throws IOException {
        long size = 0;
        for (String line : Files.readAllLines(proc("smaps"))) {
            if (line.startsWith("Size:")) {
                size = kilobytes(line, "Size:");
            } else if (line.startsWith("Rss:")
                    && size >= DEVICE_MIB * MIB_KB
                    && size <= DEVICE_MIB * MIB_KB + SLACK_KB) {
                return kilobytes(line, "Rss:");
            }
        }
        return -1;
    }

    private static long kilobytes(String text, String key) {
        String line = text.lines().filter(l -> l.startsWith(key)).findFirst().orElseThrow();
        return Long.parseLong(line.substring(key.length()).replace("kB", "").strip());
    }

    /** Nanoseconds of processor time by what for: the accelerator's model, decoding, or the host. */
    Map<Work, Long> processorNanos() throws IOException {
        Map<Work, Long> all = new TreeMap<>();
        Map<Long, Path> threads = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(proc("task"))) {
            tasks.forEach(task -> threads.put(Long.parseLong(task.getFileName().toString()), task));
        }
        long driver = 0;
        for (Path thread : threads.values()) {
            String name = Files.readString(thread.resolve("comm")).strip();
            String times = Files.readString(thread.resolve("schedstat"));
            long nanos = Long.parseLong(times.substring(0, times.indexOf(' ')));
            if (name.equals(NATIVE)) {
                all.merge(Work.ACCELERATOR, nanos, Long::sum);
                driver = nanos;
            } else {
                all.merge(name.startsWith("windhover-sourc") ? Work.DECODING : Work.HOST, nanos, Long::sum);
            }
        }
        if (driver == 0) {
            throw new IOException("no thread is named " + NATIVE + ", as those of the device are");
        }
        all.merge(Work.ACCELERATOR, -driver, Long::sum);
        all.merge(Work.HOST, driver, Long::sum);
        return all;
    }

    /**
     * What a thread works on. Native threads bear the name of the one that opened the device and has ended since: those
     * of the functional model and, begun last, the driver's, which is the host's.
     */
    enum Work {
        ACCELERATOR,
        DECODING,
        HOST
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interruption) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
