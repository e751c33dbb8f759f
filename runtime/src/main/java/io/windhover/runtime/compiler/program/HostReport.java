// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.ScaleAccumulators;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.Transpose;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a network leaves to the host, for people to read. */
public final class HostReport {
    private static final int NAMES_SHOWN = 3;

    /** An operator on the host and why it is there, a clause. */
    public record Entry(int layer, String operator, String name, String reason) {}

    private HostReport() {}

    /** The operators at these positions. */
    public static List<Entry> entries(Graph graph, List<Integer> positions) {
        List<Entry> entries = new ArrayList<>();
        for (int position : positions) {
            Operator operator = graph.operators().get(position);
            entries.add(new Entry(
                    position,
                    operator.kind(),
                    operator.name(),
                    HostReason.of(operator, graph).words()));
        }
        return List.copyOf(entries);
    }

    /**
     * The operators that keep a network from being strict: all on the host but conversions from and to real numbers at
     * both ends, and there softmax and what only moves elements.
     */
    public static List<Entry> beyondEnds(Graph graph, Placement placement) {
        List<Integer> positions = new ArrayList<>();
        for (int part = 0; part < placement.host().size(); part++) {
            boolean end = part == 0 || part == placement.host().size() - 1;
            for (int position : placement.host().get(part)) {
                if (!end || !isUsual(graph.operators().get(position))) {
                    positions.add(position);
                }
            }
        }
        return entries(graph, positions);
    }

    private static boolean isUsual(Operator operator) {
        return operator instanceof Quantize
                || operator instanceof Dequantize
                || operator instanceof ScaleAccumulators
                || operator instanceof Reshape
                || operator instanceof Concatenation
                || operator instanceof Transpose
                || operator instanceof Slice
                || operator instanceof LookupTable
                || operator.kind().endsWith("Softmax");
    }

    /** "2 TopK ('a', 'b': it looks for ...), Cast ('c': ...)". */
    public static String words(List<Entry> entries) {
        Map<String, List<Entry>> kinds = new LinkedHashMap<>();
        entries.forEach(entry -> kinds.computeIfAbsent(entry.operator() + entry.reason(), key -> new ArrayList<>())
                .add(entry));
        List<String> clauses = new ArrayList<>();
        for (List<Entry> alike : kinds.values()) {
            StringBuilder clause = new StringBuilder(alike.size() > 1 ? alike.size() + " " : "");
            clause.append(alike.get(0).operator()).append(" (");
            for (int i = 0; i < Math.min(alike.size(), NAMES_SHOWN); i++) {
                clause.append(i > 0 ? ", '" : "'").append(alike.get(i).name()).append('\'');
            }
            clause.append(alike.size() > NAMES_SHOWN ? " and more: " : ": ");
            clauses.add(clause.append(alike.get(0).reason()).append(')').toString());
        }
        return String.join(", ", clauses);
    }
}
