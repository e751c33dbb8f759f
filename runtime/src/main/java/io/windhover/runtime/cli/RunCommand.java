// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Device;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.publishing.ClassificationStream;
import io.windhover.runtime.publishing.ResultPublisher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = "Classifies images, or runs raw tensor bytes through a network.",
        footer = {
            "",
            "Examples:",
            "  ./windhover run model.tflite photo.jpg",
            "  ./windhover run model.onnx photo.jpg --labels names.txt --preprocess 127.5,127.5",
            "  ./windhover run bnnpynq/cifar10_cnvW1A1 photo.jpg --device functional:",
            "  ./windhover run zoo:mobilenet_v1_0.25_96 *.jpg --device functional: --top 3 --json",
            "  ./windhover run model.tflite photo.jpg --mqtt mqtt://broker.local",
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
            description = "Classes to show (default ${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = "--json",
            description = "Print JSON: one object an input; an image that cannot be used has an error in it.")
    private boolean json;

    @Option(
            names = "--raw",
            paramLabel = "FILE",
            description = {
                "Tensor bytes in the model's own type, NHWC; one --raw a model input. A float input also takes uint8 pixels, HWC.",
                "With --dump also for models that are no classifiers (one output, its elements along one dimension)."
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
    private LabelOptions labels;

    @Mixin
    private LimitOptions limits;

    private final List<Result> results = new ArrayList<>();

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
        Model loaded = preprocess.apply(labels.label(load(model, limits.limits())));
        checkResult(loaded);
        if (raw.isEmpty()) {
            preprocess.sayGuess(loaded, err());
        }
        SessionOptions options = new SessionOptions(allTensors, device.timeout(), limits.limits());
        try (ResultPublisher publisher = mqtt.connectGuest(device.locator());
                Device opened = Device.open(device.locator());
                Session session = opened.load(loaded, options)) {
            Signals.finishByItself();
            run(session, new ClassificationStream(session, publisher, top));
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
        mqtt.checkUsage();
    }

    /**
     * Before anything runs: a classification can be made of what is given and what comes out, unless only tensors are
     * wanted.
     */
    private void checkResult(Model loaded) {
        if (raw.isEmpty()) {
            loaded.image();
        }
        if (dump == null || mqtt.url() != null) {
            loaded.classes();
        }
    }

    /** Prints JSON of what was finished, also when a later frame fails. */
    private void run(Session session, ClassificationStream stream) {
        boolean finished = false;
        try {
            if (raw.isEmpty()) {
                runImages(session.model(), stream);
            } else {
                runRaw(session, stream);
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

    private void runRaw(Session session, ClassificationStream stream) {
        Model loaded = session.model();
        String input = raw.get(0).toString();
        Frame frame = session.frame();
        RawInputs.fill(session, frame, raw);
        stream.run(frame);
        if (dump != null) {
            Map<Path, byte[]> files = TensorDump.collect(session, frame, dump, allTensors);
            TensorDump.checkTargets(files.keySet(), raw);
            OutputFiles.writeAll(files);
            if (!json) {
                out().println("wrote " + files.size() + (files.size() == 1 ? " tensor to " : " tensors to ") + dump);
                return;
            }
            if (!loaded.isClassifier()) {
                results.add(new Result(input, loaded.name(), device.locator(), null, null, null));
                return;
            }
        }
        results.add(report(loaded, input, stream.publish(frame, input)));
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
