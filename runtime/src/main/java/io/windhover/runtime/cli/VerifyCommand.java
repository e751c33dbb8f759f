// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.models.ModelException;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.dataset.Dataset;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.profile.DeviceNotes;
import io.windhover.runtime.profile.Profile;
import io.windhover.runtime.report.MarkdownSummary;
import io.windhover.runtime.report.Printable;
import io.windhover.runtime.verify.Baseline;
import io.windhover.runtime.verify.Change;
import io.windhover.runtime.verify.Check;
import io.windhover.runtime.verify.Expectations;
import io.windhover.runtime.verify.OutputChange;
import io.windhover.runtime.verify.RandomFrame;
import io.windhover.runtime.verify.Verification;
import io.windhover.runtime.verify.Verifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
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
            "  ./windhover verify model.onnx --images photos --markdown summary.md --strict",
            "  ./windhover verify new.tflite --against old.tflite --html verify.html"
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

    @Option(
            names = "--against",
            paramLabel = "OLD",
            description = "Also compare MODEL, layer by layer, with an older version of it.")
    private @Nullable String against;

    @Option(names = "--junit", paramLabel = "FILE", description = "Also write the checks as JUnit's XML.")
    private @Nullable Path junit;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Also write a summary for a pull request.")
    private @Nullable Path markdown;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Also write a page: the checks of all models, their layers with bars, and what changed.")
    private @Nullable Path html;

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
        write(reports, before);
        if (json) {
            printJson(reports);
        }
        requirePassed(reports);
        if (update) {
            // Only what passed the other checks becomes what is wanted from now on.
            Baseline.update(
                    Objects.requireNonNull(baseline),
                    reports.stream()
                            .map(report -> Objects.requireNonNull(report.found()))
                            .toList());
        }
    }

    private void checkUsage() {
        boolean counts = device.locator().startsWith(DeviceNotes.SCHEME);
        if (against != null && models.size() > 1) {
            throw new ParameterException(spec.commandLine(), "--against needs one MODEL, not " + models.size());
        }
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
        Set<Path> targets = new HashSet<>();
        for (Path target : new Path[] {update ? baseline : null, junit, markdown, html}) {
            if (target != null) {
                OutputFiles.checkTarget(target, read);
            }
            if (target != null && !targets.add(target.toAbsolutePath().normalize())) {
                throw new ParameterException(
                        spec.commandLine(),
                        "'" + target
                                + "' would be written twice; give --baseline, --junit, --markdown and --html a file each");
            }
        }
    }

    /** A model that cannot be used fails its check, and the others go on. */
    private Report report(String model, Expectations wanted) {
        try {
            Model loaded = labels.label(load(model, limits.limits(), shapes.shapes()));
            Verification found = verify(loaded);
            return new Report(
                    model, wanted.check(found), found, against == null ? null : change(loaded, found, against));
        } catch (WindhoverException | ModelException | CompileException unusable) {
            return new Report(
                    model, List.of(new Check("runs", false, String.valueOf(unusable.getMessage()))), null, null);
        }
    }

    private Verification verify(Model loaded) {
        return verifier()
                .verify(
                        loaded,
                        randomFrames(),
                        images == null ? null : Dataset.open("folder:" + images, loaded.image()),
                        () -> {},
                        problem -> Progress.say(err(), String.valueOf(problem.getMessage())));
    }

    private Change change(Model loaded, Verification found, String old) {
        Model before = labels.label(load(old, limits.limits(), shapes.shapes()));
        return verifier().change(before, verify(before), loaded, found, randomFrames());
    }

    private Verifier verifier() {
        return new Verifier(
                device.locator(), new SessionOptions(false, device.timeout(), limits.limits(), fit.options()));
    }

    private List<RandomFrame> randomFrames() {
        return LongStream.range(seed, (long) seed + frames)
                .mapToObj(RandomFrame::new)
                .toList();
    }

    private void print(Report report) {
        out().println(report.model());
        for (Check check : report.checks()) {
            out().println("  " + (check.passed() ? "passed" : "FAILED") + "  " + check.name() + ": "
                    + check.sentence());
        }
        if (report.change() != null) {
            print(report.change());
        } else if (report.found() != null && report.found().accuracy() != null) {
            out().printf(
                            Locale.ROOT,
                            "  top-1 %.2f %%%n",
                            report.found().accuracy().top1() * 100);
        }
        out().flush();
    }

    /** Layers that take what they took are left out. */
    private void print(Change change) {
        row("against " + change.before().source(), "cycles", "more", "bytes", "more");
        change.layers().stream()
                .filter(layer -> layer.cycles() != 0 || layer.bytes() != 0)
                .forEach(layer -> row(
                        layer.words(),
                        number(layer.now() == null ? 0 : layer.now().shareCycles()),
                        more(layer.cycles()),
                        number(Change.Layer.bytes(layer.now())),
                        more(layer.bytes())));
        Profile before = change.before().profile();
        Profile now = change.now().profile();
        long bytes = now.readBytes() + now.writtenBytes();
        row(
                "the frame",
                number(now.totalCycles()),
                more(now.totalCycles() - before.totalCycles()),
                number(bytes),
                more(bytes - before.readBytes() - before.writtenBytes()));
        change.outputs()
                .forEach(output -> out().println("  output '" + Printable.line(output.name()) + "': " + words(output)));
        Verification.Accuracy old = change.before().accuracy();
        Verification.Accuracy current = change.now().accuracy();
        if (old != null && current != null) {
            out().printf(Locale.ROOT, "  top-1 %.2f %%, before %.2f %%%n", current.top1() * 100, old.top1() * 100);
        }
    }

    private void row(String name, String cycles, String moreCycles, String bytes, String moreBytes) {
        out().printf("  %-48s %14s %12s %14s %12s%n", Printable.line(name), cycles, moreCycles, bytes, moreBytes);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String more(long number) {
        return String.format(Locale.ROOT, "%+,d", number);
    }

    private String words(OutputChange output) {
        return words(output, frames);
    }

    /** How far an output has moved over so many frames. */
    static String words(OutputChange output, int frames) {
        return output.frames() == 0
                ? "the same in all frames"
                : String.format(
                        Locale.ROOT,
                        "other in %d of %d frames, by %.6g at most and %.6g on average",
                        output.frames(),
                        frames,
                        output.largest(),
                        output.mean());
    }

    private void write(List<Report> reports, @Nullable Baseline before) {
        if (junit != null) {
            OutputFiles.write(junit, VerifyXml.write(reports));
        }
        if (markdown != null) {
            String summary = MarkdownSummary.of(
                    Report.COLUMNS, reports.stream().map(Report::summary).toList());
            OutputFiles.write(markdown, summary.getBytes(StandardCharsets.UTF_8));
        }
        if (html != null) {
            String page = new VerifyPage(before, frames).write(reports);
            OutputFiles.write(html, page.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void requirePassed(List<Report> reports) {
        List<String> failed = reports.stream()
                .filter(report -> !report.passed())
                .map(report -> "'" + report.model() + "'")
                .toList();
        if (!failed.isEmpty()) {
            throw new WindhoverException(failed.size() + " of " + reports.size() + " models failed: "
                    + String.join(", ", failed) + "; what was found stands above"
                    + (update ? ", and the baseline stays as it was." : "."));
        }
    }
}
