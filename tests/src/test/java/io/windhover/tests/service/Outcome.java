// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import java.util.Locale;

/** What a test saw of a fault. */
final class Outcome {
    private final long start = System.nanoTime();
    private String words = "";

    /** One short clause; a later one takes the place of an earlier one. */
    void measured(String format, Object... values) {
        words = String.format(Locale.ROOT, format, values);
    }

    String words() {
        return words;
    }

    /** Since the test began. */
    String seconds() {
        return String.format(Locale.ROOT, "%.1f", (System.nanoTime() - start) / 1e9);
    }
}
