// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.ArgMax;
import io.windhover.models.graph.Arithmetic;
import io.windhover.models.graph.Cast;
import io.windhover.models.graph.Compare;
import io.windhover.models.graph.CumulativeSum;
import io.windhover.models.graph.Divide;
import io.windhover.models.graph.Gather;
import io.windhover.models.graph.Logical;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Reduce;
import io.windhover.models.graph.Repetition;
import io.windhover.models.graph.Select;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.SquaredDifference;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.Tile;
import io.windhover.models.graph.TopK;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Operators that order, choose and compare, and arithmetic that no engine does: the host runs them. */
final class HostImporters {
    private static final int MOST_REPEATS = 4096;

    private HostImporters() {}

    static OperatorImporter arithmetic(Arithmetic.Function function) {
        return (source, sink) -> {
            requireNoActivation(source);
            sink.add(new Arithmetic(source.name(), operands(source, sink, 2), source.outputIndexes(), function));
        };
    }

    /** ADD, SUB, MUL and DIV have an activation as their first option, others none of that type. */
    private static void requireNoActivation(SourceOperator source) {
        boolean has = switch (source.builtin()) {
            case BuiltinOperator.ADD, BuiltinOperator.SUB, BuiltinOperator.MUL, BuiltinOperator.DIV -> true;
            default -> false;
        };
        source.require(
                !has || source.byteOption(Schema.ElementwiseOptions.ACTIVATION, 0) == Schema.ActivationFunction.NONE,
                "its fused activation is not one of integers.");
    }

    /** TensorFlow Lite has it of int8 codes. */
    static void readSquaredDifference(SourceOperator source, Sink sink) {
        int[] operands = operands(source, sink, 2);
        Tensor output = source.output();
        source.requireInt8(output);
        Quantization first = source.quantization(sink.operand(operands[0]));
        Quantization second = source.quantization(sink.operand(operands[1]));
        Quantization result = source.quantization(output);
        Rescaling.Addition factors = Rescaling.squaredDifference(first.scale(), second.scale(), result.scale());
        source.require(
                factors.result().shift() <= 0, "its output's scale %s is too fine for its inputs'.", result.scale());
        sink.add(new SquaredDifference(
                source.name(),
                operands,
                source.outputIndexes(),
                first.zeroPoint(),
                factors.first(),
                second.zeroPoint(),
                factors.second(),
                result.zeroPoint(),
                factors.result()));
    }

    /** DIV of codes. */
    static void readDivide(SourceOperator source, Sink sink) {
        int[] operands = operands(source, sink, 2);
        Tensor output = source.output();
        Quantization first = source.quantization(sink.operand(operands[0]));
        Quantization second = source.quantization(sink.operand(operands[1]));
        Quantization result = source.quantization(output);
        SourceOperator.Clamp clamp = source.clamp(source.byteOption(Schema.ElementwiseOptions.ACTIVATION, 0), output);
        sink.add(new Divide(
                source.name(),
                operands,
                source.outputIndexes(),
                first.zeroPoint(),
                second.zeroPoint(),
                Rescaling.quotient(first.scale(), second.scale(), result.scale()),
                result.zeroPoint(),
                clamp.low(),
                clamp.high()));
    }

    static void readCumulativeSum(SourceOperator source, Sink sink) {
        Tensor input = first(source, sink);
        source.requireShape(input.shape().toArray());
        sink.add(new CumulativeSum(
                source.name(),
                new int[] {input.index()},
                source.outputIndexes(),
                source.axis(source.integer(1), input.shape()),
                source.byteOption(Schema.CumsumOptions.EXCLUSIVE, 0) != 0,
                source.byteOption(Schema.CumsumOptions.REVERSE, 0) != 0));
    }

