// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.detection.Decode.Activation;
import io.windhover.runtime.detection.Decode.Coordinates;
import io.windhover.runtime.detection.Decode.Kind;
import io.windhover.runtime.exception.DetectionException;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.View;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DetectorTest {
    private static final int SIDE = 64;
    private static final View WHOLE = View.whole(SIDE, SIDE);
    private static final double CLOSE = 1e-4;

    /** Of an image of 64 x 64 pixels, with outputs of these sizes. */
    private static Graph graph(List<String> labels, List<Shape> shapes, List<String> names) {
        GraphBuilder graph = new GraphBuilder("finder");
        int image = graph.input("image", TensorType.FLOAT32, Shape.map(SIDE, SIDE, 3), null);
        int[] outputs = new int[shapes.size() + 1];
        outputs[shapes.size()] = graph.tensor("flat", TensorType.FLOAT32, Shape.of(1, SIDE * SIDE * 3), null);
        graph.operator(new Reshape("flatten", new int[] {image}, new int[] {outputs[shapes.size()]}));
        for (int i = 0; i < shapes.size(); i++) {
            int input = graph.input(
                    "in" + i, TensorType.FLOAT32, Shape.of(shapes.get(i).elements()), null);
            outputs[i] = graph.tensor(names.get(i), TensorType.FLOAT32, shapes.get(i), null);
            graph.operator(new Reshape("shape" + i, new int[] {input}, new int[] {outputs[i]}));
        }
        graph.labels(labels);
        return graph.build(java.util.Arrays.copyOf(outputs, shapes.size()));
    }

    private static Graph graph(Shape... shapes) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < shapes.length; i++) {
            names.add("out" + i);
        }
        return graph(List.of(), List.of(shapes), names);
    }

    private static ByteBuffer reals(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer;
    }

    private static void assertBox(double x, double y, double width, double height, Detection found) {
        assertEquals(x, found.box().x(), CLOSE, found.toString());
        assertEquals(y, found.box().y(), CLOSE, found.toString());
        assertEquals(width, found.box().width(), CLOSE, found.toString());
        assertEquals(height, found.box().height(), CLOSE, found.toString());
    }

    /** Rows of x, y, width, height and scores, as columns first or rows first. */
    private static float[] lay(float[][] rows, int count, boolean columnsFirst) {
        int columns = rows[0].length;
        float[] all = new float[count * columns];
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < columns; column++) {
                all[columnsFirst ? column * count + row : row * columns + column] = rows[row][column];
            }
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void yolov8_has_a_middle_a_size_and_a_score_for_each_class(boolean columnsFirst, boolean pixels) {
        float unit = pixels ? 1 : SIDE;
        float[][] rows = {
            {20 / unit, 30 / unit, 10 / unit, 8 / unit, 0.1f, 0.9f},
            {21 / unit, 30 / unit, 10 / unit, 8 / unit, 0.2f, 0.8f},
            {21 / unit, 30 / unit, 10 / unit, 8 / unit, 0.7f, 0.1f},
            {50 / unit, 50 / unit, 4 / unit, 6 / unit, 0.3f, 0.2f},
            {50 / unit, 10 / unit, 4 / unit, 6 / unit, 0.24f, 0.2f},
        };
        int count = 84;
        Graph graph = graph(columnsFirst ? Shape.of(1, 6, count) : Shape.of(1, count, 6));
        Decode decode = Decode.of(Kind.YOLOV8).with(pixels ? Coordinates.PIXELS : Coordinates.NORMALISED);
        List<Detection> found =
                Detector.of(graph, decode).detect(unused -> reals(lay(rows, count, columnsFirst)), WHOLE);
        assertEquals(3, found.size(), found.toString());
        assertBox(15, 26, 10, 8, found.get(0));
        assertEquals(1, found.get(0).index());
        assertEquals(0.9, found.get(0).score(), CLOSE);
        assertBox(16, 26, 10, 8, found.get(1));
        assertEquals("class 0", found.get(1).label());
        assertBox(48, 47, 4, 6, found.get(2));
    }

    @Test
    void yolov5_multiplies_a_class_by_how_sure_it_is_of_an_object() {
        float[][] rows = {{32, 32, 16, 16, 0.5f, 0.4f, 0.9f}, {10, 10, 4, 4, 0.2f, 1, 0}};
        Graph graph = graph(Shape.of(1, 252, 7));
        List<Detection> found = Detector.of(graph, Decode.of(Kind.YOLOV5).with(Coordinates.PIXELS))
                .detect(unused -> reals(lay(rows, 252, false)), WHOLE);
        assertEquals(1, found.size());
        assertBox(24, 24, 16, 16, found.get(0));
        assertEquals(0.45, found.get(0).score(), CLOSE);
        assertEquals(1, found.get(0).index());
    }

    @Test
    void codes_are_read_as_the_reals_they_stand_for() {
        GraphBuilder graph = new GraphBuilder("codes");
        Quantization quantization = Quantization.of(1 / 200f, -100);
        int image = graph.input("image", TensorType.INT8, Shape.map(1, 6, 84), quantization);
        int output = graph.tensor("boxes", TensorType.INT8, Shape.of(1, 6, 84), quantization);
        graph.operator(new Reshape("reshape", new int[] {image}, new int[] {output}));
        byte[] codes = new byte[6 * 84];
        java.util.Arrays.fill(codes, (byte) -100);
        int[] box = {100, 100, 100, 50, 160, 20};
        for (int column = 0; column < 6; column++) {
            codes[column * 84 + 7] = (byte) (box[column] - 100);
        }
        List<Detection> found = Detector.of(
                        graph.build(output), Decode.of(Kind.YOLOV8).with(Coordinates.NORMALISED))
                .detect(unused -> ByteBuffer.wrap(codes), WHOLE);
        assertEquals(1, found.size());
        assertBox(16, 24, 32, 16, found.get(0));
        assertEquals(0.8, found.get(0).score(), CLOSE);
    }

    /** Encoded by the formulas of the paper, turned round. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void an_ssd_box_is_relative_to_its_prior(Activation activation) {
        float[] priors = {0.5f, 0.5f, 0.2f, 0.4f, 0.25f, 0.75f, 0.1f, 0.1f};
        double[] wanted = {0.45, 0.55, 0.3, 0.2};
        float[] boxes = {
            (float) (10 * (wanted[0] - priors[0]) / priors[2]),
            (float) (10 * (wanted[1] - priors[1]) / priors[3]),
            (float) (5 * Math.log(wanted[2] / priors[2])),
            (float) (5 * Math.log(wanted[3] / priors[3])),
            0,
            0,
            0,
            0
        };
        float[] scores = switch (activation) {
            case NONE -> new float[] {0.1f, 0.2f, 0.7f, 0.9f, 0.05f, 0.05f};
            case SIGMOID -> new float[] {-5, -5, logit(0.7), 5, -5, -5};
            case SOFTMAX ->
                new float[] {
                    ln(0.1), ln(0.2), ln(0.7), 100, 0, 0,
                };
        };
        Decode decode = new Decode(Kind.SSD, null, activation, true, new float[] {10, 10, 5, 5}, priors, 0.5, 0.6, 100);
        Graph graph = graph(Shape.of(1, 2, 4), Shape.of(1, 2, 3));
        List<Detection> found = Detector.of(graph, decode).detect(i -> i == 0 ? reals(boxes) : reals(scores), WHOLE);
        assertEquals(1, found.size(), found.toString());
        assertBox(
                (wanted[1] - wanted[3] / 2) * SIDE,
                (wanted[0] - wanted[2] / 2) * SIDE,
                wanted[3] * SIDE,
                wanted[2] * SIDE,
                found.get(0));
        assertEquals(0.7, found.get(0).score(), 1e-3);
        assertEquals(1, found.get(0).index());
    }

    private static float logit(double part) {
        return (float) Math.log(part / (1 - part));
    }

    private static float ln(double part) {
        return (float) Math.log(part);
    }

    @Test
    void what_was_suppressed_already_stays_as_it_is() {
        List<String> names = List.of(
                "TFLite_Detection_PostProcess:2",
                "TFLite_Detection_PostProcess:3",
                "TFLite_Detection_PostProcess",
                "TFLite_Detection_PostProcess:1");
        List<Shape> shapes = List.of(Shape.of(1, 3), Shape.of(1), Shape.of(1, 3, 4), Shape.of(1, 3));
        Graph graph = graph(List.of("cat", "dog"), shapes, names);
        ByteBuffer[] outputs = {
            reals(0.6f, 0.9f, 0.99f),
            reals(2),
            reals(0.1f, 0.2f, 0.3f, 0.4f, 0.1f, 0.2f, 0.3f, 0.4f, 0, 0, 1, 1),
            reals(1, 0, 0),
        };
        List<Detection> found = Detector.of(graph, Decode.of(Kind.SSD)).detect(i -> outputs[i], WHOLE);
        assertEquals(List.of("cat", "dog"), found.stream().map(Detection::label).toList());
        assertBox(0.2 * SIDE, 0.1 * SIDE, 0.2 * SIDE, 0.2 * SIDE, found.get(1));
        outputs[1] = reals(4);
        assertThrows(
                DetectionException.class,
                () -> Detector.of(graph, Decode.of(Kind.SSD)).detect(i -> outputs[i], WHOLE));
    }

    @Test
    void cells_of_fomo_that_touch_are_one_object() {
        float[] map = new float[8 * 8 * 3];
        for (int cell = 0; cell < 64; cell++) {
            map[cell * 3] = 1;
        }
        int[][] marked = {{1, 1, 1}, {1, 2, 1}, {2, 3, 1}, {6, 6, 2}, {6, 7, 1}};
        for (int[] cell : marked) {
            int at = (cell[0] * 8 + cell[1]) * 3;
            map[at] = 0;
            map[at + cell[2]] = cell[1] == 2 ? 0.9f : 0.6f;
        }
        List<Detection> found =
                Detector.of(graph(Shape.of(1, 8, 8, 3)), Decode.of(Kind.FOMO)).detect(unused -> reals(map), WHOLE);
        assertEquals(3, found.size(), found.toString());
        assertEquals(0.9, found.get(0).score(), CLOSE);
        assertEquals(0, found.get(0).index());
        double middle = (0.6 * 1.5 + 0.9 * 2.5 + 0.6 * 3.5) / 2.1;
        assertBox((middle - 1.5) * 8, ((0.6 * 1.5 + 0.9 * 1.5 + 0.6 * 2.5) / 2.1 - 1) * 8, 24, 16, found.get(0));
        assertBox(48, 48, 8, 8, found.get(1));
        assertEquals(1, found.get(1).index());
    }

    /** The same by a plain search through all boxes. */
    @Test
    void suppression_keeps_what_a_plain_search_keeps() {
        Random random = new Random(11);
        int count = 300;
        float[][] rows = new float[count][7];
        for (float[] row : rows) {
            for (int i = 0; i < 7; i++) {
                row[i] =
                        i < 2 ? 10 + 40 * random.nextFloat() : i < 4 ? 4 + 20 * random.nextFloat() : random.nextFloat();
            }
        }
        Decode decode = Decode.of(Kind.YOLOV8).with(Coordinates.PIXELS).withThresholds(0.3, 0.4, Decode.MOST);
        List<Detection> found = Detector.of(graph(Shape.of(1, count, 7)), decode)
                .detect(unused -> reals(lay(rows, count, false)), View.whole(1000, 1000));
        List<Detection> expected = plain(rows, 1000.0 / SIDE);
        assertTrue(expected.size() > 20 && expected.size() < count * 2 / 3, expected.size() + " kept");
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < found.size(); i++) {
            assertEquals(expected.get(i).index(), found.get(i).index());
            assertEquals(expected.get(i).score(), found.get(i).score(), 0);
            assertBox(
                    expected.get(i).box().x(),
                    expected.get(i).box().y(),
                    expected.get(i).box().width(),
                    expected.get(i).box().height(),
                    found.get(i));
        }
    }

    private static List<Detection> plain(float[][] rows, double scale) {
        List<Detection> all = new ArrayList<>();
        for (float[] row : rows) {
            int best = row[4] >= row[5] && row[4] >= row[6] ? 0 : row[5] >= row[6] ? 1 : 2;
            double left = Math.max(0, (row[0] - row[2] / 2.0) * scale);
            double top = Math.max(0, (row[1] - row[3] / 2.0) * scale);
            double right = Math.min(1000, (row[0] + row[2] / 2.0) * scale);
            double bottom = Math.min(1000, (row[1] + row[3] / 2.0) * scale);
            if (row[4 + best] >= 0.3f) {
                all.add(new Detection("", best, row[4 + best], new Box(left, top, right - left, bottom - top)));
            }
        }
        all.sort((one, other) -> Double.compare(other.score(), one.score()));
        List<Detection> kept = new ArrayList<>();
        for (Detection one : all) {
            if (kept.stream()
                    .noneMatch(
                            other -> other.index() == one.index() && other.box().overlap(one.box()) > 0.4)) {
                kept.add(one);
            }
        }
        return kept;
    }

    @Test
    void boxes_are_cut_to_the_picture_and_limited_in_number() {
        float[][] rows = {{0, 0, 20, 20, 0.9f}, {100, 100, 10, 10, 0.8f}, {40, 40, 4, 4, 0.7f}, {20, 60, 4, 4, 0.6f}};
        Decode decode = Decode.of(Kind.YOLOV8).with(Coordinates.PIXELS).withThresholds(0.25, 0.45, 3);
        List<Detection> found =
                Detector.of(graph(Shape.of(1, 84, 5)), decode).detect(unused -> reals(lay(rows, 84, false)), WHOLE);
        assertEquals(2, found.size(), found.toString());
        assertBox(0, 0, 10, 10, found.get(0));
        assertBox(38, 38, 4, 4, found.get(1));
    }

    @Test
    void a_background_may_have_a_label() {
        Graph graph = graph(List.of("nothing", "cat", "dog"), List.of(Shape.of(1, 8, 8, 3)), List.of("map"));
        float[] map = new float[8 * 8 * 3];
        map[2] = 0.9f;
        List<Detection> found = Detector.of(graph, Decode.of(Kind.FOMO)).detect(unused -> reals(map), WHOLE);
        assertEquals("dog", found.get(0).label());
        Graph four = graph(List.of("a", "b", "c", "d"), List.of(Shape.of(1, 8, 8, 3)), List.of("map"));
        assertThrows(WindhoverException.class, () -> Detector.of(four, Decode.of(Kind.FOMO)));
    }

    @ParameterizedTest
    @CsvSource({
        "NaN, 0.5, NORMALISED, gives NaN at element 0",
        "0.5, NaN, NORMALISED, gives NaN at element 4",
        "0.5, 3, NORMALISED, where a score of 0 to 1 should be",
        "20, 0.9, NORMALISED, if its boxes are in pixels",
        "0.5, 0.9, PIXELS, if they are in parts of its input"
    })
    void numbers_that_cannot_be_boxes_are_refused(float middle, float score, Coordinates coordinates, String expected) {
        float[][] rows = {{middle, 0.5f, 0.2f, 0.2f, score}};
        Detector detector =
                Detector.of(graph(Shape.of(1, 84, 5)), Decode.of(Kind.YOLOV8).with(coordinates));
        String said = assertThrows(
                        DetectionException.class, () -> detector.detect(unused -> reals(lay(rows, 84, false)), WHOLE))
                .getMessage();
        assertTrue(said.contains(expected), said);
    }

    @Test
    void outputs_of_another_kind_are_refused() {
        Graph map = graph(Shape.of(1, 8, 8, 3));
        for (Kind kind : List.of(Kind.YOLOV8, Kind.YOLOV5, Kind.SSD, Kind.NONE)) {
            String said = assertThrows(WindhoverException.class, () -> Detector.of(map, Decode.of(kind)))
                    .getMessage();
            assertTrue(said.startsWith(kind == Kind.NONE ? "Model 'finder'" : "The outputs of model 'finder'"), said);
        }
        Graph rows = graph(Shape.of(1, 84, 6));
        String unit = assertThrows(WindhoverException.class, () -> Detector.of(rows, Decode.of(Kind.YOLOV8)))
                .getMessage();
        assertTrue(unit.contains("pixels or"), unit);
        String priors = assertThrows(
                        WindhoverException.class,
                        () -> Detector.of(graph(Shape.of(1, 2, 4), Shape.of(1, 2, 3)), Decode.of(Kind.SSD)))
                .getMessage();
        assertTrue(priors.contains("relative to priors"), priors);
    }
}
