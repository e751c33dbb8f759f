// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.contract.Configuration;
import io.windhover.driver.Capabilities;
import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.inspect.FileOperator;
import io.windhover.models.inspect.GraphSummary;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.HostReport;
import io.windhover.runtime.compiler.program.Placement;
import io.windhover.runtime.detection.Decode;
import io.windhover.runtime.detection.DecodeJson;
import io.windhover.runtime.detection.Recognition;
import io.windhover.runtime.image.PixelScale;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.model.ModelLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "inspect",
        description =
                "Shows what a model is made of: inputs, outputs, operators, sizes; of a file that cannot be used, which operators stand in the way.",
        footer = {
            "",
            "Examples:",
            "  ./windhover inspect model.tflite",
            "  ./windhover inspect model.onnx",
            "  ./windhover inspect bnnpynq/mnist_lfcW1A1",
            "  ./windhover inspect zoo:cnv_w1a1 --json"
        })
final class InspectCommand extends Verb {
    private static final int LABELS_SHOWN = 20;
    /** The one that a file is compiled for unless another is asked for. */
    private static final String CONFIGURATION = "zynq7020";

    @Parameters(paramLabel = "MODEL", description = MODEL_FORMS)
    private String model;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private LimitOptions limits;

    @Mixin
    private ShapeOptions shapes;

    @Override
    void execute() {
        Model loaded;
        try {
            loaded = load(model, limits.limits(), shapes.shapes());
        } catch (ModelException problem) {
            refused(problem);
            return;
        }
        Sides sides = Sides.of(loaded);
        if (json) {
            JsonObject report = new JsonObject();
            report.addProperty("model", loaded.source());
            report.addProperty("sha256", loaded.sha256());
            GraphSummary.of(loaded.graph()).entrySet().forEach(entry -> report.add(entry.getKey(), entry.getValue()));
            sides.addTo(report);
            report.add("notes", JSON.toJsonTree(loaded.notes()));
            Decode boxes = loaded.detector();
            if (boxes != null) {
                JsonObject description = JsonParser.parseString(
                                new String(DecodeJson.write(boxes), StandardCharsets.UTF_8))
                        .getAsJsonObject();
                description.remove("priors");
                report.add("decode", description);
            }
            if (loaded.compiled() != null) {
                report.add("program", JSON.toJsonTree(Program.of(loaded.compiled())));
            }
            printJson(report);
        } else {
            print(loaded, sides);
            if (loaded.compiled() != null) {
                print(Program.of(loaded.compiled()));
            }
        }
    }

    /**
     * Lists the operators of a file that cannot be loaded; throws the problem again where it cannot be parsed either.
     */
    private void refused(ModelException problem) {
        List<FileOperator> operators = new ModelLoader(limits.limits().modelBytes())
                .operators(model, shapes.shapes()).stream()
                        .map(operator -> operator.in(problem))
                        .toList();
        if (operators.isEmpty()) {
            throw problem;
        }
        if (json) {
            JsonObject report = new JsonObject();
            report.addProperty("model", model);
            report.addProperty("problem", problem.getMessage());
            report.add("operators", JSON.toJsonTree(operators));
            printJson(report);
            return;
        }
        long supported = operators.stream()
                .filter(operator -> operator.state() == FileOperator.State.SUPPORTED)
                .count();
        long unused = operators.stream()
                .filter(operator -> operator.state() == FileOperator.State.UNUSED)
                .count();
        out().println("This model cannot be used. " + problem.getMessage());
        out().printf("%n%,d of %,d operators are supported%n%n", supported, operators.size() - unused);
        out().printf("%4s %-24s %-32s%n", "", "operator", "name");
        for (FileOperator operator : operators) {
            String state = operator.state().name().toLowerCase(Locale.ROOT);
            out().printf(
                            "%4d %-24s %-32s %s%n",
                            operator.index(),
                            operator.operator(),
                            operator.name(),
                            operator.reason().isEmpty() ? state : state + ": " + operator.reason());
        }
    }

    /**
     * Where each operator of a network runs.
     *
     * @param reasons why an operator is on the host, by its position
     * @param problem why nothing runs on the accelerator, or null
     * @param refused the operator that the problem is one of, or -1
     */
    private record Sides(
            Map<Integer, HostReport.Entry> reasons,
            @Nullable String problem,
            int refused) {
        static Sides of(Model model) {
            Graph graph = model.graph();
            Map<Integer, HostReport.Entry> reasons = Map.of();
            try {
                reasons = HostReport.entries(graph, Placement.of(graph).hostOperators()).stream()
                        .collect(Collectors.toMap(HostReport.Entry::layer, Function.identity()));
                if (model.compiled() == null) {
                    Compiler.compile(graph, Capabilities.named(CONFIGURATION));
                }
                return new Sides(reasons, null, -1);
            } catch (CompileException refusal) {
                return new Sides(reasons, refusal.getMessage(), named(graph, refusal.layer()));
            }
        }

        /** The only operator of this name, or -1. */
        private static int named(Graph graph, @Nullable String layer) {
            int[] alike = IntStream.range(0, graph.operators().size())
                    .filter(position -> graph.operators().get(position).name().equals(layer))
                    .toArray();
            return alike.length == 1 ? alike[0] : -1;
        }

        /** Nothing of a network that is refused runs anywhere. */
        String of(int position) {
            if (problem != null) {
                return position == refused ? "refused" : "";
            }
            return reasons.containsKey(position) ? "host" : "accelerator";
        }

        void addTo(JsonObject report) {
            JsonArray operators = report.getAsJsonArray("operators");
            for (int i = 0; i < operators.size() && problem == null; i++) {
                JsonObject operator = operators.get(i).getAsJsonObject();
                operator.addProperty("runs_on", of(i));
                HostReport.Entry entry = reasons.get(i);
                if (entry != null) {
                    operator.addProperty("reason", entry.reason());
                }
            }
            if (problem != null) {
                report.addProperty("problem", problem);
            }
            if (refused >= 0) {
                operators.get(refused).getAsJsonObject().addProperty("problem", problem);
            }
        }

        /** What is on the host, and why; or why everything is. */
        String summary() {
            if (problem != null) {
                return refused < 0 ? problem : "This model cannot be compiled for " + CONFIGURATION + ". " + problem;
            }
            return reasons.isEmpty()
                    ? ""
                    : "on the host: " + HostReport.words(new ArrayList<>(new TreeMap<>(reasons).values()));
        }
    }

