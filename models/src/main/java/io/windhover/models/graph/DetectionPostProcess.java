// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * What turns an SSD's maps into detections: TensorFlow Lite's custom operator TFLite_Detection_PostProcess. Boxes are
 * decoded from their anchors, then non-maximum suppression runs over each box's best class (fast), or class by class
 * (regular). Of equal scores the first box is taken.
 *
 * <p>A box encoding (y, x, h, w) and its anchor (y, x, h, w) make the centre y / scaleY * anchor.h + anchor.y and the
 * height e^(h / scaleH) * anchor.h, and so for x and w: centre and half height in double precision, rounded to single
 * before they meet. A box without area overlaps none; one that is inside out, its anchor having a negative size, ends
 * the inference with an error, as in TensorFlow Lite.
 *
 * @param inputs encodings [1, N, 4 or more], scores [1, N, C] (C may count a background class in front) and anchors [N,
 *     4]; each FLOAT32, or 8-bit codes with a scale
 * @param outputs FLOAT32: boxes [1, M, 4] (top, left, bottom, right), classes [1, M], scores [1, M], and how many there
 *     are; zeros after the last
 * @param classes without the background
 * @param regular class by class
 * @param mostPerClass boxes of a class that the regular form keeps
 */
public record DetectionPostProcess(
        String name,
        int[] inputs,
        int[] outputs,
        int classes,
        int mostDetections,
        boolean regular,
        int mostPerClass,
        float scoreThreshold,
        float overlapThreshold,
        float scaleY,
        float scaleX,
        float scaleH,
        float scaleW)
        implements HostOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 3, 4);
        Tensor encodings = tensors.tensor(inputs[0]);
        Tensor scores = tensors.tensor(inputs[1]);
        Tensor anchors = tensors.tensor(inputs[2]);
        for (int input : inputs) {
            Tensor tensor = tensors.tensor(input);
            Checks.type(this, tensor, TensorType.FLOAT32, TensorType.INT8, TensorType.UINT8);
            require(
                    tensor.type() == TensorType.FLOAT32
                            || (tensor.quantization() != null
                                    && !tensor.quantization().isPerChannel()),
                    "DetectionPostProcess '%s' reads %s, which has no scale.",
                    name,
                    tensor);
        }
        int boxes = encodings.shape().width();
        require(
                encodings.shape().height() == 1
                        && encodings.shape().channels() >= 4
                        && scores.shape().height() == 1
                        && scores.shape().width() == boxes
                        && anchors.shape().elements() == 4L * boxes,
                "DetectionPostProcess '%s' cannot combine encodings %s, scores %s and anchors %s.",
                name,
                encodings,
                scores,
                anchors);
        int background = scores.shape().channels() - classes;
        require(
                classes >= 1 && (background == 0 || background == 1),
                "DetectionPostProcess '%s' has %d classes, but its scores are %s.",
                name,
                classes,
                scores);
        require(
                mostDetections >= 1 && mostPerClass >= 1,
                "DetectionPostProcess '%s' keeps %d detections, and %d of a class.",
                name,
                mostDetections,
                mostPerClass);
        int[] elements = {4 * mostDetections, mostDetections, mostDetections, 1};
        for (int i = 0; i < elements.length; i++) {
            Tensor output = tensors.tensor(outputs[i]);
            Checks.type(this, output, TensorType.FLOAT32);
            Checks.length(this, "elements of output " + i, output.shape().elements(), elements[i]);
        }
        HostChecks.notNan(this, "score threshold", scoreThreshold);
        require(
                overlapThreshold > 0 && overlapThreshold <= 1,
                "DetectionPostProcess '%s' has the overlap threshold %s.",
                name,
                overlapThreshold);
        for (float scale : new float[] {scaleY, scaleX, scaleH, scaleW}) {
            Checks.scale(this, scale);
        }
    }
}
