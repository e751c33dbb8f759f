// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on a terminal's stderr; silent elsewhere, and where there is only one step. */
final class Progress implements AutoCloseable {
    private final @Nullable ProgressBar bar;

    @SuppressWarnings("SystemConsoleNull") // the launcher sets jdk.console, so that Java 22 answers as Java 17 does
    Progress(String task, long steps) {
        boolean shown = steps > 1 && System.console() != null;
        this.bar = shown
                ? new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(steps)
                        .setStyle(ProgressBarStyle.ASCII)
                        .build()
                : null;
    }

    /** A line of progress for people, bar or not. */
    static void say(PrintWriter err, String sentence) {
        err.println("windhover: " + sentence);
        err.flush();
    }

    void step() {
        if (bar != null) {
            bar.step();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
