// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.ModelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files of a fixed batch above 1, read as the network of one frame: the first dimension of all that is computed is the
 * batch, outermost, and is divided by it. Nodes that may compute one frame from another are refused; what a file
 * calculates with shapes is calculated with the whole batch.
 */
final class FixedBatch {
    /** Element by element, with broadcasting. */
    private static final Set<String> ELEMENTWISE = Set.of(
            "Abs",
            "Add",
            "And",
            "BipolarQuant",
            "Cast",
            "Ceil",
            "Celu",
            "Clip",
            "Cos",
            "DequantizeLinear",
            "Div",
            "Dropout",
            "Elu",
            "Equal",
            "Erf",
            "Exp",
            "Floor",
            "Gelu",
            "Greater",
            "GreaterOrEqual",
            "HardSigmoid",
            "HardSwish",
            "Identity",
            "IntQuant",
            "LeakyRelu",
            "Less",
            "LessOrEqual",
            "Log",
            "Max",
            "Mean",
            "Min",
            "Mish",
            "Mul",
            "Neg",
            "Not",
            "Or",
            "PRelu",
            "Pow",
            "QLinearAdd",
            "QLinearLeakyRelu",
            "QLinearMul",
            "QLinearSigmoid",
            "Quant",
            "QuantizeLinear",
            "Reciprocal",
            "Relu",
            "Round",
            "Selu",
            "Sigmoid",
            "Sign",
            "Sin",
            "Softplus",
            "Softsign",
            "Sqrt",
            "Sub",
            "Sum",
            "Swish",
            "Tanh",
            "ThresholdedRelu",
            "Where",
            "Xor");

    /** Over dimensions behind the first; only their first input is computed. */
    private static final Set<String> WITHIN_FRAMES = Set.of(
            "AveragePool",
            "BatchNormalization",
            "Conv",
            "ConvTranspose",
            "DepthToSpace",
            "GlobalAveragePool",
            "GlobalMaxPool",
            "InstanceNormalization",
            "LRN",
            "MaxPool",
            "MultiThreshold",
            "QLinearAveragePool",
            "QLinearConv",
            "QLinearGlobalAveragePool",
            "SpaceToDepth");

    private static final Set<String> VIEWS = Set.of("Flatten", "Reshape", "Squeeze", "Unsqueeze");

    private final Translation network;
    private final SourceNode node;

    private FixedBatch(Translation network, SourceNode node) {
        this.network = network;
        this.node = node;
    }

    /** The node as it is for one frame. */
    static SourceNode ofOneFrame(Translation network, SourceNode node) {
        FixedBatch fixed = new FixedBatch(network, node);
        boolean ofFrames = false;
        for (int i = 0; i < node.inputs().size() && network.batch() > 1; i++) {
            ofFrames |= fixed.computed(i) != null;
        }
        return ofFrames ? fixed.ofOneFrame() : node;
    }

    private SourceNode ofOneFrame() {
        String operator = node.operator();
        if (VIEWS.contains(operator)) {
            return view();
        }
        boolean apart = ELEMENTWISE.contains(operator)
                ? isAligned()
                : operator.endsWith("Concat") ? joinsOthers() : hasOneOperand() && isWithinFrames(operator);
        if (!apart) {
            throw mixed();
        }
        return operator.equals("Resize") && node.hasInput(3) ? resize() : node;
    }

    private ModelException mixed() {
        return node.refuse(
                "it may compute one of the %d frames of its batch from another; export with batch 1.", network.batch());
    }

    /** The shape of all frames. */
    private int[] whole(Activation value) {
        return network.whole(value.dimensions());
    }

    private @Nullable Activation computed(int input) {
        return node.hasInput(input) && network.value(node, input) instanceof Activation value ? value : null;
    }

    private int rank() {
        return network.any(node, 0).dimensions().length;
    }

    /** To a shape that is written out. */
    private SourceNode view() {
        int[] target = ShapeNodes.target(network, node, whole(network.any(node, 0)));
        if (target.length == 0 || target[0] % network.batch() != 0) {
            throw mixed();
        }
        long[] shape = Arrays.stream(target).asLongStream().toArray();
        shape[0] /= network.batch();
        return node.as("Reshape", List.of(node.inputs().get(0), network.temporary(Constant.vector(shape))));
    }

