// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.exception.DetectionException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The four outputs of TFLite_Detection_PostProcess: boxes [1, K, 4] (top, left, bottom, right in parts of the input),
 * classes [1, K], scores [1, K] and how many of the K there are [1]. They are suppressed already and stay as they are.
 */
final class Postprocessed implements Decoder {
    private static final int BOX = 4;
    private static final int OUTPUTS = 4;
    /** Names of the operator's outputs end so, in this order. */
    private static final String NAME = "tflite_detection_postprocess";
    /** A class is a whole number; more are in no file of labels. */
    private static final int MOST_CLASSES = 100_000;

    private final Values[] values = new Values[OUTPUTS];
    private final int[] places;
    private final String model;
    private final float minimumScore;
    private final Best best;
    private final double[] box = new double[BOX];

    Postprocessed(Graph graph, int[] places, double minimumScore) {
        this.places = places;
        this.model = graph.name();
        this.minimumScore = (float) minimumScore;
        for (int i = 0; i < OUTPUTS; i++) {
            values[i] = new Values(graph.tensor(graph.outputs()[places[i]]), model);
        }
        this.best = new Best(rows());
    }

    private int rows() {
        return values[0].tensor().shape().elements() / BOX;
    }

    @Override
    public int classes() {
        return 0;
    }

    @Override
    public void decode(IntFunction<ByteBuffer> outputs, Found found) {
        for (int i = 0; i < OUTPUTS; i++) {
            values[i].load(outputs.apply(places[i]));
        }
        double rows = values[3].real(0);
        if (rows != Math.rint(rows) || rows < 0 || rows > rows()) {
            throw new DetectionException("Model '" + model + "' says that it found " + rows + " boxes of " + rows()
                    + "; its outputs are not those of TFLite_Detection_PostProcess, or its weights are wrong.");
        }
        best.clear();
        for (int row = 0; row < rows; row++) {
            float score = (float) values[2].probability(row);
            if (score >= minimumScore && score > 0) {
                best.add(row, score);
            }
        }
        found.count = 0;
        int places = best.sort(rows());
        for (int place = 0; place < places && !found.isFull(); place++) {
            add(best.row(place), best.score(place), found);
        }
    }

    private void add(int row, double score, Found found) {
        box[0] = values[0].real(row * BOX + 1);
        box[1] = values[0].real(row * BOX);
        box[2] = values[0].real(row * BOX + 3);
        box[3] = values[0].real(row * BOX + 2);
        double index = values[1].real(row);
        if (index != Math.rint(index) || index < 0 || index > MOST_CLASSES) {
            throw new DetectionException("Model '" + model + "' gives the class " + index + " at element " + row
                    + " of its output '" + values[1].tensor().name() + "', which is no number of a class.");
        }
        if (box[2] > box[0] && box[3] > box[1]) {
            found.add(box, score, (int) index);
        }
    }

    /** Whether there are four outputs of such shapes, in whatever order. */
    static boolean fits(Graph graph) {
        if (graph.outputs().length != OUTPUTS) {
            return false;
        }
        int[] sizes = Arrays.stream(graph.outputs())
                .map(output -> graph.tensor(output).shape().elements())
                .sorted()
                .toArray();
        return sizes[0] == 1 && sizes[1] == sizes[2] && sizes[3] == sizes[1] * BOX && hasBoxes(graph);
    }

    private static boolean hasBoxes(Graph graph) {
        return Arrays.stream(graph.outputs()).mapToObj(graph::tensor).anyMatch(Postprocessed::areBoxes);
    }

    private static boolean areBoxes(Tensor tensor) {
        Shape shape = tensor.shape();
        return shape.rank() == 3 && shape.channels() == BOX;
    }

    /**
     * Where boxes, classes, scores and the number stand among the graph's outputs: by the operator that makes all four,
     * or by their names; null where neither says.
     */
    static int @Nullable [] places(Graph graph) {
        if (!fits(graph)) {
            return null;
        }
        int[] places = byOperator(graph);
        if (places == null) {
            places = byName(graph);
        }
        return places != null && inOrder(graph, places) ? places : null;
    }

    private static int @Nullable [] byOperator(Graph graph) {
        for (Operator operator : graph.operators()) {
            if (operator.outputs().length == OUTPUTS && operator.kind().startsWith("DetectionPostProcess")) {
                int[] places = Arrays.stream(operator.outputs())
                        .map(output -> place(graph, output))
                        .toArray();
                return Arrays.stream(places).allMatch(place -> place >= 0) ? places : null;
            }
        }
        return null;
    }

    private static int place(Graph graph, int tensor) {
        for (int i = 0; i < graph.outputs().length; i++) {
            if (graph.outputs()[i] == tensor) {
                return i;
            }
        }
        return -1;
    }

    private static int @Nullable [] byName(Graph graph) {
        int[] places = new int[OUTPUTS];
        Arrays.fill(places, -1);
        for (int i = 0; i < OUTPUTS; i++) {
            String lower = graph.tensor(graph.outputs()[i]).name().toLowerCase(Locale.ROOT);
            int number = lower.equals(NAME)
                    ? 0
                    : lower.matches(NAME + ":[0-3]") ? lower.charAt(NAME.length() + 1) - '0' : -1;
            if (number < 0 || places[number] >= 0) {
                return null;
            }
            places[number] = i;
        }
        return places;
    }

    /** The order that the operator has, for a user who says that it is one; null where the shapes contradict it. */
    static int @Nullable [] usualPlaces(Graph graph) {
        int[] places = {0, 1, 2, 3};
        return fits(graph) && inOrder(graph, places) ? places : null;
    }

    private static boolean inOrder(Graph graph, int[] places) {
        return areBoxes(graph.tensor(graph.outputs()[places[0]]))
                && graph.tensor(graph.outputs()[places[3]]).shape().elements() == 1;
    }
}
