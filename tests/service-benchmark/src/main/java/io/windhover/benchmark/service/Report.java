// SPDX-License-Identifier: Apache-2.0
package io.windhover.benchmark.service;

import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured, each figure beside its goal. */
final class Report {
    private final Map<String, String> surroundings = new LinkedHashMap<>();
    private final List<Figure> figures = new ArrayList<>();

    /**
     * One figure.
     *
     * @param goal null where it has none; a least value where atLeast, else a most
     * @param how it was measured
     */
    record Figure(String name, double value, String unit, Double goal, boolean atLeast, String how) {
        Boolean met() {
            return goal == null ? null : atLeast ? value >= goal : value <= goal;
        }
    }

    void surrounding(String name, String value) {
        surroundings.put(name, value);
    }

    void atMost(String name, double value, String unit, double goal, String how) {
        figures.add(new Figure(name, value, unit, goal, false, how));
    }

    void atLeast(String name, double value, String unit, double goal, String how) {
        figures.add(new Figure(name, value, unit, goal, true, how));
    }

    void only(String name, double value, String unit, String how) {
        figures.add(new Figure(name, value, unit, null, false, how));
    }

    String text() {
        StringBuilder text = new StringBuilder();
        surroundings.forEach((name, value) -> text.append(String.format("%-12s %s%n", name, value)));
        text.append(String.format("%n%-52s %10s %-9s %10s  %s%n", "figure", "measured", "unit", "goal", ""));
        for (Figure figure : figures) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-52s %10.2f %-9s %10s  %s%n",
                    figure.name,
                    figure.value,
                    figure.unit,
                    goal(figure),
                    figure.met() == null ? "" : figure.met() ? "met" : "MISSED"));
        }
        text.append(String.format("%nHow:%n"));
        figures.stream()
                .filter(figure -> !figure.how.isEmpty())
                .forEach(figure -> text.append(String.format("- %s: %s%n", figure.name, figure.how)));
        return text.toString();
    }

    private static String goal(Figure figure) {
        return figure.goal == null
                ? ""
                : (figure.atLeast ? ">= " : "<= ")
                        + String.format(Locale.ROOT, "%.4s", figure.goal).replaceAll("\\.0?$", "");
    }

    String json() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Figure figure : figures) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", figure.name);
            one.put("value", figure.value);
            one.put("unit", figure.unit);
            if (figure.goal != null) {
                one.put(figure.atLeast ? "goalAtLeast" : "goalAtMost", figure.goal);
                one.put("met", figure.met());
            }
            one.put("how", figure.how);
            all.add(one);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schema", 1);
        json.put("surroundings", surroundings);
        json.put("figures", all);
        return new GsonBuilder()
                .setPrettyPrinting()
                .disableHtmlEscaping()
                .create()
                .toJson(json);
    }
}