    /** To sizes of which the first is that of one frame. */
    private SourceNode resize() {
        long[] sizes = network.constant(node, 3).integers().clone();
        if (sizes.length == 0 || sizes[0] != whole(network.any(node, 0))[0]) {
            throw mixed();
        }
        sizes[0] /= network.batch();
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.set(3, network.temporary(Constant.vector(sizes)));
        return node.as("Resize", inputs);
    }

    /** Whether the first dimension of every operand is the result's, or is repeated along it. */
    private boolean isAligned() {
        int rank = 0;
        int extent = 0;
        for (int i = 0; i < node.inputs().size(); i++) {
            Activation value = computed(i);
            if (value != null) {
                int[] dimensions = value.dimensions();
                if (dimensions.length == 0 || (rank != 0 && (dimensions.length != rank || dimensions[0] != extent))) {
                    return false;
                }
                rank = dimensions.length;
                extent = dimensions[0];
            }
        }
        boolean alongFrames = !isOther(node.integer("axis", 1), rank);
        for (int i = 0; i < node.inputs().size(); i++) {
            int[] dimensions = known(i);
            boolean repeated = dimensions.length == 0 || dimensions[0] == 1;
            boolean behind = dimensions.length < rank && !(dimensions.length == 1 && alongFrames);
            if (dimensions.length > rank || (!repeated && !behind)) {
                return false;
            }
        }
        return true;
    }

    /** The shape of an input that is known; no dimensions where there is none. */
    private int[] known(int input) {
        return node.hasInput(input) && computed(input) == null
                ? network.value(node, input).dimensions()
                : new int[0];
    }

    private static boolean isOther(long axis, int rank) {
        return axis != 0 && axis != -rank;
    }

    /** Concat: computed operands side by side, but not frame behind frame. */
    private boolean joinsOthers() {
        boolean others = true;
        for (int i = 0; i < node.inputs().size(); i++) {
            Activation value = computed(i);
            others &= value == null ? known(i).length < 2 : isOther(node.integer("axis", 0), value.dimensions().length);
        }
        return others;
    }

    private boolean hasOneOperand() {
        for (int i = 1; i < node.inputs().size(); i++) {
            if (computed(i) != null) {
                return false;
            }
        }
        return rank() >= 2;
    }

    private boolean isWithinFrames(String operator) {
        int rank = rank();
        return WITHIN_FRAMES.contains(operator)
                || switch (operator) {
                    case "ArgMax", "ArgMin", "Gather", "Split" -> isOther(node.integer("axis", 0), rank);
                    case "LogSoftmax", "QLinearSoftmax", "Softmax", "TopK" -> isOther(node.integer("axis", -1), rank);
                    case "Gemm" -> node.integer("transA", 0) == 0 && isRepeated(known(2));
                    case "QGemm" -> node.integer("transA", 0) == 0 && isRepeated(known(6));
                    case "MatMul" -> isMatrix(known(1), rank);
                    case "QLinearMatMul" -> isMatrix(known(3), rank);
                    case "Pad" -> PadNodes.amounts(network, node, rank).isNone(0);
                    case "QLinearReduceMean" -> reducesOthers(node.integers("axes"), rank);
                    case "ReduceL1",
                            "ReduceL2",
                            "ReduceMax",
                            "ReduceMean",
                            "ReduceMin",
                            "ReduceSum",
                            "ReduceSumSquare" ->
                        reducesOthers(
                                node.hasInput(1) ? network.constant(node, 1).integers() : node.integers("axes"), rank);
                    case "Resize", "Upsample" -> true;
                    case "Slice" -> takesAll();
                    case "Transpose" -> ShapeNodes.permutation(node, rank)[0] == 0;
                    default -> false;
                };
    }

    private static boolean isRepeated(int[] dimensions) {
        return dimensions.length < 2 || dimensions[0] == 1;
    }

    private static boolean isMatrix(int[] dimensions, int rank) {
        return dimensions.length <= 2 || (dimensions.length <= rank && dimensions[0] == 1);
    }

    private static boolean reducesOthers(long @Nullable [] axes, int rank) {
        return axes != null && axes.length > 0 && Arrays.stream(axes).allMatch(axis -> isOther(axis, rank));
    }

    private boolean takesAll() {
        int[] whole = whole(network.any(node, 0));
        SliceBounds bounds = SliceBounds.read(network, node, whole);
        return bounds.start()[0] == 0 && bounds.step()[0] == 1 && bounds.count()[0] == whole[0];
    }
}
