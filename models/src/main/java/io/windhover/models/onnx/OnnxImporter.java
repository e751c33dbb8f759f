// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static java.util.Map.entry;

import io.windhover.models.FileContents;
import io.windhover.models.ModelException;
import io.windhover.models.graph.Compare;
import io.windhover.models.graph.FloatActivation.Function;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.InputShapes;
import io.windhover.models.graph.Logical;
import io.windhover.models.graph.Reduce;
import io.windhover.models.inspect.FileOperator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads ONNX files: float, QDQ and QLinear, and QONNX. Tensors are NHWC, also the network's inputs and outputs; indexes
 * count the outputs of all nodes in the file's order, then the inputs, then the tensors that are not in the file.
 */
public final class OnnxImporter {
    /** Largest file read unless the caller says otherwise. */
    public static final long DEFAULT_LIMIT_BYTES = 512L << 20;

    static final String MICROSOFT = "com.microsoft";
    private static final Map<String, NodeImporter> STANDARD = standard();
    private static final Map<String, NodeImporter> QLINEAR = Map.ofEntries(
            entry("QLinearConv", QLinearNodes::convolution),
            entry("QLinearMatMul", QLinearNodes::matMul),
            entry("QGemm", QLinearNodes::gemm),
            entry("QLinearAdd", QLinearNodes::add),
            entry("QLinearMul", QLinearNodes::multiply),
            entry("QLinearConcat", QLinearNodes::concatenate),
            entry("QLinearAveragePool", QLinearNodes::average),
            entry("QLinearGlobalAveragePool", QLinearNodes::globalAverage),
            entry("QLinearReduceMean", QLinearNodes::reduceMean),
            entry("QLinearSigmoid", QLinearNodes::sigmoid),
            entry("QLinearLeakyRelu", QLinearNodes::leakyRelu),
            entry("QLinearSoftmax", QLinearNodes::softmax),
            entry("QuantizeLinear", QuantizeNodes::quantize),
            entry("DequantizeLinear", QuantizeNodes::dequantize));
    private static final Map<String, NodeImporter> LOW_BIT = Map.of(
            "Quant",
            QonnxNodes::quant,
            "IntQuant",
            QonnxNodes::quant,
            "BipolarQuant",
            QonnxNodes::bipolar,
            "MultiThreshold",
            QonnxNodes::multiThreshold,
            "Trunc",
            TruncNodes::read);

    private OnnxImporter() {}

