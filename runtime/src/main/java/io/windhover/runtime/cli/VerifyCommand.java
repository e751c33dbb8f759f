// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.models.ModelException;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.dataset.Dataset;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.verify.Baseline;
import io.windhover.runtime.verify.Check;
import io.windhover.runtime.verify.Expectations;
import io.windhover.runtime.verify.RandomFrame;
import io.windhover.runtime.verify.Verification;
import io.windhover.runtime.verify.Verifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description =
                "Checks that models still compile, give the reference's bytes, and take no more cycles than they may.",
        footer = {
            "",
            "Each model is compiled and run on the device with random frames; its outputs must be the reference's, byte for byte. Where",
            "they are not, the first tensor that differs is named with its layer. One more frame is measured.",
            "The accuracy is that of the functional model, whose bytes are the same, over a folder with a subfolder for each class.",
            "Exit code 0 when every check passed, 1 otherwise.",
            "",
            "Examples:",
            "  ./windhover verify model.tflite --budget 1450000",
            "  ./windhover verify models/*.tflite --baseline windhover.json --update",
            "  ./windhover verify models/*.tflite --baseline windhover.json --junit target/windhover.xml",
            "  ./windhover verify model.onnx --images photos --markdown summary.md --strict"
        })
final class VerifyCommand extends Verb {
    @Parameters(paramLabel = "MODEL", arity = "1..*", description = MODEL_FORMS)
    private List<String> models;

    @Mixin
    private DeviceOption device;

    @Option(
            names = "--frames",
            converter = AtLeast.One.class,
            paramLabel = "N",
            defaultValue = "1",
            description = "Random frames to compare with the reference (default ${DEFAULT-VALUE}).")
    private int frames;

    @Option(
            names = "--seed",
            converter = AtLeast.Zero.class,
            paramLabel = "S",
            defaultValue = "1",
            description = "Of the first random frame; those that follow count on (default ${DEFAULT-VALUE}).")
    private int seed;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "Also measure the accuracy over images, in a subfolder for each class.")
    private @Nullable Path images;

    @Option(
            names = "--budget",
            converter = AtLeast.OneLong.class,
            paramLabel = "CYCLES",
            description = "Most cycles that a frame may take, on rtl: devices.")
    private long budget;

    @Option(
            names = "--baseline",
            paramLabel = "FILE",
            description = "Compare cycles and accuracy with those in this file, which is made to be committed.")
    private @Nullable Path baseline;

    @Option(names = "--update", description = "Write what was found into the baseline instead.")
    private boolean update;

    @Option(names = "--junit", paramLabel = "FILE", description = "Also write the checks as JUnit's XML.")
    private @Nullable Path junit;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Also write a summary for a pull request.")
    private @Nullable Path markdown;

    @Option(names = "--json", description = "Print JSON: an object for each model, with its checks and what was found.")
    private boolean json;

    @Option(
            names = "--strict",
            description = "Fail where the host computes more than conversions and a softmax at the ends.")
    private boolean strict;

    @Mixin
    private FitOption fit;

    @Mixin
    private LabelOptions labels;

    @Mixin
    private LimitOptions limits;

    @Mixin
    private ShapeOptions shapes;

    /**
     * What became of a model.
     *
     * @param found null where it could not be run
     */
    record Report(
            String model, List<Check> checks, @Nullable Verification found) {
        boolean passed() {
            return checks.stream().allMatch(Check::passed);
        }
    }

    @Override
    void execute() {
        checkUsage();
        Baseline before = baseline == null ? null : Baseline.read(baseline);
        Expectations wanted = new Expectations(budget, strict, update ? null : before);
        List<Report> reports = new ArrayList<>();
        try (Progress progress = new Progress("models", models.size())) {
            for (String model : models) {
                Report report = report(model, wanted);
                reports.add(report);
                if (!json) {
                    print(report);
                }
                progress.step();
            }
        }
        write(reports);
        if (json) {
            printJson(reports);
        }
        requirePassed(reports);
        if (update && before != null) {
            update(reports, before);
        }
    }

    private void checkUsage() {
        boolean counts = device.locator().startsWith(StreamMeasurement.SCHEME);
        if (update && baseline == null) {
            throw new ParameterException(spec.commandLine(), "--update needs --baseline");
        }
        if (!counts && (budget > 0 || baseline != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "device '" + device.locator()
                            + "' counts no cycles for --budget and --baseline; choose an rtl: device");
        }
        List<Path> read = new ArrayList<>(device.outputs());
        models.forEach(model -> read.addAll(labels.with(model)));
        for (Path target : new Path[] {update ? baseline : null, junit, markdown}) {
            if (target != null) {
                OutputFiles.checkTarget(target, read);
            }
        }
    }

    /** A model that cannot be used fails its check, and the others go on. */
    private Report report(String model, Expectations wanted) {
        try {
            Model loaded = labels.label(load(model, limits.limits(), shapes.shapes()));
            Dataset examples = images == null ? null : Dataset.open("folder:" + images, loaded.image());
            SessionOptions options = new SessionOptions(false, device.timeout(), limits.limits(), fit.options());
            Verification found = new Verifier(device.locator(), options)
                    .verify(
                            loaded,
                            LongStream.range(seed, (long) seed + frames)
                                    .mapToObj(RandomFrame::new)
                                    .toList(),
                            examples,
                            () -> {},
                            problem -> Progress.say(err(), String.valueOf(problem.getMessage())));
            return new Report(model, wanted.check(found), found);
        } catch (WindhoverException | ModelException | CompileException unusable) {
            return new Report(model, List.of(new Check("runs", false, String.valueOf(unusable.getMessage()))), null);
        }
    }

    private void print(Report report) {
        out().println(report.model());
        report.checks()
                .forEach(check -> out().println("  " + (check.passed() ? "passed" : "FAILED") + "  " + check.name()
                        + ": " + check.sentence()));
        out().flush();
    }

    private void write(List<Report> reports) {
        if (junit != null) {
            OutputFiles.write(junit, VerifyXml.write(reports));
        }
        if (markdown != null) {
            OutputFiles.write(markdown, VerifyMarkdown.write(reports).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Only what passed the other checks becomes what is wanted from now on. */
    private void update(List<Report> reports, Baseline before) {
        Baseline after = before;
        for (Report report : reports) {
            after = after.with(Objects.requireNonNull(report.found()));
        }
        OutputFiles.write(Objects.requireNonNull(baseline), after.contents());
    }

    private static void requirePassed(List<Report> reports) {
        List<String> failed = reports.stream()
                .filter(report -> !report.passed())
                .map(report -> "'" + report.model() + "'")
                .toList();
        if (!failed.isEmpty()) {
            throw new WindhoverException(failed.size() + " of " + reports.size() + " models failed: "
                    + String.join(", ", failed) + "; what was found stands above.");
        }
    }
}
