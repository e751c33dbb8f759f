// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.report;

import io.windhover.runtime.profile.Profile;
import io.windhover.runtime.verify.Check;
import java.util.List;
import java.util.stream.Collectors;

/** What a page says of models: a table with a row for each, and of each its checks and layers. */
public final class HtmlSummary {
    private HtmlSummary() {}

    /**
     * The table.
     *
     * @param columns heads of a {@link Summary}'s names
     * @param rows each {@link #row}
     */
    public static String table(List<String> columns, List<String> rows) {
        return "<table class=\"models\">"
                + HtmlPage.row(
                        columns.stream().map(HtmlPage::wordsHead).collect(Collectors.joining()),
                        HtmlPage.wordsHead("device"),
                        HtmlPage.head("cycles a frame"),
                        HtmlPage.head("of the array"),
                        HtmlPage.head("top-1"),
                        HtmlPage.wordsHead("checks"))
                + String.join("", rows)
                + "</table>";
    }

    /** A row, whose first cell links to the section of this identifier. */
    public static String row(Summary summary, String section) {
        Profile counted = summary.counted();
        List<String> names = summary.names();
        long failed = summary.failedCount();
        int all = summary.checks().size();
        return HtmlPage.row(
                "<td class=\"words\"><a href=\"#" + section + "\">" + HtmlPage.text(names.get(0)) + "</a></td>",
                names.stream().skip(1).map(HtmlPage::words).collect(Collectors.joining()),
                HtmlPage.words(summary.device()),
                counted == null ? HtmlPage.cell("") : HtmlPage.number(counted.totalCycles()),
                HtmlPage.cell(counted == null ? "" : HtmlPage.percent(counted.utilisation())),
                HtmlPage.cell(summary.top1() == null ? "" : HtmlPage.percent(summary.top1())),
                failed == 0
                        ? HtmlPage.words(all + " passed")
                        : "<td class=\"words failed\">" + failed + " of " + all + " failed</td>");
    }

    /** The head of a section. */
    public static String heading(String section, String text) {
        return "<h2 id=\"" + section + "\">" + HtmlPage.text(text) + "</h2>";
    }

    /** A list of checks, with their sentences. */
    public static String checks(List<Check> checks) {
        return checks.stream().map(HtmlSummary::item).collect(Collectors.joining("\n", "<ul>\n", "\n</ul>"));
    }

    private static String item(Check check) {
        return (check.passed() ? "<li>passed: " : "<li><span class=\"failed\">FAILED</span>: ")
                + HtmlPage.text(check.name() + (check.sentence().isEmpty() ? "" : ": " + check.sentence()))
                + "</li>";
    }

    /** The layers with bars, and what the frame takes. */
    public static String layers(Profile profile) {
        return String.join(
                "\n",
                HtmlPage.heading(3, "Layers"),
                HtmlPage.paragraph(ProfileSums.of(profile) + "."),
                HtmlPage.paragraph(LayerTable.LEGEND),
                LayerTable.of(profile));
    }
}
