package io.windhover.models.tflite;

import static io.windhover.models.tflite.OperatorImporter.single;
import static java.util.Map.entry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which importer reads which of TFLite's operators. */
final class Importers {
    private static final Map<Integer, OperatorImporter> ALL = Map.ofEntries(
            entry(BuiltinOperator.ADD, single(ElementwiseImporter::readAdd)),
            entry(BuiltinOperator.AVERAGE_POOL_2D, single(PoolImporter::readAverage)),
            entry(BuiltinOperator.CONCATENATION, single(LayoutImporter::readConcatenation)),
            entry(BuiltinOperator.CONV_2D, single(ConvolutionImporter::read)),
            entry(BuiltinOperator.DEPTHWISE_CONV_2D, single(DepthwiseConvolutionImporter::read)),
            entry(BuiltinOperator.DEQUANTIZE, single(TableImporter::readDequantize)),
            entry(BuiltinOperator.EXPAND_DIMS, single(LayoutImporter::readReshape)),
            entry(BuiltinOperator.FULLY_CONNECTED, single(FullyConnectedImporter::read)),
            entry(BuiltinOperator.LOGISTIC, single(TableImporter::readLogistic)),
            entry(BuiltinOperator.LOG_SOFTMAX, single(SoftmaxImporter::readLogSoftmax)),
            entry(BuiltinOperator.MAX_POOL_2D, single(PoolImporter::readMaximum)),
            entry(BuiltinOperator.MEAN, single(MeanImporter::read)),
            entry(BuiltinOperator.MUL, single(ElementwiseImporter::readMultiply)),
            entry(BuiltinOperator.PAD, single(LayoutImporter::readPad)),
            entry(BuiltinOperator.QUANTIZE, single(TableImporter::readQuantize)),
            entry(BuiltinOperator.RELU, single(TableImporter::readRelu)),
            entry(BuiltinOperator.RELU6, single(TableImporter::readRelu6)),
            entry(BuiltinOperator.RESHAPE, single(LayoutImporter::readReshape)),
            entry(BuiltinOperator.SOFTMAX, single(SoftmaxImporter::readSoftmax)),
            entry(BuiltinOperator.SQUEEZE, single(LayoutImporter::readReshape)),
            entry(BuiltinOperator.TANH, single(TableImporter::readTanh)));

    private Importers() {}

    /** The importer of this builtin operator, or null when there is none. */
    static @Nullable OperatorImporter of(int builtin) {
        return ALL.get(builtin);
    }
}