    private static int[] operands(SourceOperator source, Sink sink, int count) {
        source.require(
                source.inputIndexes().length == count,
                "it has %d inputs instead of %d.",
                source.inputIndexes().length,
                count);
        int[] operands = new int[count];
        for (int i = 0; i < count; i++) {
            operands[i] = sink.operand(source.source(i).index()).index();
        }
        return operands;
    }

    private static Tensor first(SourceOperator source, Sink sink) {
        return sink.operand(source.source(0).index());
    }

    static OperatorImporter arg(boolean smallest) {
        return (source, sink) -> {
            Tensor input = first(source, sink);
            int axis = source.axis(source.integer(1), input.shape());
            sink.add(new ArgMax(
                    source.name(), new int[] {input.index()}, source.outputIndexes(), axis, smallest, false));
        };
    }

    static void readTopK(SourceOperator source, Sink sink) {
        Tensor input = first(source, sink);
        int count = source.integer(1);
        Tensor values = source.output(0);
        source.require(
                values.shape().rank() > 0 && values.shape().channels() == count,
                "it takes %d elements, but its output is %s.",
                count,
                values);
        sink.add(new TopK(
                values.name(),
                new int[] {input.index()},
                source.outputIndexes(),
                input.shape().rank() - 1,
                true));
    }

    static OperatorImporter reduce(Reduce.Function function) {
        return (source, sink) -> {
            Tensor input = first(source, sink);
            int[] axes = Arrays.stream(source.integers(1))
                    .map(axis -> source.axis(axis, input.shape()))
                    .sorted()
                    .distinct()
                    .toArray();
            sink.add(
                    new Reduce(source.name(), new int[] {input.index()}, source.outputIndexes(), axes, function, null));
        };
    }

    static OperatorImporter compare(Compare.Function function) {
        return (source, sink) -> {
            int[] operands = operands(source, sink, 2);
            Tensor left = sink.operand(operands[0]);
            Tensor right = sink.operand(operands[1]);
            Compare.Codes codes = left.type().isByte() ? codes(source, left, right) : null;
            sink.add(new Compare(source.name(), operands, source.outputIndexes(), function, codes));
        };
    }

    private static Compare.Codes codes(SourceOperator source, Tensor left, Tensor right) {
        Quantization first = source.quantization(left);
        Quantization second = source.quantization(right);
        source.require(first.scale() < 1 && second.scale() < 1, "it compares codes with a scale of 1 or more.");
        return new Compare.Codes(
                first.zeroPoint(),
                Rescaling.quantizeMultiplier(first.scale()),
                second.zeroPoint(),
                Rescaling.quantizeMultiplier(second.scale()));
    }

    static OperatorImporter logical(Logical.Function function) {
        int count = function == Logical.Function.NOT ? 1 : 2;
        return (source, sink) ->
                sink.add(new Logical(source.name(), operands(source, sink, count), source.outputIndexes(), function));
    }

    /** Its condition may be one for each row of the first dimension. */
    static void readSelect(SourceOperator source, Sink sink) {
        Shape condition = first(source, sink).shape();
        Shape chosen = source.output().shape();
        source.require(
                condition.elements() == 1 || condition.equals(chosen),
                "its condition %s is of another shape than its output %s.",
                condition,
                chosen);
        readSelectV2(source, sink);
    }

    static void readSelectV2(SourceOperator source, Sink sink) {
        int[] operands = operands(source, sink, 3);
        for (int operand : new int[] {operands[1], operands[2]}) {
            requireSameCodes(source, sink.operand(operand));
        }
        sink.add(new Select(source.name(), operands, source.outputIndexes()));
    }

    static void requireSameCodes(SourceOperator source, Tensor tensor) {
        Tensor output = source.output(0);
        source.require(
                !tensor.type().isByte()
                        || (source.quantization(tensor).scale()
                                        == source.quantization(output).scale()
                                && source.quantization(tensor).zeroPoint()
                                        == source.quantization(output).zeroPoint()),
                "%s and %s have other scales or zero points.",
                tensor,
                output);
    }

