// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One process of FFmpeg, from its start to its end. A thread reads frames, one ahead, so that FFmpeg waits where nobody
 * takes them; another reads its messages, so that it never waits for those.
 */
final class FfmpegRun {
    private static final long GRACE_MILLIS = 2_000;
    /** A reader ends with the process, unless a stranger holds its pipe. */
    private static final long READER_MILLIS = 500;

    private static final int MESSAGE_BYTES = 8192;
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    private final Process process;
    private final int frameBytes;
    private final BlockingQueue<Delivery> deliveries = new ArrayBlockingQueue<>(1);
    private final LastLine messages = new LastLine();
    private final List<Thread> readers = new ArrayList<>();

    /**
     * A frame, or what came before the end.
     *
     * @param bytes a frame's; they are the receiver's own
     * @param count of them that were read; fewer than a frame has: there will be no more
     */
    record Delivery(byte[] bytes, int count) {
        boolean isFrame() {
            return count == bytes.length;
        }
    }

    private FfmpegRun(Process process, int frameBytes) {
        this.process = process;
        this.frameBytes = frameBytes;
    }

    static FfmpegRun start(String program, FfmpegCommand command, int frameBytes) throws IOException {
        List<String> line = new ArrayList<>(endingWithUs(program));
        line.addAll(command.arguments());
        ProcessBuilder builder = new ProcessBuilder(line);
        // It would have FFmpeg write a file of its own, addresses included.
        builder.environment().remove("FFREPORT");
        String input = command.standardInput();
        if (input == null) {
            builder.redirectInput(new File("/dev/null"));
        }
        FfmpegRun run = new FfmpegRun(launch(builder), frameBytes);
        run.read("ffmpeg-frames", run::readFrames);
        run.read("ffmpeg-messages", run::readMessages);
        if (input != null) {
            run.write(input);
        }
        return run;
    }

    /** Starts it on a thread that lives as long as it does, because the kernel ends it with that thread. */
    private static Process launch(ProcessBuilder builder) throws IOException {
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread keeper = new Thread(
                () -> {
                    try {
                        Process process = builder.start();
                        started.complete(process);
                        process.waitFor();
                    } catch (IOException | InterruptedException failure) {
                        started.completeExceptionally(failure);
                    }
                },
                "ffmpeg-keeper");
        keeper.setDaemon(true);
        keeper.start();
        try {
            return started.join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof IOException reason ? reason : new IOException(failure);
        }
    }

    /**
     * Has the kernel end it where this process is killed: an FFmpeg that waits for a silent camera would never notice.
     */
    private static List<String> endingWithUs(String program) {
        Path found = Files.isExecutable(SETPRIV) ? find(program) : null;
        return found == null ? List.of(program) : List.of(SETPRIV.toString(), "--pdeathsig", "KILL", found.toString());
    }

    /** As Java finds it; null where it does not. */
    private static @Nullable Path find(String program) {
        String folders = program.contains("/") ? "" : Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.of(folders.split(":", -1))
                .map(folder -> Path.of(folder).resolve(program).toAbsolutePath())
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .orElse(null);
    }

    private void read(String name, Runnable reader) {
        Thread thread = new Thread(reader, name);
        thread.setDaemon(true);
        readers.add(thread);
        thread.start();
    }

    private void write(String text) {
        try (OutputStream output = process.getOutputStream()) {
            output.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ended) {
            // Its end is noticed where frames are read.
        }
    }

    /** Closes the pipe at its end, so that FFmpeg does not wait in a write. */
    private void readFrames() {
        try (InputStream input = process.getInputStream()) {
            Delivery delivery;
            do {
                byte[] bytes = new byte[frameBytes];
                delivery = new Delivery(bytes, readUpTo(input, bytes));
                deliveries.put(delivery);
            } while (delivery.isFrame());
        } catch (IOException | InterruptedException ended) {
            // Nobody takes frames any more.
        }
    }

    private static int readUpTo(InputStream input, byte[] bytes) {
        int count = 0;
        try {
            for (int read = 0; read >= 0 && count < bytes.length; count += Math.max(0, read)) {
                read = input.read(bytes, count, bytes.length - count);
            }
        } catch (IOException ended) {
            // As at the end.
        }
        return count;
    }

    private void readMessages() {
        byte[] bytes = new byte[MESSAGE_BYTES];
        try (InputStream input = process.getErrorStream()) {
            for (int read = input.read(bytes); read >= 0; read = input.read(bytes)) {
                messages.append(bytes, read);
            }
        } catch (IOException ended) {
            // As at the end.
        }
    }

    /** Waits for the next frame or the end; null where neither came in time. */
    @Nullable
    Delivery await(long nanos) throws InterruptedException {
        return deliveries.poll(nanos, TimeUnit.NANOSECONDS);
    }

    /** Ends a waiting {@link #await}. */
    void wake() {
        deliveries.offer(new Delivery(new byte[1], 0));
    }

    /** Its exit code, after the end of its frames; -1 where even the kernel could not end it yet. */
    int exitCode() {
        stop(member -> {});
        return process.isAlive() ? -1 : process.exitValue();
    }

    /** The last thing it said. */
    String message() {
        return messages.text();
    }

    /** Ends the process with all that it started. Returns when it is gone, within seconds. */
    void stop() {
        stop(ProcessHandle::destroy);
    }

    private void stop(Consumer<ProcessHandle> request) {
        List<ProcessHandle> family = family();
        family.forEach(request);
        readers.get(0).interrupt();
        boolean interrupted = !awaitEnd();
        family.addAll(family());
        family.forEach(ProcessHandle::destroyForcibly);
        interrupted |= !awaitEnd();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private List<ProcessHandle> family() {
        List<ProcessHandle> family = new ArrayList<>(List.of(process.toHandle()));
        family.addAll(process.descendants().toList());
        return family;
    }

    /** False where the wait was interrupted. */
    private boolean awaitEnd() {
        try {
            if (process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                for (Thread reader : readers) {
                    reader.join(READER_MILLIS);
                }
            }
            return true;
        } catch (InterruptedException interrupt) {
            return false;
        }
    }
}
