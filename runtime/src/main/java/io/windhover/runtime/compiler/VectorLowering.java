package io.windhover.runtime.compiler;

import io.windhover.driver.contract.Contract;
import io.windhover.driver.contract.Contract.VectorOperation;
import io.windhover.models.graph.Add;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.BinaryMaxPool;
import io.windhover.models.graph.Broadcast;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import java.util.List;

/** Pools, element-wise operators and tables, for the vector engine. */
final class VectorLowering {
    private final Lowering lowering;

    VectorLowering(Lowering lowering) {
        this.lowering = lowering;
    }

    void lower(MaxPool operator) {
        int offset = lowering.offset(operator.output());
        pool(operator, operator.window(), VectorStage.Mode.pool(VectorOperation.MAXIMUM_POOL, operator.clampMin() - offset, operator.clampMax() - offset));
    }

    void lower(BinaryMaxPool operator) {
        pool(operator, operator.window(), VectorStage.Mode.pool(VectorOperation.OR_POOL, -128, 127));
    }

    void lower(AveragePool operator) {
        Window window = operator.window();
        int positions = window.kernelHeight() * window.kernelWidth();
        if (positions > Contract.AVERAGE_POSITIONS) {
            throw CompileException.layer(operator.name(), "it averages %d positions, more than %d; use a mean over the whole map.",
                    positions, Contract.AVERAGE_POSITIONS);
        }
        if (lowering.tensor(operator.input()).type() == TensorType.UINT8) {
            throw CompileException.layer(operator.name(), "average pooling of UINT8 rounds differently; quantise the model to INT8.");
        }
        pool(operator, window, VectorStage.Mode.pool(VectorOperation.AVERAGE_POOL, operator.clampMin(), operator.clampMax()));
    }

    private void pool(Operator operator, Window window, VectorStage.Mode mode) {
        if (window.dilationY() != 1 || window.dilationX() != 1) {
            throw CompileException.layer(operator.name(), "dilated pooling is not supported.");
        }
        MapNode input = lowering.map(operator, operator.input());
        stage(operator, List.of(input), Geometry.of(window), mode);
    }

    void lower(LookupTable operator) {
        int inputOffset = lowering.offset(operator.input());
        int outputOffset = lowering.offset(operator.output());
        Value value = lowering.value(operator, operator.input());
        if (value.isInput() && Tables.isIdentity(operator, inputOffset, outputOffset)) {
            keepForDump(operator, inputOffset, outputOffset);
            lowering.bind(operator.output(), value.reshaped(lowering.tensor(operator.output()).shape()));
            return;
        }
        table(operator, inputOffset, outputOffset);
    }

    /** A table that changes no code on chip (UINT8 to INT8 of the same scale) is the input itself; only a dump needs its tensor. */
    private void keepForDump(LookupTable operator, int inputOffset, int outputOffset) {
        if (lowering.everyTensor) {
            table(operator, inputOffset, outputOffset);
            lowering.keepForDump(operator.output());
        }
    }

    private void table(LookupTable operator, int inputOffset, int outputOffset) {
        byte[] table = Tables.vector(operator, inputOffset, outputOffset);
        stage(operator, List.of(lowering.map(operator, operator.input())), Geometry.POINT,
                new VectorStage.Mode(VectorOperation.TABLE, 0, 0, 0, -128, 127, 0, 0, false, lowering.constants.append(table)));
    }

    void lower(Add operator) {
        int first = operator.inputs()[0];
        int second = operator.inputs()[1];
        byte[] table = Tables.addition(operator, lowering.offset(first), lowering.offset(second));
        Rescale result = operator.result();
        int offset = lowering.offset(operator.output());
        stage(operator, operands(operator), Geometry.POINT,
                new VectorStage.Mode(VectorOperation.ADD, result.multiplier(), result.shift(), operator.outputZeroPoint() - offset,
                        operator.clampMin() - offset, operator.clampMax() - offset, 0, 0, broadcasts(operator), lowering.constants.append(table)));
    }

    void lower(Multiply operator) {
        int offset = lowering.offset(operator.output());
        stage(operator, operands(operator), Geometry.POINT,
                new VectorStage.Mode(VectorOperation.MULTIPLY, operator.rescale().multiplier(), operator.rescale().shift(),
                        operator.outputZeroPoint() - offset, operator.clampMin() - offset, operator.clampMax() - offset,
                        operator.firstZeroPoint() - lowering.offset(operator.inputs()[0]),
                        operator.secondZeroPoint() - lowering.offset(operator.inputs()[1]), broadcasts(operator), -1));
    }

    private boolean broadcasts(Operator operator) {
        return broadcast(operator) != Broadcast.NONE;
    }

    private Broadcast broadcast(Operator operator) {
        return Broadcast.of(operator, lowering.tensor(operator.inputs()[0]), lowering.tensor(operator.inputs()[1]));
    }

    private List<MapNode> operands(Operator operator) {
        Tensor first = lowering.tensor(operator.inputs()[0]);
        Tensor second = lowering.tensor(operator.inputs()[1]);
        if (first.isConstant()) {
            return List.of(lowering.constantMap(first), operand(operator, second, first.shape().channels()));
        }
        return List.of(lowering.map(operator, first.index()), operand(operator, second, first.shape().channels()));
    }

    private MapNode operand(Operator operator, Tensor second, int channels) {
        boolean scalar = broadcast(operator) == Broadcast.SCALAR && channels > 1;
        if (!second.isConstant()) {
            if (scalar) {
                throw CompileException.layer(operator.name(), "its second operand is one computed value for all channels; repeat it per channel.");
            }
            return lowering.map(operator, second.index());
        }
        return lowering.constantMap(scalar ? repeated(second, channels) : second);
    }

    private static Tensor repeated(Tensor scalar, int channels) {
        byte[] values = new byte[channels];
        java.util.Arrays.fill(values, java.util.Objects.requireNonNull(scalar.constant())[0]);
        return new Tensor(scalar.index(), scalar.name(), scalar.type(), Shape.vector(channels), scalar.quantization(), values);
    }

    private void stage(Operator operator, List<MapNode> inputs, Geometry geometry, VectorStage.Mode mode) {
        lowering.add(new VectorStage(operator.name(), lowering.layer(operator), inputs, lowering.outputMap(operator.output()), geometry, mode));
    }
}
