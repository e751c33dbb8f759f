package io.windhover.models.tflite;

import static io.windhover.models.ModelException.require;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads quantised TensorFlow Lite files. Tensor indexes are those of the file. */
public final class TfliteImporter {
    /** Largest file read unless the caller says otherwise. */
    public static final long DEFAULT_LIMIT_BYTES = 512L << 20;

    private static final Map<Integer, OperatorImporter> IMPORTERS = Map.ofEntries(
            Map.entry(BuiltinOperator.ADD, ElementwiseImporter::readAdd),
            Map.entry(BuiltinOperator.AVERAGE_POOL_2D, PoolImporter::readAverage),
            Map.entry(BuiltinOperator.CONCATENATION, LayoutImporter::readConcatenation),
            Map.entry(BuiltinOperator.CONV_2D, ConvolutionImporter::read),
            Map.entry(BuiltinOperator.DEPTHWISE_CONV_2D, DepthwiseConvolutionImporter::read),
            Map.entry(BuiltinOperator.DEQUANTIZE, TableImporter::readDequantize),
            Map.entry(BuiltinOperator.EXPAND_DIMS, LayoutImporter::readReshape),
            Map.entry(BuiltinOperator.FULLY_CONNECTED, FullyConnectedImporter::read),
            Map.entry(BuiltinOperator.LOGISTIC, TableImporter::readLogistic),
            Map.entry(BuiltinOperator.LOG_SOFTMAX, SoftmaxImporter::readLogSoftmax),
            Map.entry(BuiltinOperator.MAX_POOL_2D, PoolImporter::readMaximum),
            Map.entry(BuiltinOperator.MEAN, MeanImporter::read),
            Map.entry(BuiltinOperator.MUL, ElementwiseImporter::readMultiply),
            Map.entry(BuiltinOperator.PAD, LayoutImporter::readPad),
            Map.entry(BuiltinOperator.QUANTIZE, TableImporter::readQuantize),
            Map.entry(BuiltinOperator.RELU, TableImporter::readRelu),
            Map.entry(BuiltinOperator.RELU6, TableImporter::readRelu6),
            Map.entry(BuiltinOperator.RESHAPE, LayoutImporter::readReshape),
            Map.entry(BuiltinOperator.SOFTMAX, SoftmaxImporter::readSoftmax),
            Map.entry(BuiltinOperator.SQUEEZE, LayoutImporter::readReshape),
            Map.entry(BuiltinOperator.TANH, TableImporter::readTanh));

    private TfliteImporter() {}

    /** Reads a file of at most {@link #DEFAULT_LIMIT_BYTES}. */
    public static Graph read(Path file) throws IOException {
        return read(file, DEFAULT_LIMIT_BYTES);
    }

    /** Reads a file of at most this size; throws {@link ModelException} when it is damaged or holds what we do not run. */
    public static Graph read(Path file, long limitBytes) throws IOException {
        String name = file.getFileName().toString().replaceFirst("\\.tflite$", "");
        try (FileChannel channel = FileChannel.open(file)) {
            require(channel.size() <= Math.min(limitBytes, Integer.MAX_VALUE),
                    "Model file %s has %d bytes, more than the limit of %d; raise the limit if that is intended.", file,
                    channel.size(), limitBytes);
            return read(name, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
        } catch (ModelException problem) {
            throw new ModelException("Model file " + file + ": " + problem.getMessage(), problem);
        }
    }

    /** Reads the bytes from position 0 to the limit of a buffer. */
    public static Graph read(String name, ByteBuffer contents) {
        SourceModel model = new SourceModel(contents.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        List<SourceOperator> sources = model.operators();
        sources.forEach(TfliteImporter::requireSupported);
        List<Operator> operators = new ArrayList<>();
        for (SourceOperator source : sources) {
            operators.add(convert(source));
        }
        return new Graph(name, tensors(model, operators), operators, model.inputs(), model.outputs(), List.of(), null);
    }

    private static void requireSupported(SourceOperator source) {
        source.require(IMPORTERS.containsKey(source.builtin()),
                "Windhover has no such operator; replace it in the model or export another part.");
    }

    private static Operator convert(SourceOperator source) {
        try {
            return IMPORTERS.get(source.builtin()).read(source);
        } catch (ModelException problem) {
            if (problem.getMessage().startsWith("Operator ")) {
                throw problem;
            }
            throw new ModelException(String.format("Operator %d (%s): %s", source.index(), source.kind(), problem.getMessage()), problem);
        }
    }

    /** The tensors that inputs and operators refer to, in the file's order; operands that the file stores are constants. */
    private static List<Tensor> tensors(SourceModel model, List<Operator> operators) {
        Map<Integer, Tensor> used = new TreeMap<>();
        for (int input : model.inputs()) {
            used.put(input, model.tensor(input).activation());
        }
        for (Operator operator : operators) {
            for (int input : operator.inputs()) {
                used.computeIfAbsent(input, index -> operand(model, index));
            }
            for (int output : operator.outputs()) {
                used.computeIfAbsent(output, index -> model.tensor(index).activation());
            }
        }
        return List.copyOf(used.values());
    }

    private static Tensor operand(SourceModel model, int index) {
        SourceTensor source = model.tensor(index);
        Tensor tensor = source.activation();
        if (!model.isConstant(source)) {
            return tensor;
        }
        byte[] contents = model.constant(source, (int) (tensor.type().bytes(tensor.shape()) / tensor.shape().elements()));
        return new Tensor(index, tensor.name(), tensor.type(), tensor.shape(), tensor.quantization(), contents);
    }
}
