package io.windhover.runtime.compiler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Orders the loads, runs and stores of a segment for one band height, and finds how many rows each map must keep. */
final class Schedule {
    private final List<Stage> stages;
    private final Liveness liveness;
    private final int from;
    private final int to;
    private final int bandRows;
    private final int bands;
    private final boolean skewed;
    private final Map<Stage, int[]> ends = new LinkedHashMap<>();
    private final Map<MapNode, int[]> loadEnds = new LinkedHashMap<>();
    private final Map<Stage, Integer> delays = new LinkedHashMap<>();

    /** {@code skewed}: stages on other engines lag by a band, so that engines overlap at the price of more rows kept. */
    Schedule(List<Stage> all, Liveness liveness, int from, int to, int bandRows, boolean skewed) {
        stages = all.subList(from, to);
        this.liveness = liveness;
        this.from = from;
        this.to = to;
        this.bandRows = bandRows;
        int rows = last().output.height;
        bands = (rows + bandRows - 1) / bandRows;
        this.skewed = skewed && bands > 1;
        demand(rows);
        for (Stage stage : stages) {
            delays.put(stage, delay(stage));
        }
    }

    private Stage last() {
        return stages.get(stages.size() - 1);
    }

    int bands() {
        return bands;
    }

    /** Rows each stage must have made after each band, from the last stage backwards. */
    private void demand(int rows) {
        for (int s = stages.size() - 1; s >= 0; s--) {
            Stage stage = stages.get(s);
            int[] end = new int[bands];
            int height = stage.output.height;
            boolean leaves = stage == last() || liveness.leaves(stage.output.root(), to);
            for (int b = 0; b < bands; b++) {
                if (leaves) {
                    long target = Math.min((b + 1L) * bandRows, rows);
                    end[b] = (int) ((height * target + rows - 1) / rows);
                }
                for (Stage consumer : stages.subList(s + 1, stages.size())) {
                    end[b] = Math.max(end[b], demanded(consumer, stage.output.root(), b));
                }
            }
            ends.put(stage, end);
        }
        for (Stage stage : stages) {
            for (MapNode input : stage.inputs) {
                if (isLoaded(input.root())) {
                    int[] end = loadEnds.computeIfAbsent(input.root(), key -> new int[bands]);
                    for (int b = 0; b < bands; b++) {
                        end[b] = Math.max(end[b], demanded(stage, input.root(), b));
                    }
                }
            }
        }
    }

    private int demanded(Stage consumer, MapNode root, int band) {
        int end = 0;
        int produced = ends.get(consumer)[band];
        for (int operand = 0; operand < consumer.inputs.size(); operand++) {
            if (consumer.inputs.get(operand).root() == root && produced > 0) {
                end = Math.max(end, consumer.inputHigh(operand, produced));
            }
        }
        return end;
    }

    private boolean isLoaded(MapNode root) {
        boolean madeHere = liveness.producers(root).stream().anyMatch(stages::contains);
        return !madeHere && !(liveness.isProduced(root) && liveness.isResident(root, from, to));
    }

    /** False when a map comes partly from memory and partly from this segment. */
    boolean isPossible() {
        for (Stage stage : stages) {
            for (MapNode input : stage.inputs) {
                MapNode root = input.root();
                List<Stage> makers = liveness.producers(root);
                boolean mixed = makers.stream().anyMatch(stages::contains) && !stages.containsAll(makers);
                if (mixed && !liveness.isResident(root, from, to)) {
                    return false;
                }
            }
        }
        return true;
    }

    private int delay(Stage stage) {
        if (!skewed) {
            return 0;
        }
        int delay = 0;
        for (MapNode input : stage.inputs) {
            MapNode root = input.root();
            if (loadEnds.containsKey(root)) {
                delay = Math.max(delay, 1);
            }
            for (Stage producer : liveness.producers(root)) {
                if (delays.containsKey(producer)) {
                    delay = Math.max(delay, delays.get(producer) + (producer.queue() == stage.queue() ? 0 : 1));
                }
            }
        }
        return delay;
    }

    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        int iterations = bands + delays.values().stream().mapToInt(Integer::intValue).max().orElse(0) + (skewed ? 1 : 0);
        for (int iteration = 0; iteration < iterations; iteration++) {
            for (Map.Entry<MapNode, int[]> load : loadEnds.entrySet()) {
                int low = at(load.getValue(), iteration - 1);
                int high = at(load.getValue(), iteration);
                if (high > low) {
                    steps.add(new Step.Load(load.getKey(), low, high));
                }
            }
            for (Stage stage : stages) {
                int band = iteration - delays.get(stage);
                addRun(steps, stage, band);
                if (!skewed) {
                    addStore(steps, stage, band);
                }
            }
            for (Stage stage : stages) {
                if (skewed) {
                    addStore(steps, stage, iteration - delays.get(stage) - 1);
                }
            }
        }
        return steps;
    }

    private void addRun(List<Step> steps, Stage stage, int band) {
        int low = at(ends.get(stage), band - 1);
        int high = at(ends.get(stage), band);
        if (high > low) {
            steps.add(new Step.Run(stage, low, high));
        }
    }

    private void addStore(List<Step> steps, Stage stage, int band) {
        int low = at(ends.get(stage), band - 1);
        int high = at(ends.get(stage), band);
        if (high > low && isStored(stage)) {
            steps.add(new Step.Store(stage, low, high));
        }
    }

    /** True when rows of this stage go to memory. */
    boolean isStored(Stage stage) {
        MapNode root = stage.output.root();
        return stage.output.home != null || root.home != null || spills(root);
    }

    /** True when a later segment reads the map from memory. */
    boolean spills(MapNode root) {
        Liveness.Span span = liveness.span(root);
        return (span.lastUse() >= to || span.firstProducer() < from) && !liveness.isResident(root, from, to);
    }

    private int at(int[] ends, int band) {
        return band < 0 ? 0 : ends[Math.min(band, bands - 1)];
    }

    /** Groups of four rows each map that is not wholly resident must keep. */
    Map<MapNode, Integer> rings(List<Step> steps) {
        Map<MapNode, Integer> neededRows = new LinkedHashMap<>();
        Map<MapNode, Integer> lowestRead = new LinkedHashMap<>();
        for (int i = steps.size() - 1; i >= 0; i--) {
            Step step = steps.get(i);
            if (step instanceof Step.Load load) {
                write(neededRows, lowestRead, load.map(), load);
            } else if (step instanceof Step.Store store) {
                lowestRead.merge(store.stage().output.root(), store.low(), Math::min);
            } else if (step instanceof Step.Run run) {
                write(neededRows, lowestRead, run.stage().output.root(), run);
                for (int operand = 0; operand < run.stage().inputs.size(); operand++) {
                    lowestRead.merge(run.stage().inputs.get(operand).root(), run.stage().inputLow(operand, run.low()), Math::min);
                }
            }
        }
        Map<MapNode, Integer> rings = new LinkedHashMap<>();
        Set<MapNode> maps = new LinkedHashSet<>(neededRows.keySet());
        for (MapNode map : maps) {
            if (!(liveness.isProduced(map) && liveness.isResident(map, from, to))) {
                rings.put(map, Math.min(map.wholeRing(), (neededRows.get(map) + 3) / 4));
            }
        }
        return rings;
    }

    private static void write(Map<MapNode, Integer> neededRows, Map<MapNode, Integer> lowestRead, MapNode map, Step step) {
        int low = Math.min(step.low(), lowestRead.getOrDefault(map, step.low()));
        neededRows.merge(map, step.high() - low, Math::max);
    }
}
