// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import static io.windhover.models.ModelException.requirePresent;

import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.TensorUses;
import io.windhover.models.quantize.QuantizationPlan.Activation;
import io.windhover.models.quantize.Ranges.Range;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which tensors of a float network get a scale of their own, and from the ranges that calibration measured,
 * which. Tensors that an operator leaves in one range (concatenations, pools, whatever moves elements) share the union
 * of theirs.
 */
final class Planner {
    private static final int STEPS = 255;

    private final Graph graph;
    private final TensorUses uses;
    /** Tensors that stay float: a softmax's result and its other shapes. */
    private final Set<Integer> floats = new HashSet<>();

    private final Map<Integer, Integer> groups = new TreeMap<>();

    Planner(Graph graph) {
        this.graph = graph;
        uses = new TensorUses(graph);
        for (int input : graph.inputs()) {
            groups.put(input, input);
        }
        graph.operators().forEach(this::add);
    }

    /** How a range is taken from what was seen. */
    enum Estimator {
        /** Everything that was seen. */
        EXTREMES,
        /** Outliers cut where that makes the mean squared error least. */
        LEAST_SQUARES
    }

    private void add(Operator operator) {
        int output = operator.output();
        boolean afterSoftmax = floats.contains(operator.input()) && PoolAndMoveLayers.isMove(operator);
        if (operator instanceof FloatSoftmax || operator instanceof FloatLogSoftmax || afterSoftmax) {
            floats.add(output);
            return;
        }
        if (isPlanned(operator)) {
            groups.put(output, output);
        }
        if (PlanCompletion.keepsScale(graph, operator)) {
            Operator clamp = Clamps.onlyAfter(uses, output);
            int result = clamp == null ? output : clamp.output();
            groups.put(result, result);
            for (int input : operator.inputs()) {
                groups.putIfAbsent(input, input);
                unite(input, result);
            }
        }
    }

    private boolean isPlanned(Operator operator) {
        int output = operator.output();
        if (groups.containsKey(output)) {
            return false;
        }
        if (!UnaryFunctions.isUnary(graph, operator)) {
            return Clamps.onlyAfter(uses, output) == null;
        }
        Operator producer = uses.producer(operator.input());
        boolean fused = operator.equals(Clamps.onlyAfter(uses, operator.input()))
                && producer != null
                && !UnaryFunctions.isUnary(graph, producer);
        boolean stepOfChain = !uses.isOutput(output)
                && !uses.consumers(output).isEmpty()
                && uses.consumers(output).stream().allMatch(consumer -> UnaryFunctions.isUnary(graph, consumer));
        return fused || !stepOfChain;
    }

    private int root(int tensor) {
        int root = tensor;
        for (int above = above(root); above != root; above = above(root)) {
            root = above;
        }
        return root;
    }

    private int above(int tensor) {
        return Objects.requireNonNull(groups.get(tensor));
    }

    private void unite(int first, int second) {
        groups.put(root(second), root(first));
    }

    /** The plan for these measurements. */
    QuantizationPlan plan(Statistics statistics, Estimator estimator) {
        Map<Integer, Range> ranges = new HashMap<>();
        for (int tensor : groups.keySet()) {
            ranges.merge(root(tensor), range(tensor, statistics, estimator), Range::with);
        }
        Map<Integer, Activation> activations = new TreeMap<>();
        for (int tensor : groups.keySet()) {
            Range range = Objects.requireNonNull(ranges.get(root(tensor)));
            activations.put(tensor, Ranges.activation(TensorType.INT8, range));
        }
        return new QuantizationPlan(activations, Map.of());
    }

    private Range range(int index, Statistics statistics, Estimator estimator) {
        Tensor tensor = graph.tensor(index);
        if (tensor.isConstant()) {
            return ConstantOperands.range(ConstantOperands.floats(tensor));
        }
        Histogram histogram = requirePresent(
                statistics.histogram(index),
                tensor.type().isByte()
                        ? "%s is quantised already; only networks that are float throughout can be quantised."
                        : "%s holds no real numbers; only networks that are float throughout can be quantised.",
                tensor);
        Range pixels = index == graph.inputs()[0] ? pixels(graph.preprocessing()) : null;
        if (pixels != null && pixels.covers(histogram.range())) {
            return pixels;
        }
        return estimator == Estimator.EXTREMES ? histogram.range() : histogram.bestRange(STEPS);
    }

    /** What preprocessing makes of pixels 0 and 255: with these ends, pixels become codes without rounding. */
    private static @Nullable Range pixels(@Nullable Preprocessing preprocessing) {
        if (preprocessing == null) {
            return null;
        }
        Range range = new Range(0, 0);
        for (int c = 0; c < preprocessing.mean().length; c++) {
            float low = -preprocessing.mean()[c] / preprocessing.deviation()[c];
            float high = (255 - preprocessing.mean()[c]) / preprocessing.deviation()[c];
            range = range.with(new Range(low, high));
        }
        return range;
    }
}
