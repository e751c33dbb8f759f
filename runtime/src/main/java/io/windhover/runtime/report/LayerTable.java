// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.report;

import io.windhover.runtime.profile.Profile;
import java.util.Locale;

/** The layers of a profile as a table of HTML, with bars. */
public final class LayerTable {
    /** What the bars mean. */
    public static final String LEGEND =
            "Blue: a layer's cycles, in which at least one of its commands ran; the red line is their floor, the least that its commands"
                    + " take. Layers overlap, so the yellow bar is its share of the frame, and shares add up to it; the dark part is stalled,"
                    + " while no layer computed. Green: multiply-accumulates over those that the layer's array could do in its cycles.";

    private static final String HEAD = HtmlPage.row(
            HtmlPage.head("#"),
            HtmlPage.wordsHead("layer"),
            HtmlPage.wordsHead("operator"),
            HtmlPage.wordsHead("runs as"),
            HtmlPage.head("macs"),
            HtmlPage.head("cycles"),
            HtmlPage.head("floor"),
            HtmlPage.wordsHead("cycles, floor"),
            HtmlPage.head("share"),
            HtmlPage.head("stalled"),
            HtmlPage.wordsHead("share, stalled"),
            HtmlPage.head("array"),
            HtmlPage.wordsHead("of the array"),
            HtmlPage.head("read"),
            HtmlPage.head("written"));

    private LayerTable() {}

    public static String of(Profile profile) {
        double most = Math.max(
                1,
                profile.layers().stream()
                        .mapToLong(layer -> Math.max(layer.cycles(), layer.shareCycles()))
                        .max()
                        .orElse(1));
        StringBuilder table = new StringBuilder("<table class=\"layers\">");
        table.append(HEAD);
        for (int position = 0; position < profile.layers().size(); position++) {
            table.append(row(position, profile.layers().get(position), most));
        }
        return table.append("</table>").toString();
    }

    private static String row(int position, Profile.Layer layer, double most) {
        boolean computes = layer.macs() > 0 && layer.cycles() > 0;
        return HtmlPage.row(
                HtmlPage.number(position),
                HtmlPage.words(name(position, layer)),
                HtmlPage.words(layer.operator()),
                HtmlPage.words(layer.runsOn()),
                HtmlPage.number(layer.macs()),
                HtmlPage.number(layer.cycles()),
                HtmlPage.number(layer.floorCycles()),
                HtmlPage.bar(
                        HtmlPage.part("cycles", layer.cycles() / most),
                        HtmlPage.part("floor", layer.floorCycles() / most)),
                HtmlPage.number(layer.shareCycles()),
                HtmlPage.number(layer.stallCycles()),
                HtmlPage.bar(
                        HtmlPage.part("share", layer.shareCycles() / most),
                        HtmlPage.part("stalled", layer.stallCycles() / most)),
                HtmlPage.cell(computes ? String.format(Locale.ROOT, "%.1f %%", layer.utilisation() * 100) : ""),
                HtmlPage.bar(computes ? HtmlPage.part("util", layer.utilisation()) : ""),
                HtmlPage.number(layer.readBytes()),
                HtmlPage.number(layer.writtenBytes()));
    }

    /** Files may leave a layer without a name. */
    private static String name(int position, Profile.Layer layer) {
        return layer.name().isBlank() ? "layer " + position : layer.name();
    }
}
