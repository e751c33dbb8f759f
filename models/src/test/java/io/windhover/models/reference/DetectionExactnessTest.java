// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.windhover.models.ModelException;
import io.windhover.models.graph.DetectionPostProcess;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An SSD's detections against their definition: few scores and places, so that many of them are equal. */
class DetectionExactnessTest {
    private static final int CALLS = 3000;
    private static final Quantization CODES = Quantization.of(0.05f, 121);

    /** A box that may be detected, of a class. */
    private record Candidate(int box, int category, float score) {}

    private static byte[] bytes(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** A random one, and what it is to detect. */
    private static final class Detector {
        private final Random random;
        private final int boxes;
        private final int classes;
        private final int background;
        private final int columns;
        private final boolean unsigned;
        private final boolean coarse;
        private final float[] encodings;
        private final float[] scores;
        private final float[] anchors;
        private final List<byte[]> contents = new ArrayList<>();
        private final DetectionPostProcess operator;

        Detector(long seed) {
            random = new Random(seed);
            boxes = 1 + random.nextInt(12);
            classes = 1 + random.nextInt(4);
            background = random.nextInt(2);
            columns = 4 + random.nextInt(2);
            unsigned = random.nextInt(4) == 0;
            coarse = random.nextBoolean();
            encodings = numbers(boxes * columns, -8, 8);
            scores = numbers(boxes * (classes + background), 0, 1);
            anchors = numbers(boxes * 4, 0, 6);
            operator = new DetectionPostProcess(
                    "d",
                    new int[] {0, 1, 2},
                    new int[] {3, 4, 5, 6},
                    classes,
                    1 + random.nextInt(8),
                    random.nextBoolean(),
                    1 + random.nextInt(5),
                    random.nextInt(3) * 0.25f,
                    0.1f + random.nextInt(10) * 0.1f,
                    10,
                    random.nextInt(2) * 3 + 7.3f,
                    5,
                    random.nextInt(2) * 3 + 2.1f);
        }

        /** Numbers of a range, quarters or eighths of it where they are to be coarse, as codes where they are to be. */
        private float[] numbers(int count, float low, float high) {
            byte[] codes = new byte[count];
            float[] values = new float[count];
            int steps = 4 << random.nextInt(2);
            for (int i = 0; i < count; i++) {
                float part = coarse ? random.nextInt(steps + 1) / (float) steps : random.nextFloat();
                values[i] = low + part * (high - low);
                if (unsigned) {
                    int code = Math.round(values[i] / CODES.scale()) + CODES.zeroPoint();
                    codes[i] = (byte) Math.max(0, Math.min(255, code));
                    values[i] = ((codes[i] & 0xFF) - CODES.zeroPoint()) * CODES.scale();
                }
            }
            contents.add(unsigned ? codes : bytes(values));
            return values;
        }

        List<byte[]> run() {
            TensorType type = unsigned ? TensorType.UINT8 : TensorType.FLOAT32;
            Quantization quantization = unsigned ? CODES : null;
            GraphBuilder graph = new GraphBuilder("ssd");
            graph.input("encodings", type, Shape.of(1, boxes, columns), quantization);
            graph.input("scores", type, Shape.of(1, boxes, classes + background), quantization);
            graph.input("anchors", type, Shape.of(boxes, 4), quantization);
            int most = operator.mostDetections();
            graph.tensor("boxes", TensorType.FLOAT32, Shape.of(1, most, 4), null);
            graph.tensor("classes", TensorType.FLOAT32, Shape.of(1, most), null);
            graph.tensor("best", TensorType.FLOAT32, Shape.of(1, most), null);
            graph.tensor("count", TensorType.FLOAT32, Shape.of(1), null);
            Graph built = graph.operator(operator).build(operator.outputs());
            return new ReferenceExecutor(built).infer(contents.toArray(byte[][]::new));
        }

        /**
         * Top, left, bottom and right: computed in double precision, centre and half sizes rounded before they meet.
         */
        private float[] corners(int box) {
            float y = centre(encodings[box * columns], operator.scaleY(), anchors[4 * box + 2], anchors[4 * box]);
            float x =
                    centre(encodings[box * columns + 1], operator.scaleX(), anchors[4 * box + 3], anchors[4 * box + 1]);
            float height = half(encodings[box * columns + 2], operator.scaleH(), anchors[4 * box + 2]);
            float width = half(encodings[box * columns + 3], operator.scaleW(), anchors[4 * box + 3]);
            return new float[] {y - height, x - width, y + height, x + width};
        }

        private static float centre(double encoding, double scale, double size, double middle) {
            return (float) (encoding / scale * size + middle);
        }

        private static float half(double encoding, double scale, double size) {
            return (float) (0.5 * StrictMath.exp(encoding / scale) * size);
        }

        /** Intersection over union; 0 where a box has no area. */
        private float overlap(int first, int second) {
            float[] a = corners(first);
            float[] b = corners(second);
            float areaA = (a[2] - a[0]) * (a[3] - a[1]);
            float areaB = (b[2] - b[0]) * (b[3] - b[1]);
            float shared = Math.max(Math.min(a[2], b[2]) - Math.max(a[0], b[0]), 0)
                    * Math.max(Math.min(a[3], b[3]) - Math.max(a[1], b[1]), 0);
            return areaA <= 0 || areaB <= 0 ? 0 : shared / (areaA + areaB - shared);
        }

        private float score(int box, int category) {
            return scores[box * (classes + background) + background + category];
        }

        /** Takes the best that is left, the first of equals, and strikes out what overlaps it. */
        private List<Candidate> suppressed(List<Candidate> candidates, int most) {
            List<Candidate> left = new ArrayList<>(candidates);
            left.removeIf(candidate -> candidate.score() < operator.scoreThreshold());
            List<Candidate> chosen = new ArrayList<>();
            while (!left.isEmpty() && chosen.size() < most) {
                Candidate best = left.get(0);
                for (Candidate candidate : left) {
                    best = candidate.score() > best.score() ? candidate : best;
                }
                chosen.add(best);
                left.remove(best);
                int struck = best.box();
                left.removeIf(candidate -> overlap(struck, candidate.box()) > operator.overlapThreshold());
            }
            return chosen;
        }

        private List<Candidate> fast() {
            List<Candidate> candidates = new ArrayList<>();
            for (int box = 0; box < boxes; box++) {
                int best = 0;
                for (int category = 1; category < classes; category++) {
                    best = score(box, category) > score(box, best) ? category : best;
                }
                candidates.add(new Candidate(box, best, score(box, best)));
            }
            return suppressed(candidates, operator.mostDetections());
        }

        private List<Candidate> regular() {
            List<Candidate> all = new ArrayList<>();
            for (int category = 0; category < classes; category++) {
                List<Candidate> candidates = new ArrayList<>();
                for (int box = 0; box < boxes; box++) {
                    candidates.add(new Candidate(box, category, score(box, category)));
                }
                all.addAll(suppressed(candidates, operator.mostPerClass()));
            }
            all.sort(Comparator.comparing(Candidate::score).reversed());
            return all.subList(0, Math.min(all.size(), operator.mostDetections()));
        }

        void check(String message) {
            List<Candidate> expected = operator.regular() ? regular() : fast();
            int most = operator.mostDetections();
            float[] corners = new float[4 * most];
            float[] categories = new float[most];
            float[] best = new float[most];
            for (int i = 0; i < expected.size(); i++) {
                System.arraycopy(corners(expected.get(i).box()), 0, corners, 4 * i, 4);
                categories[i] = expected.get(i).category();
                best[i] = expected.get(i).score();
            }
            List<byte[]> made = run();
            assertArrayEquals(bytes(expected.size()), made.get(3), message);
            assertArrayEquals(bytes(best), made.get(2), message);
            assertArrayEquals(bytes(categories), made.get(1), message);
            assertArrayEquals(bytes(corners), made.get(0), message);
        }
    }

    @Test
    void detections_are_exact() {
        for (long seed = 0; seed < CALLS; seed++) {
            new Detector(seed).check("seed " + seed);
        }
    }

    @Test
    void boxes_that_are_inside_out_end_the_inference() {
        Detector drawn = new Detector(1);
        drawn.contents.set(2, drawn.unsigned ? new byte[4 * drawn.boxes] : bytes(-1, -1, -1, -1));
        ModelException problem = assertThrows(ModelException.class, drawn::run);
        assertEquals(
                "DetectionPostProcess 'd' decodes box 0 to one whose ends are in the wrong order.",
                problem.getMessage());
    }
}
