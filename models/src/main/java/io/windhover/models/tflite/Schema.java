// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

/** Numbers of the TFLite format, schema version 3: fields in the order of their tables, and enumerations. */
final class Schema {
    static final String IDENTIFIER = "TFL3";
    static final int VERSION = 3;

    private Schema() {}

    static final class Model {
        static final int VERSION = 0;
        static final int OPERATOR_CODES = 1;
        static final int SUBGRAPHS = 2;
        static final int BUFFERS = 4;
        static final int METADATA = 6;

        private Model() {}
    }

    static final class Metadata {
        static final int NAME = 0;
        static final int BUFFER = 1;

        private Metadata() {}
    }

    static final class OperatorCode {
        static final int DEPRECATED_BUILTIN_CODE = 0;
        static final int CUSTOM_CODE = 1;
        static final int BUILTIN_CODE = 3;

        private OperatorCode() {}
    }

    static final class Buffer {
        static final int DATA = 0;
        static final int OFFSET = 1;
        static final int SIZE = 2;

        private Buffer() {}
    }

    static final class SubGraph {
        static final int TENSORS = 0;
        static final int INPUTS = 1;
        static final int OUTPUTS = 2;
        static final int OPERATORS = 3;

        private SubGraph() {}
    }

    static final class Tensor {
        static final int SHAPE = 0;
        static final int TYPE = 1;
        static final int BUFFER = 2;
        static final int NAME = 3;
        static final int QUANTIZATION = 4;
        static final int SPARSITY = 6;
        static final int SHAPE_SIGNATURE = 7;

        private Tensor() {}
    }

    static final class QuantizationParameters {
        static final int SCALE = 2;
        static final int ZERO_POINT = 3;
        static final int DIMENSION = 6;

        private QuantizationParameters() {}
    }

    static final class Operator {
        static final int OPCODE_INDEX = 0;
        static final int INPUTS = 1;
        static final int OUTPUTS = 2;
        static final int OPTIONS_TYPE = 3;
        static final int OPTIONS = 4;
        static final int CUSTOM_OPTIONS = 5;

        private Operator() {}
    }

    static final class Conv2DOptions {
        static final int PADDING = 0;
        static final int STRIDE_WIDTH = 1;
        static final int STRIDE_HEIGHT = 2;
        static final int ACTIVATION = 3;
        static final int DILATION_WIDTH = 4;
        static final int DILATION_HEIGHT = 5;

        private Conv2DOptions() {}
    }

    static final class DepthwiseConv2DOptions {
        static final int PADDING = 0;
        static final int STRIDE_WIDTH = 1;
        static final int STRIDE_HEIGHT = 2;
        static final int ACTIVATION = 4;
        static final int DILATION_WIDTH = 5;
        static final int DILATION_HEIGHT = 6;

        private DepthwiseConv2DOptions() {}
    }

    static final class Pool2DOptions {
        static final int PADDING = 0;
        static final int STRIDE_WIDTH = 1;
        static final int STRIDE_HEIGHT = 2;
        static final int FILTER_WIDTH = 3;
        static final int FILTER_HEIGHT = 4;
        static final int ACTIVATION = 5;

        private Pool2DOptions() {}
    }

    static final class FullyConnectedOptions {
        static final int ACTIVATION = 0;
        static final int WEIGHTS_FORMAT = 1;

        private FullyConnectedOptions() {}
    }

    static final class ConcatenationOptions {
        static final int AXIS = 0;
        static final int ACTIVATION = 1;

        private ConcatenationOptions() {}
    }

    /** AddOptions, SubOptions and MulOptions. */
    static final class ElementwiseOptions {
        static final int ACTIVATION = 0;

        private ElementwiseOptions() {}
    }

    static final class SoftmaxOptions {
        static final int BETA = 0;

        private SoftmaxOptions() {}
    }

    static final class LocalResponseOptions {
        static final int RADIUS = 0;
        static final int BIAS = 1;
        static final int ALPHA = 2;
        static final int BETA = 3;

        private LocalResponseOptions() {}
    }

    static final class GeluOptions {
        static final int APPROXIMATE = 0;

