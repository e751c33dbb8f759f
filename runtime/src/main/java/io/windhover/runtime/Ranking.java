// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime;

import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.LogSoftmax;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Softmax;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.Classification.Score;
import io.windhover.runtime.exception.ClassificationException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From a classifier's output to probabilities, best first. Keeps its working arrays; not thread-safe. */
final class Ranking {
    /** Tables of these functions change the codes, not what they stand for. */
    private static final Set<String> REWRITING_TABLES = Set.of("requantise", "plus 128", "less 128");

    private final String model;
    private final Tensor output;
    private final List<String> labels;
    private final @Nullable Operator last;
    private final double[] scores;
    private final boolean[] taken;
    private final int[] best;
    private final @Nullable String[] names;
    /** Of one result, kept from frame to frame while results have as many classes. */
    private Score[] top = new Score[0];

    Ranking(Graph graph) {
        this.model = graph.name();
        this.output = graph.tensor(graph.outputs()[0]);
        this.labels = graph.labels();
        this.last = lastMeaningful(graph, output.index());
        this.scores = new double[output.shape().elements()];
        this.taken = new boolean[scores.length];
        this.best = new int[scores.length];
        this.names = new String[scores.length];
    }

    /**
     * The operator that makes the tensor's values; what only changes how they are written (shape, type, scale) is
     * looked through.
     */
    private static @Nullable Operator lastMeaningful(Graph graph, int tensor) {
        for (Operator operator : graph.operators()) {
            if (operator.output() == tensor) {
                Operator before = rewrites(operator) ? lastMeaningful(graph, operator.inputs()[0]) : null;
                return areProbabilities(before) || isLogSoftmax(before) ? before : operator;
            }
        }
        return null;
    }

    /** A softmax, or a logistic function of each class on its own. */
    private static boolean areProbabilities(@Nullable Operator operator) {
        return operator instanceof Softmax
                || operator instanceof FloatSoftmax
                || (operator instanceof LookupTable table && table.function().equals("logistic"))
                || (operator instanceof FloatActivation activation
                        && activation.function() == FloatActivation.Function.LOGISTIC);
    }

    private static boolean isLogSoftmax(@Nullable Operator operator) {
        return operator instanceof FloatLogSoftmax || operator instanceof LogSoftmax;
    }

    private static boolean rewrites(Operator operator) {
        return operator instanceof Reshape
                || operator instanceof Quantize
                || operator instanceof Dequantize
                || (operator instanceof LookupTable table && REWRITING_TABLES.contains(table.function()));
    }

    /**
     * The probability of each class, into an array of as many. Throws a {@link ClassificationException} where a score
     * is not a finite number.
     */
    void probabilities(ByteBuffer logits, double[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = finite(output.real(logits, i), i);
        }
        if (isLogSoftmax(last)) {
            for (int i = 0; i < into.length; i++) {
                into[i] = Math.exp(into[i]);
            }
        } else if (!areProbabilities(last)) {
            softmax(into);
        }
    }

    /**
     * The {@code count} most probable classes (fewer when there are fewer) that are at least so probable, ties to the
     * lower index. Nothing is allocated but the list and what it holds.
     */
    List<Score> top(double[] probabilities, int count, double least) {
        int found = rank(probabilities, Math.min(count, probabilities.length), least);
        if (top.length != found) {
            top = new Score[found];
        }
        for (int place = 0; place < found; place++) {
            int index = best[place];
            top[place] = new Score(label(index), index, probabilities[index]);
        }
        return List.of(top);
    }

    List<Score> top(ByteBuffer logits, int count, double least) {
        probabilities(logits, scores);
        return top(scores, count, least);
    }

    /** Fills {@link #best}, and says how far. */
    private int rank(double[] probabilities, int count, double least) {
        Arrays.fill(taken, false);
        for (int place = 0; place < count; place++) {
            int next = best(probabilities);
            if (probabilities[next] < least) {
                return place;
            }
            taken[next] = true;
            best[place] = next;
        }
        return count;
    }

    private String label(int index) {
        if (index < labels.size()) {
            return labels.get(index);
        }
        String name = names[index];
        if (name == null) {
            name = "class " + index;
            names[index] = name;
        }
        return name;
    }

    private double finite(double score, int index) {
        if (!Double.isFinite(score)) {
            throw new ClassificationException("Model '" + model + "' scores '" + label(index) + "' as " + score
                    + ", so there is no result; check its weights and the numbers that preprocessing gives it.");
        }
        return score;
    }

    private int best(double[] probabilities) {
        int best = -1;
        for (int i = 0; i < probabilities.length; i++) {
            if (!taken[i] && (best < 0 || probabilities[i] > probabilities[best])) {
                best = i;
            }
        }
        return best;
    }

    private static void softmax(double[] probabilities) {
        double maximum = Double.NEGATIVE_INFINITY;
        for (double logit : probabilities) {
            maximum = Math.max(maximum, logit);
        }
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = Math.exp(probabilities[i] - maximum);
            sum += probabilities[i];
        }
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] /= sum;
        }
    }
}
