// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a service holds in a moment without events.
 *
 * @param threads by name, cut to 15 characters as Linux does
 * @param heapKb of the objects that live, frames in flight included
 */
record Calm(Map<String, Integer> threads, int files, long residentKb, long heapKb) {
    private static final Pattern RESIDENT = Pattern.compile("Rss: +(\\d+) kB");
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

    static Calm of(long pid) throws IOException {
        long heapKb = heapKb(jcmd(pid, "GC.class_histogram"));
        Path process = Path.of("/proc", Long.toString(pid));
        Matcher resident = RESIDENT.matcher(Files.readString(process.resolve("smaps_rollup")));
        if (!resident.find()) {
            throw new IOException("no Rss of process " + pid);
        }
        return new Calm(threads(process), count(process.resolve("fd")), Long.parseLong(resident.group(1)), heapKb);
    }

    /** The histogram is of one moment, right after a full collection. */
    private static long heapKb(String histogram) throws IOException {
        Matcher total = TOTAL.matcher(histogram);
        if (!total.find()) {
            throw new IOException("no heap: " + histogram);
        }
        return Long.parseLong(total.group(1)) / 1024;
    }

    private static Map<String, Integer> threads(Path process) throws IOException {
        Map<String, Integer> threads = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            for (Path task : tasks.toList()) {
                try {
                    threads.merge(Files.readString(task.resolve("comm")).strip(), 1, Integer::sum);
                } catch (IOException ended) {
                    if (Files.exists(task)) {
                        throw ended;
                    }
                }
            }
        }
        return threads;
    }

    private static int count(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return (int) files.count();
        }
    }

    private static String jcmd(long pid, String command) throws IOException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    int threadCount() {
        return threads.values().stream().mapToInt(count -> count).sum();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d threads, %d files, RSS %.1f MiB, heap %.2f MiB",
                threadCount(),
                files,
                residentKb / 1024.0,
                heapKb / 1024.0);
    }
}
