// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.detection.Decode.Kind;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.View;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The boxes of a network's frames. Its working arrays are kept from frame to frame; nothing else is allocated but what
 * was found. Not thread-safe.
 */
public final class Detector {
    private static final int OUTPUTS_SHOWN = 8;

    private final Decoder decoder;
    private final Found found;
    private final List<String> labels;
    private final int backgroundLabels;

    private Detector(Decoder decoder, Decode decode, Graph graph) {
        this.decoder = decoder;
        this.found = new Found(decode.count());
        this.labels = graph.labels();
        this.backgroundLabels = checkLabels(graph, decode);
    }

    /** A {@link WindhoverException} says why a network's outputs are not of this kind. */
    public static Detector of(Graph graph, Decode decode) {
        for (int output : graph.outputs()) {
            if (graph.tensor(output).type() == TensorType.BITS) {
                throw wrong(graph, decode.kind(), "numbers, not bits");
            }
        }
        Decoder decoder = switch (decode.kind()) {
            case YOLOV8, YOLOV5 -> yolo(graph, decode);
            case SSD -> ssd(graph, decode);
            case FOMO -> fomo(graph, decode);
            case NONE ->
                throw new WindhoverException(
                        "Model '" + graph.name() + "' is said to be no detector (decode none), so it has no boxes.");
        };
        return new Detector(decoder, decode, graph);
    }

    private static Decoder yolo(Graph graph, Decode decode) {
        boolean objectness = decode.kind() == Kind.YOLOV5;
        Tensor output = graph.tensor(graph.outputs()[0]);
        Shape input = graph.tensor(graph.inputs()[0]).shape();
        YoloShape shape = graph.outputs().length == 1
                ? YoloShape.of(output.shape(), input, objectness ? YoloShape.ANCHORS : 1)
                : null;
        if (shape == null || shape.columns() < (objectness ? 6 : 5)) {
            throw wrong(
                    graph,
                    decode.kind(),
                    objectness ? "one, [1, N, 5 + classes]" : "one, [1, 4 + classes, N] or [1, N, 4 + classes]");
        }
        if (decode.coordinates() == null) {
            throw new WindhoverException("Whether the boxes of model '" + graph.name()
                    + "' are in pixels or in parts of its input is not known; say so with --coordinates pixels or "
                    + "normalised, or 'coordinates' in a service's configuration (ONNX files usually have pixels, "
                    + "TensorFlow Lite files normalised ones).");
        }
        return new Suppression(
                new YoloHead(
                        new Values(output, graph.name()),
                        graph.name(),
                        shape,
                        objectness,
                        decode.coordinates(),
                        input.width(),
                        input.height()),
                decode.minimumScore(),
                decode.iou());
    }

    private static Decoder ssd(Graph graph, Decode decode) {
        if (graph.outputs().length == 4) {
            int[] named = Postprocessed.places(graph);
            int[] places = named == null ? Postprocessed.usualPlaces(graph) : named;
            if (places != null) {
                return new Postprocessed(graph, places, decode.minimumScore());
            }
        }
        Ssd.Outputs outputs = Ssd.outputs(graph);
        if (outputs == null) {
            throw wrong(
                    graph,
                    decode.kind(),
                    "boxes [1, N, 4] and scores [1, N, classes], or boxes, classes, scores and number of "
                            + "TFLite_Detection_PostProcess in this order");
        }
        Tensor boxes = graph.tensor(graph.outputs()[outputs.boxes()]);
        Tensor scores = graph.tensor(graph.outputs()[outputs.scores()]);
        return new Suppression(
                new SsdHead(
                        new Values(boxes, graph.name()),
                        new Values(scores, graph.name()),
                        outputs,
                        decode,
                        priors(graph, decode, Ssd.rows(boxes.shape()))),
                decode.minimumScore(),
                decode.iou());
    }

    private static float[] priors(Graph graph, Decode decode, int rows) {
        float[] priors = decode.priors() == null ? Ssd.priors(graph, rows) : decode.priors();
        if (priors == null) {
            throw new WindhoverException("The " + rows + " boxes of model '" + graph.name()
                    + "' are relative to priors, which its file does not hold; give them with --decode FILE.json.");
        }
        if (priors.length != rows * 4) {
            throw new WindhoverException("Model '" + graph.name() + "' has " + rows + " boxes, but " + priors.length / 4
                    + " priors are given; give those it was trained with.");
        }
        return priors;
    }

    private static Decoder fomo(Graph graph, Decode decode) {
        Tensor output = graph.tensor(graph.outputs()[0]);
        if (graph.outputs().length != 1
                || output.shape().rank() != 4
                || output.shape().dimensions().get(0) != 1
                || output.shape().channels() < 2) {
            throw wrong(graph, decode.kind(), "one, [1, H, W, 1 + classes]");
        }
        return new Fomo(new Values(output, graph.name()), decode.activation(), decode.minimumScore());
    }

    private static WindhoverException wrong(Graph graph, Kind kind, String right) {
        String shapes = Arrays.stream(graph.outputs())
                .limit(OUTPUTS_SHOWN)
                .mapToObj(graph::tensor)
                .map(tensor -> "'" + tensor.name() + "' " + tensor.type() + tensor.shape())
                .collect(Collectors.joining(", "));
        return new WindhoverException("The outputs of model '" + graph.name() + "' (" + shapes + ") are not those of "
                + kind.lower() + ", which are " + right + "; give another --decode.");
    }

    private int checkLabels(Graph graph, Decode decode) {
        int classes = decoder.classes();
        boolean hasBackground = decode.kind() == Kind.FOMO || (decode.kind() == Kind.SSD && decode.background());
        if (labels.isEmpty() || classes == 0 || labels.size() == classes) {
            return 0;
        }
        if (hasBackground && labels.size() == classes + 1) {
            return 1;
        }
        throw new WindhoverException("Model '" + graph.name() + "' has " + labels.size() + " names of classes, but as "
                + decode.kind().lower() + " its outputs are scores of " + classes
                + "; give a name for each class, or another --decode.");
    }

    /** How many classes it tells apart; 0 where its outputs do not say. */
    public int classes() {
        return decoder.classes();
    }

    /**
     * What a frame holds, best first.
     *
     * @param outputs the contents of each output by its place in the graph, NHWC, little-endian
     * @param view how the picture lies in the input
     */
    public List<Detection> detect(IntFunction<ByteBuffer> outputs, View view) {
        decoder.decode(outputs, found);
        List<Detection> all = new ArrayList<>(found.count);
        for (int i = 0; i < found.count; i++) {
            Box box = box(view, i);
            if (box != null) {
                all.add(new Detection(label(found.index[i]), found.index[i], found.score[i], box));
            }
        }
        return List.copyOf(all);
    }

    /** In the picture, cut to it; null where nothing of it is left. */
    private @Nullable Box box(View view, int i) {
        double left = clamp(view.x(found.left[i]), view.pictureWidth());
        double right = clamp(view.x(found.right[i]), view.pictureWidth());
        double top = clamp(view.y(found.top[i]), view.pictureHeight());
        double bottom = clamp(view.y(found.bottom[i]), view.pictureHeight());
        return right > left && bottom > top ? new Box(left, top, right - left, bottom - top) : null;
    }

    private static double clamp(double value, double most) {
        return Math.max(0, Math.min(most, value));
    }

    private String label(int index) {
        int of = index + backgroundLabels;
        return of < labels.size() ? labels.get(of) : "class " + index;
    }
}
