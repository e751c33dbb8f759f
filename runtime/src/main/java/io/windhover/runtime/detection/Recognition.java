// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.detection.Decode.Coordinates;
import io.windhover.runtime.detection.Decode.Kind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What kind of detector a network is, as far as its outputs say.
 *
 * @param decode null where they do not say it beyond doubt
 * @param could what it could be, a clause; null where they look like no detector's, or there is no doubt
 */
public record Recognition(@Nullable Decode decode, @Nullable String could) {
    private static final Recognition NOTHING = new Recognition(null, null);
    /** YOLOv5's and YOLOv8's poses have as many columns: 17 points of a person. */
    private static final int POSE_COLUMNS = 57;
    /** FOMO has a cell for so many pixels of each side. */
    private static final int FOMO_CELL = 8;

    private static final double LARGEST_NORMALISED = 2;

    /**
     * Of a network.
     *
     * @param source of its file
     */
    public static Recognition of(Graph graph, String source) {
        Recognition found = kind(graph);
        return found.decode == null ? found : new Recognition(resolve(found.decode, graph, source), null);
    }

    private static Recognition kind(Graph graph) {
        return switch (graph.outputs().length) {
            case 1 -> ofOne(graph, graph.tensor(graph.outputs()[0]).shape());
            case 2 -> ofTwo(graph);
            default -> ofFour(graph);
        };
    }

    private static Recognition ofOne(Graph graph, Shape output) {
        Shape input = graph.tensor(graph.inputs()[0]).shape();
        int labels = graph.labels().size();
        if (output.rank() == 4) {
            return ofMap(output, input, labels);
        }
        YoloShape five = YoloShape.of(output, input, YoloShape.ANCHORS);
        if (five != null && YoloShape.isRows(five.rows(), input, YoloShape.ANCHORS)) {
            return ofYolo(Kind.YOLOV5, five.columns() - 5, labels, five.columns() != POSE_COLUMNS);
        }
        YoloShape eight = YoloShape.of(output, input, 1);
        if (eight != null && YoloShape.isRows(eight.rows(), input, 1)) {
            return ofYolo(Kind.YOLOV8, eight.columns() - 4, labels, false);
        }
        return NOTHING;
    }

    /** @param alone whether the shape alone, without names of classes, says it */
    private static Recognition ofYolo(Kind kind, int classes, int labels, boolean alone) {
        if (classes < 1) {
            return NOTHING;
        }
        if (labels == classes || (labels == 0 && alone)) {
            return new Recognition(Decode.of(kind), null);
        }
        return could(kind.lower() + " with " + classes + (classes == 1 ? " class" : " classes"));
    }

    private static Recognition ofMap(Shape output, Shape input, int labels) {
        boolean cells = output.height() * FOMO_CELL == input.height()
                && output.width() * FOMO_CELL == input.width()
                && output.channels() >= 2;
        if (!cells) {
            return NOTHING;
        }
        int classes = output.channels() - 1;
        return labels == classes
                ? new Recognition(Decode.of(Kind.FOMO), null)
                : could("fomo with " + classes + (classes == 1 ? " class" : " classes"));
    }

    private static Recognition ofTwo(Graph graph) {
        Ssd.Outputs outputs = Ssd.outputs(graph);
        if (outputs == null) {
            return NOTHING;
        }
        int rows = Ssd.rows(graph.tensor(graph.outputs()[outputs.boxes()]).shape());
        return Ssd.priors(graph, rows) == null
                ? could("ssd with " + rows + " priors, which are not in its file")
                : new Recognition(Decode.of(Kind.SSD), null);
    }

    private static Recognition ofFour(Graph graph) {
        if (Postprocessed.places(graph) != null) {
            return new Recognition(Decode.of(Kind.SSD), null);
        }
        return Postprocessed.fits(graph) ? could("ssd") : NOTHING;
    }

    private static Recognition could(String what) {
        return new Recognition(null, what);
    }

    /**
     * The description with what boxes of YOLO are written in, where it does not say and that is known: by the range of
     * the output's codes, else by the kind of file, since TensorFlow Lite exports have parts of the input and ONNX
     * exports pixels.
     */
    public static Decode resolve(Decode decode, Graph graph, String source) {
        if (!decode.kind().isYolo() || decode.coordinates() != null) {
            return decode;
        }
        Coordinates coordinates = ofRange(graph);
        return decode.with(coordinates == null ? ofFile(source) : coordinates);
    }

    private static @Nullable Coordinates ofRange(Graph graph) {
        Tensor output = quantised(graph, graph.tensor(graph.outputs()[0]));
        Quantization quantization = output.quantization();
        if (quantization == null || !output.type().isByte()) {
            return null;
        }
        double largest = (double) quantization.scale() * (output.type().maximum() - quantization.zeroPoint());
        Shape input = graph.tensor(graph.inputs()[0]).shape();
        return largest <= LARGEST_NORMALISED
                ? Coordinates.NORMALISED
                : largest >= Math.min(input.width(), input.height()) / 2.0 ? Coordinates.PIXELS : null;
    }

    /** What a tensor of reals is dequantised from. */
    private static Tensor quantised(Graph graph, Tensor tensor) {
        for (Operator operator : graph.operators()) {
            if (operator instanceof Dequantize && operator.output() == tensor.index()) {
                return graph.tensor(operator.input());
            }
        }
        return tensor;
    }

    private static @Nullable Coordinates ofFile(String source) {
        String lower = source.toLowerCase(Locale.ROOT);
        return lower.endsWith(".tflite") ? Coordinates.NORMALISED : lower.endsWith(".onnx") ? Coordinates.PIXELS : null;
    }
}
