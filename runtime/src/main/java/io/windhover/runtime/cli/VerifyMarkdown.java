// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.cli.VerifyCommand.Report;
import io.windhover.runtime.verify.Check;
import io.windhover.runtime.verify.Verification;
import java.util.List;
import java.util.Locale;

/** A summary for a pull request: a row for each model, then what failed. */
final class VerifyMarkdown {
    private VerifyMarkdown() {}

    static String write(List<Report> reports) {
        StringBuilder text = new StringBuilder("| model | device | cycles a frame | of the array | top-1 | checks |\n");
        text.append("|---|---|---:|---:|---:|---|\n");
        reports.forEach(report -> text.append(row(report)));
        for (Report report : reports) {
            for (Check check : report.checks()) {
                if (!check.passed()) {
                    text.append("\n**")
                            .append(escape(report.model()))
                            .append("**, ")
                            .append(check.name())
                            .append(": ")
                            .append(escape(check.sentence()))
                            .append('\n');
                }
            }
        }
        return text.toString();
    }

    private static String row(Report report) {
        Verification found = report.found();
        long failed = report.checks().stream().filter(check -> !check.passed()).count();
        String checks = failed == 0
                ? report.checks().size() + " passed"
                : "**" + failed + " of " + report.checks().size() + " failed**";
        if (found == null) {
            return String.format("| %s | | | | | %s |%n", escape(report.model()), checks);
        }
        boolean counts = found.profile().totalCycles() > 0;
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %s |%n",
                escape(report.model()),
                escape(found.device()),
                counts ? String.format(Locale.ROOT, "%,d", found.profile().totalCycles()) : "",
                counts ? String.format(Locale.ROOT, "%.0f %%", found.profile().utilisation() * 100) : "",
                found.accuracy() == null
                        ? ""
                        : String.format(Locale.ROOT, "%.2f %%", found.accuracy().top1() * 100),
                checks);
    }

    /** Names of others neither end a cell nor begin markup. */
    private static String escape(String text) {
        return Printable.markup(text).replaceAll("[\\\\`*_\\[\\]|~]", "\\\\$0");
    }
}
