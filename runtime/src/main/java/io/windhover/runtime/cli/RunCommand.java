// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Detections;
import io.windhover.runtime.Device;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.publishing.ClassificationStream;
import io.windhover.runtime.publishing.DetectionStream;
import io.windhover.runtime.publishing.ResultPublisher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = "Classifies images, finds things in them, or runs raw tensor bytes through a network.",
        footer = {
            "",
            "Examples:",
            "  ./windhover run model.tflite photo.jpg",
            "  ./windhover run model.onnx photo.jpg --labels names.txt --preprocess 127.5,127.5",
            "  ./windhover run bnnpynq/cifar10_cnvW1A1 photo.jpg --device functional:",
            "  ./windhover run zoo:mobilenet_v1_0.25_96 *.jpg --device functional: --top 3 --json",
            "  ./windhover run model.tflite photo.jpg --mqtt mqtt://broker.local",
            "  ./windhover run detector.tflite street.jpg --labels names.txt --fit letterbox --draw found.png",
            "  ./windhover run detector.onnx *.jpg --decode yolov8 --minimum-score 0.4 --json",
            "  ./windhover run model.tflite --raw input.bin --dump out --all-tensors"
        })
final class RunCommand extends Verb {
    @Parameters(index = "0", paramLabel = "MODEL", description = MODEL_FORMS)
    private String model;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "INPUT",
            description = "Image files (PNG, JPEG, BMP, GIF, TIFF).")
    private List<Path> inputs = new ArrayList<>();

    @Mixin
    private DeviceOption device;

    @Option(
            names = "--top",
            converter = AtLeast.One.class,
            paramLabel = "K",
            defaultValue = "5",
            description = "Classes of a classifier to show (default ${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = "--json",
            description = {
                "Print JSON: one object an input; an image that cannot be used has an error in it. A detector's has the picture's width",
                "and height and detections: label, index, score, and x, y, width, height in its pixels."
            })
    private boolean json;

    @Option(
            names = "--raw",
            paramLabel = "FILE",
            description = {
                "Tensor bytes in the model's own type, NHWC; one --raw a model input. A float input also takes uint8 pixels, HWC.",
                "Where the model's file takes a batch of frames: the bytes of one frame or of all, which are run one by one.",
                "With --dump also for models that are neither classifiers (one output, its elements along one dimension) nor detectors."
            })
    private List<Path> raw = new ArrayList<>();

    @Option(
            names = "--dump",
            paramLabel = "DIR",
            description = "With --raw: write each output tensor to DIR/NNN.bin, NNN its index in the model.")
    private @Nullable Path dump;

    @Option(names = "--all-tensors", description = "With --raw and --dump: write every activation, the input included.")
    private boolean allTensors;

    @Mixin
    private MqttOptions mqtt;

    @Mixin
    private PreprocessOption preprocess;

    @Mixin
    private FitOption fit;

    @Mixin
    private DecodeOptions decode;

    @Mixin
    private DrawOption draw;

    @Mixin
    private LabelOptions labels;

    @Mixin
    private StrictOption strict;

    @Mixin
    private LimitOptions limits;

    @Mixin
    private ShapeOptions shapes;

    /** Of type {@link Result} or {@link DetectionRun.Result}. */
    private final List<Object> results = new ArrayList<>();

    private int refused;

    /** Of an input that cannot be used there is the error instead of classes and timings. */
    record Result(
            String input,
            String model,
            String device,
            @Nullable List<Classification.Score> top,
            Classification.@Nullable Timings timings,
            @Nullable String error) {}

    @Override
    void execute() {
        checkUsage();
        Model loaded = preprocess.apply(labels.label(decode.apply(load(model, limits.limits(), shapes.shapes()))));
        checkResult(loaded);
        strict.check(loaded, device.locator(), err());
        if (raw.isEmpty()) {
            preprocess.sayGuess(loaded, err());
        }
        SessionOptions options = new SessionOptions(allTensors, device.timeout(), limits.limits(), fit.options());
        try (ResultPublisher publisher = mqtt.connectGuest(device.locator());
                Device opened = Device.open(device.locator());
                Session session = opened.load(loaded, options)) {
            Signals.finishByItself();
            run(session, publisher);
            publisher.requireDelivery();
            Signals.requireAll(results.size(), raw.isEmpty() ? inputs.size() : results.size(), "images");
            if (refused > 0) {
                throw new WindhoverException(
                        refused + " of " + inputs.size() + " images cannot be used; the errors above say why.");
            }
        }
    }

    private static boolean looksLikeAnImage(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).matches("(?s).*\\.(png|jpe?g|bmp|gif|tiff?)");
    }

    private void checkUsage() {
        if (raw.isEmpty() && inputs.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "there is nothing to run: give images, or tensor bytes with --raw");
        }
        if (!raw.isEmpty()) {
            inputs.stream().filter(RunCommand::looksLikeAnImage).findFirst().ifPresent(image -> {
                throw new ParameterException(
                        spec.commandLine(), "--raw takes tensor bytes, and '" + image + "' is an image: give one kind");
            });
            raw.addAll(inputs);
        }
        if (dump != null && raw.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--dump needs --raw");
        }
        if (allTensors && dump == null) {
            throw new ParameterException(spec.commandLine(), "--all-tensors needs --dump");
        }
        if (draw.isWanted() && !raw.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--draw needs images, not --raw");
        }
        mqtt.checkUsage();
    }

    /**
     * Before anything runs: a classification or boxes can be made of what is given and what comes out, unless only
     * tensors are wanted.
     */
    private void checkResult(Model loaded) {
        if (raw.isEmpty()) {
            loaded.image();
        }
        if (loaded.isDetector()) {
            Model unused = loaded.checked();
            draw.check(inputs, labels.with(model, decode.files()));
            return;
        }
        if (dump == null || mqtt.url() != null) {
            loaded.classes();
        }
        if (draw.isWanted()) {
            throw new WindhoverException("Model '" + loaded.name()
                    + "' classifies whole pictures, so there are no boxes to draw; leave --draw out.");
        }
    }

    /** Prints JSON of what was finished, also when a later frame fails. */
    private void run(Session session, ResultPublisher publisher) {
        boolean finished = false;
        try {
            if (!raw.isEmpty()) {
                runRaw(session, publisher);
            } else if (session.model().isDetector()) {
                detectImages(session, detection(session, publisher));
            } else {
                runImages(session.model(), new ClassificationStream(session, publisher, top));
            }
            finished = true;
        } finally {
            if (json && (finished || !results.isEmpty())) {
                printJson(results);
            }
        }
    }

    private void runImages(Model loaded, ClassificationStream stream) {
        try (Progress progress = new Progress("frames", inputs.size())) {
            stream.run(
                    Signals.untilReceived(inputs.iterator()),
                    Session::fill,
                    Path::toString,
                    (image, classification) -> {
                        results.add(report(loaded, image.toString(), classification));
                        progress.step();
                    },
                    (image, problem) -> {
                        results.add(refuse(loaded, image, problem));
                        progress.step();
                    });
        }
    }

    private DetectionRun detection(Session session, ResultPublisher publisher) {
        return new DetectionRun(
                new DetectionStream(session, publisher), draw, limits.limits().imagePixels(), json ? null : out());
    }

    private void detectImages(Session session, DetectionRun run) {
        String name = session.model().name();
        try (Progress progress = new Progress("frames", inputs.size())) {
            run.images(
                    Signals.untilReceived(inputs.iterator()),
                    inputs.size(),
                    (image, found) -> {
                        results.add(DetectionRun.Result.of(image.toString(), name, device.locator(), found));
                        progress.step();
                    },
                    (image, problem) -> {
                        Result refused = refuse(session.model(), image, problem);
                        results.add(new DetectionRun.Result(
                                refused.input(), name, device.locator(), null, null, null, refused.error()));
                        progress.step();
                    },
                    file -> Progress.say(err(), "drew " + file));
        }
    }

    /** One bad image among others is said, and the others go on. */
    private Result refuse(Model loaded, Path image, InputException problem) {
        if (inputs.size() == 1 && !json) {
            throw problem;
        }
        refused++;
        String reason = Failures.oneLine(problem.getMessage());
        Progress.say(err(), reason);
        return new Result(
                Failures.withoutPassword(image.toString()), loaded.name(), device.locator(), null, null, reason);
    }

    private void runRaw(Session session, ResultPublisher publisher) {
        RawInputs frames = RawInputs.read(session.model(), raw);
        TensorDump dumped = new TensorDump(session, allTensors);
        Frame frame = session.frame();
        for (int position = 0; position < frames.count(); position++) {
            frames.fill(session, frame, position);
            session.submit(frame);
            session.await(frame);
            if (dump != null) {
                dumped.add(frame);
            }
            if (dump != null && position == frames.count() - 1) {
                dumped.write(dump, raw);
            }
            if (dump == null || json) {
                results.add(rawResult(session, publisher, frame, frames.name(position)));
            }
        }
        if (dump != null && !json) {
            out().println("wrote " + dumped.size() + (dumped.size() == 1 ? " tensor to " : " tensors to ") + dump);
        }
    }

    private Object rawResult(Session session, ResultPublisher publisher, Frame frame, String input) {
        Model loaded = session.model();
        if (loaded.isDetector()) {
            Detections found = detection(session, publisher).raw(frame, input);
            return DetectionRun.Result.of(input, loaded.name(), device.locator(), found);
        }
        if (dump != null && !loaded.isClassifier()) {
            return new Result(input, loaded.name(), device.locator(), null, null, null);
        }
        return report(loaded, input, new ClassificationStream(session, publisher, top).publish(frame, input));
    }

    private Result report(Model loaded, String input, Classification classification) {
        if (!json) {
            out().println(input);
            classification.top().forEach(score -> out().println("  " + score));
            out().flush();
        }
        return new Result(input, loaded.name(), device.locator(), classification.top(), classification.timings(), null);
    }
}
