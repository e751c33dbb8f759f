// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.detection.Decode.Coordinates;
import io.windhover.runtime.detection.Decode.Kind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecognitionTest {
    private static Graph graph(int side, List<Integer> sizes, Quantization quantization, int labels) {
        GraphBuilder graph = new GraphBuilder("finder");
        Shape shape = Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
        TensorType type = quantization == null ? TensorType.FLOAT32 : TensorType.INT8;
        int image = graph.input("image", type, Shape.map(side, side, 3), quantization);
        int flat = graph.tensor("flat", type, Shape.of(1, side * side * 3), quantization);
        graph.operator(new Reshape("flatten", new int[] {image}, new int[] {flat}));
        int rows = graph.input("rows", type, Shape.of(shape.elements()), quantization);
        int output = graph.tensor("output", type, shape, quantization);
        graph.operator(new Reshape("shape", new int[] {rows}, new int[] {output}));
        String[] names = new String[labels];
        Arrays.setAll(names, i -> "name " + i);
        graph.labels(List.of(names));
        return graph.build(output);
    }

    private static List<Integer> sizes(String text) {
        return Arrays.stream(text.split("x")).map(Integer::valueOf).toList();
    }

    /** Shapes of public exports: YOLOv5 and YOLOv8 at 320 and 640, FOMO at 96. */
    @ParameterizedTest
    @CsvSource({
        "640, 1x25200x85, 0, YOLOV5",
        "320, 1x6300x85, 80, YOLOV5",
        "320, 1x84x2100, 80, YOLOV8",
        "640, 1x84x8400, 80, YOLOV8",
        "320, 1x2100x84, 80, YOLOV8",
        "96, 1x12x12x3, 2, FOMO",
    })
    void outputs_beyond_doubt_say_what_they_are(int side, String shape, int labels, Kind kind) {
        Decode decode = Recognition.of(graph(side, sizes(shape), null, labels), "model.tflite")
                .decode();
        assertEquals(kind, decode.kind());
        assertEquals(kind.isYolo() ? Coordinates.NORMALISED : null, decode.coordinates());
    }

    @ParameterizedTest
    @CsvSource({
        "640, 1x84x8400, 0, yolov8 with 80 classes",
        "640, 1x84x8400, 79, yolov8 with 80 classes",
        "640, 1x25200x57, 0, yolov5 with 52 classes",
        "96, 1x12x12x3, 0, fomo with 2 classes",
        "96, 1x12x12x2, 3, fomo with 1 class",
    })
    void what_is_in_doubt_is_no_detector_until_a_user_says_so(int side, String shape, int labels, String could) {
        Recognition found = Recognition.of(graph(side, sizes(shape), null, labels), "model.tflite");
        assertNull(found.decode());
        assertEquals(could, found.could());
    }

    @ParameterizedTest
    @CsvSource({"640, 1x10", "96, 1x24x24x3", "640, 1x84x8000", "96, 1x12x12x1", "64, 2x84x6"})
    void other_outputs_are_no_detector(int side, String shape) {
        Recognition found = Recognition.of(graph(side, sizes(shape), null, 0), "model.tflite");
        assertNull(found.decode());
        assertNull(found.could());
    }

    @Test
    void the_range_of_codes_says_what_boxes_are_written_in() {
        List<Integer> shape = List.of(1, 84, 2100);
        assertEquals(Coordinates.NORMALISED, unit(graph(320, shape, Quantization.of(1 / 250f, -128), 80), "m.onnx"));
        assertEquals(Coordinates.PIXELS, unit(graph(320, shape, Quantization.of(1.3f, -128), 80), "m.tflite"));
        assertEquals(Coordinates.PIXELS, unit(graph(320, shape, Quantization.of(0.05f, -128), 80), "m.onnx"));
        assertEquals(Coordinates.NORMALISED, unit(graph(320, shape, null, 80), "M.TFLITE"));
        assertNull(unit(graph(320, shape, null, 80), "m.whm"));
    }

    private static Coordinates unit(Graph graph, String source) {
        Decode decode = Recognition.of(graph, source).decode();
        assertTrue(decode.kind().isYolo());
        return decode.coordinates();
    }
}
