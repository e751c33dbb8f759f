// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.models.graph.Shape;
import io.windhover.runtime.Device;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.dataset.BoxFolder;
import io.windhover.runtime.dataset.Dataset;
import io.windhover.runtime.dataset.Example;
import io.windhover.runtime.detection.Decode;
import io.windhover.runtime.detection.DecodeSettings;
import io.windhover.runtime.evaluation.DetectionEvaluation;
import io.windhover.runtime.evaluation.Evaluation;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.Pixels;
import io.windhover.runtime.model.Model;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "evaluate",
        description = "Measures how often a network is right over a data set, or how well it finds things.",
        footer = {
            "",
            "Classes of a folder are matched with the model's labels by name, or by number where the folders are numbers, else in order",
            "where there are as many as the model has. 'raw:' takes the input's own type, or float32 for a quantised one.",
            "'mnist:' reads t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte (:train: train-...), gzipped or not; 'cifar10:' reads",
            "test_batch.bin (:train: data_batch_1.bin to _5.bin), or *test*32x32x3_u8.bin beside *test*labels_u8.bin.",
            "'boxes:' is for detectors: beside each image NAME.jpg a file NAME.txt with a line 'LABEL X Y WIDTH HEIGHT' for each thing",
            "in it, in pixels. Printed is COCO's average precision at an overlap of 0.5, and over 0.5 to 0.95. Boxes count from a score of",
            "0.01 unless --minimum-score says otherwise; of fomo from the model's own.",
            "",
            "Examples:",
            "  ./windhover evaluate lenet.tflite --dataset mnist:data/mnist",
            "  ./windhover evaluate bnnpynq/mnist_lfcW1A1 --dataset mnist:data/mnist:train --limit 1000",
            "  ./windhover evaluate float.onnx --dataset mnist:data/mnist --preprocess none --device reference:",
            "  ./windhover evaluate resnet8.tflite --dataset cifar10:data/cifar10 --limit 1000 --json",
            "  ./windhover evaluate model.tflite --labels names.txt --dataset folder:photos --device rtl:zynq7020",
            "  ./windhover evaluate kws.tflite --dataset raw:windows.bin:labels.bin",
            "  ./windhover evaluate detector.whm --dataset boxes:scenes --fit letterbox"
        })
final class EvaluateCommand extends Verb {
    private static final Duration TIMEOUT = Duration.ofMinutes(30);
    private static final String BOXES = "boxes:";
    /** Precision at high recalls needs boxes of low scores; cells of FOMO would grow together. */
    private static final double LEAST_SCORE = 0.01;

    private static final int LARGEST_MATRIX = 20;
    private static final int CONFUSIONS_SHOWN = 10;

    @Parameters(paramLabel = "MODEL", description = MODEL_FORMS)
    private String model;

    @Option(
            names = "--dataset",
            paramLabel = "SET",
            required = true,
            description = Dataset.FORMS + "; for detectors boxes:DIR.")
    private String dataset;

    @Option(
            names = "--limit",
            converter = AtLeast.One.class,
            paramLabel = "N",
            description = "Run only the first N examples (default: all).")
    private int limit = Integer.MAX_VALUE;

    @Option(
            names = {"-d", "--device"},
            paramLabel = "D",
            description = "functional: (fast), rtl:CONFIG or reference: (default ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--json",
            description =
                    "Print JSON: {\"images\", \"skipped\", \"top1\", \"top5\", \"confusion\", \"images_per_second\"}; "
                            + "skipped counts what cannot be used, top1 and top5 are fractions, confusion has a row for each actual class. Of a "
                            + "detector {\"images\", \"skipped\", \"ap50\", \"ap\", \"classes\", \"images_per_second\"}.")
    private boolean json;

    @Mixin
    private PreprocessOption preprocess;

    @Mixin
    private FitOption fit;

    @Mixin
    private DecodeOptions decode;

    @Mixin
    private LabelOptions labels;

    @Mixin
    private StrictOption strict;

    @Mixin
    private LimitOptions limits;

    @Mixin
    private ShapeOptions shapes;

    private record Confusion(int actual, int predicted, int count) {}

    @Override
    void execute() {
        Model loaded = preprocess.apply(labels.label(decode.apply(load(model, limits.limits(), shapes.shapes()))));
        strict.check(loaded, device, err());
        if (loaded.isDetector()) {
            evaluateBoxes(loaded);
            return;
        }
        if (dataset.startsWith(BOXES)) {
            int unused = loaded.classes();
            throw new WindhoverException("Model '" + loaded.name() + "' classifies whole images, and '" + dataset
                    + "' says where things are in them; give a data set of labelled images.");
        }
        int outputs = loaded.classes();
        preprocess.sayGuess(loaded, err());
        Dataset examples = Dataset.open(dataset, loaded.image());
        sayFit(examples, loaded.image().shape());
        if (loaded.graph().labels().isEmpty()
                && examples.classes().size() < outputs
                && !examples.classes().isEmpty()) {
            Progress.say(
                    err(),
                    "the model names no classes: those of the data set are taken for its first "
                            + examples.classes().size() + " of " + outputs
                            + " unless they are numbers (--labels names them)");
        }
        Evaluation evaluation;
        try (Device opened = Device.open(device);
                Session session =
                        opened.load(loaded, new SessionOptions(false, TIMEOUT, limits.limits(), fit.options()));
                Progress progress = new Progress("images", Math.min(limit, examples.size()))) {
            evaluation = Evaluation.run(
                    session,
                    examples,
                    limit,
                    progress::step,
                    problem -> Progress.say(err(), String.valueOf(problem.getMessage())));
        }
        if (json) {
            printJson(evaluation);
        } else {
            List<String> own = loaded.graph().labels();
            print(loaded.name(), own.isEmpty() ? examples.classes() : own, evaluation);
        }
    }