    /** What a compiled file holds beside its network. */
    private record Program(String config, int commands, int constantBytes, long scratchBytes, long estimatedCycles) {
        static Program of(CompiledModel compiled) {
            return new Program(
                    configuration(compiled),
                    compiled.commandCount(),
                    compiled.constants().length,
                    compiled.scratchBytes(),
                    compiled.estimatedCycles());
        }

        private static String configuration(CompiledModel compiled) {
            return Configuration.ALL.stream()
                    .filter(configuration -> configuration.id() == compiled.configuration())
                    .map(Configuration::name)
                    .findFirst()
                    .orElse("configuration " + compiled.configuration());
        }
    }

    private void print(Program program) {
        out().printf(
                        "%ncompiled for %s: %,d commands, %,d bytes of weights, %,d bytes of working memory, about %,d cycles%n",
                        program.config(),
                        program.commands(),
                        program.constantBytes(),
                        program.scratchBytes(),
                        program.estimatedCycles());
    }

    private void print(Model loaded, Sides sides) {
        Graph graph = loaded.graph();
        List<Operator> operators = graph.operators();
        out().printf(
                        "%s: %,d operators, %,d multiply-accumulates, %,d parameters%n",
                        graph.name(), operators.size(), graph.macs(), graph.parameters());
        Arrays.stream(graph.inputs()).mapToObj(graph::tensor).forEach(tensor -> printTensor("input", tensor));
        Arrays.stream(graph.outputs()).mapToObj(graph::tensor).forEach(tensor -> printTensor("output", tensor));
        if (graph.batch() > 1) {
            out().println("batch   " + graph.batch()
                    + " in the file; its frames run one by one, and the sizes here are one's");
        }
        out().println("labels  " + labels(graph.labels()));
        if (graph.inputs().length == 1) {
            out().println("pixels  " + pixels(graph));
        }
        out().println("result  " + result(loaded));
        out().printf("%n%4s %-24s %-20s %16s %12s  %s%n", "", "operator", "output", "macs", "parameters", "runs on");
        for (int i = 0; i < operators.size(); i++) {
            Operator operator = operators.get(i);
            out().printf(
                            "%4d %-24s %-20s %,16d %,12d  %s%n",
                            i,
                            operator.kind(),
                            shape(graph.tensor(operator.output())),
                            operator.macs(graph),
                            operator.parameters(graph),
                            sides.of(i));
        }
        if (!sides.summary().isEmpty()) {
            out().printf("%n%s%n", sides.summary());
        }
    }

    private void printTensor(String role, Tensor tensor) {
        Quantization quantization = tensor.quantization();
        String quantised = quantization == null
                ? ""
                : ", scale " + quantization.scale() + ", zero point " + quantization.zeroPoint();
        out().printf(
                        "%-7s tensor %d '%s' %s %s%s%n",
                        role,
                        tensor.index(),
                        tensor.name(),
                        tensor.type().name().toLowerCase(Locale.ROOT),
                        shape(tensor),
                        quantised);
    }

    private static String labels(List<String> labels) {
        if (labels.isEmpty()) {
            return "none in the model; --labels gives them";
        }
        int more = labels.size() - LABELS_SHOWN;
        return String.join(", ", labels.subList(0, Math.min(LABELS_SHOWN, labels.size())))
                + (more > 0 ? " and " + more + " more; --json has all" : "");
    }

    private static String result(Model model) {
        Decode boxes = model.detector();
        if (boxes != null) {
            return "boxes: " + boxes.summary();
        }
        if (model.isClassifier()) {
            return "the scores of " + model.classes() + " classes";
        }
        String could = model.decode() == null
                ? Recognition.of(model.graph(), model.source()).could()
                : null;
        return could == null ? "the outputs as they are" : "perhaps boxes of " + could + "; --decode says so";
    }

    private static String pixels(Graph graph) {
        Preprocessing scale = PixelScale.of(graph);
        if (scale != null) {
            return "(pixel - mean) / deviation, mean " + numbers(scale.mean()) + ", deviation "
                    + numbers(scale.deviation());
        }
        boolean real = graph.tensor(graph.inputs()[0]).type() == TensorType.FLOAT32;
        return "not said by the model, so "
                + (real ? "0..255 becomes 0..1" : "0..255 are the input's codes from lowest to highest")
                + "; --preprocess says otherwise";
    }

    private static String numbers(float[] values) {
        return Arrays.toString(values).replaceAll("[\\[\\]]", "");
    }

    private static String shape(Tensor tensor) {
        return String.join(
                " x ", tensor.shape().dimensions().stream().map(String::valueOf).toList());
    }
}
