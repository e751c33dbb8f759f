// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The raw outputs of an SSD in a graph, and the priors that it may hold. */
final class Ssd {
    private static final int BOX = 4;

    private Ssd() {}

    /** Places of the two outputs in the graph. */
    record Outputs(int boxes, int scores) {}

    /** Null where the outputs are others, or which is which cannot be told. */
    static @Nullable Outputs outputs(Graph graph) {
        if (graph.outputs().length != 2) {
            return null;
        }
        Tensor first = graph.tensor(graph.outputs()[0]);
        Tensor second = graph.tensor(graph.outputs()[1]);
        boolean firstFits = areBoxes(first.shape()) && areScores(second.shape(), rows(first.shape()));
        boolean secondFits = areBoxes(second.shape()) && areScores(first.shape(), rows(second.shape()));
        if (firstFits && secondFits) {
            boolean firstIsNamed = isNamedBoxes(first);
            return firstIsNamed == isNamedBoxes(second)
                    ? null
                    : new Outputs(firstIsNamed ? 0 : 1, firstIsNamed ? 1 : 0);
        }
        return firstFits ? new Outputs(0, 1) : secondFits ? new Outputs(1, 0) : null;
    }

    private static boolean isNamedBoxes(Tensor tensor) {
        String name = tensor.name().toLowerCase(Locale.ROOT);
        return name.contains("box") || name.contains("loc");
    }

    /** [1, N, 4] or [1, N, 1, 4]. */
    private static boolean areBoxes(Shape shape) {
        return shape.rank() >= 3
                && shape.dimensions().get(0) == 1
                && shape.channels() == BOX
                && (shape.rank() == 3 || (shape.rank() == 4 && shape.width() == 1));
    }

    private static boolean areScores(Shape shape, int rows) {
        return shape.rank() == 3
                && shape.dimensions().get(0) == 1
                && shape.dimensions().get(1) == rows
                && shape.channels() >= 2;
    }

    static int rows(Shape boxes) {
        return boxes.elements() / BOX;
    }

    /**
     * The graph's one constant of as many priors whose name says that it holds them, as TFLite_Detection_PostProcess
     * takes them; null where there is none, or several.
     */
    static float @Nullable [] priors(Graph graph, int rows) {
        List<Tensor> all = graph.tensors().stream()
                .filter(Tensor::isConstant)
                .filter(tensor ->
                        tensor.shape().channels() == BOX && tensor.shape().elements() == rows * BOX)
                .filter(tensor -> tensor.type().isByte() || tensor.type() == TensorType.FLOAT32)
                .filter(tensor -> tensor.name().toLowerCase(Locale.ROOT).matches("(?s).*(anchor|prior).*"))
                .toList();
        if (all.size() != 1) {
            return null;
        }
        Tensor tensor = all.get(0);
        float[] priors = new float[rows * BOX];
        byte[] constant = tensor.constant();
        if (constant == null) {
            return null;
        }
        ByteBuffer contents = ByteBuffer.wrap(constant).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < priors.length; i++) {
            priors[i] = (float) tensor.real(contents, i);
        }
        return priors;
    }
}
