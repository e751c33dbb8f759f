// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.profile.Profile;
import java.util.Locale;

/**
 * A profile as one HTML page that needs nothing else: bars of a layer's cycles and of its share of the frame, and a
 * mark at its floor.
 */
final class ProfilePage {
    private static final int ROW = 22;
    private static final int LEFT = 320;
    private static final int WIDE = 600;

    private ProfilePage() {}

    static String write(Profile profile) {
        long most = profile.layers().stream()
                .mapToLong(layer -> Math.max(layer.cycles(), layer.shareCycles()))
                .max()
                .orElse(1);
        StringBuilder page = new StringBuilder();
        page.append("<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>")
                .append(Printable.markup(profile.model()))
                .append("</title>")
                .append("<style>body{font:14px sans-serif;margin:2em}text{font:12px sans-serif}</style><h1>")
                .append(Printable.markup(profile.model()))
                .append("</h1><p>")
                .append(Printable.markup(
                        profile.device() + ", " + profile.config() + ": " + ProfileText.sums(profile) + "."))
                .append(
                        " The upper bar of a layer is its cycles, in which at least one of its commands ran; the red line is the floor of these, the least that "
                                + "its commands take. Layers overlap, so the lower bar is its share of the frame, and shares add up to it; its dark part is "
                                + "stalled, while no layer computed.</p>");
        page.append(String.format(
                Locale.ROOT,
                "<svg width=\"%d\" height=\"%d\">",
                LEFT + WIDE + 120,
                ROW * profile.layers().size() + ROW));
        int y = 0;
        for (Profile.Layer layer : profile.layers()) {
            page.append(bar(layer, y, Math.max(1, most)));
            y += ROW;
        }
        return page.append("</svg></html>\n").toString();
    }

    private static String bar(Profile.Layer layer, int y, long most) {
        double scale = (double) WIDE / most;
        double floor = LEFT + layer.floorCycles() * scale;
        return String.format(
                        Locale.ROOT,
                        "<g><title>%s</title><text x=\"0\" y=\"%d\">%s</text>",
                        Printable.markup(layer.name()),
                        y + 15,
                        Printable.markup(layer.operator() + ", " + layer.runsOn()))
                + rectangle(y + 2, 9, layer.cycles() * scale, "#7aa6d8")
                + rectangle(y + 12, 6, layer.shareCycles() * scale, "#c9b36b")
                + rectangle(y + 12, 6, layer.stallCycles() * scale, "#7d6a24")
                + String.format(
                        Locale.ROOT,
                        "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#c03020\" stroke-width=\"2\"/>",
                        floor,
                        floor,
                        y,
                        y + 20)
                + String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%d\">%,d</text></g>",
                        LEFT + Math.max(layer.cycles(), layer.shareCycles()) * scale + 6,
                        y + 15,
                        layer.cycles());
    }

    private static String rectangle(int y, int height, double width, String colour) {
        return String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
                LEFT,
                y,
                width,
                height,
                colour);
    }
}
