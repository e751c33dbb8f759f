// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.profile.Profile;
import io.windhover.runtime.report.HtmlPage;
import io.windhover.runtime.report.HtmlSummary;
import io.windhover.runtime.verify.Baseline;
import io.windhover.runtime.verify.Change;
import io.windhover.runtime.verify.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * All that was found of all models as one HTML page: for each its checks, what changed, and its layers.
 *
 * @param baseline to compare with; null for none
 * @param frames over which outputs were compared with an older version's
 */
record VerifyPage(@Nullable Baseline baseline, int frames) {
    String write(List<Report> reports) {
        long failed = reports.stream().filter(report -> !report.passed()).count();
        HtmlPage page = new HtmlPage("windhover verify")
                .add(HtmlPage.heading(1, "windhover verify"))
                .add(HtmlPage.paragraph(
                        String.format(Locale.ROOT, "%d of %d models passed.", reports.size() - failed, reports.size())))
                .add(summary(reports));
        for (int number = 0; number < reports.size(); number++) {
            add(page, reports.get(number), number);
        }
        return page.end();
    }

    private static String summary(List<Report> reports) {
        List<String> rows = new ArrayList<>();
        for (int number = 0; number < reports.size(); number++) {
            rows.add(HtmlSummary.row(reports.get(number).summary(), "model" + number));
        }
        return HtmlSummary.table(Report.COLUMNS, rows);
    }

    private void add(HtmlPage page, Report report, int number) {
        page.add(HtmlSummary.heading("model" + number, report.model())).add(HtmlSummary.checks(report.checks()));
        Verification found = report.found();
        if (found == null) {
            return;
        }
        if (!found.exactness().listing().isEmpty()) {
            page.add(HtmlPage.heading(3, "Commands of the layer that differs"))
                    .add(HtmlPage.lines(found.exactness().listing()));
        }
        if (baseline != null) {
            baseline.compare(found).ifPresent(comparison -> add(page, comparison));
        }
        if (report.change() != null) {
            add(page, report.change());
        }
        page.add(HtmlSummary.layers(found.profile()));
    }

    private static void add(HtmlPage page, Baseline.Comparison comparison) {
        page.add(HtmlPage.heading(3, "Since the baseline"));
        if (comparison.layers().isEmpty() && comparison.cyclesBefore() == comparison.cyclesNow()) {
            page.add(HtmlPage.paragraph("Each layer takes the cycles that it took."));
            return;
        }
        StringBuilder table = new StringBuilder("<table class=\"baseline\">")
                .append(HtmlPage.row(
                        HtmlPage.wordsHead("layer"),
                        HtmlPage.head("share before"),
                        HtmlPage.head("now"),
                        HtmlPage.head("more")));
        for (Baseline.LayerChange layer : comparison.layers()) {
            table.append(HtmlPage.row(
                    HtmlPage.words(layer.layer()),
                    numberOrNone(layer.before()),
                    numberOrNone(layer.now()),
                    HtmlPage.difference(layer.cycles())));
        }
        table.append(HtmlPage.row(
                HtmlPage.words("the frame"),
                HtmlPage.number(comparison.cyclesBefore()),
                HtmlPage.number(comparison.cyclesNow()),
                HtmlPage.difference(comparison.cyclesNow() - comparison.cyclesBefore())));
        page.add(table.append("</table>").toString());
    }

    /** Layers that take what they took are left out. */
    private void add(HtmlPage page, Change change) {
        page.add(HtmlPage.heading(3, "Against " + change.before().source()));
        StringBuilder table = new StringBuilder("<table class=\"against\">")
                .append(HtmlPage.row(
                        HtmlPage.wordsHead("layer"),
                        HtmlPage.head("share"),
                        HtmlPage.head("more"),
                        HtmlPage.head("bytes"),
                        HtmlPage.head("more")));
        change.layers().stream()
                .filter(layer -> layer.cycles() != 0 || layer.bytes() != 0)
                .forEach(layer -> table.append(HtmlPage.row(
                        HtmlPage.words(layer.words()),
                        HtmlPage.number(layer.now() == null ? 0 : layer.now().shareCycles()),
                        HtmlPage.difference(layer.cycles()),
                        HtmlPage.number(Change.Layer.bytes(layer.now())),
                        HtmlPage.difference(layer.bytes()))));
        Profile before = change.before().profile();
        Profile now = change.now().profile();
        long bytes = now.readBytes() + now.writtenBytes();
        table.append(HtmlPage.row(
                HtmlPage.words("the frame"),
                HtmlPage.number(now.totalCycles()),
                HtmlPage.difference(now.totalCycles() - before.totalCycles()),
                HtmlPage.number(bytes),
                HtmlPage.difference(bytes - before.readBytes() - before.writtenBytes())));
        page.add(table.append("</table>").toString());
        Verification.Accuracy old = change.before().accuracy();
        Verification.Accuracy current = change.now().accuracy();
        if (old != null && current != null) {
            page.add(HtmlPage.paragraph(
                    "top-1 " + HtmlPage.percent(current.top1()) + ", before " + HtmlPage.percent(old.top1()) + "."));
        }
        change.outputs()
                .forEach(output -> page.add(HtmlPage.paragraph(
                        "output '" + output.name() + "': " + VerifyCommand.words(output, frames) + ".")));
    }

    private static String numberOrNone(@Nullable Long number) {
        return number == null ? HtmlPage.cell("none") : HtmlPage.number(number);
    }
}
