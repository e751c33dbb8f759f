// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Room in Java's heap for a large picture, looked for before it is decoded: a service that runs out of memory ends, and
 * a request that ended it would be brought again. Large pictures are decoded one at a time.
 */
final class PictureMemory {
    /** What is decoded, the levels made of it, and the upright picture. */
    private static final long BYTES_PER_PIXEL = 9;
    /** This part of the heap is left for everything else; pictures that take no more of it are small. */
    private static final int PART = 16;
    /** Frames that wait for the device hold their pictures; they leave soon. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long PAUSE_MILLIS = 200;
    private static final ReentrantLock LARGE = new ReentrantLock();

    private PictureMemory() {}

    /** About how many bytes it takes to decode so many pixels. */
    static long bytes(long pixels) {
        return pixels * BYTES_PER_PIXEL;
    }

    /** Whether there is room, after a while where other pictures are in the way; {@link #giveBack} must follow. */
    static boolean take(long pixels) {
        long most = Runtime.getRuntime().maxMemory();
        if (bytes(pixels) <= most / PART) {
            return true;
        }
        LARGE.lock();
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (bytes(pixels) > free() - most / PART) {
            System.gc();
            if (bytes(pixels) <= free() - most / PART) {
                break;
            }
            if (bytes(pixels) > most - 2 * (most / PART) || System.nanoTime() - end > 0 || !pause()) {
                return false;
            }
        }
        return true;
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static long free() {
        Runtime heap = Runtime.getRuntime();
        return heap.maxMemory() - heap.totalMemory() + heap.freeMemory();
    }

    /** The picture is decoded. */
    static void giveBack() {
        while (LARGE.isHeldByCurrentThread()) {
            LARGE.unlock();
        }
    }
}
