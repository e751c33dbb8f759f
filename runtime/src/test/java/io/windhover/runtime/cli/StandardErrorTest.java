// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StandardErrorTest {
    /** A reader who reads only from some moment on. */
    private static final class Reader extends OutputStream {
        private final CountDownLatch reads = new CountDownLatch(1);
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                reads.await();
            } catch (InterruptedException interruption) {
                throw new IOException(interruption);
            }
            read.write(bytes, offset, length);
        }

        String text() {
            return read.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void nobody_waits_for_a_reader_and_what_is_missing_is_counted() {
        Reader reader = new Reader();
        StandardError error = new StandardError(reader);
        error.queue();
        PrintStream print = new PrintStream(error, true, StandardCharsets.UTF_8);
        int lines = 3 * StandardError.MOST_BYTES / 100;
        for (int i = 0; i < lines; i++) {
            print.printf("%099d%n", i);
        }
        error.drain(Duration.ofMillis(50));
        reader.reads.countDown();
        error.drain(Duration.ofSeconds(30));
        print.println("end: \u00e9");
        error.drain(Duration.ofSeconds(30));
        List<String> read = reader.text().lines().toList();
        int kept = read.size() - 2;
        assertTrue(Math.abs(kept - StandardError.MOST_BYTES / 100) <= 1, "kept " + kept);
        for (int i = 0; i < kept; i++) {
            assertEquals(i, Integer.parseInt(read.get(i)));
        }
        assertEquals("windhover: here " + (lines - kept) + " lines are missing; nobody read them.", read.get(kept));
        assertEquals("end: \u00e9", read.get(kept + 1));
    }

    @Test
    void a_reader_that_left_stops_nothing() {
        StandardError error = new StandardError(new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        });
        error.queue();
        PrintStream print = new PrintStream(error, true, StandardCharsets.UTF_8);
        for (int i = 0; i < 10_000; i++) {
            print.printf("%099d%n", i);
        }
        error.drain(Duration.ofMillis(50));
    }

    @Test
    void a_line_without_an_end_is_written_too() {
        Reader reader = new Reader();
        reader.reads.countDown();
        StandardError error = new StandardError(reader);
        error.queue();
        String text = "x".repeat(StandardError.MOST_BYTES / 2);
        new PrintStream(error, true, StandardCharsets.UTF_8).print(text);
        error.drain(Duration.ofSeconds(30));
        assertEquals(text, reader.text());
    }

    @Test
    void other_verbs_write_at_once() {
        Reader reader = new Reader();
        reader.reads.countDown();
        new PrintStream(new StandardError(reader), true, StandardCharsets.UTF_8).print("half a line");
        assertEquals("half a line", reader.text());
    }
}
