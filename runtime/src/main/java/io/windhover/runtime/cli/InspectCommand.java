package io.windhover.runtime.cli;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.Model;
import io.windhover.runtime.ModelLoader;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "inspect",
        description = "Shows what a model is made of: inputs, outputs, operators, sizes.",
        footer = {"", "Examples:", "  ./windhover inspect model.tflite", "  ./windhover inspect zoo:cnv_w1a1 --json"})
final class InspectCommand extends Verb {
    @Parameters(paramLabel = "MODEL", description = "A .tflite or .whm file, or zoo:NAME.")
    private String model;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private LimitOptions limits;

    record TensorEntry(int index, String name, String type, List<Integer> shape, @Nullable Float scale, @Nullable Integer zeroPoint) {}

    record OperatorEntry(int index, String name, String operator, int[] inputs, int[] outputs, List<Integer> outputShape, long macs, long parameters) {}

    record Report(String model, String name, String sha256, long macs, long parameters, List<TensorEntry> inputs,
            List<TensorEntry> outputs, List<String> labels, List<OperatorEntry> operators) {}

    @Override
    void execute() {
        Model loaded = new ModelLoader(limits.limits()).load(model);
        Report report = report(loaded);
        if (json) {
            printJson(report);
        } else {
            print(report);
        }
    }

    private static Report report(Model model) {
        Graph graph = model.graph();
        List<Operator> operators = graph.operators();
        List<OperatorEntry> entries = java.util.stream.IntStream.range(0, operators.size())
                .mapToObj(index -> operator(graph, index, operators.get(index)))
                .toList();
        return new Report(model.source(), model.name(), model.sha256(), graph.macs(), graph.parameters(),
                tensors(graph, graph.inputs()), tensors(graph, graph.outputs()), graph.labels(), entries);
    }

    private static List<TensorEntry> tensors(Graph graph, int[] indexes) {
        return Arrays.stream(indexes).mapToObj(graph::tensor).map(InspectCommand::tensor).toList();
    }

    private static TensorEntry tensor(Tensor tensor) {
        Quantization quantization = tensor.quantization();
        return new TensorEntry(tensor.index(), tensor.name(), tensor.type().name().toLowerCase(java.util.Locale.ROOT),
                tensor.shape().dimensions(), quantization == null ? null : quantization.scale(),
                quantization == null ? null : quantization.zeroPoint());
    }

    private static OperatorEntry operator(Graph graph, int index, Operator operator) {
        return new OperatorEntry(index, operator.name(), operator.kind(), operator.inputs(), operator.outputs(),
                graph.tensor(operator.output()).shape().dimensions(), operator.macs(graph), operator.parameters(graph));
    }

    private void print(Report report) {
        out().printf("%s: %,d operators, %,d multiply-accumulates, %,d parameters%n",
                report.name(), report.operators().size(), report.macs(), report.parameters());
        report.inputs().forEach(tensor -> printTensor("input", tensor));
        report.outputs().forEach(tensor -> printTensor("output", tensor));
        if (!report.labels().isEmpty()) {
            out().println("labels  " + String.join(", ", report.labels()));
        }
        out().printf("%n%4s %-24s %-20s %16s %12s%n", "", "operator", "output", "macs", "parameters");
        report.operators().forEach(entry -> out().printf("%4d %-24s %-20s %,16d %,12d%n",
                entry.index(), entry.operator(), shape(entry.outputShape()), entry.macs(), entry.parameters()));
    }

    private void printTensor(String role, TensorEntry tensor) {
        String quantised = tensor.scale() == null ? "" : ", scale " + tensor.scale() + ", zero point " + tensor.zeroPoint();
        out().printf("%-7s tensor %d '%s' %s %s%s%n",
                role, tensor.index(), tensor.name(), tensor.type(), shape(tensor.shape()), quantised);
    }

    private static String shape(List<Integer> dimensions) {
        return String.join(" x ", dimensions.stream().map(String::valueOf).toList());
    }
}