    private static Map<String, NodeImporter> standard() {
        Map<String, NodeImporter> importers = new HashMap<>();
        for (String operator : List.of("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum")) {
            importers.put(operator, ElementwiseNodes::read);
        }
        for (String operator : List.of("Reshape", "Flatten", "Squeeze", "Unsqueeze")) {
            importers.put(operator, ShapeNodes::reshape);
        }
        importers.putAll(Map.ofEntries(
                entry("Conv", WeightedNodes::convolution),
                entry("ConvTranspose", WeightedNodes::transposed),
                entry("Gemm", WeightedNodes::gemm),
                entry("MatMul", WeightedNodes::matMul),
                entry("BatchNormalization", AffineNodes::batchNormalization),
                entry("Relu", ActivationNodes::relu),
                entry("LeakyRelu", ActivationNodes::leakyRelu),
                entry("PRelu", Rectifiers::read),
                entry("Clip", ActivationNodes::clip),
                entry("Sigmoid", ActivationNodes.function(Function.LOGISTIC)),
                entry("HardSigmoid", ActivationNodes::hardSigmoid),
                entry("HardSwish", ActivationNodes.function(Function.HARD_SWISH)),
                entry("Tanh", ActivationNodes.function(Function.TANH)),
                entry("Elu", ActivationNodes::elu),
                entry("Selu", ActivationNodes::selu),
                entry("Celu", ActivationNodes::celu),
                entry("ThresholdedRelu", ActivationNodes::thresholdedRelu),
                entry("Softsign", ActivationNodes.function(Function.SOFTSIGN)),
                entry("Mish", ActivationNodes.function(Function.MISH)),
                entry("Gelu", ActivationNodes::gelu),
                entry("Swish", ActivationNodes::swish),
                entry("Abs", ActivationNodes.function(Function.ABS)),
                entry("Sqrt", ActivationNodes.function(Function.SQUARE_ROOT)),
                entry("Exp", ActivationNodes.function(Function.EXP)),
                entry("Neg", ActivationNodes.function(Function.NEGATE)),
                entry("Log", ActivationNodes.function(Function.LOG)),
                entry("Sin", ActivationNodes.function(Function.SINE)),
                entry("Cos", ActivationNodes.function(Function.COSINE)),
                entry("Reciprocal", ActivationNodes.function(Function.RECIPROCAL)),
                entry("Floor", ActivationNodes.function(Function.FLOOR)),
                entry("Ceil", ActivationNodes.function(Function.CEILING)),
                entry("Round", ActivationNodes.function(Function.ROUND)),
                entry("Sign", ActivationNodes.function(Function.SIGN)),
                entry("Erf", ActivationNodes.function(Function.ERF)),
                entry("Softplus", ActivationNodes.function(Function.SOFTPLUS)),
                entry("Pow", ActivationNodes::power),
                entry("Softmax", ActivationNodes::softmax),
                entry("LogSoftmax", ActivationNodes::logSoftmax),
                entry("LRN", ActivationNodes::localResponse)));
        importers.putAll(Map.ofEntries(
                entry("MaxPool", PoolNodes::maximum),
                entry("AveragePool", PoolNodes::average),
                entry("GlobalAveragePool", PoolNodes::globalAverage),
                entry("GlobalMaxPool", PoolNodes::globalMaximum),
                entry("ReduceMean", PoolNodes::reduceMean),
                entry("ReduceL1", FormulaNodes::l1),
                entry("ReduceL2", FormulaNodes::l2),
                entry("ReduceSumSquare", FormulaNodes::sumSquare),
                entry("Mean", FormulaNodes::mean),
                entry("InstanceNormalization", FormulaNodes::instanceNormalization),
                entry("LayerNormalization", FormulaNodes::layerNormalization),
                entry("Tile", FormulaNodes::tile),
                entry("Expand", FormulaNodes::expand),
                entry("Concat", MovingNodes::concatenate),
                entry("Split", MovingNodes::split),
                entry("Slice", MovingNodes::slice),
                entry("Pad", PadNodes::read),
                entry("DepthToSpace", MovingNodes::depthToSpace),
                entry("SpaceToDepth", MovingNodes::spaceToDepth),
                entry("Resize", ResizeNodes::read),
                entry("Upsample", ResizeNodes::read),
                entry("Transpose", ShapeNodes::transpose),
                entry("Identity", ShapeNodes::identity),
                entry("Dropout", ShapeNodes::dropout),
                entry("Cast", ShapeNodes::cast),
                entry("ArgMax", HostNodes.arg(false)),
                entry("ArgMin", HostNodes.arg(true)),
                entry("ReduceMax", HostNodes.reduce(Reduce.Function.MAXIMUM)),
                entry("ReduceMin", HostNodes.reduce(Reduce.Function.MINIMUM)),
                entry("ReduceSum", HostNodes.reduce(Reduce.Function.SUM)),
                entry("Gather", HostNodes::gather),
                entry("NonMaxSuppression", HostNodes::suppress),
                entry("TopK", HostNodes::topK),
                entry("DynamicQuantizeLinear", DynamicNodes::quantize),
                entry("ConvInteger", DynamicNodes::convolution),
                entry("MatMulInteger", DynamicNodes::matMul)));
        importers.putAll(Map.of(
                "Equal", TruthNodes.compare(Compare.Function.EQUAL),
                "Greater", TruthNodes.compare(Compare.Function.GREATER),
                "GreaterOrEqual", TruthNodes.compare(Compare.Function.GREATER_EQUAL),
                "Less", TruthNodes.compare(Compare.Function.LESS),
                "LessOrEqual", TruthNodes.compare(Compare.Function.LESS_EQUAL),
                "And", TruthNodes.logical(Logical.Function.AND),
                "Or", TruthNodes.logical(Logical.Function.OR),
                "Xor", TruthNodes.logical(Logical.Function.XOR),
                "Not", TruthNodes.logical(Logical.Function.NOT),
                "Where", TruthNodes::choose));
        return Map.copyOf(importers);
    }

    /**
     * Whether bytes may be an ONNX file. The format has no magic number, so this looks for a version and a producer or
     * a graph at the start.
     */
    public static boolean looksLike(byte[] contents) {
        return contents.length > 8
                && contents[0] == 0x08
                && contents[1] > 0
                && contents[1] < 64
                && (contents[2] == 0x12
                        || contents[2] == 0x1A
                        || contents[2] == 0x22
                        || contents[2] == 0x28
                        || contents[2] == 0x3A
                        || contents[2] == 0x42);
    }

