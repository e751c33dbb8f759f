// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.windhover.driver.DriverException;
import io.windhover.driver.Status;
import io.windhover.runtime.Device;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** What tests read of an FST file: blocks of a kind, a length that counts itself, and contents. */
record Fst(ByteBuffer file) {
    private static final int HEADER = 0;
    private static final int LZ4_HIERARCHY = 6;

    private static final int ATTRIBUTE = 252;
    private static final int END_OF_ATTRIBUTE = 253;
    private static final int SCOPE = 254;
    private static final int UPSCOPE = 255;
    private static final int LAST_KIND_OF_VARIABLE = 29;

    static Fst read(Path path) {
        try {
            return new Fst(ByteBuffer.wrap(Files.readAllBytes(path)));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Skips the test where the build of tiny that writes waveforms is missing, unless it is required. */
    static void requireTracingLibrary(Path folder) {
        try {
            Device.open("rtl:tiny?wave=" + folder.resolve("none.fst")).close();
        } catch (DriverException missing) {
            assumeTrue(missing.status() != Status.NOT_FOUND || "1".equals(System.getenv("WINDHOVER_DEVICES_REQUIRED")));
            throw missing;
        }
    }

    long firstTime() {
        return contents(HEADER).getLong(0);
    }

    long lastTime() {
        return contents(HEADER).getLong(Long.BYTES);
    }

    private ByteBuffer contents(int kind) {
        int at = 0;
        while (at < file.limit()) {
            int length = (int) file.getLong(at + 1);
            if (file.get(at) == kind) {
                return file.slice(at + 1 + Long.BYTES, length - Long.BYTES);
            }
            at += 1 + length;
        }
        throw new IllegalStateException("the file has no block of kind " + kind);
    }

    /** The signals, scopes and names joined by dots, with the range of those that are several bits. */
    Set<String> signals() {
        ByteBuffer hierarchy = lz4(contents(LZ4_HIERARCHY));
        Set<String> signals = new HashSet<>();
        Deque<String> scopes = new ArrayDeque<>();
        while (hierarchy.hasRemaining()) {
            int kind = hierarchy.get() & 255;
            if (kind == SCOPE) {
                hierarchy.get();
                scopes.addLast(string(hierarchy));
                string(hierarchy);
            } else if (kind == UPSCOPE) {
                scopes.removeLast();
            } else if (kind == ATTRIBUTE) {
                hierarchy.getShort();
                string(hierarchy);
                number(hierarchy);
            } else if (kind <= LAST_KIND_OF_VARIABLE) {
                hierarchy.get();
                signals.add(String.join(".", scopes) + "." + string(hierarchy).replace(" [", "["));
                number(hierarchy);
                number(hierarchy);
            } else if (kind != END_OF_ATTRIBUTE) {
                throw new IllegalStateException("kind " + kind + " of the hierarchy is not known");
            }
        }
        return signals;
    }

    private static String string(ByteBuffer bytes) {
        ByteArrayOutputStream string = new ByteArrayOutputStream();
        for (byte next = bytes.get(); next != 0; next = bytes.get()) {
            string.write(next);
        }
        return string.toString(StandardCharsets.UTF_8);
    }

    private static void number(ByteBuffer bytes) {
        while (bytes.get() < 0) {}
    }

    /** A block of LZ4 behind its length. */
    private static ByteBuffer lz4(ByteBuffer packed) {
        byte[] plain = new byte[(int) packed.getLong()];
        int at = 0;
        while (packed.hasRemaining()) {
            int token = packed.get() & 255;
            int literals = length(packed, token >> 4);
            packed.get(plain, at, literals);
            at += literals;
            if (packed.hasRemaining()) {
                int back = (packed.get() & 255) | ((packed.get() & 255) << 8);
                for (int left = length(packed, token & 15) + 4; left > 0; left--) {
                    plain[at] = plain[at - back];
                    at++;
                }
            }
        }
        return ByteBuffer.wrap(plain);
    }

    private static int length(ByteBuffer packed, int start) {
        int length = start;
        if (start == 15) {
            int more;
            do {
                more = packed.get() & 255;
                length += more;
            } while (more == 255);
        }
        return length;
    }
}
