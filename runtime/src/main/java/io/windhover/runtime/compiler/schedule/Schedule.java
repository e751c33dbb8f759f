// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.schedule;

import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.MemoryArea;
import io.windhover.runtime.compiler.stage.Stage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final Map<Blocks, int[]> loadEnds = new LinkedHashMap<>();
    /** The first row of each that anybody reads. */
    private final Map<Blocks, Integer> loadStarts = new LinkedHashMap<>();

    private final Map<Stage, Integer> delays = new LinkedHashMap<>();
    private final Set<Stage> storing = new HashSet<>();

    /**
     * {@code skewed}: stages on other engines lag by a band, so that engines overlap at the price of more rows kept.
     */
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
            if (isStored(stage)) {
                storing.add(stage);
            }
        }
    }

    /** Blocks of a root map. */
    private record Blocks(MapNode root, int first, int end) {
        boolean meets(MapNode map) {
            return map.root() == root && map.rootBlock() < end && first < map.endBlock();
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
            MapNode root = stage.output.root();
            List<Stage> consumers = stages.subList(s + 1, stages.size()).stream()
                    .filter(consumer -> consumer.inputs.stream().anyMatch(input -> input.root() == root))
                    .toList();
            boolean leaves = stage == last() || liveness.leaves(root, to);
            for (int b = 0; b < bands; b++) {
                if (leaves) {
                    long target = Math.min((b + 1L) * bandRows, rows);
                    end[b] = (int) ((height * target + rows - 1) / rows);
                }
                for (Stage consumer : consumers) {
                    end[b] = Math.max(end[b], demanded(consumer, root, b));
                }
            }
            ends.put(stage, end);
        }
        loads().forEach(this::demand);
    }

    /** Which rows of a map from memory the stages read. */
    private void demand(Blocks blocks) {
        int[] end = new int[bands];
        int start = blocks.root.height;
        for (Stage stage : stages) {
            for (int operand = 0; operand < stage.inputs.size(); operand++) {
                if (blocks.meets(stage.inputs.get(operand))) {
                    start = Math.min(start, stage.inputLow(operand, 0));
                    for (int b = 0; b < bands; b++) {
                        end[b] = Math.max(end[b], demanded(stage, blocks.root, b));
                    }
                }
            }
        }
        loadEnds.put(blocks, end);
        loadStarts.put(blocks, start);
    }

    /** What comes from memory: of each root map that is not resident, the blocks read here but not made here. */
    private List<Blocks> loads() {
        Map<MapNode, BitSet> read = new LinkedHashMap<>();
        for (Stage stage : stages) {
            for (MapNode input : stage.inputs) {
                MapNode root = input.root();
                if (!isResident(root)) {
                    BitSet blocks = read.computeIfAbsent(root, key -> new BitSet());
                    blocks.set(
                            root.source == null ? input.rootBlock() : 0,
                            root.source == null ? input.endBlock() : root.blocks);
                }
            }
        }
        for (Stage stage : stages) {
            BitSet blocks = read.get(stage.output.root());
            if (blocks != null) {
                blocks.clear(stage.output.rootBlock(), stage.output.endBlock());
            }
        }
        List<Blocks> loads = new ArrayList<>();
        read.forEach((root, blocks) -> {
            for (int first = blocks.nextSetBit(0); first >= 0; first = blocks.nextSetBit(blocks.nextClearBit(first))) {
                loads.add(new Blocks(root, first, blocks.nextClearBit(first)));
            }
        });
        return loads;
    }

    /** False when a map is loaded of which this segment itself stores a part. */
    boolean isPossible() {
        for (Blocks blocks : loadEnds.keySet()) {
            MemoryArea area = blocks.root.area();
            if (area != null && stages.stream().anyMatch(stage -> stage.output.isStoredIn(area))) {
                return false;
            }
        }
        return true;
    }

    private boolean isResident(MapNode root) {
        return liveness.isProduced(root) && liveness.isResident(root, from, to);
    }

    private int demanded(Stage consumer, MapNode root, int band) {
        int end = 0;
        int produced = of(ends, consumer)[band];
        for (int operand = 0; operand < consumer.inputs.size(); operand++) {
            if (consumer.inputs.get(operand).root() == root && produced > 0) {
                end = Math.max(end, consumer.inputHigh(operand, produced));
            }
        }
        return end;
    }

    private int delay(Stage stage) {
        if (!skewed) {
            return 0;
        }
        int delay = 0;
        for (MapNode input : stage.inputs) {
            MapNode root = input.root();
            if (loadEnds.keySet().stream().anyMatch(blocks -> blocks.meets(input))) {
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

    List<ScheduleStep> steps() {
        List<ScheduleStep> steps = new ArrayList<>();
        int iterations = bands
                + delays.values().stream().mapToInt(Integer::intValue).max().orElse(0)
                + (skewed ? 1 : 0);
        for (int iteration = 0; iteration < iterations; iteration++) {
            for (Map.Entry<Blocks, int[]> load : loadEnds.entrySet()) {
                Blocks blocks = load.getKey();
                int low = Math.max(at(load.getValue(), iteration - 1), of(loadStarts, blocks));
                int high = at(load.getValue(), iteration);
                if (high > low) {
                    steps.add(new ScheduleStep.Load(blocks.root, blocks.first, blocks.end, low, high));
                }
            }
            for (Stage stage : stages) {
                int band = iteration - of(delays, stage);
                addRun(steps, stage, band);
                if (!skewed) {
                    addStore(steps, stage, band);
                }
            }
            for (Stage stage : stages) {
                if (skewed) {
                    addStore(steps, stage, iteration - of(delays, stage) - 1);
                }
            }
        }
        return steps;
    }

    private void addRun(List<ScheduleStep> steps, Stage stage, int band) {
        int low = at(of(ends, stage), band - 1);
        int high = at(of(ends, stage), band);
        if (high > low) {
            steps.add(new ScheduleStep.Run(stage, low, high));
        }
    }

    private void addStore(List<ScheduleStep> steps, Stage stage, int band) {
        int low = at(of(ends, stage), band - 1);
        int high = at(of(ends, stage), band);
        if (high > low && storing.contains(stage)) {
            steps.add(new ScheduleStep.Store(stage, low, high));
        }
    }

    /** True when rows of this stage go to memory. */
    boolean isStored(Stage stage) {
        return liveness.isStored(stage.output) || spills(stage.output.root());
    }

    /** True when a later segment reads the map from memory. */
    boolean spills(MapNode root) {
        return liveness.span(root).lastUse() >= to && !liveness.isResident(root, from, to);
    }

    private static <K, V> V of(Map<K, V> all, K key) {
        return Objects.requireNonNull(all.get(key));
    }

    private int at(int[] ends, int band) {
        return band < 0 ? 0 : ends[Math.min(band, bands - 1)];
    }

    /** What is kept of each map that is not wholly resident. */
    Map<MapNode, Ring> rings(List<ScheduleStep> steps) {
        Map<MapNode, Integer> neededRows = new LinkedHashMap<>();
        Map<MapNode, Integer> lowestRead = new LinkedHashMap<>();
        Map<MapNode, int[]> touched = new LinkedHashMap<>();
        Set<Stage> running = new HashSet<>();
        for (int i = steps.size() - 1; i >= 0; i--) {
            ScheduleStep step = steps.get(i);
            if (step instanceof ScheduleStep.Load load) {
                write(neededRows, lowestRead, load.map(), load);
                touch(touched, load.map(), load.firstBlock(), load.endBlock());
            } else if (step instanceof ScheduleStep.Store store) {
                lowestRead.merge(store.stage().output.root(), store.low(), Math::min);
            } else if (step instanceof ScheduleStep.Run run) {
                if (running.add(run.stage())) {
                    touch(touched, run.stage().output);
                    run.stage().inputs.forEach(input -> touch(touched, input));
                }
                write(neededRows, lowestRead, run.stage().output.root(), run);
                for (int operand = 0; operand < run.stage().inputs.size(); operand++) {
                    MapNode input = run.stage().inputs.get(operand);
                    lowestRead.merge(input.root(), run.stage().inputLow(operand, run.low()), Math::min);
                }
            }
        }
        Map<MapNode, Ring> rings = new LinkedHashMap<>();
        neededRows.forEach((map, rows) -> {
            if (!isResident(map)) {
                int[] blocks = of(touched, map);
                rings.put(map, new Ring(Math.min(map.wholeRing(), (rows + 3) / 4), blocks[0], blocks[1]));
            }
        });
        return rings;
    }

    private static void touch(Map<MapNode, int[]> touched, MapNode map) {
        touch(touched, map.root(), map.rootBlock(), map.endBlock());
    }

    private static void touch(Map<MapNode, int[]> touched, MapNode root, int first, int end) {
        touched.merge(root, new int[] {first, end}, (a, b) -> new int[] {Math.min(a[0], b[0]), Math.max(a[1], b[1])});
    }

    private static void write(
            Map<MapNode, Integer> neededRows, Map<MapNode, Integer> lowestRead, MapNode map, ScheduleStep step) {
        int low = Math.min(step.low(), lowestRead.getOrDefault(map, step.low()));
        neededRows.merge(map, step.high() - low, Math::max);
    }
}
