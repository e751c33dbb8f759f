// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.Device;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.dataset.Dataset;
import io.windhover.runtime.dataset.Example;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    /** Examples for a network that hands its eight inputs back, so that a test chooses the scores. */
    private record Scores(List<String> classes, byte[][] scores, int[] labels) implements Dataset {
        @Override
        public int size() {
            return scores.length;
        }

        @Override
        public Stream<Example> examples() {
            return Stream.iterate(0, i -> i < scores.length, i -> i + 1)
                    .map(i -> new Example.Raw("scores " + i, labels[i], scores[i]));
        }
    }

    private static Evaluation evaluate(Dataset dataset, int limit, String... labels) {
        GraphBuilder graph = new GraphBuilder("echo").labels(List.of(labels));
        Quantization quantization = Quantization.of(0.1f, 0);
        int input = graph.input("input", TensorType.INT8, Shape.vector(8), quantization);
        int output = graph.tensor("output", TensorType.INT8, Shape.vector(8), quantization);
        byte[] same = new byte[256];
        for (int code = 0; code < same.length; code++) {
            same[code] = (byte) code;
        }
        graph.operator(new LookupTable("same", new int[] {input}, new int[] {output}, "nothing", same));
        try (Device device = Device.open("reference:");
                Session session =
                        device.load(new Model("echo", "0", graph.build(output), null), SessionOptions.DEFAULT)) {
            return Evaluation.run(session, dataset, limit, new AtomicInteger()::incrementAndGet, problem -> {});
        }
    }

    private static byte[] scores(int... values) {
        byte[] scores = new byte[8];
        for (int i = 0; i < values.length; i++) {
            scores[i] = (byte) values[i];
        }
        return scores;
    }

    private static final byte[][] THREE = {scores(9, 1), scores(1, 9), scores(8, 7, 6, 5, 4, 3, 2, 1)};

    @Test
    void counts_best_and_five_best_and_who_is_taken_for_whom() {
        Evaluation evaluation = evaluate(new Scores(List.of(), THREE, new int[] {0, 0, 5}), 100);
        assertEquals(3, evaluation.images());
        assertEquals(1.0 / 3, evaluation.top1(), 1e-12);
        assertEquals(2.0 / 3, evaluation.top5(), 1e-12);
        assertArrayEquals(new int[] {1, 1, 0, 0, 0, 0, 0, 0}, evaluation.confusion()[0]);
        assertEquals(1, evaluation.confusion()[5][0]);
        assertTrue(evaluation.imagesPerSecond() > 0);
    }

    @Test
    void examples_that_cannot_be_used_are_skipped_and_counted() {
        Evaluation evaluation = evaluate(
                new Scores(List.of(), new byte[][] {THREE[0], new byte[3], THREE[2]}, new int[] {0, 0, 5}), 100);
        assertEquals(2, evaluation.images());
        assertEquals(1, evaluation.skipped());
        assertEquals(0.5, evaluation.top1());
    }

    @Test
    void nothing_is_said_of_a_data_set_without_a_usable_example() {
        Scores none = new Scores(List.of(), new byte[][] {new byte[3], new byte[1]}, new int[] {0, 1});
        String message = assertThrows(WindhoverException.class, () -> evaluate(none, 100))
                .getMessage();
        assertTrue(message.contains("None of the 2 examples"), message);
    }

    @Test
    void stops_at_the_limit() {
        assertEquals(
                2,
                evaluate(new Scores(List.of(), THREE, new int[] {0, 1, 5}), 2).images());
    }

    @Test
    void matches_classes_by_name_then_by_number_then_in_order() {
        String[] labels = {"cat", "dog, hound", "owl", "d", "e", "f", "g", "h"};
        assertEquals(
                1,
                evaluate(new Scores(List.of("Dog", "cat"), THREE, new int[] {1, 0, 1}), 100, labels)
                        .top1());
        assertEquals(
                1,
                evaluate(new Scores(List.of("1", "0"), THREE, new int[] {1, 0, 1}), 100)
                        .top1());
        List<String> all = List.of("p", "q", "r", "s", "t", "u", "v", "w");
        assertEquals(
                1, evaluate(new Scores(all, THREE, new int[] {0, 1, 0}), 100).top1());
        assertEquals(
                1,
                evaluate(new Scores(all, THREE, new int[] {0, 1, 0}), 100, "p", "other", "r")
                        .top1());
        assertEquals(
                1,
                evaluate(new Scores(List.of("x", "y"), THREE, new int[] {0, 1, 0}), 100)
                        .top1());
    }

    @Test
    void names_that_could_only_be_guessed_at_are_refused() {
        refused(new Scores(List.of("x", "y"), THREE, new int[3]), "'x'", "2 classes", "8 in order");
        refused(new Scores(List.of("cat", "dgo"), THREE, new int[3]), "'dgo'", "--labels");
        refused(new Scores(List.of("dog", "cat", "c", "d", "e", "f", "g", "h"), THREE, new int[3]), "'c'");
    }

    private static void refused(Dataset dataset, String... words) {
        String message = assertThrows(WindhoverException.class, () -> evaluate(dataset, 9, "cat", "dog"))
                .getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
    }

    @Test
    void a_class_the_network_does_not_have_is_an_error() {
        String number = assertThrows(
                        WindhoverException.class, () -> evaluate(new Scores(List.of("8"), THREE, new int[3]), 9))
                .getMessage();
        assertTrue(number.contains("8 outputs"), number);
        String twice = assertThrows(
                        WindhoverException.class, () -> evaluate(new Scores(List.of("01", "1"), THREE, new int[3]), 9))
                .getMessage();
        assertTrue(twice.contains("number 1") && twice.contains("'01'"), twice);
        String label = assertThrows(
                        WindhoverException.class, () -> evaluate(new Scores(List.of(), THREE, new int[] {0, 0, 8}), 9))
                .getMessage();
        assertTrue(label.contains("label 8"), label);
    }
}
