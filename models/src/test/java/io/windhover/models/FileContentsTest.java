// SPDX-License-Identifier: Apache-2.0
package io.windhover.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileContentsTest {
    private static final Path NAME = Path.of("model.whm");

    /** A file of {@code claimed} bytes that ends after {@code actual}, in reads of at most 1,000. */
    private static final class Changing implements SeekableByteChannel {
        private final long claimed;
        private long left;

        Changing(long claimed, long actual) {
            this.claimed = claimed;
            this.left = actual;
        }

        @Override
        public int read(ByteBuffer target) {
            int count = (int) Math.min(1000, Math.min(left, target.remaining()));
            target.position(target.position() + count);
            left -= count;
            return count == 0 ? -1 : count;
        }

        @Override
        public long size() {
            return claimed;
        }

        @Override
        public int write(ByteBuffer source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SeekableByteChannel position(long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static void refused(long claimed, long actual, String words) {
        String message = assertThrows(
                        ModelException.class, () -> FileContents.read(new Changing(claimed, actual), NAME, 1 << 20))
                .getMessage();
        assertTrue(message.contains("model.whm") && message.contains(words), message);
    }

    @Test
    void a_file_that_shrinks_or_grows_while_it_is_read_is_refused() throws IOException {
        refused(5000, 4096, "changed its size");
        refused(5000, 0, "changed its size");
        refused(5000, 5001, "changed its size");
        assertArrayEquals(new byte[5000], FileContents.read(new Changing(5000, 5000), NAME, 5000));
    }

    @Test
    void a_file_above_the_limit_is_refused_before_it_is_read() {
        refused((1 << 20) + 1, Long.MAX_VALUE, "more than the limit of 1048576");
    }

    @Test
    void a_file_of_several_steps_is_read_whole(@TempDir Path folder) throws IOException {
        byte[] contents = new byte[(5 << 20) / 2];
        new Random(3).nextBytes(contents);
        assertArrayEquals(contents, FileContents.read(Files.write(folder.resolve("file"), contents), contents.length));
        assertArrayEquals(new byte[0], FileContents.read(Files.write(folder.resolve("empty"), new byte[0]), 0));
    }
}
