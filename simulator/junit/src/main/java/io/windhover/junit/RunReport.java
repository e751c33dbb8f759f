// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import io.windhover.models.FileReplacement;
import io.windhover.models.Reason;
import io.windhover.runtime.report.HtmlPage;
import io.windhover.runtime.report.HtmlSummary;
import io.windhover.runtime.report.MarkdownSummary;
import io.windhover.runtime.report.Summary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The page and the summary of a run's tests. Each class adds its part to a folder beside them and writes both anew, so
 * that they hold those of all JVMs, and of those that ended early.
 *
 * @param folder where they lie
 * @param run whose tests they hold; those of other runs are dropped
 */
record RunReport(Path folder, String run) {
    /** Names the folder. */
    static final String FOLDER = "windhover.report";

    private static final List<String> COLUMNS = List.of("test class", "model");
    private static final AtomicBoolean COMPLAINED = new AtomicBoolean();

    /** Adds a class to the files of this run. No test fails because they cannot be written; a sentence says so once. */
    static void write(Summary tests) {
        String folder = System.getProperty(FOLDER, "target");
        try {
            new RunReport(Path.of(folder), TestRun.identity()).add(tests);
        } catch (IOException | RuntimeException problem) {
            if (!COMPLAINED.getAndSet(true)) {
                System.err.println("The report of the tests is not written to '" + folder + "' (" + Reason.of(problem)
                        + "); -D" + FOLDER + " names another folder.");
            }
        }
    }

    /** Processes that do so at once wait for each other. */
    void add(Summary tests) throws IOException {
        Path parts = Files.createDirectories(folder.toAbsolutePath().resolve("windhover-report"));
        synchronized (RunReport.class) {
            try (FileChannel channel =
                    FileChannel.open(parts.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock();
                ReportPart.of(run, tests).write(parts);
                List<ReportPart> all = ReportPart.read(parts, run);
                replace("windhover.html", page(all));
                replace("windhover.md", summary(all));
            }
        }
    }

    private static String page(List<ReportPart> parts) {
        long passed = parts.stream().filter(ReportPart::passed).count();
        HtmlPage page = new HtmlPage("windhover tests")
                .add(HtmlPage.heading(1, "windhover tests"))
                .add(HtmlPage.paragraph(passed + " of " + parts.size() + " test classes passed."))
                .add(HtmlSummary.table(
                        COLUMNS, parts.stream().map(ReportPart::htmlRow).toList()));
        parts.forEach(part -> page.add(part.htmlSection()));
        return page.end();
    }

    private static String summary(List<ReportPart> parts) {
        return MarkdownSummary.join(
                COLUMNS,
                parts.stream().map(ReportPart::markdownRow).toList(),
                parts.stream().map(ReportPart::markdownFailures).toList());
    }

    private void replace(String name, String text) throws IOException {
        try (FileReplacement replacement = FileReplacement.of(folder.resolve(name))) {
            ByteBuffer contents = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (contents.hasRemaining()) {
                replacement.channel().write(contents);
            }
            replacement.commit();
        }
    }
}
