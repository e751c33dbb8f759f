// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.evaluation;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Pipeline;
import io.windhover.runtime.Session;
import io.windhover.runtime.dataset.Dataset;
import io.windhover.runtime.dataset.Example;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.exception.WindhoverException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How often a network is right over labelled examples.
 *
 * @param images examples run
 * @param skipped examples that could not be used, such as damaged images; not among the images
 * @param top1 fraction whose best class is their own
 * @param top5 fraction whose five best classes hold their own
 * @param confusion examples of class [row] taken for class [column], classes being the network's
 * @param imagesPerSecond of this machine, reading and preprocessing included
 */
public record Evaluation(int images, int skipped, double top1, double top5, int[][] confusion, double imagesPerSecond) {
    private static final int TOP = 5;
    private static final int MOST_CLASSES = 4096;

    /**
     * Runs the first {@code limit} examples.
     *
     * @param step called after each example
     * @param skip gets each example that cannot be used
     */
    public static Evaluation run(
            Session session, Dataset dataset, int limit, Runnable step, Consumer<InputException> skip) {
        session.model().image();
        int classes = session.model().classes();
        if (classes > MOST_CLASSES) {
            throw new WindhoverException("Model '" + session.model().name() + "' has " + classes
                    + " outputs, more than the " + MOST_CLASSES + " classes an evaluation counts; is it a classifier?");
        }
        int[] classOf = classes(dataset, session.model().graph().labels(), classes);
        int[][] confusion = new int[classes][classes];
        int[] hits = new int[TOP];
        int[] skipped = new int[1];
        long start = System.nanoTime();
        try (Stream<Example> examples = dataset.examples()) {
            Iterator<Example> first = examples.limit(limit).iterator();
            Pipeline.run(
                    session,
                    first,
                    ExampleFiller::fill,
                    (example, frame) -> {
                        count(session.classification(frame, TOP).top(), classOf(example, classOf), confusion, hits);
                        step.run();
                    },
                    (example, problem) -> {
                        skipped[0]++;
                        skip.accept(problem);
                        step.run();
                    });
        }
        int images = IntStream.range(0, classes)
                .map(row -> IntStream.of(confusion[row]).sum())
                .sum();
        if (images == 0) {
            throw new WindhoverException("None of the " + skipped[0]
                    + " examples of the data set can be used; there is nothing to evaluate.");
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Evaluation(
                images,
                skipped[0],
                (double) hits[0] / images,
                (double) IntStream.of(hits).sum() / images,
                confusion,
                images / seconds);
    }

    private static void count(List<Classification.Score> top, int actual, int[][] confusion, int[] hits) {
        confusion[actual][top.get(0).index()]++;
        for (int rank = 0; rank < top.size(); rank++) {
            if (top.get(rank).index() == actual) {
                hits[rank]++;
            }
        }
    }

    private static int classOf(Example example, int[] classOf) {
        if (example.label() >= classOf.length || classOf[example.label()] < 0) {
            throw new WindhoverException("Example '" + example.name() + "' has label " + example.label()
                    + ", but the model has " + classOf.length + " classes; is this the data set it was trained for?");
        }
        return classOf[example.label()];
    }

    /**
     * The network's class of each label: by name where all names are known, by number where the names are numbers, else
     * in order where the network has no labels, or as many as there are names and none of these is known as another
     * one.
     */
    private static int[] classes(Dataset dataset, List<String> labels, int classes) {
        List<String> names = dataset.classes();
        List<Integer> byName = names.stream().map(name -> find(labels, name)).toList();
        if (!names.isEmpty() && !byName.contains(-1)) {
            return byName.stream().mapToInt(Integer::intValue).toArray();
        }
        if (!names.isEmpty() && names.stream().allMatch(name -> name.matches("[0-9]{1,6}"))) {
            return checked(names.stream().mapToInt(Integer::parseInt).toArray(), names, classes);
        }
        boolean countFits = labels.isEmpty() ? names.size() <= classes : names.size() == classes;
        for (int label = 0; label < names.size(); label++) {
            if (!countFits || (byName.get(label) != -1 && byName.get(label) != label)) {
                throw unknown(names.get(byName.indexOf(-1)), names.size(), classes);
            }
        }
        return IntStream.range(0, classes).toArray();
    }

    private static WindhoverException unknown(String name, int names, int classes) {
        return new WindhoverException("Class '" + name + "' is none of the model's labels, and the data set's " + names
                + " classes cannot be the model's " + classes
                + " in order; name the folders by the model's labels (--labels) or by class numbers.");
    }

    private static int[] checked(int[] classOf, List<String> names, int classes) {
        for (int label = 0; label < classOf.length; label++) {
            int number = classOf[label];
            if (IntStream.of(classOf).filter(other -> other == number).count() > 1) {
                throw new WindhoverException("Several classes of the data set have number " + number + ", '"
                        + names.get(label) + "' among them; put all examples of a class in one folder.");
            }
            if (classOf[label] >= classes) {
                throw new WindhoverException("Class '" + names.get(label) + "' of the data set would be number "
                        + classOf[label] + ", but the model has " + classes
                        + " outputs; name the folders by the model's labels (--labels) or class numbers.");
            }
        }
        return classOf;
    }

    /** A label is its whole text or the first of its synonyms ("tench, Tinca tinca"). */
    private static int find(List<String> labels, String name) {
        List<String> wanted = new ArrayList<>();
        labels.forEach(label -> wanted.add(label.toLowerCase(Locale.ROOT)));
        String lower = name.toLowerCase(Locale.ROOT);
        int whole = wanted.indexOf(lower);
        return whole >= 0
                ? whole
                : wanted.stream()
                        .map(label -> label.split(",", 2)[0].strip())
                        .toList()
                        .indexOf(lower);
    }
}
