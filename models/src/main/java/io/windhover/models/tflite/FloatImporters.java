// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.tflite.OperatorImporter.single;
import static java.util.Map.entry;

import io.windhover.models.graph.Arithmetic;
import io.windhover.models.graph.Elementwise;
import io.windhover.models.graph.FloatActivation.Function;
import io.windhover.models.graph.Reduce;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Importers of operators that compute FLOAT32 values; what only moves them is read alike for all types. */
final class FloatImporters {
    private static final float UNLIMITED = Float.POSITIVE_INFINITY;

    private static final Map<Integer, OperatorImporter> ALL = Map.ofEntries(
            entry(BuiltinOperator.ABS, FloatFunctionImporter.of(Function.ABS)),
            entry(BuiltinOperator.ADD, FloatElementwiseImporter.of(Elementwise.Function.ADD)),
            entry(BuiltinOperator.AVERAGE_POOL_2D, FloatMapImporter.pool(false)),
            entry(BuiltinOperator.BATCH_MATMUL, FloatLayerImporter::readMatrix),
            entry(BuiltinOperator.CEIL, FloatFunctionImporter.of(Function.CEILING)),
            entry(BuiltinOperator.CONV_2D, Dilations.within(FloatLayerImporter::readConvolution)),
            entry(BuiltinOperator.COS, FloatFunctionImporter.of(Function.COSINE)),
            entry(BuiltinOperator.CUMSUM, HostImporters::readCumulativeSum),
            entry(BuiltinOperator.DEPTHWISE_CONV_2D, Dilations.within(FloatLayerImporter::readDepthwise)),
            entry(BuiltinOperator.DIV, FloatElementwiseImporter.of(Elementwise.Function.DIVIDE)),
            entry(BuiltinOperator.ELU, FloatFunctionImporter.of(Function.ELU, 1, 0)),
            entry(BuiltinOperator.EXP, FloatFunctionImporter.of(Function.EXP)),
            entry(BuiltinOperator.FLOOR, FloatFunctionImporter.of(Function.FLOOR)),
            entry(BuiltinOperator.FLOOR_DIV, HostImporters.arithmetic(Arithmetic.Function.FLOOR_DIVIDE)),
            entry(BuiltinOperator.FLOOR_MOD, HostImporters.arithmetic(Arithmetic.Function.FLOOR_MODULO)),
            entry(BuiltinOperator.FULLY_CONNECTED, FloatLayerImporter::readFullyConnected),
            entry(BuiltinOperator.GELU, single(FloatFunctionImporter::readGelu)),
            entry(BuiltinOperator.HARD_SWISH, FloatFunctionImporter.of(Function.HARD_SWISH)),
            entry(BuiltinOperator.L2_NORMALIZATION, NormalizationImporter::readReal),
            entry(BuiltinOperator.LEAKY_RELU, single(FloatFunctionImporter::readLeakyRelu)),
            entry(BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION, single(FloatFunctionImporter::readLocalResponse)),
            entry(BuiltinOperator.LOG, FloatFunctionImporter.of(Function.LOG)),
            entry(BuiltinOperator.LOGISTIC, FloatFunctionImporter.of(Function.LOGISTIC)),
            entry(BuiltinOperator.MAXIMUM, FloatElementwiseImporter.of(Elementwise.Function.MAXIMUM)),
            entry(BuiltinOperator.MAX_POOL_2D, FloatMapImporter.pool(true)),
            entry(BuiltinOperator.MEAN, FloatMapImporter::readMean),
            entry(BuiltinOperator.MINIMUM, FloatElementwiseImporter.of(Elementwise.Function.MINIMUM)),
            entry(BuiltinOperator.MUL, FloatElementwiseImporter.of(Elementwise.Function.MULTIPLY)),
            entry(BuiltinOperator.NEG, FloatFunctionImporter.of(Function.NEGATE)),
            entry(BuiltinOperator.PAD, FloatMapImporter::readPad),
            entry(BuiltinOperator.PADV2, FloatMapImporter::readPad),
            entry(BuiltinOperator.POW, HostImporters.arithmetic(Arithmetic.Function.POWER)),
            entry(BuiltinOperator.PRELU, FloatFunctionImporter::readPRelu),
            entry(BuiltinOperator.REDUCE_MAX, HostImporters.reduce(Reduce.Function.MAXIMUM)),
            entry(BuiltinOperator.REDUCE_MIN, HostImporters.reduce(Reduce.Function.MINIMUM)),
            entry(BuiltinOperator.REDUCE_PROD, HostImporters.reduce(Reduce.Function.PRODUCT)),
            entry(BuiltinOperator.RELU, FloatFunctionImporter.of(Function.CLAMP, 0, UNLIMITED)),
            entry(BuiltinOperator.RELU6, FloatFunctionImporter.of(Function.CLAMP, 0, 6)),
            entry(BuiltinOperator.RELU_0_TO_1, FloatFunctionImporter.of(Function.CLAMP, 0, 1)),
            entry(BuiltinOperator.RELU_N1_TO_1, FloatFunctionImporter.of(Function.CLAMP, -1, 1)),
            entry(BuiltinOperator.ROUND, FloatFunctionImporter.of(Function.ROUND)),
            entry(BuiltinOperator.RSQRT, FloatFunctionImporter.of(Function.RECIPROCAL_SQUARE_ROOT)),
            entry(BuiltinOperator.SIGN, FloatFunctionImporter.of(Function.SIGN)),
            entry(BuiltinOperator.SIN, FloatFunctionImporter.of(Function.SINE)),
            entry(BuiltinOperator.SOFTMAX, single(FloatFunctionImporter::readSoftmax)),
            entry(BuiltinOperator.SQRT, FloatFunctionImporter.of(Function.SQUARE_ROOT)),
            entry(BuiltinOperator.SQUARE, FloatElementwiseImporter::readSquare),
            entry(BuiltinOperator.SQUARED_DIFFERENCE, HostImporters.arithmetic(Arithmetic.Function.SQUARED_DIFFERENCE)),
            entry(BuiltinOperator.SUB, FloatElementwiseImporter.of(Elementwise.Function.SUBTRACT)),
            entry(BuiltinOperator.SUM, HostImporters.reduce(Reduce.Function.SUM)),
            entry(BuiltinOperator.TANH, FloatFunctionImporter.of(Function.TANH)),
            entry(BuiltinOperator.TRANSPOSE_CONV, FloatLayerImporter::readTransposed));

    private FloatImporters() {}

    /** The importer of this builtin operator over floats, or null when it is read alike for all types or not at all. */
    static @Nullable OperatorImporter of(int builtin) {
        return ALL.get(builtin);
    }
}