    static void readCast(SourceOperator source, Sink sink) {
        Tensor input = first(source, sink);
        sink.add(new Cast(source.name(), new int[] {input.index()}, source.outputIndexes()));
    }

    static void readGather(SourceOperator source, Sink sink) {
        int[] operands = operands(source, sink, 2);
        Tensor data = sink.operand(operands[0]);
        Shape positions = sink.operand(operands[1]).shape();
        int axis = source.axis(source.option(Schema.GatherOptions.AXIS, 0), data.shape());
        int batch = source.option(Schema.GatherOptions.BATCH_DIMENSIONS, 0);
        requireSameCodes(source, data);
        sink.add(new Gather(
                source.name(),
                operands,
                source.outputIndexes(),
                axis,
                batch < 0 ? batch + positions.rank() : batch,
                false));
    }

    /** Codes are repeated where they are, on the accelerator. */
    static void readTile(SourceOperator source, Sink sink) {
        Tensor input = first(source, sink);
        Tensor output = source.output();
        int[] times = source.integers(1);
        source.require(times.length == input.shape().rank(), "it has %d repetitions for %s.", times.length, input);
        int[] made = input.shape().toArray();
        for (int d = 0; d < made.length; d++) {
            source.require(
                    times[d] >= 1 && (long) made[d] * times[d] <= Integer.MAX_VALUE,
                    "it repeats dimension %d of %s %d times.",
                    d,
                    input,
                    times[d]);
            made[d] *= times[d];
        }
        source.requireShape(made);
        requireSameCodes(source, input);
        if (input.type().isByte() && !input.isConstant()) {
            repeat(source, sink, input, times);
        } else {
            sink.add(new Tile(source.name(), new int[] {input.index()}, new int[] {output.index()}));
        }
    }

    /** BROADCAST_TO: dimensions of 1, and those that the input lacks, repeated. */
    static void readBroadcastTo(SourceOperator source, Sink sink) {
        Tensor input = first(source, sink);
        Tensor output = source.output();
        requireSameCodes(source, input);
        SourceTensor wanted = source.source(1);
        if (source.model().isConstant(wanted)) {
            source.requireShape(source.integers(1));
        } else {
            source.require(sink.isShapeValue(wanted.index()), "%s is neither a constant nor a shape.", wanted);
        }
        int[] times = output.shape().toArray();
        int[] aligned = new int[times.length];
        int missing = times.length - input.shape().rank();
        source.require(
                missing >= 0 && Repetition.fits(input.shape(), output.shape()), "it repeats %s to %s.", input, output);
        for (int d = 0; d < times.length; d++) {
            aligned[d] = d < missing ? 1 : input.shape().dimensions().get(d - missing);
            times[d] /= aligned[d];
        }
        Tensor view = sink.reshaped(input, Shape.of(aligned));
        if (input.type().isByte() && !input.isConstant()) {
            repeat(source, sink, view, times);
        } else {
            sink.add(new Tile(source.name(), new int[] {view.index()}, new int[] {output.index()}));
        }
    }

    private static void repeat(SourceOperator source, Sink sink, Tensor input, int[] times) {
        Tensor current = input;
        int[] shape = input.shape().toArray();
        for (int d = shape.length - 1; d >= 0; d--) {
            if (times[d] > 1) {
                source.require(times[d] <= MOST_REPEATS, "it repeats dimension %d %d times.", d, times[d]);
                source.require(
                        source.model().budget().spendComputed((long) times[d] * Integer.BYTES),
                        "it repeats too often.");
                shape[d] *= times[d];
                Tensor wider = sink.like(source.output(), Shape.of(shape));
                List<Tensor> parts = Collections.nCopies(times[d], current);
                Joining.join(sink, parts, d, wider);
                current = sink.operand(wider.index());
            }
        }
        sink.reshape(current, source.output());
    }
}
