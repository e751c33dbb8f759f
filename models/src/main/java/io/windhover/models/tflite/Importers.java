// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.tflite.OperatorImporter.single;
import static java.util.Map.entry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which importer reads which of TFLite's operators. */
final class Importers {
    private static final Map<Integer, OperatorImporter> ALL = Map.ofEntries(
            entry(BuiltinOperator.ABS, single(TableImporter::readAbsolute)),
            entry(BuiltinOperator.ADD, ShapeArithmetic.or(ElementwiseImporter::readAdd)),
            entry(BuiltinOperator.ARG_MAX, ShapeArithmetic.or(HostImporters.arg(false))),
            entry(BuiltinOperator.ARG_MIN, ShapeArithmetic.or(HostImporters.arg(true))),
            entry(BuiltinOperator.AVERAGE_POOL_2D, single(PoolImporter::readAverage)),
            entry(BuiltinOperator.BATCH_MATMUL, MatrixImporter::read),
            entry(BuiltinOperator.BATCH_TO_SPACE_ND, Dilations::readJoin),
            entry(BuiltinOperator.BROADCAST_TO, ShapeArithmetic.or(HostImporters::readBroadcastTo)),
            entry(BuiltinOperator.CALL_ONCE, Importers::readCallOnce),
            entry(BuiltinOperator.CAST, ShapeArithmetic.or(HostImporters::readCast)),
            entry(BuiltinOperator.CONCATENATION, ShapeArithmetic.or(ConcatenationImporter::read)),
            entry(BuiltinOperator.CONV_2D, Dilations.within(single(ConvolutionImporter::read))),
            entry(BuiltinOperator.DEPTHWISE_CONV_2D, Dilations.within(single(DepthwiseConvolutionImporter::read))),
            entry(BuiltinOperator.DEPTH_TO_SPACE, single(RearrangementImporter::readDepthToSpace)),
            entry(BuiltinOperator.DEQUANTIZE, HalfConstants.or(single(TableImporter::readDequantize))),
            entry(BuiltinOperator.DIV, HostImporters::readDivide),
            entry(BuiltinOperator.ELU, single(TableImporter::readElu)),
            entry(BuiltinOperator.EXP, single(TableImporter::readExponential)),
            entry(BuiltinOperator.EXPAND_DIMS, Dilations.past(ShapeArithmetic.or(ShapeImporter::readExpandDimensions))),
            entry(BuiltinOperator.FILL, ShapeArithmetic::read),
            entry(BuiltinOperator.FULLY_CONNECTED, FullyConnectedImporter::read),
            entry(BuiltinOperator.GATHER, ShapeArithmetic.or(HostImporters::readGather)),
            entry(BuiltinOperator.GATHER_ND, ShapeArithmetic.or(MoveImporters::readGatherNd)),
            entry(BuiltinOperator.GELU, single(TableImporter::readGelu)),
            entry(BuiltinOperator.HARD_SWISH, single(TableImporter::readHardSwish)),
            entry(BuiltinOperator.L2_NORMALIZATION, single(NormalizationImporter::read)),
            entry(BuiltinOperator.LEAKY_RELU, single(RectifierImporter::readLeakyRelu)),
            entry(BuiltinOperator.LOG, single(TableImporter::readLogarithm)),
            entry(BuiltinOperator.LOGISTIC, single(TableImporter::readLogistic)),
            entry(BuiltinOperator.LOG_SOFTMAX, single(SoftmaxImporter::readLogSoftmax)),
            entry(BuiltinOperator.MAXIMUM, ShapeArithmetic.or(ElementwiseImporter::readMaximum)),
            entry(BuiltinOperator.MAX_POOL_2D, single(PoolImporter::readMaximum)),
            entry(BuiltinOperator.MEAN, MeanImporter::read),
            entry(BuiltinOperator.MINIMUM, ShapeArithmetic.or(ElementwiseImporter::readMinimum)),
            entry(BuiltinOperator.MIRROR_PAD, PadImporter::readMirrorPad),
            entry(BuiltinOperator.MUL, ShapeArithmetic.or(ElementwiseImporter::readMultiply)),
            entry(BuiltinOperator.NEG, single(TableImporter::readNegative)),
            entry(BuiltinOperator.NON_MAX_SUPPRESSION_V4, DetectionImporters::readSuppression),
            entry(BuiltinOperator.NON_MAX_SUPPRESSION_V5, DetectionImporters::readSuppression),
            entry(BuiltinOperator.PACK, ShapeArithmetic.or(ShapeImporter::readPack)),
            entry(BuiltinOperator.PAD, PadImporter::readPad),
            entry(BuiltinOperator.PADV2, PadImporter::readPadV2),
            entry(BuiltinOperator.PRELU, RectifierImporter::readPRelu),
            entry(BuiltinOperator.QUANTIZE, single(TableImporter::readQuantize)),
            entry(BuiltinOperator.RANGE, ShapeArithmetic::read),
            entry(BuiltinOperator.REDUCE_MAX, MeanImporter::readLargest),
            entry(BuiltinOperator.REDUCE_MIN, MeanImporter::readSmallest),
            entry(BuiltinOperator.RELU, single(RectifierImporter::readRelu)),
            entry(BuiltinOperator.RELU6, single(RectifierImporter::readRelu6)),
            entry(BuiltinOperator.RELU_0_TO_1, single(RectifierImporter::readRelu0To1)),
            entry(BuiltinOperator.RELU_N1_TO_1, single(RectifierImporter::readReluN1To1)),
            entry(BuiltinOperator.RESHAPE, Dilations.past(ShapeArithmetic.or(ShapeImporter::readReshape))),
            entry(BuiltinOperator.RESIZE_BILINEAR, single(RearrangementImporter::readResizeBilinear)),
            entry(BuiltinOperator.RESIZE_NEAREST_NEIGHBOR, single(RearrangementImporter::readResizeNearest)),
            entry(BuiltinOperator.REVERSE_V2, ShapeArithmetic.or(MoveImporters::readReverse)),
            entry(BuiltinOperator.RSQRT, single(TableImporter::readInverseSquareRoot)),
            entry(BuiltinOperator.SELECT, ShapeArithmetic.or(HostImporters::readSelect)),
            entry(BuiltinOperator.SELECT_V2, ShapeArithmetic.or(HostImporters::readSelectV2)),
            entry(BuiltinOperator.SHAPE, ShapeArithmetic::readShape),
            entry(BuiltinOperator.SLICE, ShapeArithmetic.or(SliceImporter::readSlice)),
            entry(BuiltinOperator.SOFTMAX, single(SoftmaxImporter::readSoftmax)),
            entry(BuiltinOperator.SPACE_TO_BATCH_ND, Dilations::readSplit),
            entry(BuiltinOperator.SPACE_TO_DEPTH, single(RearrangementImporter::readSpaceToDepth)),
            entry(BuiltinOperator.SPLIT, ShapeArithmetic.or(SliceImporter::readSplit)),
            entry(BuiltinOperator.SPLIT_V, ShapeArithmetic.or(SliceImporter::readSplitV)),
            entry(BuiltinOperator.SQRT, single(TableImporter::readSquareRoot)),
            entry(BuiltinOperator.SQUARED_DIFFERENCE, HostImporters::readSquaredDifference),
            entry(BuiltinOperator.SQUEEZE, Dilations.past(ShapeArithmetic.or(ShapeImporter::readSqueeze))),
            entry(BuiltinOperator.STRIDED_SLICE, ShapeArithmetic.or(StridedSliceImporter::read)),
            entry(BuiltinOperator.SUB, ShapeArithmetic.or(ElementwiseImporter::readSubtract)),
            entry(BuiltinOperator.SUM, MeanImporter::readSum),
            entry(BuiltinOperator.TANH, single(TableImporter::readTanh)),
            entry(BuiltinOperator.TILE, ShapeArithmetic.or(HostImporters::readTile)),
            entry(BuiltinOperator.TOPK_V2, ShapeArithmetic.or(HostImporters::readTopK)),
            entry(BuiltinOperator.TRANSPOSE, RearrangementImporter::readTranspose),
            entry(BuiltinOperator.TRANSPOSE_CONV, single(TransposedConvolutionImporter::read)),
            entry(BuiltinOperator.UNPACK, ShapeArithmetic.or(ShapeImporter::readUnpack)));

    private Importers() {}

    /** It sets variables, and what reads variables is no operator of ours. */
    private static void readCallOnce(SourceOperator source, Sink sink) {}

    /** The importer of this operator, or null when there is none. */
    static @Nullable OperatorImporter of(SourceOperator source) {
        if (source.kind().equals(DetectionImporters.POST_PROCESS)) {
            return DetectionImporters::readPostProcess;
        }
        OperatorImporter typed = source.isFloat()
                ? FloatImporters.of(source.builtin())
                : source.isInteger() ? IntegerImporters.of(source.builtin()) : null;
        return typed != null ? typed : ALL.get(source.builtin());
    }
}