        private GeluOptions() {}
    }

    static final class LeakyReluOptions {
        static final int ALPHA = 0;

        private LeakyReluOptions() {}
    }

    static final class ReshapeOptions {
        static final int NEW_SHAPE = 0;

        private ReshapeOptions() {}
    }

    static final class SqueezeOptions {
        static final int DIMENSIONS = 0;

        private SqueezeOptions() {}
    }

    /** SplitOptions and SplitVOptions. */
    static final class SplitOptions {
        static final int PARTS = 0;

        private SplitOptions() {}
    }

    static final class PackOptions {
        static final int COUNT = 0;
        static final int AXIS = 1;

        private PackOptions() {}
    }

    static final class UnpackOptions {
        static final int COUNT = 0;
        static final int AXIS = 1;

        private UnpackOptions() {}
    }

    static final class StridedSliceOptions {
        static final int BEGIN_MASK = 0;
        static final int END_MASK = 1;
        static final int ELLIPSIS_MASK = 2;
        static final int NEW_AXIS_MASK = 3;
        static final int SHRINK_AXIS_MASK = 4;
        static final int OFFSET = 5;

        private StridedSliceOptions() {}
    }

    static final class MirrorPadOptions {
        static final int MODE = 0;

        private MirrorPadOptions() {}
    }

    /** SpaceToDepthOptions and DepthToSpaceOptions. */
    static final class GatherOptions {
        static final int AXIS = 0;
        static final int BATCH_DIMENSIONS = 1;

        private GatherOptions() {}
    }

    static final class BlockOptions {
        static final int SIZE = 0;

        private BlockOptions() {}
    }

    static final class ResizeNearestOptions {
        static final int ALIGN_CORNERS = 0;
        static final int HALF_PIXEL_CENTERS = 1;

        private ResizeNearestOptions() {}
    }

    static final class ResizeBilinearOptions {
        static final int ALIGN_CORNERS = 2;
        static final int HALF_PIXEL_CENTERS = 3;

        private ResizeBilinearOptions() {}
    }

    static final class TransposeConvOptions {
        static final int PADDING = 0;
        static final int STRIDE_WIDTH = 1;
        static final int STRIDE_HEIGHT = 2;
        static final int ACTIVATION = 3;

        private TransposeConvOptions() {}
    }

    static final class BatchMatMulOptions {
        static final int ADJOINT_X = 0;
        static final int ADJOINT_Y = 1;

        private BatchMatMulOptions() {}
    }

    static final class CumsumOptions {
        static final int EXCLUSIVE = 0;
        static final int REVERSE = 1;

        private CumsumOptions() {}
    }

    static final class Padding {
        static final int SAME = 0;
        static final int VALID = 1;

        private Padding() {}
    }

    static final class ActivationFunction {
        static final int NONE = 0;
        static final int RELU = 1;
        static final int RELU_N1_TO_1 = 2;
        static final int RELU6 = 3;
        private static final int TANH = 4;
        private static final int SIGN_BIT = 5;

        private ActivationFunction() {}

        /** One that nothing here computes. */
        static String unsupportedName(int code) {
            return switch (code) {
                case TANH -> "TANH";
                case SIGN_BIT -> "SIGN_BIT";
                default -> "number " + code;
            };
        }
    }

    static final class Type {
        static final int FLOAT32 = 0;
        static final int FLOAT16 = 1;
        static final int INT32 = 2;
        static final int UINT8 = 3;
        static final int INT64 = 4;
        static final int BOOL = 6;
        static final int INT8 = 9;

        private static final String[] NAMES = {
            "FLOAT32",
            "FLOAT16",
            "INT32",
            "UINT8",
            "INT64",
            "STRING",
            "BOOL",
            "INT16",
            "COMPLEX64",
            "INT8",
            "FLOAT64",
            "COMPLEX128",
            "UINT64",
            "RESOURCE",
            "VARIANT",
            "UINT32",
            "UINT16",
            "INT4"
        };

        private Type() {}

        static String name(int code) {
            return code >= 0 && code < NAMES.length ? NAMES[code] : "type " + code;
        }
    }
}
