// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Boxes of each class that overlap no better one of it, as ONNX's NonMaxSuppression chooses them: candidates score
 * above {@code scoreThreshold}, and one that overlaps a chosen box by more than {@code overlapThreshold} (intersection
 * over union) goes. Classes follow one another, each best first; of equal scores the first box is taken.
 *
 * <p>ONNX's result has as many rows as boxes are chosen. Here its size is fixed: {@code min(N, mostPerClass)} rows for
 * each class; those after the last chosen box hold -1, and the second output says how many there are.
 *
 * @param inputs boxes [1, N, 4] and scores [1, C, N], FLOAT32
 * @param outputs INT64 [M, 3], a row of batch (0), class and box for each; with two outputs how many there are, INT64,
 *     one element
 * @param centred whether a box is its centre and size (x, y, width, height), not two opposite corners (y, x, y, x)
 */
public record ClasswiseNonMaximumSuppression(
        String name,
        int[] inputs,
        int[] outputs,
        int mostPerClass,
        float overlapThreshold,
        float scoreThreshold,
        boolean centred)
        implements HostOperator {
    @Override
    public void check(Tensors tensors) {
        require(
                inputs.length == 2 && (outputs.length == 1 || outputs.length == 2),
                "ClasswiseNonMaximumSuppression '%s' needs 2 inputs and 1 or 2 outputs.",
                name);
        Tensor boxes = tensors.tensor(inputs[0]);
        Tensor scores = tensors.tensor(inputs[1]);
        Checks.type(this, boxes, TensorType.FLOAT32);
        Checks.type(this, scores, TensorType.FLOAT32);
        Shape grid = boxes.shape();
        require(
                grid.rank() == 3
                        && scores.shape().rank() == 3
                        && grid.height() == 1
                        && grid.channels() == 4
                        && scores.shape().height() == 1
                        && scores.shape().channels() == grid.width(),
                "ClasswiseNonMaximumSuppression '%s' cannot choose from boxes %s and scores %s.",
                name,
                boxes,
                scores);
        require(mostPerClass >= 1, "ClasswiseNonMaximumSuppression '%s' keeps %d boxes.", name, mostPerClass);
        Tensor chosen = tensors.tensor(outputs[0]);
        Checks.type(this, chosen, TensorType.INT64);
        Checks.length(
                this,
                "numbers",
                chosen.shape().elements(),
                3L * scores.shape().width() * Math.min(grid.width(), mostPerClass));
        if (outputs.length == 2) {
            Tensor count = tensors.tensor(outputs[1]);
            Checks.type(this, count, TensorType.INT64);
            Checks.length(this, "counts", count.shape().elements(), 1);
        }
        HostChecks.threshold(this, "overlap threshold", overlapThreshold);
        HostChecks.notNan(this, "score threshold", scoreThreshold);
    }
}
