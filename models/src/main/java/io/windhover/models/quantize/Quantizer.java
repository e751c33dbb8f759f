// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.FloatOperator;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.quantize.Planner.Estimator;
import io.windhover.models.quantize.QuantizationPlan.Activation;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Post-training quantisation: measures a float network on calibration inputs and makes the int8 network that stays
 * closest to it. Ranges that cut outliers, cross-layer equalisation and bias correction are tried in this order, each
 * kept where it raises the ratio of signal to noise of what the network decides by. The same inputs give the same
 * network on every machine.
 */
public final class Quantizer {
    /** Most runs of one input, float and int8 together; {@code step} is called this often for each input. */
    public static final int PASSES = 7;

    private final List<byte[][]> inputs;
    private final Runnable step;
    private final List<float[]> realScores = new ArrayList<>();
    private final List<String> techniques = new ArrayList<>();

    private Quantizer(List<byte[][]> inputs, Runnable step) {
        this.inputs = inputs;
        this.step = step;
    }

    /**
     * A layer of the int8 network.
     *
     * @param tensor its output's index
     * @param decibels ratio of signal to noise against the float network's activation, or null where that has none
     */
    public record LayerQuality(
            String name,
            String operator,
            int tensor,
            @Nullable Double decibels) {}

    /**
     * The outcome of a quantisation.
     *
     * @param techniques what was kept beside per-channel weights: "least-squares ranges", "equalisation", "bias
     *     correction"
     * @param decibels ratio of signal to noise of the scores
     * @param agreements inputs for which both networks choose the same class
     * @param inputs calibration inputs
     */
    public record Result(
            Graph graph,
            List<String> techniques,
            List<LayerQuality> layers,
            double decibels,
            int agreements,
            int inputs) {}

    /**
     * One way to quantise and what it is worth.
     *
     * @param real what its activations should be
     */
    private record Candidate(Graph real, Statistics statistics, Estimator estimator, Graph integer, double decibels) {
        boolean isBetterThan(Candidate other) {
            return decibels > other.decibels;
        }
    }

    /**
     * Quantises a network.
     *
     * @param inputs for each calibration input, the bytes of each of the network's inputs
     * @param step called {@link #PASSES} times for each input
     */
    public static Result quantize(Graph graph, List<byte[][]> inputs, Runnable step) {
        require(!inputs.isEmpty(), "There is nothing to calibrate with; give at least one input.");
        check(graph);
        return new Quantizer(inputs, step).quantize(graph);
    }

    /** Refuses networks that are not float. */
    public static void check(Graph graph) {
        Tensor input = graph.tensor(graph.inputs()[0]);
        boolean real = input.type() == TensorType.FLOAT32;
        require(
                real && graph.operators().stream().anyMatch(Quantizer::isFloatLayer),
                "Network '%s' is not a float network: its %s; run or compile it as it is.",
                graph.name(),
                !real
                        ? "input is " + input.type() + " already"
                        : graph.tensors().stream()
                                        .anyMatch(tensor -> tensor.type().isByte())
                                ? "operators are quantised already"
                                : "operators only move numbers");
    }

    /** A softmax of real numbers may also end a network of integers. */
    private static boolean isFloatLayer(Operator operator) {
        return operator instanceof FloatOperator
                && !(operator instanceof FloatSoftmax || operator instanceof FloatLogSoftmax);
    }

    private Result quantize(Graph graph) {
        Statistics statistics = measure(graph);
        Candidate best = candidate(graph, graph, statistics, Estimator.EXTREMES);
        best = better(best, candidate(graph, graph, statistics, Estimator.LEAST_SQUARES), "least-squares ranges");
        Graph equalized = Equalization.apply(graph, statistics);
        if (equalized == null) {
            skipPass();
            skipPass();
        } else {
            best = better(best, candidate(equalized, equalized, measure(equalized), best.estimator()), "equalisation");
        }
        QuantizationPlan plan = new Planner(best.real()).plan(best.statistics(), best.estimator());
        Graph corrected = BiasCorrection.apply(best.real(), best.statistics(), plan);
        best = better(best, candidate(best.real(), corrected, best.statistics(), best.estimator()), "bias correction");
        return result(best);
    }

    private Candidate better(Candidate before, Candidate after, String technique) {
        if (after.isBetterThan(before)) {
            techniques.add(technique);
            return after;
        }
        return before;
    }

    private void skipPass() {
        inputs.forEach(input -> step.run());
    }

    private Statistics measure(Graph graph) {
        Statistics statistics = new Statistics(graph);
        boolean first = realScores.isEmpty();
        int scores = Comparison.scores(graph);
        run(graph, (values, number) -> {
            statistics.add(values);
            if (first) {
                realScores.add(values.floats(scores));
            }
        });
        return statistics;
    }

    private Candidate candidate(Graph real, Graph source, Statistics statistics, Estimator estimator) {
        Graph integer = Int8Lowering.lower(source, new Planner(source).plan(statistics, estimator));
        Comparison comparison = new Comparison(real, integer, false);
        run(integer, (values, number) -> comparison.add(realScores.get(number), values, values));
        return new Candidate(real, statistics, estimator, integer, comparison.decibels());
    }

    /** Runs all inputs on every core; the results arrive in order. */
    private void run(Graph graph, ObjIntConsumer<Values> sink) {
        ReferenceExecutor executor = new ReferenceExecutor(graph);
        int together = Runtime.getRuntime().availableProcessors();
        for (int first = 0; first < inputs.size(); first += together) {
            List<Values> results = IntStream.range(first, Math.min(inputs.size(), first + together))
                    .parallel()
                    .mapToObj(number -> executor.run(typed(graph, inputs.get(number))))
                    .toList();
            for (int i = 0; i < results.size(); i++) {
                sink.accept(results.get(i), first + i);
                step.run();
            }
        }
    }

    /** FLOAT32 inputs in the types of a network's own inputs. */
    static byte[][] typed(Graph graph, byte[][] real) {
        byte[][] typed = real.clone();
        for (int i = 0; i < typed.length; i++) {
            Tensor input = graph.tensor(graph.inputs()[i]);
            if (input.type().isByte()) {
                Quantization quantization = input.requireQuantization();
                typed[i] = ConstantOperands.codes(
                        ConstantOperands.floats(real[i]),
                        Activation.of(input.type(), quantization.scale(), quantization.zeroPoint()));
            }
        }
        return typed;
    }

    private Result result(Candidate best) {
        Comparison comparison = new Comparison(best.real(), best.integer(), true);
        ReferenceExecutor real = new ReferenceExecutor(best.real());
        run(
                best.integer(),
                (values, number) -> comparison.add(realScores.get(number), real.run(inputs.get(number)), values));
        List<LayerQuality> layers = new ArrayList<>();
        for (Operator operator : best.integer().operators()) {
            double decibels = comparison.decibels(operator.output());
            layers.add(new LayerQuality(
                    operator.name(), operator.kind(), operator.output(), Double.isNaN(decibels) ? null : decibels));
        }
        return new Result(
                best.integer(),
                techniques,
                layers,
                comparison.decibels(),
                comparison.agreements(),
                comparison.inputs());
    }
}
