// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.models.Reason;
import io.windhover.models.quantize.Quantizer;
import io.windhover.runtime.Device;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.evaluation.CalibrationInputs;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.whm.CompiledFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "quantize",
        description = "Turns a float model into an int8 one that follows it, measured on calibration inputs.",
        footer = {
            "",
            "OUT is a model file for every other verb: run it, evaluate it, compile it. Where neither --preprocess nor the",
            "model says, pixels become 0..1, unless the model then cannot tell the calibration inputs apart but can with",
            "pixels as they are or in -1..1; which was taken is said.",
            "",
            "Examples:",
            "  ./windhover quantize model_float.tflite --calibrate photos -o model.whm",
            "  ./windhover quantize model_float.onnx --calibrate mnist:data/mnist:train --limit 200 -o model.whm",
            "  ./windhover quantize resnet8.tflite --calibrate cifar10:data:train --preprocess none -o r8.whm --json"
        })
final class QuantizeCommand extends Verb {
    @Parameters(paramLabel = "MODEL", description = "A float .tflite or .onnx file.")
    private String model;

    @Option(
            names = "--calibrate",
            paramLabel = "DIR",
            required = true,
            description = "Inputs like those it will meet: " + CalibrationInputs.FORMS + ".")
    private String calibration;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            required = true,
            description = "The .whm file to write.")
    private Path output;

    @Option(
            names = "--limit",
            converter = AtLeast.One.class,
            paramLabel = "N",
            defaultValue = "100",
            description = "Calibration inputs to use (default ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Mixin
    private PreprocessOption preprocess;

    @Mixin
    private LabelOptions labels;

    @Mixin
    private LimitOptions limits;

    @Mixin
    private ShapeOptions shapes;

    private record Layer(
            int tensor,
            String operator,
            String name,
            @Nullable Double snrDb) {}

    /** Only a classifier has agreements. */
    private record Report(
            String model,
            String output,
            int inputs,
            @Nullable Integer agreements,
            @Nullable Double top1Agreement,
            double snrDb,
            List<String> techniques,
            List<Layer> layers) {}

    @Override
    void execute() {
        List<Path> inputs = new ArrayList<>(labels.with(model));
        inputs.add(Path.of(calibration));
        inputs.add(Path.of(calibration.substring(calibration.indexOf(':') + 1)));
        OutputFiles.checkTarget(output, inputs);
        Model loaded = preprocess.apply(labels.label(load(model, limits.limits(), shapes.shapes())));
        Quantizer.check(loaded.graph());
        if (preprocess.isOpen(loaded) && !calibration.startsWith("raw:")) {
            String how = new PixelChoice(loaded, calibration, limit, limits.limits()).best();
            Progress.say(
                    err(),
                    "the model does not say how pixels become its input: taken as '" + how
                            + "'; --preprocess says otherwise");
            loaded = PreprocessOption.with(loaded, how);
        }
        Quantizer.Result result = quantize(loaded);
        try {
            new CompiledFile(result.graph(), null, loaded.detector()).write(output);
        } catch (IOException problem) {
            throw new WindhoverException(
                    "'" + output + "' cannot be written (" + Reason.of(problem)
                            + "); check the folder and the space left.",
                    problem);
        }
        List<Layer> layers = result.layers().stream()
                .map(layer -> new Layer(layer.tensor(), layer.operator(), layer.name(), layer.decibels()))
                .toList();
        Integer agreements = loaded.isClassifier() ? result.agreements() : null;
        Report report = new Report(
                loaded.name(),
                output.toString(),
                result.inputs(),
                agreements,
                agreements == null ? null : (double) agreements / result.inputs(),
                result.decibels(),
                result.techniques(),
                layers);
        if (json) {
            printJson(report);
        } else {
            print(report);
        }
    }

    private Quantizer.Result quantize(Model loaded) {
        List<byte[][]> inputs;
        try (Device reference = Device.open("reference:");
                Session session = reference.load(
                        loaded, new SessionOptions(false, SessionOptions.DEFAULT.frameTimeout(), limits.limits()))) {
            inputs = CalibrationInputs.read(session, calibration, limit, () -> {});
        }
        try (Progress progress = new Progress("runs", (long) Quantizer.PASSES * inputs.size())) {
            return Quantizer.quantize(loaded.graph(), inputs, progress::step);
        }
    }

    private void print(Report report) {
        out().printf("%6s  %-22s %9s  %s%n", "tensor", "operator", "SNR", "name");
        report.layers()
                .forEach(layer -> out().printf(
                                "%6d  %-22s %9s  %s%n",
                                layer.tensor(),
                                layer.operator(),
                                layer.snrDb() == null ? "" : String.format(Locale.ROOT, "%.1f dB", layer.snrDb()),
                                layer.name()));
        out().printf(
                        "helped: %s%n",
                        report.techniques().isEmpty()
                                ? "nothing beyond ranges and per-channel weights"
                                : String.join(", ", report.techniques()));
        Double top1Agreement = report.top1Agreement();
        String agreement = top1Agreement == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "the same class as the float model for %d of %d inputs (%.1f %%), ",
                        report.agreements(),
                        report.inputs(),
                        top1Agreement * 100);
        out().printf(
                        Locale.ROOT,
                        "%s: %soutputs %.1f dB above the noise%n",
                        report.output(),
                        agreement,
                        report.snrDb());
    }
}
