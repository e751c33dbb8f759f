// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.driver.Capabilities;
import io.windhover.models.Reason;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.HostReport;
import io.windhover.runtime.compiler.program.LayerInfo;
import io.windhover.runtime.detection.Decode;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.whm.CompiledFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "compile",
        description = "Compiles a model for a configuration of the accelerator and says where each layer runs.",
        footer = {
            "",
            "Examples:",
            "  ./windhover compile model.tflite -o model.whm",
            "  ./windhover compile model.onnx -o model.whm --labels names.txt --json",
            "  ./windhover compile bnnpynq/cifar10_cnvW1A1 -o cnv.whm",
            "  ./windhover compile detector.onnx -o detector.whm --decode yolov8 --labels names.txt",
            "  ./windhover compile zoo:cnv_w1a1 -o cnv.whm --config tiny"
        })
final class CompileCommand extends Verb {
    @Parameters(paramLabel = "MODEL", description = MODEL_FORMS)
    private String model;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            required = true,
            description = "The .whm file to write.")
    private Path output;

    @Option(
            names = "--config",
            paramLabel = "C",
            defaultValue = "zynq7020",
            description = "zynq7020, tiny or zu3eg (default ${DEFAULT-VALUE}).")
    private String configuration;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

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

    record Report(
            String model,
            String config,
            String output,
            int commands,
            int constantBytes,
            long scratchBytes,
            long estimatedCycles,
            @Nullable String decode,
            int jobs,
            List<HostPart> host,
            List<LayerInfo> layers) {}

    /**
     * What the host runs before the first job (0), after it (1), and so on. Its time is not known before it is measured
     * (`profile`).
     */
    record HostPart(int part, List<HostReport.Entry> operators) {}

    @Override
    void execute() {
        SynthCommand.checkConfiguration(configuration);
        OutputFiles.checkTarget(output, labels.with(model, decode.files()));
        Model loaded = labels.label(decode.apply(load(model, limits.limits(), shapes.shapes())))
                .checked();
        strict.check(loaded, err());
        CompiledModel compiled = Compiler.compile(loaded.graph(), Capabilities.named(configuration));
        Decode boxes = loaded.detector() == null ? loaded.decode() : loaded.detector();
        write(new CompiledFile(loaded.graph(), compiled, boxes));
        Report report = new Report(
                loaded.name(),
                configuration,
                output.toString(),
                compiled.commandCount(),
                compiled.constants().length,
                compiled.scratchBytes(),
                compiled.estimatedCycles(),
                boxes == null ? null : boxes.summary(),
                compiled.jobs().size(),
                hostParts(loaded, compiled),
                compiled.layers());
        if (json) {
            printJson(report);
        } else {
            print(report);
        }
    }

    private static List<HostPart> hostParts(Model model, CompiledModel compiled) {
        List<HostPart> parts = new ArrayList<>();
        for (int part = 0; part < compiled.host().size(); part++) {
            if (!compiled.host().get(part).isEmpty()) {
                parts.add(new HostPart(
                        part, HostReport.entries(model.graph(), compiled.host().get(part))));
            }
        }
        return parts;
    }

    private void write(CompiledFile file) {
        try {
            file.write(output);
        } catch (IOException problem) {
            throw new WindhoverException(
                    "'" + output + "' cannot be written (" + Reason.of(problem)
                            + "); check the folder and the space left.",
                    problem);
        }
    }

    private void print(Report report) {
        out().printf("%-4s %-22s %-48s %14s %12s%n", "", "operator", "runs as", "macs", "floor cycles");
        report.layers()
                .forEach(layer -> out().printf(
                                "%4d %-22s %-48s %,14d %,12d%n",
                                layer.layer(), layer.operator(), layer.placement(), layer.macs(), layer.floorCycles()));
        for (HostPart part : report.host()) {
            out().printf(
                            "on the host %s: %s (time not measured: ./windhover profile measures it)%n",
                            place(part.part(), report.jobs()), HostReport.words(part.operators()));
        }
        out().printf(
                        "%s: %,d commands, %,d bytes of weights, %,d bytes of working memory, about %,d cycles on %s%n",
                        report.output(),
                        report.commands(),
                        report.constantBytes(),
                        report.scratchBytes(),
                        report.estimatedCycles(),
                        report.config());
        if (report.decode() != null) {
            out().println("boxes: " + report.decode());
        }
    }

    /** Where a part on the host stands among the jobs, in words. */
    static String place(int part, int jobs) {
        if (part == 0) {
            return jobs == 1 ? "before the accelerator" : "before job 1 of " + jobs;
        }
        return jobs == 1 ? "after the accelerator" : "after job " + part + " of " + jobs;
    }
}