    /** Reads a file of at most {@link #DEFAULT_LIMIT_BYTES}. */
    public static Graph read(Path file) throws IOException {
        return read(file, DEFAULT_LIMIT_BYTES);
    }

    /**
     * Reads a file of at most this size; throws {@link ModelException} when it is damaged or contains something
     * unsupported.
     */
    public static Graph read(Path file, long limitBytes) throws IOException {
        return read(file, FileContents.read(file, limitBytes), limitBytes, InputShapes.NONE)
                .graph();
    }

    /**
     * What a file holds.
     *
     * @param outside a digest (SHA-256) of the constants that it keeps in other files, empty where it keeps none there
     */
    public record Imported(Graph graph, byte[] outside) {}

    /**
     * Reads the contents of a file, which messages name; what it keeps in other files is read from its folder.
     *
     * @param limitBytes of all these files together
     * @param shapes of the inputs whose sizes the file leaves open
     */
    public static Imported read(Path file, byte[] contents, long limitBytes, InputShapes shapes) {
        return named(file, () -> {
            ExternalData outside = ExternalData.in(file.resolveSibling(""), limitBytes - contents.length);
            String name = file.getFileName().toString().replaceFirst("\\.onnx$", "");
            return new Imported(read(name, contents, outside, shapes), outside.digest());
        });
    }

    /** The {@link Imported#outside} of a file, without reading it as a network. */
    public static byte[] outside(Path file, byte[] contents, long limitBytes) {
        return named(file, () -> {
            ExternalData outside = ExternalData.in(file.resolveSibling(""), limitBytes - contents.length);
            SourceModel unused = SourceModel.read(contents, outside);
            return outside.digest();
        });
    }

    /** The nodes of a file, each read for itself; throws {@link ModelException} where the file cannot be parsed. */
    public static List<FileOperator> operators(Path file, byte[] contents, long limitBytes, InputShapes shapes) {
        ExternalData outside = ExternalData.in(file.resolveSibling(""), limitBytes - contents.length);
        SourceModel model = SourceModel.read(contents, outside);
        SourceModel used = model.used();
        Translation network = new Translation(used, contents.length + outside.bytesRead());
        Map<String, String> missing = new HashMap<>();
        feed(network, shapes, missing);
        List<FileOperator> operators = new ArrayList<>();
        Set<Integer> needed = used.nodes().stream().map(SourceNode::index).collect(Collectors.toSet());
        for (SourceNode node : model.nodes()) {
            operators.add(
                    needed.contains(node.index())
                            ? operator(network, node, missing)
                            : FileOperator.unused(node.index(), node.operator(), title(node)));
        }
        return operators;
    }

    /** The file's name of a node, or of what it makes. */
    private static String title(SourceNode node) {
        return node.name().isEmpty() && !node.outputs().isEmpty()
                ? node.outputs().get(0)
                : node.name();
    }

    private static void feed(Translation network, InputShapes shapes, Map<String, String> missing) {
        try {
            Inputs.feed(network, shapes);
        } catch (ModelException problem) {
            network.model.inputs().forEach(input -> missing.put(input.name(), "the network's inputs cannot be used"));
        }
    }

    /** Notes the outputs of a node that cannot be used as missing. */
    private static FileOperator operator(Translation network, SourceNode node, Map<String, String> missing) {
        String name = title(node);
        String cause = null;
        for (String input : node.inputs()) {
            cause = cause == null ? missing.get(input) : cause;
        }
        try {
            requireSupported(node);
            if (cause == null) {
                read(network, node);
                return FileOperator.supported(node.index(), node.operator(), name);
            }
            String known = cause;
            node.outputs().forEach(output -> missing.put(output, known));
            return FileOperator.unknown(node.index(), node.operator(), name, known);
        } catch (ModelException problem) {
            node.outputs().forEach(output -> missing.put(output, "it reads what operator " + node.index() + " makes"));
            return FileOperator.unsupported(node.index(), node.operator(), name, problem);
        }
    }

    private static <T> T named(Path file, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (ModelException problem) {
            throw new ModelException("Model file " + file + ": " + problem.getMessage(), problem);
        }
    }

