// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** The numbers that a file computes from shapes: what SHAPE makes and the arithmetic behind it. */
final class ShapeValues {
    private static final int LONGEST = 64;

    private final SourceModel model;
    private final Map<Integer, double[]> known = new HashMap<>();

    ShapeValues(SourceModel model) {
        this.model = model;
    }

    /** Makes constants of what the operator makes; false where it is none of numbers that are known. */
    boolean compute(SourceOperator source) {
        int[] outputs = source.outputIndexes();
        List<double[]> made = outputs.length == 0 ? null : values(source);
        if (made == null || made.size() != outputs.length) {
            return false;
        }
        for (int i = 0; i < made.size(); i++) {
            known.put(outputs[i], made.get(i));
            store(outputs[i], made.get(i));
        }
        return true;
    }

    private void store(int output, double[] values) {
        int type = model.tensor(output).typeCode();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            if (type == Schema.Type.INT64) {
                bytes.putLong((long) value);
            } else if (type == Schema.Type.INT32) {
                bytes.putInt((int) value);
            } else {
                bytes.putFloat((float) value);
            }
        }
        model.setConstant(output, Arrays.copyOf(bytes.array(), bytes.position()));
    }

    private @Nullable List<double[]> values(SourceOperator source) {
        if (source.builtin() == BuiltinOperator.SHAPE) {
            return List.of(Arrays.stream(source.source(0).dimensions())
                    .asDoubleStream()
                    .toArray());
        }
        double[][] inputs = new double[source.inputIndexes().length][];
        boolean computed = false;
        for (int i = 0; i < inputs.length; i++) {
            double[] input = source.hasInput(i) ? value(source, i) : new double[0];
            if (input == null) {
                return null;
            }
            inputs[i] = input;
            computed |= source.hasInput(i) && known.containsKey(source.source(i).index());
        }
        return computed ? values(source, inputs) : null;
    }

    private double @Nullable [] value(SourceOperator source, int input) {
        SourceTensor tensor = source.source(input);
        double[] computed = known.get(tensor.index());
        if (computed != null) {
            return computed;
        }
        long elements = 1;
        for (int extent : tensor.dimensions()) {
            elements *= extent;
        }
        if (!model.isConstant(tensor) || elements > LONGEST) {
            return null;
        }
        return switch (tensor.typeCode()) {
            case Schema.Type.INT32, Schema.Type.INT64 ->
                Arrays.stream(source.integers(input)).asDoubleStream().toArray();
            case Schema.Type.FLOAT32 -> {
                float[] reals = model.floats(tensor);
                double[] values = new double[reals.length];
                Arrays.setAll(values, i -> reals[i]);
                yield values;
            }
            default -> null;
        };
    }

    /** Null for operators that shapes are not computed with. */
    private @Nullable List<double[]> values(SourceOperator source, double[][] inputs) {
        double[] first = inputs[0];
        double[] second = inputs.length > 1 ? inputs[1] : new double[0];
        return switch (source.builtin()) {
            case BuiltinOperator.CAST -> List.of(whole(source, first));
            case BuiltinOperator.RESHAPE, BuiltinOperator.SQUEEZE, BuiltinOperator.EXPAND_DIMS -> List.of(first);
            case BuiltinOperator.PACK, BuiltinOperator.CONCATENATION ->
                List.of(Arrays.stream(inputs).flatMapToDouble(DoubleStream::of).toArray());
            case BuiltinOperator.UNPACK -> {
                List<double[]> parts = new ArrayList<>();
                for (double part : first) {
                    parts.add(new double[] {part});
                }
                yield parts;
            }
            case BuiltinOperator.STRIDED_SLICE ->
                List.of(Arrays.stream(StridedSliceImporter.elements(source, first.length))
                        .mapToDouble(i -> first[i])
                        .toArray());
            case BuiltinOperator.GATHER -> gathered(source, first, second);
            case BuiltinOperator.REDUCE_PROD ->
                List.of(new double[] {Arrays.stream(first).reduce(1, (a, b) -> a * b)});
            case BuiltinOperator.FLOOR ->
                List.of(Arrays.stream(first).map(Math::floor).toArray());
            case BuiltinOperator.CEIL ->
                List.of(Arrays.stream(first).map(Math::ceil).toArray());
            case BuiltinOperator.ADD -> each(source, first, second, Double::sum);
            case BuiltinOperator.SUB -> each(source, first, second, (a, b) -> a - b);
            case BuiltinOperator.MUL -> each(source, first, second, (a, b) -> a * b);
            case BuiltinOperator.DIV -> each(source, first, second, (a, b) -> a / b);
            case BuiltinOperator.FLOOR_DIV -> each(source, first, second, (a, b) -> Math.floor(a / b));
            case BuiltinOperator.FLOOR_MOD -> each(source, first, second, (a, b) -> a - b * Math.floor(a / b));
            case BuiltinOperator.MAXIMUM -> each(source, first, second, Math::max);
            case BuiltinOperator.MINIMUM -> each(source, first, second, Math::min);
            default -> null;
        };
    }

    private static @Nullable List<double[]> gathered(SourceOperator source, double[] from, double[] indexes) {
        for (double index : indexes) {
            source.require(index >= 0 && index < from.length, "it gathers element %.0f of %d.", index, from.length);
        }
        return List.of(Arrays.stream(indexes).map(i -> from[(int) i]).toArray());
    }

    private @Nullable List<double[]> each(
            SourceOperator source, double[] left, double[] right, DoubleBinaryOperator function) {
        int count = Math.max(left.length, right.length);
        if ((left.length != count && left.length != 1) || (right.length != count && right.length != 1)) {
            return null;
        }
        double[] result = new double[count];
        Arrays.setAll(
                result, i -> function.applyAsDouble(left[left.length == 1 ? 0 : i], right[right.length == 1 ? 0 : i]));
        return List.of(whole(source, result));
    }

    /** Rounded to the numbers of the output's type, integers towards 0. */
    private double[] whole(SourceOperator source, double[] values) {
        int type = model.tensor(source.outputIndexes()[0]).typeCode();
        boolean integer = type == Schema.Type.INT32 || type == Schema.Type.INT64;
        return Arrays.stream(values)
                .map(value -> integer ? (double) (long) value : (double) (float) value)
                .toArray();
    }
}
