// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What an operator may be given, from ONNX's definitions since operator set 7, those of its contributed operators and
 * QONNX's. An input or attribute beyond these would change the meaning in a way that nobody here has read about.
 *
 * @param inputs how many inputs it takes at most
 * @param attributes the attributes it has in any operator set
 */
record Signature(int inputs, Set<String> attributes) {
    private static final int ANY = Integer.MAX_VALUE;
    private static final String POOL = "auto_pad ceil_mode dilations kernel_shape pads strides";
    private static final String REDUCTION = "axes keepdims noop_with_empty_axes";

    private static final Map<String, Signature> OF = Map.ofEntries(
            of("Abs", 1, ""),
            of("Add", 2, ""),
            of("And", 2, ""),
            of("ArgMax", 1, "axis keepdims select_last_index"),
            of("ArgMin", 1, "axis keepdims select_last_index"),
            of("AveragePool", 1, POOL + " count_include_pad"),
            of("BatchNormalization", 5, "epsilon momentum spatial training_mode"),
            of("BipolarQuant", 2, ""),
            of("Cast", 1, "round_mode saturate to"),
            of("Ceil", 1, ""),
            of("Celu", 1, "alpha"),
            of("Clip", 3, "max min"),
            of("Concat", ANY, "axis"),
            of("Constant", 0, "sparse_value value value_float value_floats value_int value_ints value_string"),
            of("ConstantOfShape", 1, "value"),
            of("Conv", 3, "auto_pad dilations group kernel_shape pads strides"),
            of("ConvTranspose", 3, "auto_pad dilations group kernel_shape output_padding output_shape pads strides"),
            of("ConvInteger", 4, "auto_pad dilations group kernel_shape pads strides"),
            of("Cos", 1, ""),
            of("DepthToSpace", 1, "blocksize mode"),
            of("DequantizeLinear", 3, "axis block_size output_dtype"),
            of("Div", 2, ""),
            of("Dropout", 3, "ratio seed"),
            of("DynamicQuantizeLinear", 1, ""),
            of("Elu", 1, "alpha"),
            of("Equal", 2, ""),
            of("Erf", 1, ""),
            of("Exp", 1, ""),
            of("Expand", 2, ""),
            of("Flatten", 1, "axis"),
            of("Floor", 1, ""),
            of("Gather", 2, "axis"),
            of("Gelu", 1, "approximate"),
            of("Gemm", 3, "alpha beta transA transB"),
            of("GlobalAveragePool", 1, ""),
            of("GlobalMaxPool", 1, ""),
            of("Greater", 2, ""),
            of("GreaterOrEqual", 2, ""),
            of("HardSigmoid", 1, "alpha beta"),
            of("HardSwish", 1, ""),
            of("Identity", 1, ""),
            of("InstanceNormalization", 3, "epsilon"),
            of("IntQuant", 4, "narrow rounding_mode signed"),
            of("LRN", 1, "alpha beta bias size"),
            of("LayerNormalization", 3, "axis epsilon stash_type"),
            of("LeakyRelu", 1, "alpha"),
            of("Less", 2, ""),
            of("LessOrEqual", 2, ""),
            of("Log", 1, ""),
            of("LogSoftmax", 1, "axis"),
            of("MatMul", 2, ""),
            of("MatMulInteger", 4, ""),
            of("Max", ANY, ""),
            of("MaxPool", 1, POOL + " storage_order"),
            of("Mean", ANY, ""),
            of("Min", ANY, ""),
            of("Mish", 1, ""),
            of("Mul", 2, ""),
            of("MultiThreshold", 2, "data_layout out_bias out_dtype out_scale"),
            of("Neg", 1, ""),
            of("NhwcMaxPool", 1, POOL),
            of("NonMaxSuppression", 5, "center_point_box"),
            of("Not", 1, ""),
            of("Or", 2, ""),
            of("PRelu", 2, ""),
            of("Pad", 4, "mode pads value"),
            of("Pow", 2, ""),
            of("QGemm", 9, "alpha transA transB"),
            of("QLinearAdd", 8, ""),
            of("QLinearAveragePool", 5, POOL + " channels_last count_include_pad"),
            of("QLinearConcat", ANY, "axis"),
            of("QLinearConv", 9, "auto_pad channels_last dilations group kernel_shape pads strides"),
            of("QLinearGlobalAveragePool", 5, "channels_last"),
            of("QLinearLeakyRelu", 5, "alpha"),
            of("QLinearMatMul", 8, ""),
            of("QLinearMul", 8, ""),
            of("QLinearReduceMean", 5, REDUCTION),
            of("QLinearSigmoid", 5, ""),
            of("QLinearSoftmax", 5, "axis opset"),
            of("Quant", 4, "narrow rounding_mode signed"),
            of("QuantizeLinear", 3, "axis block_size output_dtype precision saturate"),
            of("Range", 3, ""),
            of("Reciprocal", 1, ""),
            of("ReduceL1", 2, REDUCTION),
            of("ReduceL2", 2, REDUCTION),
            of("ReduceMax", 2, REDUCTION),
            of("ReduceMean", 2, REDUCTION),
            of("ReduceMin", 2, REDUCTION),
            of("ReduceProd", 2, REDUCTION),
            of("ReduceSum", 2, REDUCTION),
            of("ReduceSumSquare", 2, REDUCTION),
            of("Relu", 1, ""),
            of("Reshape", 2, "allowzero"),
            of(
                    "Resize",
                    4,
                    "antialias axes coordinate_transformation_mode cubic_coeff_a exclude_outside extrapolation_value "
                            + "keep_aspect_ratio_policy mode nearest_mode"),
            of("Round", 1, ""),
            of("Selu", 1, "alpha gamma"),
            of("Shape", 1, "end start"),
            of("Sigmoid", 1, ""),
            of("Sign", 1, ""),
            of("Sin", 1, ""),
            of("Size", 1, ""),
            of("Slice", 5, "axes ends starts"),
            of("Softmax", 1, "axis"),
            of("Softplus", 1, ""),
            of("Softsign", 1, ""),
            of("SpaceToDepth", 1, "blocksize"),
            of("Split", 2, "axis num_outputs split"),
            of("Sqrt", 1, ""),
            of("Squeeze", 2, "axes"),
            of("Sub", 2, ""),
            of("Sum", ANY, ""),
            of("Swish", 1, "alpha"),
            of("Tanh", 1, ""),
            of("ThresholdedRelu", 1, "alpha"),
            of("Tile", 2, ""),
            of("TopK", 2, "axis k largest sorted"),
            of("Transpose", 1, "perm"),
            of("Trunc", 6, "narrow rounding_mode signed"),
            of("Unsqueeze", 2, "axes"),
            of("Upsample", 2, "mode scales"),
            of("Where", 3, ""),
            of("Xor", 2, ""));

    private static Map.Entry<String, Signature> of(String operator, int inputs, String attributes) {
        return entry(operator, new Signature(inputs, Set.of(attributes.split(" "))));
    }

    /** Refuses a node of a supported operator with more than this. */
    static void require(SourceNode node) {
        Signature signature = Objects.requireNonNull(OF.get(node.operator()), node.operator());
        node.require(
                node.inputs().size() <= signature.inputs,
                "it has %d inputs; %d are known.",
                node.inputs().size(),
                signature.inputs);
        for (String attribute : node.attributes().keySet()) {
            node.require(
                    signature.attributes.contains(attribute),
                    "it has an attribute '%s', whose meaning is not known; remove it if it has none.",
                    attribute);
        }
    }
}
