// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Boxes of one class that overlap no better one, best first, as TensorFlow Lite's NON_MAX_SUPPRESSION_V4 and V5 choose
 * them: candidates score above {@code scoreThreshold}, and one that overlaps a chosen box by {@code overlapThreshold}
 * or more (intersection over union) goes. With {@code sigma} above 0 the scores of others that overlap fade by
 * e^(-overlap^2 / (2 sigma)). Of equal scores the first box is taken.
 *
 * @param inputs boxes [N, 4], two opposite corners (y, x, y, x), and scores [N], FLOAT32
 * @param outputs positions of the chosen boxes, INT32 [M], zeros after the last; with three outputs their scores,
 *     FLOAT32 [M], zeros after the last; how many there are, INT32, one element
 */
public record NonMaximumSuppression(
        String name, int[] inputs, int[] outputs, float overlapThreshold, float scoreThreshold, float sigma)
        implements HostOperator {
    @Override
    public void check(Tensors tensors) {
        require(
                inputs.length == 2 && (outputs.length == 2 || outputs.length == 3),
                "NonMaximumSuppression '%s' needs 2 inputs and 2 or 3 outputs.",
                name);
        Tensor boxes = tensors.tensor(inputs[0]);
        Tensor scores = tensors.tensor(inputs[1]);
        Checks.type(this, boxes, TensorType.FLOAT32);
        Checks.type(this, scores, TensorType.FLOAT32);
        Checks.length(
                this, "corners", boxes.shape().elements(), 4L * scores.shape().elements());
        Checks.type(this, tensors.tensor(outputs[0]), TensorType.INT32);
        if (hasScores()) {
            Checks.type(this, tensors.tensor(outputs[1]), TensorType.FLOAT32);
            Checks.length(this, "scores", tensors.tensor(outputs[1]).shape().elements(), most(tensors));
        }
        Tensor count = tensors.tensor(outputs[outputs.length - 1]);
        Checks.type(this, count, TensorType.INT32);
        Checks.length(this, "counts", count.shape().elements(), 1);
        HostChecks.threshold(this, "overlap threshold", overlapThreshold);
        HostChecks.notNan(this, "score threshold", scoreThreshold);
        require(sigma >= 0 && Float.isFinite(sigma), "NonMaximumSuppression '%s' has sigma %s.", name, sigma);
    }

    public boolean hasScores() {
        return outputs.length == 3;
    }

    /** Boxes there is room for. */
    public int most(Tensors tensors) {
        return tensors.tensor(outputs[0]).shape().elements();
    }
}
