// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.evaluation;

import io.windhover.runtime.Pipeline;
import io.windhover.runtime.Session;
import io.windhover.runtime.dataset.BoxFolder;
import io.windhover.runtime.dataset.BoxFolder.Truth;
import io.windhover.runtime.detection.Detection;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.exception.WindhoverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * How well a network finds things in pictures whose things are known.
 *
 * @param images pictures run
 * @param skipped pictures that could not be used; not among the images
 * @param ap50 mean over the classes of their average precision at an overlap of 0.5
 * @param ap the same, over the overlaps 0.5, 0.55, ... 0.95
 * @param classes those that the pictures have things of, by label
 * @param imagesPerSecond of this machine, reading and preprocessing included
 */
public record DetectionEvaluation(
        int images, int skipped, double ap50, double ap, List<ClassPrecision> classes, double imagesPerSecond) {
    private static final double FIRST = 0.5;
    private static final int THRESHOLDS = 10;
    private static final double STEP = 0.05;

    /**
     * One class.
     *
     * @param things of this class in all pictures
     */
    public record ClassPrecision(String label, int things, double ap50, double ap) {}

    /**
     * Runs the first {@code limit} pictures.
     *
     * @param step called after each picture
     * @param skip gets each picture that cannot be used
     */
    public static DetectionEvaluation run(
            Session session, BoxFolder folder, int limit, Runnable step, Consumer<InputException> skip) {
        List<BoxFolder.Picture> pictures =
                folder.pictures().stream().limit(limit).toList();
        List<String> labels = session.model().graph().labels();
        Map<String, AveragePrecision> classes = classes(pictures, labels);
        int[] skipped = new int[1];
        long start = System.nanoTime();
        Pipeline.run(
                session,
                pictures.iterator(),
                (of, frame, picture) -> of.fill(frame, picture.file()),
                (picture, frame) -> {
                    add(session.detections(frame).found(), picture.truths(), classes, labels);
                    step.run();
                },
                (picture, problem) -> {
                    skipped[0]++;
                    skip.accept(problem);
                    step.run();
                });
        int images = pictures.size() - skipped[0];
        if (images == 0) {
            throw new WindhoverException(
                    "None of the " + skipped[0] + " images of the folder can be used; there is nothing to evaluate.");
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        List<ClassPrecision> all = new ArrayList<>();
        classes.forEach((label, precision) -> {
            if (precision.things() > 0) {
                all.add(new ClassPrecision(label, precision.things(), precision.at(FIRST), mean(precision)));
            }
        });
        if (all.isEmpty()) {
            throw new WindhoverException("There is nothing to be found in the images that can be used, so there is no "
                    + "precision; give a folder whose .txt files have lines.");
        }
        return new DetectionEvaluation(
                images,
                skipped[0],
                all.stream().mapToDouble(ClassPrecision::ap50).average().orElseThrow(),
                all.stream().mapToDouble(ClassPrecision::ap).average().orElseThrow(),
                all,
                images / seconds);
    }

    private static double mean(AveragePrecision precision) {
        double sum = 0;
        for (int i = 0; i < THRESHOLDS; i++) {
            sum += precision.at(FIRST + STEP * i);
        }
        return sum / THRESHOLDS;
    }

    /** A class for each label of the pictures; a model with names must have it. */
    private static Map<String, AveragePrecision> classes(List<BoxFolder.Picture> pictures, List<String> labels) {
        TreeSet<String> names = new TreeSet<>();
        for (BoxFolder.Picture picture : pictures) {
            for (Truth truth : picture.truths()) {
                if (labels.isEmpty() ? !truth.label().matches("[0-9]{1,6}") : !labels.contains(truth.label())) {
                    throw new WindhoverException(
                            "'" + picture.file() + "' has a thing '" + truth.label() + "', which is "
                                    + (labels.isEmpty()
                                            ? "no number, and the model names no classes; give names with --labels, or numbers"
                                            : "none of the model's names; name it as the model does, or give --labels")
                                    + ".");
                }
                names.add(truth.label());
            }
        }
        Map<String, AveragePrecision> classes = new TreeMap<>();
        names.forEach(name -> classes.put(name, new AveragePrecision()));
        return classes;
    }

    private static void add(
            List<Detection> found, List<Truth> there, Map<String, AveragePrecision> classes, List<String> labels) {
        classes.forEach((label, precision) -> precision.add(
                found.stream()
                        .filter(one -> label.equals(labels.isEmpty() ? String.valueOf(one.index()) : one.label()))
                        .toList(),
                there.stream().filter(truth -> truth.label().equals(label)).toList()));
    }
}
