// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A page that needs nothing else: no script, no picture, no font of its own. It is well-formed XML too. Text of others
 * goes through {@link #text}.
 */
public final class HtmlPage {
    private static final String STYLE = String.join(
            "",
            "body{font:14px sans-serif;margin:2em}",
            "table{border-collapse:collapse;margin:1em 0}",
            "th,td{padding:2px 8px;text-align:right;white-space:nowrap;border-bottom:1px solid #ddd}",
            "th{position:sticky;top:0;background:#fff}",
            ".words{text-align:left;white-space:normal}",
            ".failed{color:#b02010;font-weight:bold}",
            ".bar{position:relative;width:180px;height:12px;background:#eee}",
            ".bar i{position:absolute;left:0;top:0;height:12px}",
            ".cycles{background:#7aa6d8}.share{background:#c9b36b}.stalled{background:#7d6a24}.util{background:#6aa66a}",
            ".floor{border-right:2px solid #c03020}");

    private final StringBuilder page = new StringBuilder();

    public HtmlPage(String title) {
        page.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>")
                .append(
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>")
                .append("<title>")
                .append(text(title))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body>\n");
    }

    /** Adds what is markup already. */
    public HtmlPage add(String markup) {
        page.append(markup).append('\n');
        return this;
    }

    public String end() {
        return page.append("</body></html>\n").toString();
    }

    public static String text(String text) {
        return Printable.markup(text);
    }

    public static String heading(int level, String text) {
        return "<h" + level + ">" + text(text) + "</h" + level + ">";
    }

    public static String paragraph(String text) {
        return "<p>" + text(text) + "</p>";
    }

    /** Lines as they are, their columns one below the other. */
    public static String lines(List<String> lines) {
        return "<pre>" + lines.stream().map(HtmlPage::text).collect(Collectors.joining("\n")) + "</pre>";
    }

    public static String row(String... cells) {
        return "<tr>" + String.join("", cells) + "</tr>\n";
    }

    /** The head of a column of numbers. */
    public static String head(String name) {
        return "<th>" + text(name) + "</th>";
    }

    /** The head of a column of words or bars. */
    public static String wordsHead(String name) {
        return "<th class=\"words\">" + text(name) + "</th>";
    }

    public static String words(String text) {
        return "<td class=\"words\">" + text(text) + "</td>";
    }

    public static String number(long number) {
        return cell(String.format(Locale.ROOT, "%,d", number));
    }

    /** A difference, with its sign. */
    public static String difference(long number) {
        return cell(String.format(Locale.ROOT, "%+,d", number));
    }

    public static String cell(String text) {
        return "<td>" + text(text) + "</td>";
    }

    /** A fraction of 1 as text, in percent. */
    public static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.2f %%", fraction * 100);
    }

    /** A cell with bars one over the other, each {@link #part}. */
    public static String bar(String... parts) {
        return "<td><div class=\"bar\">" + String.join("", parts) + "</div></td>";
    }

    /**
     * A part of a bar.
     *
     * @param share of the bar's width, cut to 0..1
     */
    public static String part(String kind, double share) {
        return String.format(
                Locale.ROOT,
                "<i class=\"%s\" style=\"width:%.1f%%\"></i>",
                kind,
                100 * Math.max(0, Math.min(1, share)));
    }
}