    /** Reads the bytes from position 0 to the limit of a buffer, which must hold the whole model. */
    public static Graph read(String name, ByteBuffer contents) {
        byte[] file = new byte[contents.limit()];
        contents.duplicate().rewind().get(file);
        return read(name, file, ExternalData.none(), InputShapes.NONE);
    }

    private static Graph read(String name, byte[] file, ExternalData outside, InputShapes shapes) {
        SourceModel model = SourceModel.read(file, outside).used();
        model.nodes().forEach(OnnxImporter::requireSupported);
        Translation network = new Translation(model, file.length + outside.bytesRead());
        Inputs.feed(network, shapes);
        for (SourceNode node : model.nodes()) {
            read(network, node);
        }
        boolean openBatch = model.inputs().stream().anyMatch(SourceValue::hasOpenBatch);
        List<Activation> results = new ArrayList<>();
        Outputs outputs = new Outputs(network);
        for (SourceValue output : model.outputs()) {
            Activation result = outputs.result(output.name());
            output.requireType(
                    result.codes() == null
                            ? ElementType.of(network.draft(result).type)
                            : result.codes().type());
            output.requireShape(network.whole(result.dimensions()), openBatch);
            results.add(result);
        }
        network.keepOnly(results.stream().map(Activation::tensorId).toList());
        OneBitLayers none = OneBitLayers.none(network);
        AffineInputs.fold(network, none);
        JoinedInputs.split(network, none);
        WideWeights.split(network, none);
        Rectifiers.split(network);
        SharedAverages.split(network, results);
        return graph(name, network, results, model.outputs()).withBatch(network.batch());
    }

    /**
     * Networks with one-bit activations are chains of layers over bits where they can be, otherwise graphs of codes.
     */
    private static Graph graph(String name, Translation network, List<Activation> results, List<SourceValue> outputs) {
        if (OneBitLayers.isBinary(network)) {
            try {
                return new Emission(name, network, results, outputs, OneBitLayers.none(network)).graph();
            } catch (ModelException noChain) {
                OneBitLayers signs = OneBitLayers.rewrite(network);
                AffineInputs.fold(network, signs);
                JoinedInputs.split(network, signs);
                WideWeights.split(network, signs);
                return new Emission(name, network, results, outputs, signs).graph();
            }
        }
        return new Emission(name, network, results, outputs, OneBitLayers.none(network)).graph();
    }

    /** Whether the operator is one of QONNX. */
    static boolean isLowBit(String operator) {
        return LOW_BIT.containsKey(operator);
    }

    static @Nullable NodeImporter importer(SourceNode node) {
        NodeImporter quantised =
                node.domain().isEmpty() || node.domain().equals(MICROSOFT) ? QLINEAR.get(node.operator()) : null;
        if (ChannelsLast.isIn(node)) {
            return ChannelsLast::read;
        }
        return quantised != null
                ? quantised
                : QonnxNodes.isDomain(node.domain())
                        ? LOW_BIT.get(node.operator())
                        : node.domain().isEmpty() ? STANDARD.get(node.operator()) : null;
    }

    private static void requireSupported(SourceNode node) {
        node.require(
                node.attributes().values().stream().noneMatch(one -> one.kind() == Attribute.Kind.GRAPH),
                "it holds a graph of its own; export the model without control flow.");
        node.require(!node.outputs().isEmpty(), "it has no output.");
        node.require(
                importer(node) != null || ConstantFolder.isKnown(node),
                "Windhover has no such operator%s; replace it in the model or export another part.",
                node.domain().isEmpty() ? "" : " of the domain '" + node.domain() + "'");
        Signature.require(node);
    }

    private static void read(Translation network, SourceNode node) {
        try {
            network.requireInputs(node);
            if (ConstantFolder.applies(network, node)) {
                ConstantFolder.fold(network, node);
            } else {
                SourceNode one = FixedBatch.ofOneFrame(network, node);
                one.requirePresent(importer(one), "it computes per frame what is supported for constants only.")
                        .read(network, one);
            }
            network.finish(node);
        } catch (ModelException problem) {
            throw problem.getMessage().startsWith("Operator ")
                    ? problem
                    : new ModelException(node.title() + " cannot be used: " + problem.getMessage(), problem);
        } catch (ArithmeticException problem) {
            throw new ModelException(node.title() + " cannot be used: its sizes are too large.", problem);
        }
    }
}
