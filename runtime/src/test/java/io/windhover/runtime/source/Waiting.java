// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/** What the tests of sources have in common. */
final class Waiting {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private Waiting() {}

    /** A picture of two by two pixels. */
    static Path image(Path file) throws IOException {
        Path hidden = Files.createTempFile("image", ".png");
        ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "png", hidden.toFile());
        Files.write(file, Files.readAllBytes(hidden));
        Files.delete(hidden);
        return file;
    }

    static void until(BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - start < PATIENCE_NANOS, "it did not come true");
            Thread.sleep(5);
        }
    }

    /** The name of the next frame, waited for on a thread of its own. */
    static CompletableFuture<String> nextName(FrameSource source) {
        CompletableFuture<String> name = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                SourceFrame frame = source.next();
                name.complete(frame == null ? "none" : frame.name());
            } catch (Exception problem) {
                name.completeExceptionally(problem);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return name;
    }

    /** A next() that waits is ended by an interrupt, and another by close(); no thread is left. */
    static void endsAtOnce(FrameSource source, Set<String> threadsBefore) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiter = new Thread(() -> {
            try {
                source.next();
            } catch (Throwable ended) {
                thrown.set(ended);
            }
        });
        waiter.start();
        until(() -> waiter.getState() == Thread.State.TIMED_WAITING || waiter.getState() == Thread.State.WAITING);
        waiter.interrupt();
        waiter.join(2_000);
        assertTrue(thrown.get() instanceof InterruptedException, String.valueOf(thrown.get()));

        CompletableFuture<String> name = nextName(source);
        Thread.sleep(50);
        long start = System.nanoTime();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(source::close);
        assertEquals("none", name.orTimeout(2, TimeUnit.SECONDS).join());
        assertTrue(System.nanoTime() - start < 1_000_000_000L, "close() took long to end next()");
        closing.join();
        source.close();
        assertNull(source.next());
        until(() -> threadsBefore.containsAll(threads()));
    }

    /** Of threads but for those that the JDK and the tests keep. */
    static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("process reaper") && !name.startsWith("ForkJoinPool"))
                .filter(name -> !name.startsWith("CompletableFuture") && !name.startsWith("Cleaner"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static String next(FrameSource source) throws InterruptedException {
        return Objects.requireNonNull(source.next()).name();
    }
}
