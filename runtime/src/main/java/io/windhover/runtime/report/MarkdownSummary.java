// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.report;

import io.windhover.runtime.profile.Profile;
import io.windhover.runtime.verify.Check;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A summary for a pull request: a row for each model, then what failed. */
public final class MarkdownSummary {
    private MarkdownSummary() {}

    /**
     * The whole of it.
     *
     * @param columns heads of a {@link Summary}'s names
     */
    public static String of(List<String> columns, List<Summary> summaries) {
        return join(
                columns,
                summaries.stream().map(MarkdownSummary::row).toList(),
                summaries.stream().map(MarkdownSummary::failures).toList());
    }

    /** The whole, of each {@link #row} and all {@link #failures}. */
    public static String join(List<String> columns, List<String> rows, List<String> failures) {
        return "| " + String.join(" | ", columns) + " | device | cycles a frame | of the array | top-1 | checks |\n"
                + "|" + "---|".repeat(columns.size()) + "---|---:|---:|---:|---|\n"
                + String.join("", rows)
                + String.join("", failures);
    }

    /** A row. */
    public static String row(Summary summary) {
        long failed = summary.failedCount();
        int all = summary.checks().size();
        Profile counted = summary.counted();
        return String.format(
                Locale.ROOT,
                "| %s | %s| %s| %s| %s| %s |%n",
                summary.names().stream().map(MarkdownSummary::escape).collect(Collectors.joining(" | ")),
                cell(escape(summary.device())),
                cell(counted == null ? "" : String.format(Locale.ROOT, "%,d", counted.totalCycles())),
                cell(counted == null ? "" : String.format(Locale.ROOT, "%.0f %%", counted.utilisation() * 100)),
                cell(summary.top1() == null ? "" : String.format(Locale.ROOT, "%.2f %%", summary.top1() * 100)),
                failed == 0 ? all + " passed" : "**" + failed + " of " + all + " failed**");
    }

    private static String cell(String text) {
        return text.isEmpty() ? "" : text + " ";
    }

    /** A paragraph for each check that failed. */
    public static String failures(Summary summary) {
        return summary.checks().stream()
                .filter(check -> !check.passed())
                .map(check -> failure(summary, check))
                .collect(Collectors.joining());
    }

    private static String failure(Summary summary, Check check) {
        return "\n**" + escape(summary.names().get(0)) + "**, " + escape(check.name()) + ": " + escape(check.sentence())
                + '\n';
    }

    /** Names of others neither end a cell nor begin markup. */
    private static String escape(String text) {
        return Printable.markup(text).replaceAll("[\\\\`*_\\[\\]|~]", "\\\\$0");
    }
}