    private void evaluateBoxes(Model loaded) {
        if (!dataset.startsWith(BOXES)) {
            throw new WindhoverException("Model '" + loaded.name()
                    + "' finds things in images; give --dataset boxes:DIR, or --decode none if it does not.");
        }
        loaded.image();
        preprocess.sayGuess(loaded, err());
        BoxFolder folder = BoxFolder.open(Path.of(dataset.substring(BOXES.length())));
        boolean isFused = Objects.requireNonNull(loaded.detector()).kind() == Decode.Kind.FOMO;
        Model willing = decode.minimumScore() == null && !isFused
                ? loaded.with(new DecodeSettings(null, null, LEAST_SCORE, null, null))
                : loaded.checked();
        DetectionEvaluation evaluation;
        try (Device opened = Device.open(device);
                Session session =
                        opened.load(willing, new SessionOptions(false, TIMEOUT, limits.limits(), fit.options()));
                Progress progress =
                        new Progress("images", Math.min(limit, folder.pictures().size()))) {
            evaluation = DetectionEvaluation.run(
                    session,
                    folder,
                    limit,
                    progress::step,
                    problem -> Progress.say(err(), String.valueOf(problem.getMessage())));
        }
        if (json) {
            printJson(evaluation);
        } else {
            print(loaded.name(), evaluation);
        }
    }

    private void print(String name, DetectionEvaluation evaluation) {
        printHead(name, evaluation.images(), evaluation.skipped());
        out().printf(Locale.ROOT, "AP at overlap 0.5          %6.2f %%%n", evaluation.ap50() * 100);
        out().printf(Locale.ROOT, "AP at overlap 0.5 to 0.95  %6.2f %%%n", evaluation.ap() * 100);
        printSpeed(evaluation.imagesPerSecond());
        out().printf("%-24s %8s %8s %12s%n", "class", "things", "AP 0.5", "AP 0.5-0.95");
        for (DetectionEvaluation.ClassPrecision one : evaluation.classes()) {
            out().printf(
                            Locale.ROOT,
                            "%-24s %,8d %6.2f %% %10.2f %%%n",
                            one.label(),
                            one.things(),
                            one.ap50() * 100,
                            one.ap() * 100);
        }
    }

    /** Says where pixels of a data set of one size become those of another. */
    private void sayFit(Dataset examples, Shape input) {
        boolean map = input.channels() == 1 || input.channels() == 3;
        try (Stream<Example> all = examples.examples()) {
            if (map && all.findFirst().orElse(null) instanceof Example.Image first) {
                Pixels pixels = first.pixels();
                if (pixels.width() != input.width()
                        || pixels.height() != input.height()
                        || pixels.channels() != input.channels()) {
                    Progress.say(
                            err(),
                            "the data set's images of " + pixels.height() + " x " + pixels.width() + " x "
                                    + pixels.channels() + " are made to fit the model's input of " + input.height()
                                    + " x " + input.width() + " x " + input.channels());
                }
            }
        }
    }

    private void print(String name, List<String> names, Evaluation evaluation) {
        printHead(name, evaluation.images(), evaluation.skipped());
        out().printf(Locale.ROOT, "top-1  %6.2f %%%n", evaluation.top1() * 100);
        out().printf(Locale.ROOT, "top-5  %6.2f %%%n", evaluation.top5() * 100);
        printSpeed(evaluation.imagesPerSecond());
        if (evaluation.confusion().length <= LARGEST_MATRIX) {
            printMatrix(names, evaluation.confusion());
        } else {
            printWorst(names, evaluation.confusion());
        }
    }

    private void printHead(String name, int images, int skipped) {
        String more = skipped == 0
                ? ""
                : String.format(Locale.ROOT, ", %,d more skipped because they cannot be used", skipped);
        out().printf(Locale.ROOT, "%s on %s over %s: %,d images%s%n", name, device, dataset, images, more);
    }

    private void printSpeed(double imagesPerSecond) {
        out().printf(
                        Locale.ROOT,
                        "speed  %,.0f images a second on this machine, reading and preprocessing included%n",
                        imagesPerSecond);
    }

    private void printMatrix(List<String> names, int[][] confusion) {
        out().println("confusion: a row for each actual class, a column for each class it was taken for");
        for (int row = 0; row < confusion.length; row++) {
            out().printf("%-16.16s", name(names, row));
            for (int count : confusion[row]) {
                out().printf(" %6d", count);
            }
            out().println();
        }
    }

    private void printWorst(List<String> names, int[][] confusion) {
        List<Confusion> wrong = new ArrayList<>();
        for (int row = 0; row < confusion.length; row++) {
            for (int column = 0; column < confusion.length; column++) {
                if (row != column && confusion[row][column] > 0) {
                    wrong.add(new Confusion(row, column, confusion[row][column]));
                }
            }
        }
        out().println("most frequent confusions (--json has all):");
        wrong.stream()
                .sorted(Comparator.comparingInt(Confusion::count).reversed())
                .limit(CONFUSIONS_SHOWN)
                .forEach(confused -> out().printf(
                                "%6d  %s taken for %s%n",
                                confused.count(), name(names, confused.actual()), name(names, confused.predicted())));
    }

    private static String name(List<String> names, int index) {
        return index < names.size() ? names.get(index) : "class " + index;
    }
}
