// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.profile;

import io.windhover.contract.Queue;
import io.windhover.runtime.compiler.program.CompiledModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** From when each command ran, the cycles of each layer and its share of the frame; see {@link Profile.Layer}. */
final class LayerCycles {
    /**
     * A command's time.
     *
     * @param computes on an array or the vector engine
     * @param start first cycle
     * @param end one past the last
     */
    record Run(int layer, boolean computes, long start, long end) {
        private static final Set<Queue> COMPUTING = EnumSet.of(Queue.INT8, Queue.XNOR, Queue.VECTOR);

        static Run of(CompiledModel program, int command, long start, long end) {
            return new Run(program.layer(command), COMPUTING.contains(program.queue(command)), start, end);
        }
    }

    private record Edge(long time, Run run, boolean starts) {}

    private final long total;
    private final long[] cycles;
    private final double[] shares;
    private final double[] stalls;

    LayerCycles(int layers, List<Run> runs, long total) {
        this.total = total;
        cycles = new long[layers];
        shares = new double[layers];
        stalls = new double[layers];
        List<Edge> edges = new ArrayList<>();
        for (Run run : runs) {
            edges.add(new Edge(run.start(), run, true));
            edges.add(new Edge(run.end(), run, false));
        }
        edges.sort(Comparator.comparingLong(Edge::time));
        sweep(edges);
    }

    private void sweep(List<Edge> edges) {
        Set<Run> active = new LinkedHashSet<>();
        long since = 0;
        int layer = 0;
        for (Edge edge : edges) {
            layer = edge.run().layer();
            add(active, since, edge.time(), layer);
            since = edge.time();
            if (edge.starts()) {
                active.add(edge.run());
            } else {
                active.remove(edge.run());
            }
        }
        if (!edges.isEmpty()) {
            add(active, since, Math.max(since, total), layer);
        }
    }

    private void add(Set<Run> active, long from, long to, int otherwise) {
        if (from == to) {
            return;
        }
        layers(active, false).forEach(layer -> cycles[layer] += to - from);
        Set<Integer> computing = layers(active, true);
        Set<Integer> owners =
                !computing.isEmpty() ? computing : !active.isEmpty() ? layers(active, false) : Set.of(otherwise);
        double part = (double) (Math.min(to, total) - Math.min(from, total)) / owners.size();
        for (int owner : owners) {
            shares[owner] += part;
            stalls[owner] += computing.isEmpty() ? part : 0;
        }
    }

    private static Set<Integer> layers(Set<Run> active, boolean computing) {
        Set<Integer> layers = new LinkedHashSet<>();
        active.stream().filter(run -> run.computes() || !computing).forEach(run -> layers.add(run.layer()));
        return layers;
    }

    long cycles(int layer) {
        return cycles[layer];
    }

    /** Whole cycles that still add up to the total. */
    long[] shares() {
        return whole(shares);
    }

    long[] stalls() {
        return whole(stalls);
    }

    private static long[] whole(double[] parts) {
        long[] whole = new long[parts.length];
        double sum = 0;
        long given = 0;
        for (int i = 0; i < parts.length; i++) {
            sum += parts[i];
            whole[i] = Math.round(sum) - given;
            given += whole[i];
        }
        return whole;
    }
}
