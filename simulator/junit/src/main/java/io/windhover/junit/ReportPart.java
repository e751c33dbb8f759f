// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import io.windhover.models.FileReplacement;
import io.windhover.runtime.report.HtmlPage;
import io.windhover.runtime.report.HtmlSummary;
import io.windhover.runtime.report.MarkdownSummary;
import io.windhover.runtime.report.Summary;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.UUID;

/**
 * What a test class adds to the files of a run: markup, as properties in a file of its own.
 *
 * @param run whose tests they are
 * @param tests the class
 */
record ReportPart(
        String run,
        String tests,
        boolean passed,
        String htmlRow,
        String htmlSection,
        String markdownRow,
        String markdownFailures) {
    private static final String ENDING = ".properties";

    static ReportPart of(String run, Summary summary) {
        String tests = summary.names().get(0);
        String section = identifier(tests);
        return new ReportPart(
                run,
                tests,
                summary.failedCount() == 0,
                HtmlSummary.row(summary, section),
                section(section, summary),
                MarkdownSummary.row(summary),
                MarkdownSummary.failures(summary));
    }

    private static String section(String section, Summary summary) {
        String heading = String.join(": ", summary.names()) + " on " + summary.device();
        return String.join(
                "\n",
                HtmlSummary.heading(section, heading),
                HtmlSummary.checks(summary.checks()),
                summary.profile() == null
                        ? HtmlPage.paragraph("No test asked for cycles, so none were counted.")
                        : HtmlSummary.layers(summary.profile()));
    }

    /** One for each name, whatever the name may hold. */
    private static String identifier(String tests) {
        return "tests-" + UUID.nameUUIDFromBytes(tests.getBytes(StandardCharsets.UTF_8));
    }

    /** Replaces what the class said before. */
    void write(Path folder) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("run", run);
        properties.setProperty("tests", tests);
        properties.setProperty("passed", Boolean.toString(passed));
        properties.setProperty("html.row", htmlRow);
        properties.setProperty("html.section", htmlSection);
        properties.setProperty("markdown.row", markdownRow);
        properties.setProperty("markdown.failures", markdownFailures);
        try (FileReplacement replacement = FileReplacement.of(folder.resolve(identifier(tests) + ENDING));
                OutputStream stream = Channels.newOutputStream(replacement.channel())) {
            properties.store(stream, null);
            replacement.commit();
        }
    }

    /** Those of a run, by the names of their classes; those of other runs are removed. */
    static List<ReportPart> read(Path folder, String run) throws IOException {
        List<ReportPart> parts = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "tests-*" + ENDING)) {
            for (Path file : files) {
                ReportPart part = read(file);
                if (part.run.equals(run)) {
                    parts.add(part);
                } else {
                    Files.delete(file);
                }
            }
        }
        parts.sort(Comparator.comparing(ReportPart::tests));
        return parts;
    }

    private static ReportPart read(Path file) throws IOException {
        Properties properties = new Properties();
        try (InputStream stream = Files.newInputStream(file)) {
            properties.load(stream);
        }
        return new ReportPart(
                properties.getProperty("run", ""),
                properties.getProperty("tests", ""),
                Boolean.parseBoolean(properties.getProperty("passed")),
                properties.getProperty("html.row", ""),
                properties.getProperty("html.section", ""),
                properties.getProperty("markdown.row", ""),
                properties.getProperty("markdown.failures", ""));
    }
}
