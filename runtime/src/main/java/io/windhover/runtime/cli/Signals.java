// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.exception.WindhoverException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What SIGTERM, SIGINT and SIGHUP do. After {@link #finishByItself} the first one asks the verb to finish what is in
 * flight, within {@link #DEADLINE}; before that it ends the program at once, temporary files removed. The second one,
 * or the deadline, ends it as it is. A verb may give SIGHUP another meaning. The exit code is 128 and the signal's
 * number, as a shell shows it.
 */
final class Signals {
    /** How long a verb may take to finish after the first signal. */
    static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final int HANGUP = 1;
    private static final Map<String, Integer> NUMBERS = Map.of("HUP", HANGUP, "INT", 2, "TERM", 15);
    private static final int SIGNALLED = 128;
    private static final AtomicInteger RECEIVED = new AtomicInteger();
    private static final CountDownLatch FIRST = new CountDownLatch(1);
    private static volatile boolean finishes;
    private static volatile boolean inOrder;
    private static volatile @Nullable Runnable hangup;

    private Signals() {}

    /** Takes the signals over from Java; for the program's entry only. */
    static void install() {
        NUMBERS.forEach((name, number) -> org.jline.utils.Signals.register(name, () -> received(number)));
    }

    /** Does what this signal does. */
    static void received(int number) {
        Runnable reload = hangup;
        if (number == HANGUP && reload != null) {
            daemon(reload);
            return;
        }
        FIRST.countDown();
        if (!RECEIVED.compareAndSet(0, number)) {
            Runtime.getRuntime().halt(SIGNALLED + RECEIVED.get());
        }
        daemon(finishes ? () -> endAfterDeadline(number) : () -> System.exit(SIGNALLED + number));
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "windhover-signal");
        thread.setDaemon(true);
        thread.start();
    }

    private static void endAfterDeadline(int number) {
        try {
            Thread.sleep(DEADLINE.toMillis());
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
        System.err.println("windhover: what was in flight is given up: it did not finish within " + DEADLINE.toSeconds()
                + " s of the signal.");
        StandardError.drain();
        Runtime.getRuntime().halt(SIGNALLED + number);
    }

    /** From here on the verb looks at {@link #received} and finishes by itself. */
    static void finishByItself() {
        finishes = true;
    }

    /** From here on SIGHUP does this instead of ending the program. */
    static void onHangup(Runnable action) {
        hangup = action;
    }

    /** Waits until a signal asks us to end. */
    static void await() {
        try {
            FIRST.await();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    /** The signal was how this verb is ended: it is no failure. */
    static void endedInOrder() {
        inOrder = true;
    }

    /** True once a signal has asked us to end. */
    static boolean received() {
        return RECEIVED.get() != 0;
    }

    /** The inputs, as long as no signal has come. */
    static <T> Iterator<T> untilReceived(Iterator<T> inputs) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !received() && inputs.hasNext();
            }

            @Override
            public T next() {
                return inputs.next();
            }
        };
    }

    /** Throws when a signal kept inputs from being run. */
    static void requireAll(int done, int wanted, String what) {
        if (received() && done < wanted) {
            throw new WindhoverException("A signal ended this after " + done + " of " + wanted + " " + what + ".");
        }
    }

    /** The program's exit code, given what it would be without a signal. */
    static int exitCode(int code) {
        return received() && !inOrder ? SIGNALLED + RECEIVED.get() : code;
    }
}
