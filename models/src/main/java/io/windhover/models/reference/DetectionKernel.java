// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.DetectionPostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** An SSD's boxes and scores as detections. */
final class DetectionKernel {
    /** A box that was kept for a class. */
    private record Detection(int box, int category, float score) {}

    private final DetectionPostProcess operator;
    private final Values values;
    private final Boxes boxes;
    private final float[] scores;
    private final int columns;
    private final int background;

    private DetectionKernel(DetectionPostProcess operator, Values values) {
        this.operator = operator;
        this.values = values;
        boxes = decoded();
        scores = reals(operator.inputs()[1]);
        columns = values.shape(operator.inputs()[1]).channels();
        background = columns - operator.classes();
    }

    static void run(DetectionPostProcess operator, Values values) {
        DetectionKernel kernel = new DetectionKernel(operator, values);
        kernel.write(operator.regular() ? kernel.regular() : kernel.fast());
    }

    private float[] reals(int index) {
        Tensor tensor = values.tensor(index);
        if (tensor.type() == TensorType.FLOAT32) {
            return values.floats(index);
        }
        Quantization quantization = tensor.requireQuantization();
        ByteBuffer codes = ByteBuffer.wrap(values.bytes(index));
        float[] reals = new float[codes.capacity()];
        for (int i = 0; i < reals.length; i++) {
            int code = tensor.type() == TensorType.UINT8 ? codes.get(i) & 0xFF : codes.get(i);
            reals[i] = quantization.scale() * (code - quantization.zeroPoint());
        }
        return reals;
    }

    private Boxes decoded() {
        float[] encodings = reals(operator.inputs()[0]);
        float[] anchors = reals(operator.inputs()[2]);
        int stride = values.shape(operator.inputs()[0]).channels();
        Boxes made = new Boxes(anchors.length / 4);
        for (int box = 0; box < made.count(); box++) {
            int from = box * stride;
            float anchorHeight = anchors[4 * box + 2];
            float anchorWidth = anchors[4 * box + 3];
            float y = centre(encodings[from], operator.scaleY(), anchorHeight, anchors[4 * box]);
            float x = centre(encodings[from + 1], operator.scaleX(), anchorWidth, anchors[4 * box + 1]);
            float height = half(encodings[from + 2], operator.scaleH(), anchorHeight);
            float width = half(encodings[from + 3], operator.scaleW(), anchorWidth);
            made.set(box, y - height, x - width, y + height, x + width);
            require(
                    made.isInOrder(box),
                    "DetectionPostProcess '%s' decodes box %d to one whose ends are in the wrong order.",
                    operator.name(),
                    box);
        }
        return made;
    }

    private static float centre(double encoding, double scale, double size, double middle) {
        return (float) (encoding / scale * size + middle);
    }

    private static float half(double encoding, double scale, double size) {
        return (float) (0.5 * StrictMath.exp(encoding / scale) * size);
    }

    private float score(int box, int category) {
        return scores[box * columns + background + category];
    }

    private int[] kept(float[] own, int most) {
        int[] candidates = IntStream.range(0, own.length)
                .filter(box -> own[box] >= operator.scoreThreshold())
                .toArray();
        return SuppressionKernels.greedy(
                boxes, SuppressionKernels.sorted(candidates, own), operator.overlapThreshold(), most);
    }

    /** Each box for its best class only. */
    private List<Detection> fast() {
        int[] best = new int[boxes.count()];
        float[] own = new float[best.length];
        for (int box = 0; box < best.length; box++) {
            for (int category = 1; category < operator.classes(); category++) {
                best[box] = score(box, category) > score(box, best[box]) ? category : best[box];
            }
            own[box] = score(box, best[box]);
        }
        return IntStream.of(kept(own, operator.mostDetections()))
                .mapToObj(box -> new Detection(box, best[box], own[box]))
                .toList();
    }

    /** Class by class; after each one the best of all so far are kept. */
    private List<Detection> regular() {
        List<Detection> all = new ArrayList<>();
        float[] own = new float[boxes.count()];
        for (int category = 0; category < operator.classes(); category++) {
            for (int box = 0; box < own.length; box++) {
                own[box] = score(box, category);
            }
            for (int box : kept(own, operator.mostPerClass())) {
                all.add(new Detection(box, category, own[box]));
            }
            all.sort(Comparator.comparingDouble(detection -> -detection.score()));
            if (all.size() > operator.mostDetections()) {
                all.subList(operator.mostDetections(), all.size()).clear();
            }
        }
        return all;
    }

    private void write(List<Detection> detections) {
        float[] corners = new float[4 * operator.mostDetections()];
        float[] categories = new float[operator.mostDetections()];
        float[] best = new float[operator.mostDetections()];
        for (int i = 0; i < detections.size(); i++) {
            Detection detection = Objects.requireNonNull(detections.get(i));
            boxes.copy(detection.box(), corners, 4 * i);
            categories[i] = detection.category();
            best[i] = detection.score();
        }
        values.setFloats(operator.outputs()[0], corners);
        values.setFloats(operator.outputs()[1], categories);
        values.setFloats(operator.outputs()[2], best);
        values.setFloats(operator.outputs()[3], new float[] {detections.size()});
    }
}
